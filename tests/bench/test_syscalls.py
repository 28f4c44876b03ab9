"""Nothing is acknowledged before it is on the disk: the order of system calls, and two servers that do it wrong (R25)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from xiuhua.bench.stand import door, standing
from xiuhua.bench.syscalls import observe, read

ROOT = "/home/x"


def _seen(*lines: str) -> tuple[int, list[str]]:
    trace = read(iter(lines), ROOT)
    return trace.answers, trace.early


WRITE = f'7 pwrite64(9<{ROOT}/db.sqlite3-wal>, "x", 1, 0) = 1'
SYNC = f"7 fdatasync(9<{ROOT}/db.sqlite3-wal>) = 0"
ANSWER = '8 writev(4<socket:[1]>, [{iov_base="HTTP/1.1 201 Created\\r\\n", iov_len=20}], 1) = 20'
DRAFT = f'7 write(9<{ROOT}/files/drafts/a>, "x", 1) = 1'
DRAFT_SYNC = f"7 fsync(9<{ROOT}/files/drafts/a>) = 0"
RENAME = f'7 rename("{ROOT}/files/drafts/a", "{ROOT}/files/originals/1/ab/abc") = 0'
FOLDER = f"7 fsync(9<{ROOT}/files/originals/1/ab>) = 0"


@pytest.mark.parametrize(
    ("lines", "early"),
    [
        pytest.param((WRITE, SYNC, ANSWER), 0, id="database-synced"),
        pytest.param((WRITE, ANSWER, SYNC), 1, id="database-synced-after-the-answer"),
        pytest.param((WRITE, ANSWER), 1, id="database-never-synced"),
        pytest.param((DRAFT, DRAFT_SYNC, RENAME, FOLDER, ANSWER), 0, id="photo-synced"),
        pytest.param((DRAFT, RENAME, FOLDER, ANSWER), 1, id="photo-not-synced"),
        pytest.param((DRAFT, DRAFT_SYNC, RENAME, ANSWER), 1, id="folder-not-synced"),
        pytest.param(
            (WRITE, f"7 fdatasync(9<{ROOT}/db.sqlite3-wal> <unfinished ...>", ANSWER, "7 <... fdatasync resumed>) = 0"),
            1,
            id="sync-under-way-at-the-answer",
        ),
        pytest.param((WRITE, f"7 fdatasync(9<{ROOT}/db.sqlite3-wal>) = -1 EIO", ANSWER), 1, id="sync-failed"),
    ],
)
def test_answer_is_early_where_something_was_not_on_the_disk(lines: tuple[str, ...], early: int) -> None:
    answers, found = _seen(*lines)
    assert (answers, len(found)) == (1, early)


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="files and SQLite are traced once, in the run on SQLite")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_report_and_photo_are_synced_before_they_are_acknowledged_and_a_build_without_fsync_is_caught(
    tmp_path: Path,
) -> None:
    with standing("") as stand:
        right = observe(stand, tmp_path)
        assert (right.answers, right.early) == (3, [])
        one = ["write photo", "sync photo", "rename photo", "sync photo", "write database", "sync database", "answer"]
        steps = iter(right.steps)
        assert all(step in steps for step in one)  # in this order
        wrong_door = door("no-sync")
        stand.module, stand.extra = wrong_door["module"], wrong_door["extra"]
        wrong = observe(stand, tmp_path, seed=2)
    told = {line.partition(":")[0] for line in wrong.early}
    assert told == {"renamed before it was synced", "answered before it was synced"}
    assert any("-wal" in line for line in wrong.early)
