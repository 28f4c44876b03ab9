"""Archives that are sent while they are made, and that come out the same whenever they are made."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

#: The earliest moment that an archive can name: the same content gives the same bytes on any day.
_MOMENT = (1980, 1, 1, 0, 0, 0)
#: Who may read a member once it is unpacked: everybody of the house, the owner writes (rw-r--r--).
_READABLE = 0o644 << 16
_UNIX = 3


class _Pipe:
    """Where an archive is written while it is being sent: what was written is taken away piece by piece."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Hold a piece until it is taken."""
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is nothing behind it."""

    def taken(self) -> bytes:
        """Return what was written since the last call."""
        data = b"".join(self._held)
        self._held.clear()
        return data


def zipped(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a ZIP archive of (name, bytes) piece by piece, in the order given, never more than one member in memory.

    A pure function of the members: no dates, no compression (pictures and office files are compressed already, and what
    a library makes of bytes differs from version to version). Names that are not ASCII are marked as UTF-8, by which
    Windows' explorer shows them right (APPNOTE 6.3.2, general purpose bit 11).
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload] # what can be written to
        for name, data in members:
            info = zipfile.ZipInfo(name, _MOMENT)
            info.create_system, info.external_attr = _UNIX, _READABLE
            archive.writestr(info, data)
            yield pipe.taken()
    yield pipe.taken()
