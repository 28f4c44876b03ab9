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
    `keys` names the columns that identify a row of each table, for comparing two versions.
    """

    name: str
    check: Callable[[PackContent], list[Fault]]
    fit: Callable[[PackContent, Tenant], list[Fault]] | None = None
    apply: Callable[[InstalledPack, Actor, datetime], None] | None = None
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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
