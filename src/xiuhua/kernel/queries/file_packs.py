"""Packs that are one TOML file each, kind/code.toml: assessment schemes, import mappings, rules of names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from xiuhua.kernel.queries.packs import MOST_BYTES, PackRefused, PackUnknown
from xiuhua.kernel.registry import file_kind_named, file_kinds
from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.rules.packs import line_of
from xiuhua.kernel.words import Fault, FilePack

_SUFFIX = ".toml"


def is_file_pack(path: Path) -> bool:
    """Return whether a path is a TOML file in a folder that is named like a kind of such packs."""
    return path.suffix == _SUFFIX and path.is_file() and file_kind_named(_kind(path)) is not None


def shipped_file_packs(root: Path) -> list[FilePack]:
    """Return the packs of one file under a folder of packs, by kind and code. Raises PackRefused."""
    return [read_file_pack(path) for kind in file_kinds() for path in sorted((root / kind).glob(f"*{_SUFFIX}"))]


def shipped_file_pack(root: Path, name: str) -> Path | None:
    """Return the file of a pack called "kind/code" among those of one file, None if there is none."""
    found = {f"{kind}/{path.stem}": path for kind in file_kinds() for path in (root / kind).glob(f"*{_SUFFIX}")}
    return found.get(name)


def read_file_pack(path: Path) -> FilePack:
    """Return a pack of one file that has been checked whole; its code is the file's name, as everywhere else. Raises PackUnknown, PackRefused with every fault."""
    kind = file_kind_named(_kind(path))
    if kind is None:
        raise PackUnknown(name=str(path))
    text, faults = _text(path)
    faults = faults or kind.check(text)
    if faults:
        placed = list(_placed(faults, text, path.name))
        raise PackRefused(placed, name=f"{kind.name}/{path.stem}", count=len(placed))
    document = tomllib.loads(text)
    version = str(document.get("version", ""))
    title = document.get("title") or {"zh": document.get("name", ""), "en": document.get("name", "")}
    return FilePack(kind.name, path.stem, version, title, path.name, digest({path.name: text}))


def _kind(path: Path) -> str:
    return path.resolve().parent.name


def _text(path: Path) -> tuple[str, list[Fault]]:
    if path.stat().st_size > MOST_BYTES:
        return "", [Fault("pack.large", facts={"files": 1, "bytes": MOST_BYTES})]
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n"), []
    except UnicodeDecodeError as error:
        return "", [Fault("pack.not_utf8", facts={"position": error.start + 1})]


def _placed(faults: Iterable[Fault], text: str, name: str) -> Iterable[Fault]:
    """Yield the faults with their file and, as far as it can be told, the line of their field."""
    for fault in faults:
        said = re.search(r"line (\d+)", str(fault.facts.get("reason", ""))) if not fault.column else None
        line = int(said[1]) if said else line_of(text, re.findall(r"[^.\[\]]+", fault.column))
        yield replace(fault, file=name, row=fault.row or line)
