"""Moves made together: several of one case in one transaction, or one of many cases, each in its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from xiuhua.cases.actions.moving import Moved, move
from xiuhua.cases.actions.undoing import undo
from xiuhua.cases.words.moves import Given, Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal

#: Cases that are moved with one confirmation.
MOST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """One case of many: its key, the version that was seen, and what is shown for it."""

    key: int
    version: int
    given: Given


@dataclass(frozen=True, slots=True)
class Many:
    """What became of many: the moves that were made, and why others were not, by the key of the case."""

    moved: tuple[Moved, ...]
    refused: dict[int, Refusal]


def file_and_dispatch(
    tenant: Tenant,
    key: int,
    filed: Given,
    sent: Given,
    *,
    by: Actor,
    at: datetime,
    version: int | None,
    client_uuid: UUID | None = None,
) -> tuple[Moved, Moved]:
    """File a case and dispatch it at once: two moves, two ledger lines, both or neither. Returns them in their order.

    Raises what `move` raises for either.
    """
    with transaction.atomic():
        first = move(tenant, key, Verb.FILE, filed, by=by, at=at, version=version, client_uuid=client_uuid)
        second = uuid5(client_uuid, Verb.DISPATCH.value) if client_uuid else None
        return first, move(
            tenant, key, Verb.DISPATCH, sent, by=by, at=at, version=first.move.version, client_uuid=second
        )


def move_many(
    tenant: Tenant, verb: Verb, wanted: Sequence[Wanted], *, by: Actor, clock: Callable[[], datetime]
) -> Many:
    """Make one move with each of at most MOST cases and return what became of each.

    Every case is a transaction of its own, so that one refusal stops nobody else's and others work on meanwhile; `clock`
    gives each its own moment.
    """
    moved: list[Moved] = []
    refused: dict[int, Refusal] = {}
    for one in wanted[:MOST]:
        try:
            moved.append(move(tenant, one.key, verb, one.given, by=by, at=clock(), version=one.version))
        except Refusal as refusal:
            refused[one.key] = refusal
    return Many(tuple(moved), refused)


def undo_many(tenant: Tenant, made: Sequence[tuple[int, int]], *, by: Actor, at: datetime) -> Many:
    """Take back moves, given as (case, move), the last one first; return what became of each.

    `at` is the moment somebody asked for it, for all of them: how long the taking back lasts is not their fault.
    """
    moved: list[Moved] = []
    refused: dict[int, Refusal] = {}
    for case, key in reversed(made):
        try:
            moved.append(undo(tenant, case, key, by=by, at=at))
        except Refusal as refusal:
            refused[case] = refusal
    return Many(tuple(moved), refused)
