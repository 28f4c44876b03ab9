"""Which kinds of data packs there are: the wiring registers them at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.words import Actor, Fault, PackContent


@dataclass(frozen=True, slots=True)
class PackKind:
    """A kind of data pack.

    `check` returns what is wrong with a pack by itself, `fit` what is wrong with it in one office (codes that do not
    exist there). `apply` writes what an installed pack says into tables, in the transaction of its installation.
    `files` are all that such a pack may hold beside pack.toml and notes (.md): a file under another name would be read by
    nobody. `keys` names the columns that identify a row of each table, for comparing two versions.
    """

    name: str
    files: tuple[str, ...]
    check: Callable[[PackContent], list[Fault]]
    fit: Callable[[PackContent, Tenant], list[Fault]] | None = None
    apply: Callable[[InstalledPack, Actor, datetime], None] | None = None
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of pack that is one TOML file in a folder of the kind's name; `check` returns what is wrong with its text."""

    name: str
    check: Callable[[str], list[Fault]]


_FILE_KINDS: dict[str, FileKind] = {}
_KINDS: dict[str, PackKind] = {}


def register_kind(kind: PackKind) -> None:
    """Make a kind of pack known under its name; doing it again replaces it."""
    _KINDS[kind.name] = kind


def kind_named(name: str) -> PackKind | None:
    """Return the kind `name`, or None: names come from files."""
    return _KINDS.get(name)


def kinds() -> list[str]:
    """Return the names of all kinds, sorted."""
    return sorted(_KINDS)


def register_file_kind(kind: FileKind) -> None:
    """Make a kind of pack of one file known under its name; doing it again replaces it."""
    _FILE_KINDS[kind.name] = kind


def file_kind_named(name: str) -> FileKind | None:
    """Return the kind of one-file packs called `name`, or None: names come from folders."""
    return _FILE_KINDS.get(name)


def file_kinds() -> list[str]:
    """Return the names of all kinds of one-file packs, sorted."""
    return sorted(_FILE_KINDS)
