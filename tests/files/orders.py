"""In which order bytes reached the disk (spec 6, R25): a killed process loses nothing, a power cut what was not synced.

Events are (call, path, second path). `broken_order` judges them; they are gathered by strace from a process of its own,
or within this one by standing between the code and the system calls of `os`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

Event = tuple[str, str, str]

#: What is left out of storing one photo after the other: which syncs become nothing.
LEFT_OUT = ("", "file", "folder", "all")
#: What a process does that stores photos, from an empty folder to its answers. argv: state folder, a photo per LEFT_OUT.
SCRIPT = """
import os, sys
from datetime import UTC, datetime
os.environ["XIUHUA_HOME"] = sys.argv[1]
os.environ["DATABASE_URL"] = "sqlite:///" + sys.argv[1] + "/row.sqlite3"
os.environ["SECRET_KEY"] = "only for tests"
from xiuhua.config.setup import ready
ready()
from django.core.management import call_command
for app in ("kernel", "files"):
    call_command("migrate", app, verbosity=0)
from xiuhua.files.actions import store_photo
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.words import SYSTEM
at = datetime(2026, 11, 23, 2, tzinfo=UTC)
tenant = create_tenant("street", "street", by=SYSTEM, at=at, zone="Asia/Shanghai")
synced = os.fsync
def sync(handle):
    folder = os.path.isdir(f"/proc/self/fd/{handle}")
    if not left_out or left_out == ("file" if folder else "folder"):
        synced(handle)
os.fsync = sync
for left_out, path in zip(("", "file", "folder", "all"), sys.argv[2:], strict=True):
    with open(path, "rb") as photo:
        store_photo(tenant, photo.read(), name="a.jpg", by=SYSTEM, at=at)
    os.write(1, b"answered ")
"""
TRACE = ("write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2")
_CALL = re.compile(r"(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) += \d+")
_HANDLE = re.compile(r"\d+<([^>]*)>")
_QUOTED = re.compile(r'"([^"]*)"')


def traced(text: str) -> list[Event]:
    """Return the events in the output of `strace -f -y`."""
    found = []
    for call, arguments in _CALL.findall(text):
        if call.startswith("rename"):
            names = _QUOTED.findall(arguments)
            found.append(("rename", names[0], names[1]))
        elif call == "write" and arguments.startswith("1<") and "answered" in arguments:
            found.append(("answer", "", ""))
        elif match := _HANDLE.match(arguments):
            found.append(("write" if "write" in call else "sync", match[1], ""))
    return found


@contextmanager
def watched() -> Iterator[list[Event]]:
    """Gather this process's events while it runs."""
    events: list[Event] = []

    def watching(name: str, call: str) -> Any:
        real: Callable[..., Any] = getattr(os, name)

        def stand_in(first: Any, *more: Any, **options: Any) -> Any:
            done = real(first, *more, **options)
            path = str(Path(f"/proc/self/fd/{first}").readlink()) if isinstance(first, int) else str(first)
            events.append((call, path, str(more[0]) if call == "rename" else ""))
            return done

        return mock.patch.object(os, name, stand_in)

    with watching("write", "write"), watching("fsync", "sync"), watching("replace", "rename"):
        yield events


def by_answer(events: list[Event]) -> list[list[Event]]:
    """Return the events up to each answer, the answer included."""
    ends = [at for at, event in enumerate(events) if event[0] == "answer"]
    return [events[begin : end + 1] for begin, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]


def broken_order(events: list[Event], place: str, database: str = "") -> list[str]:
    """Return what is wrong with the way the bytes of `place` reached the disk before the answer; empty if nothing.

    Wanted: write the draft, sync it, rename it to `place`, sync the folder, (sync the database's log,) answer.
    """
    moves = [at for at, event in enumerate(events) if event[0] == "rename" and event[2] == place]
    if len(moves) != 1:
        return [f"renamed {len(moves)} times"]
    move, draft = moves[0], events[moves[0]][1]
    writes = [at for at, event in enumerate(events) if event[:2] == ("write", draft)]
    syncs = [at for at, event in enumerate(events) if event[:2] == ("sync", draft)]
    folder = [at for at, event in enumerate(events) if event[:2] == ("sync", str(Path(place).parent))]
    answers = [at for at, event in enumerate(events) if event[0] == "answer"]
    logs = [at for at, event in enumerate(events) if event[0] == "sync" and database and event[1].startswith(database)]
    wrong = [] if writes and max(writes) < move else ["written after the name stood"]
    wrong += [] if any(max(writes, default=0) < at < move for at in syncs) else ["file not synced before its name"]
    synced = min((at for at in folder if at > move), default=None)
    if synced is None:
        return [*wrong, "folder not synced"]
    wrong += [] if answers and synced < answers[0] else ["answered before the folder was synced"]
    if database and not any(synced < at < answers[0] for at in logs):
        wrong.append("answered before the row was synced")
    return wrong


def command(home: Path, photos: list[Path]) -> list[str]:
    """Return the command that stores a photo per LEFT_OUT in a process of its own."""
    return [sys.executable, "-c", SCRIPT, str(home), *map(str, photos)]
