"""Writing the head of the chain where the database cannot change it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from xiuhua.kernel.actions.ledger import seal
from xiuhua.kernel.queries import chain_head
from xiuhua.kernel.rules.anchors import Anchor


def anchor(file: Path, at: datetime) -> Anchor | None:
    """Seal the chain and append its head to a file, on disk before this returns; None where there is no line yet.

    The file is only ever appended to. Keep it, or a copy, where who writes the database cannot write.
    """
    seal()
    head = chain_head()
    if head is None or head.chain_no is None:
        return None
    made = Anchor(at, head.chain_no, head.hash)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(made.line())
        out.flush()
        os.fsync(out.fileno())
    _sync_folder(file.parent)
    return made


def _sync_folder(folder: Path) -> None:
    """Put a new file's name on disk too (POSIX keeps it in the folder)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
