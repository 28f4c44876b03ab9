"""Bytes on the disk, addressed by their SHA-256, so that what was acknowledged survives a power cut.

FILES/originals/<tenant>/ab/<digest>    as they came, never changed
FILES/derived/<tenant>/ab/<digest>-…    copies of our own encoding, which can be made again
FILES/uploads/<tenant>/<uuid>           what has arrived of a photo in pieces
FILES/drafts/                           being written; a crash leaves its drafts here, and a job sweeps them

The order is write → fsync(file) → rename → fsync(folder): a name never stands for half a file, and when a function
returns, file and name are both on the disk. Content that is there already is synced again before it is claimed – whoever
renamed it may have died before his own sync.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from django.conf import settings

from xiuhua.files.words import FileEmpty, FileLarge, NoRoom, NotKept
from xiuhua.kernel.failpoints import reach

PIECE = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: Folders whose own entries are known to be on the disk.
_durable: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: its digest and its bytes."""

    sha256: str
    size: int


def root() -> Path:
    """Return the folder of all content."""
    return Path(settings.FILES)


def original(tenant: int, sha256: str) -> Path:
    """Return where the original of a digest lies."""
    return root() / "originals" / str(tenant) / sha256[:2] / sha256


def derived(tenant: int, sha256: str, name: str) -> Path:
    """Return where a copy called `name` of a digest lies."""
    return root() / "derived" / str(tenant) / sha256[:2] / f"{sha256}-{name}"


def uploading(tenant: int, key: str) -> Path:
    """Return where the pieces of an upload are put together."""
    return root() / "uploads" / str(tenant) / key


def keep(tenant: int, data: bytes | BinaryIO, limit: int) -> Kept:
    """Put content into the store, durably, and return its digest and size; the same content again changes nothing.

    What should be there and is not, or is not what its name says, is written anew. Raises FileEmpty, FileLarge beyond
    `limit` bytes, and NoRoom (NotKept) where the disk refuses; then nothing is left behind.
    """
    if isinstance(data, bytes):
        _measured(len(data), limit)
        held = Kept(hashlib.sha256(data).hexdigest(), len(data))
        if settled(original(tenant, held.sha256), held):
            return held
    with _honest(), _draft() as (draft, target):
        kept = _spool(iter([data]) if isinstance(data, bytes) else _pieces(data), target, limit)
        place = original(tenant, kept.sha256)
        if not settled(place, kept):
            _move(draft, place)
    return kept


def put(place: Path, data: bytes) -> None:
    """Write a small file durably and in one step, replacing what is there. Raises NoRoom (NotKept)."""
    with _honest(), _draft() as (draft, target):
        _spool(iter([data]), target, len(data))
        _move(draft, place)


def settled(place: Path, kept: Kept) -> bool:
    """Return whether `place` holds that content; if so, it is on the disk when this returns. Raises NotKept."""
    with _honest():
        if not _is(place, kept):
            return False
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        _sync_folder(place.parent)
    return True


def write_at(place: Path, offset: int, data: bytes) -> None:
    """Write a piece of an upload at its offset, on the disk when this returns. Raises NoRoom (NotKept)."""
    with _honest():
        _folder(place.parent)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.lseek(handle, offset, os.SEEK_SET)
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        if offset == 0:
            _sync_folder(place.parent)


def remove(place: Path) -> None:
    """Remove a file that may be gone already."""
    place.unlink(missing_ok=True)


def stale_drafts(before: float) -> list[Path]:
    """Return the drafts last written before a POSIX time: their writers have died."""
    folder = root() / "drafts"
    if not folder.is_dir():
        return []
    found = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # finished in this moment
            if path.stat().st_mtime < before:
                found.append(path)
    return sorted(found)


@contextmanager
def _honest() -> Iterator[None]:
    """Turn what the disk refuses into a refusal: nobody is told that something was kept which was not."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom from error
        raise NotKept(reason=errno.errorcode.get(error.errno or 0, "EIO")) from error


@contextmanager
def _draft() -> Iterator[tuple[Path, int]]:
    """Give a new file on the store's own file system, open for writing; unless moved, it is gone afterwards."""
    folder = root() / "drafts"
    _folder(folder)
    path = folder / token_hex(16)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield path, handle
    finally:
        os.close(handle)
        path.unlink(missing_ok=True)


def _spool(pieces: Iterator[bytes], handle: int, limit: int) -> Kept:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        size += len(piece)
        _measured(size, limit)
        digest.update(piece)
        _write_all(handle, piece)
    _measured(size, limit)
    reach("files.before_fsync")
    os.fsync(handle)
    reach("files.after_fsync")
    return Kept(digest.hexdigest(), size)


def _move(draft: Path, place: Path) -> None:
    _folder(place.parent)
    reach("files.before_rename")
    os.replace(draft, place)  # noqa: PTH105 - the system calls of this page are its point
    reach("files.after_rename")
    _sync_folder(place.parent)
    reach("files.after_dir_fsync")


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece


def _measured(size: int, limit: int) -> None:
    if size == 0:
        raise FileEmpty
    if size > limit:
        raise FileLarge(limit=limit >> 20)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _is(place: Path, kept: Kept) -> bool:
    """Return whether the file has that size and that digest."""
    try:
        with place.open("rb") as file:
            if os.fstat(file.fileno()).st_size != kept.size:
                return False
            return hashlib.file_digest(file, "sha256").hexdigest() == kept.sha256
    except FileNotFoundError:
        return False


def _folder(path: Path) -> None:
    """Make a folder of the store and those above it, each entry on the disk before anything is put below it."""
    if path in _durable and path.is_dir():
        return
    if path == root():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        _folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(path.parent)
    _durable.add(path)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
