"""Which kinds of data packs, subscribers of events and jobs there are: the wiring registers them at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from xiuhua.kernel.models import InstalledPack, OutboxEvent, Tenant
from xiuhua.kernel.words import Actor, Fault, PackContent, Rhythm


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


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who hears of events: `handle(event, now)` is called at least once for each, maybe twice at a crash, in no promised order.

    It deduplicates by `event.key`, opens its own transactions and raises whatever went wrong: then it is called again.
    """

    code: str
    handle: Callable[[OutboxEvent, datetime], None]


@dataclass(frozen=True, slots=True)
class Job:
    """Work that returns: `run(tenant, now)` for every office, once per instant of the rhythm, again after an error.

    Instants that were missed while no worker ran are made good by one run. `title` is a marked sentence.
    """

    code: str
    every: Rhythm
    run: Callable[[Tenant, datetime], object]
    title: str = ""


_SUBSCRIBERS: dict[str, tuple[str, Subscriber]] = {}
_JOBS: dict[str, Job] = {}


def subscribe(name_prefix: str, subscriber: Subscriber) -> None:
    """Let a subscriber hear every event whose name begins with the prefix ("case.", "" for all); again replaces it."""
    _SUBSCRIBERS[subscriber.code] = (name_prefix, subscriber)


def subscribers_of(name: str) -> list[Subscriber]:
    """Return who hears of events called `name`, by code."""
    return [one for _code, (prefix, one) in sorted(_SUBSCRIBERS.items()) if name.startswith(prefix)]


def subscriber_named(code: str) -> Subscriber | None:
    """Return the subscriber `code`, or None: a delivery may outlive its subscriber."""
    found = _SUBSCRIBERS.get(code)
    return found[1] if found else None


def register_job(job: Job) -> None:
    """Make a job known under its code; doing it again replaces it."""
    _JOBS[job.code] = job


def jobs() -> list[Job]:
    """Return all jobs by code."""
    return [_JOBS[code] for code in sorted(_JOBS)]
