"""How far long work has come, and that it should stop: marks on the disk beside what is worked on.

<place>.progress  how far the attempt at hand has come; its age says whether it lives
<place>.stop      somebody wants the attempt to stop

They lie on the disk and not in the database: on SQLite one transaction holds the only pen for as long as it lasts, and
progress that nobody can read before the end is none.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from xiuhua.files import store

#: Seconds between two signs of life of a job, and without one after which it is taken for dead.
BEAT, DEAD = 5.0, 60.0
#: A job that no worker has taken for so long waits for a worker that does not run.
PATIENCE = timedelta(seconds=15)
#: Seconds between two writings of the count.
_SHOWN = 0.4
PROGRESS, STOP = ".progress", ".stop"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come: things done of so many (0 while nobody knows), at which, seconds since its last sign."""

    done: int = 0
    of: int = 0
    silent: float = 0.0
    what: str = ""

    @property
    def percent(self) -> int:
        """Return the whole percent that are done, 0 to 100."""
        return min(100, self.done * 100 // self.of) if self.of else 0


def want_stop(place: Path, attempt: int) -> None:
    """Let the attempt at hand know that it should stop."""
    path = place.with_suffix(STOP)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(str(attempt), encoding="ascii")


def stop_wanted(place: Path, attempt: int) -> bool:
    """Return whether somebody wants this very attempt to stop."""
    with suppress(FileNotFoundError):
        return place.with_suffix(STOP).read_text(encoding="ascii") == str(attempt)
    return False


def progress_of(place: Path, attempt: int) -> Progress:
    """Return how far an attempt has come, nothing done where it has not begun."""
    path = place.with_suffix(PROGRESS)
    try:
        said, age = json.loads(path.read_text(encoding="utf-8")), time.time() - path.stat().st_mtime
    except (FileNotFoundError, ValueError):
        return Progress()
    if said["attempt"] != attempt:
        return Progress()
    return Progress(said["done"], said["of"], max(0.0, age), said["what"])


def unattended(begun_at: datetime | None, changed_at: datetime, now: datetime) -> bool:
    """Return whether a job that was asked for waits longer than any running worker would let it."""
    return begun_at is None and now - changed_at > PATIENCE


def dead(begun_at: datetime | None, seen: Progress, now: datetime) -> bool:
    """Return whether a job that began has not given a sign of life for a minute."""
    if begun_at is None:
        return False
    silent = timedelta(seconds=DEAD)
    return timedelta(seconds=seen.silent) > silent if seen.of or seen.silent else now - begun_at > silent


class Meter:
    """What an attempt tells of itself while it runs."""

    def __init__(self, place: Path, attempt: int) -> None:
        self._path, self._attempt = place.with_suffix(PROGRESS), attempt
        self._told, self._at = (0, 0, ""), 0.0
        self._lock = threading.Lock()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def tell(self, done: int, of: int, what: str = "") -> None:
        """Say that so many things of so many are done, and which comes next."""
        other = what != self._told[2]
        self._told = (done, of, what)
        if done >= of or other or time.monotonic() - self._at >= _SHOWN:
            self.beat()

    def beat(self) -> None:
        """Give a sign of life."""
        done, of, what = self._told
        said = {"attempt": self._attempt, "done": done, "of": of, "what": what}
        with self._lock:
            self._at = time.monotonic()
            draft = self._path.with_suffix(".progress-draft")
            draft.write_text(json.dumps(said), encoding="utf-8")
            os.replace(draft, self._path)  # noqa: PTH105 - in one step: readers never see half of it


@contextmanager
def metered(place: Path, attempt: int) -> Iterator[Meter]:
    """Give a meter that beats by itself as long as the attempt runs, and leave no marks behind."""
    meter, over = Meter(place, attempt), threading.Event()
    meter.beat()

    def beating() -> None:
        while not over.wait(BEAT):
            meter.beat()

    thread = threading.Thread(target=beating, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        over.set()
        thread.join()
        for kind in (PROGRESS, STOP):
            store.remove(place.with_suffix(kind))
