"""Where packs lie: folders below XIUHUA_HOME, and folders that somebody names. A file is there whole or not at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings

from xiuhua.disclosure.pack import MANIFEST
from xiuhua.kernel.models import Tenant

ROOT = "meeting-packs"
_NAME = re.compile(r"\d{4}-\d{2}\.[a-z0-9_-]+\.[a-z0-9_-]+\.(due|reported)\.(zh|en)")


def folder_name(period: str, scheme: str, by: str, month_by: str, language: str) -> str:
    """Return the name of a pack's folder: one for each choice, so that a pack made again takes the place of the old."""
    return f"{period}.{scheme}.{by}.{month_by}.{'en' if language.startswith('en') else 'zh'}"


def shelf_of(tenant: Tenant) -> Path:
    """Return the folder that holds the packs of an office."""
    return Path(settings.HOME) / ROOT / tenant.code


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


def packs_of(tenant: Tenant) -> list[tuple[str, dict[str, Any]]]:
    """Return (folder name, manifest) of the packs on an office's shelf, the newest month first."""
    root = shelf_of(tenant)
    names = sorted((path.name for path in root.iterdir() if path.is_dir()), reverse=True) if root.is_dir() else []
    found = ((name, read_manifest(root / name)) for name in names if _NAME.fullmatch(name))
    return [(name, manifest) for name, manifest in found if manifest]


def file_of(tenant: Tenant, pack: str, name: str) -> Path | None:
    """Return a file that a pack's manifest names, None for anything else: a name from an address is never a path."""
    if not _NAME.fullmatch(pack):
        return None
    folder = shelf_of(tenant) / pack
    named = {one.get("name") for one in read_manifest(folder).get("files", [])} | {MANIFEST}
    path = folder / name
    return path if name in named and "/" not in name and path.is_file() else None
