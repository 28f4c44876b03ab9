"""The bytes of files on their way in, and the marks beside each: how far its job has come, and that it should stop.

FILES/intakes/<tenant>/<uuid>           what has arrived
FILES/intakes/<tenant>/<uuid>.sample    its header and first rows
FILES/intakes/<tenant>/<uuid>.progress  how far the job at hand has come; its age says whether the job lives
FILES/intakes/<tenant>/<uuid>.stop      somebody wants the job to stop

The marks lie on the disk and not in the database: on SQLite the import's one transaction holds the only pen for as long
as it lasts, and progress that nobody can read before the end is none.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from xiuhua.exchange.models import Intake
from xiuhua.files import store

#: Seconds between two signs of life of a job, and without one after which it is taken for dead.
BEAT, DEAD = 5.0, 60.0
#: Seconds between two writings of the count.
_SHOWN = 0.4


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come: rows done of so many (0 while nobody knows), and the seconds since it last gave a sign."""

    done: int = 0
    of: int = 0
    silent: float = 0.0

    @property
    def percent(self) -> int:
        """Return the whole percent that are done, 0 to 100."""
        return min(100, self.done * 100 // self.of) if self.of else 0


def place(intake: Intake) -> Path:
    """Return where the bytes of a file lie, or will."""
    return store.root() / "intakes" / str(intake.tenant_id) / str(intake.client_uuid)


def _mark(intake: Intake, kind: str) -> Path:
    return place(intake).with_suffix(f".{kind}")


def is_there(intake: Intake) -> bool:
    """Return whether all bytes of a file are on the disk."""
    path = place(intake)
    return path.is_file() and path.stat().st_size == intake.size


def digest_of(intake: Intake) -> str:
    """Return the SHA-256 of a file's bytes."""
    with place(intake).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear(intake: Intake) -> None:
    """Remove a file and its marks, those that are there."""
    for path in (place(intake), *(_mark(intake, kind) for kind in ("progress", "stop", "sample", "marks"))):
        store.remove(path)


def sample_kept(intake: Intake) -> str:
    """Return what was kept of a look at the file, "" where nothing was."""
    with suppress(FileNotFoundError):
        return _mark(intake, "sample").read_text(encoding="utf-8")
    return ""


def keep_sample(intake: Intake, text: str) -> None:
    """Keep what a look at the file has found, so that a large one is not opened again for every question about it."""
    store.put(_mark(intake, "sample"), text.encode())


def marks_place(intake: Intake) -> Path:
    """Return where the second list of a file lies, or would."""
    return _mark(intake, "marks")


def want_stop(intake: Intake) -> None:
    """Let the job at hand know that it should stop."""
    path = _mark(intake, "stop")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(str(intake.attempt), encoding="ascii")


def stop_wanted(intake: Intake) -> bool:
    """Return whether somebody wants this very attempt to stop."""
    with suppress(FileNotFoundError):
        return _mark(intake, "stop").read_text(encoding="ascii") == str(intake.attempt)
    return False


def progress_of(intake: Intake) -> Progress:
    """Return how far the job at hand has come, nothing done where it has not begun."""
    path = _mark(intake, "progress")
    try:
        said, age = json.loads(path.read_text(encoding="ascii")), time.time() - path.stat().st_mtime
    except (FileNotFoundError, ValueError):
        return Progress()
    return Progress(said["done"], said["of"], max(0.0, age)) if said["attempt"] == intake.attempt else Progress()


class Meter:
    """What a job tells of itself while it runs."""

    def __init__(self, intake: Intake) -> None:
        self._intake, self._path = intake, _mark(intake, "progress")
        self._told, self._at = (0, 0), 0.0
        self._lock = threading.Lock()

    def tell(self, done: int, of: int) -> None:
        """Say that so many rows of so many are done."""
        self._told = (done, of)
        if done >= of or time.monotonic() - self._at >= _SHOWN:
            self.beat()

    def beat(self) -> None:
        """Give a sign of life."""
        done, of = self._told
        said = {"attempt": self._intake.attempt, "done": done, "of": of}
        with self._lock:
            self._at = time.monotonic()
            draft = self._path.with_suffix(".progress-draft")
            draft.write_text(json.dumps(said), encoding="ascii")
            os.replace(draft, self._path)  # noqa: PTH105 - in one step: readers never see half of it


@contextmanager
def metered(intake: Intake) -> Iterator[Meter]:
    """Give a meter that beats by itself as long as the job runs, and leave no marks behind."""
    meter, over = Meter(intake), threading.Event()
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
        store.remove(_mark(intake, "progress"))
        store.remove(_mark(intake, "stop"))
