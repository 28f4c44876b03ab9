"""Packs written into a folder that somebody names. A file is there whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

from xiuhua.disclosure.pack import MANIFEST


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, each whole under a name of its own first; the manifest comes last and names them all.

    A file that an older manifest in the folder names and the new one does not is removed; others are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = {one["name"] for one in read_manifest(folder).get("files", [])}
    ordered = [name for name in files if name != MANIFEST] + [name for name in files if name == MANIFEST]
    for name in ordered:
        draft = folder / f".{name}.{token_hex(8)}.draft"  # two clicks may write the same pack at once
        with draft.open("wb") as out:
            out.write(files[name])
            out.flush()
            os.fsync(out.fileno())
        draft.replace(folder / name)
    for name in before - set(files):
        if "/" not in name:
            (folder / name).unlink(missing_ok=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, {} where there is none or it cannot be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
