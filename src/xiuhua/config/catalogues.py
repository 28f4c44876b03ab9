"""Compiles translations where they are missing or older than their source."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def refresh(root: Path) -> int:
    """Write a .mo beside each .po below `root` that lacks a fresh one; returns how many were written."""
    written = 0
    for source in root.rglob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        draft = target.with_suffix(f".{os.getpid()}.tmp")  # several commands may be the first at once
        try:
            with draft.open("wb") as file:
                write_mo(file, catalogue)
        except PermissionError:  # an installation that is read-only was compiled when it was built
            return written
        draft.replace(target)
        written += 1
    return written
