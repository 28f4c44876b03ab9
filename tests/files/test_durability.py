"""What was acknowledged is on the disk: by the order of system calls, under SIGKILL between any two, and when it is full."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from tests.files.orders import LEFT_OUT, TRACE, Event, broken_order, by_answer, command, traced, watched
from tests.files.pictures import encode, scene

from xiuhua.files import store as content_store
from xiuhua.files.actions import store_photo
from xiuhua.files.models import StoredFile
from xiuhua.files.words import NoRoom, NotKept
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor

SRC = Path(__file__).parents[2] / "src"
#: Whether the photo has its name when the process dies there.
POINTS = {
    "files.before_fsync": False,
    "files.after_fsync": False,
    "files.before_rename": False,
    "files.after_rename": True,
    "files.after_dir_fsync": True,
}
KEEP = """
import sys
from django.conf import settings
settings.configure(FILES=sys.argv[1])
from xiuhua.files.store import keep
print(keep(7, open(sys.argv[2], "rb").read(), 1 << 20).sha256)
"""

Stored = Callable[[], list[str]]

linux = pytest.mark.skipif(sys.platform != "linux", reason="system calls of Linux")


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is wrong with the order of system calls, by what was left out of storing a photo; by strace."""
    if shutil.which("strace") is None:
        pytest.skip("no strace here (Debian: strace)")
    folder = tmp_path_factory.mktemp("traced")
    photos = [folder / f"{seed}.jpg" for seed in range(len(LEFT_OUT))]
    for seed, photo in enumerate(photos):
        photo.write_bytes(encode(scene(seed)))
    log, home = folder / "calls.txt", folder / "state"
    home.mkdir()
    spy = ["strace", "-f", "--seccomp-bpf", "-y", "-s", "16", "-e", f"trace={','.join(TRACE)}", "-o", str(log)]
    env = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run([*spy, *command(home, photos)], env=env, capture_output=True, text=True, check=False)
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert (done.returncode, done.stdout) == (0, "answered " * len(LEFT_OUT)), done.stderr
    return {
        left_out: broken_order(events, str(_place(home, photo)), str(home / "row.sqlite3-wal"))
        for left_out, photo, events in zip(LEFT_OUT, photos, by_answer(traced(log.read_text())), strict=True)
    }


def _place(home: Path, photo: Path) -> Path:
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    return home / "files/originals/1" / digest[:2] / digest


@linux
@pytest.mark.parametrize(
    ("left_out", "wrong"),
    [
        ("", []),
        ("file", ["file not synced before its name"]),
        ("folder", ["folder not synced"]),
        ("all", ["file not synced before its name", "folder not synced"]),
    ],
    ids=["as built", "without the file's sync", "without the folder's sync", "without any"],
)
def test_photo_when_traced_then_each_byte_is_synced_before_the_answer_and_what_is_not_is_found(
    traces: dict[str, list[str]], left_out: str, wrong: list[str]
) -> None:
    assert traces[left_out] == wrong


@linux
@pytest.mark.parametrize("left_out", ["", "fsync"])
def test_photo_when_watched_within_the_process_then_order_is_the_same(
    street: Tenant, ana: Actor, at: datetime, home: Path, left_out: str
) -> None:
    with watched() as events, pytest.MonkeyPatch.context() as disk:
        if left_out:
            disk.setattr(os, "fsync", lambda _handle: None)
        file = store_photo(street, encode(scene()), name="a.jpg", by=ana, at=at)
        events.append(("answer", "", ""))
    wrong = broken_order(events, str(content_store.original(street.pk, file.sha256)))
    assert wrong == (["file not synced before its name", "folder not synced"] if left_out else [])


ORDER = [
    ("write", "/d/1", ""),
    ("sync", "/d/1", ""),
    ("rename", "/d/1", "/o/a"),
    ("sync", "/o", ""),
    ("answer", "", ""),
]


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        ((0, 1, 2, 3, 4), []),
        ((1, 0, 2, 3, 4), ["file not synced before its name"]),
        ((0, 2, 1, 3, 4), ["file not synced before its name"]),
        ((1, 2, 0, 3, 4), ["written after the name stood", "file not synced before its name"]),
        ((0, 1, 3, 2, 4), ["folder not synced"]),
        ((0, 1, 2, 4, 3), ["answered before the folder was synced"]),
        ((0, 1, 3, 4), ["renamed 0 times"]),
    ],
)
def test_checker_when_an_order_is_wrong_then_it_says_so(order: tuple[int, ...], wrong: list[str]) -> None:
    events: list[Event] = [ORDER[at] for at in order]
    assert broken_order(events, "/o/a") == wrong


def _keep(folder: Path, photo: Path, point: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(SRC), "XIUHUA_FAILPOINT": point}
    command = [sys.executable, "-c", KEEP, str(folder), str(photo)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@linux
@pytest.mark.parametrize(("point", "named"), POINTS.items())
def test_photo_when_killed_between_steps_then_nothing_is_half_and_sending_again_keeps_it(
    tmp_path: Path, settings: object, point: str, named: bool
) -> None:
    folder, photo = tmp_path / "files", tmp_path / "photo.jpg"
    photo.write_bytes(encode(scene()))
    killed = _keep(folder, photo, point)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    kept = [path for path in (folder / "originals").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [photo.read_bytes()] * named
    settings.FILES = folder  # type: ignore[attr-defined]
    again = content_store.keep(7, photo.read_bytes(), 1 << 20)
    assert content_store.original(7, again.sha256).read_bytes() == photo.read_bytes()


@linux
def test_failpoint_when_numbered_then_it_kills_at_that_pass(tmp_path: Path) -> None:
    code = "from xiuhua.kernel.failpoints import reach\nfor n in range(9):\n    print(n, flush=True)\n    reach('x')"
    env = {**os.environ, "PYTHONPATH": str(SRC), "XIUHUA_FAILPOINT": "x:3"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (-signal.SIGKILL, ["0", "1", "2"])


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "refusal"),
    [(errno.ENOSPC, NoRoom), (errno.EDQUOT, NoRoom), (errno.EIO, NotKept), (errno.EROFS, NotKept)],
    ids=["full", "quota", "broken", "read-only"],
)
def test_photo_when_the_disk_refuses_then_nothing_is_left_and_later_it_is_taken(
    street: Tenant,
    ana: Actor,
    at: datetime,
    stored: Stored,
    call: str,
    number: int,
    refusal: type[NoRoom],
) -> None:
    data = encode(scene())

    def refused(*_given: object, **_options: object) -> int:
        raise OSError(number, os.strerror(number))

    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(os, call, refused)
        with pytest.raises(NoRoom) as told:
            store_photo(street, data, name="a.jpg", by=ana, at=at)
    assert type(told.value) is refusal
    assert (stored(), StoredFile.objects.count(), LedgerLine.objects.filter(verb="file.store").count()) == ([], 0, 0)
    file = store_photo(street, data, name="a.jpg", by=ana, at=at)
    assert stored() == [f"originals/{street.pk}/{file.sha256[:2]}/{file.sha256}"]


def test_photo_when_a_write_takes_only_some_bytes_then_the_rest_follows(
    street: Tenant, ana: Actor, at: datetime, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data[:1000])))
    data = encode(scene())
    file = store_photo(street, data, name="a.jpg", by=ana, at=at)
    assert content_store.original(street.pk, file.sha256).read_bytes() == data


FULL = """
import resource, sys
from django.conf import settings
settings.configure(FILES=sys.argv[1])
from xiuhua.files.store import keep
from xiuhua.files.words import NoRoom
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    keep(7, bytes(6000), 1 << 20)
except NoRoom as refusal:
    print(refusal.code, keep(7, bytes(4000), 1 << 20).size)
"""


@linux
def test_photo_when_the_kernel_itself_gives_no_more_room_then_refused_and_a_smaller_one_is_taken(
    tmp_path: Path,
) -> None:
    env = {**os.environ, "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-c", FULL, str(tmp_path / "files")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["files.no_room", "4000"]), done.stderr
    assert [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()] == [4000]
