"""Settling a disagreement: by a move of the desk with all its rules, or by keeping our side with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiuhua.cases.actions import GRACE, MOST, Moved, TooLate, move, undo
from xiuhua.cases.actions.moving import stale
from xiuhua.cases.models import Case
from xiuhua.cases.policies import may, post_for, right, sees
from xiuhua.cases.queries.now import case_keyed
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.deciding import NotYourPost
from xiuhua.cases.words.moves import Given, Verb
from xiuhua.exchange.models import Disagreement
from xiuhua.exchange.phrases import settling_note
from xiuhua.exchange.reconciling import offers_for, standing
from xiuhua.exchange.rules.disagreements import BY_RECORD, KEEP, KEEPING
from xiuhua.exchange.words import Kind, Settling
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Actor, Refusal, marked

#: Moves that bring the case to the unit they name; a reopened case goes back to its own.
_TO_THEIR_UNIT = frozenset({Verb.REDISPATCH, Verb.DISPATCH, Verb.ARBITRATE})
_CORRECTED = {Kind.CLASS: "case_class", Kind.TERRITORY: "territory"}
#: Characters of a reason.
_REASON_LENGTH = 60


class DisagreementUnknown(Refusal):
    """There is no such disagreement, or the actor may not know of its case: both look the same."""

    code = "reconcile.unknown"
    sentence = marked("没有这条对账，或者您看不到它的案件。")


class NothingLeft(Refusal):
    """Both sides agree by now, or somebody was faster."""

    code = "reconcile.nothing_left"
    sentence = marked("这一条已经处理过，或者两边已经一致。")


class NotOffered(Refusal):
    """No such move settles this disagreement as the case stands."""

    code = "reconcile.not_offered"
    sentence = marked("“%(kind)s”不能用“%(how)s”来处理。")


class ReasonMissing(Refusal):
    """Who keeps our side says why: it stays settled until they say something else."""

    code = "reconcile.reason_missing"
    sentence = marked("保留我们的，请选一条理由或写一句说明。")


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody gives with a settlement; empty takes what is usual."""

    #: A code of the flow pack's reasons for the verb (or for "keep").
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A disagreement that is settled, with the move that did it (none where our side was kept)."""

    row: Disagreement
    moved: Moved | None


@dataclass(frozen=True, slots=True)
class Wished:
    """One of many: key of the disagreement and the version of its case that was seen."""

    key: int
    version: int


@dataclass(frozen=True, slots=True)
class ManySettled:
    """What became of many: those settled (or taken back), and why others were not, by key of the disagreement."""

    settled: tuple[Settled, ...]
    refused: dict[int, Refusal]


def settle(
    tenant: Tenant,
    key: int,
    how: str,
    answer: Answer,
    *,
    by: Actor,
    at: datetime,
    version: int | None,
    client_uuid: UUID | None = None,
) -> Settled:
    """Settle a disagreement and return it. `how` is a verb of the desk that is offered for it, or KEEP.

    A move is made by `cases.actions.move`: it takes its post, is refused as anywhere, and is the ledger's line. Keeping
    our side takes the post that corrects and is a line `reconcile.keep` in the story of the case. `version` is that of the
    case as it was seen. Raises DisagreementUnknown, NothingLeft, NotOffered, ReasonMissing, NotYourPost, Stale, and what
    `move` raises; then nothing has changed.
    """
    with transaction.atomic():
        row = _row(tenant, key, by)
        if version is not None and version != row.case.version:
            raise stale(row.case, version)
        if how not in {one.how for one in offers_for([row])[row.pk]}:
            label = Verb(how).label if how in Verb.values else how
            raise NotOffered(kind=str(Kind(row.kind).label), how=str(label))
        moved = None
        if how == KEEP:
            _keep(row, answer, by, at)
        else:
            verb = Verb(how)
            given = _given(row, verb, answer)
            moved = move(tenant, row.case_id, verb, given, by=by, at=at, version=version, client_uuid=client_uuid)
            row.reason, row.note = given.reason, given.note
        row.state, row.how, row.settled_by, row.settled_at = Settling.SETTLED, how, by.id, at
        row.move = moved.move if moved else None
        row.save(update_fields=["state", "how", "reason", "note", "settled_by", "settled_at", "move"])
    return Settled(row, moved)


def settle_many(
    tenant: Tenant, how: str, wished: Sequence[Wished], answer: Answer, *, by: Actor, clock: Callable[[], datetime]
) -> ManySettled:
    """Settle at most MOST disagreements in one way; each is a transaction and a ledger line of its own.

    One refusal stops nobody else's.
    """
    settled: list[Settled] = []
    refused: dict[int, Refusal] = {}
    for one in wished[:MOST]:
        try:
            settled.append(settle(tenant, one.key, how, answer, by=by, at=clock(), version=one.version))
        except Refusal as refusal:
            refused[one.key] = refusal
    return ManySettled(tuple(settled), refused)


def unsettle_many(tenant: Tenant, keys: Sequence[int], *, by: Actor, at: datetime) -> ManySettled:
    """Take back, within the seconds of grace, what the actor has settled himself; the last one first.

    `at` is the moment somebody asked for it, for all of them. A move that cannot be taken back any more stays, and so does
    its settlement.
    """
    settled: list[Settled] = []
    refused: dict[int, Refusal] = {}
    for key in reversed(keys[:MOST]):
        try:
            settled.append(_unsettle(tenant, key, by=by, at=at))
        except Refusal as refusal:
            refused[key] = refusal
    return ManySettled(tuple(settled), refused)


def _unsettle(tenant: Tenant, key: int, *, by: Actor, at: datetime) -> Settled:
    with transaction.atomic():
        row = Disagreement.objects.select_related("case").filter(tenant=tenant, pk=key, settled_by=by.id).first()
        if row is None or row.state != Settling.SETTLED:
            raise DisagreementUnknown
        moved = None
        if row.move_id is not None:
            moved = undo(tenant, row.case_id, row.move_id, by=by, at=at)
        elif row.settled_at is None or at - row.settled_at > GRACE:
            raise TooLate
        else:
            record("reconcile.undo", about=f"case:{row.case.number}", by=by, at=at, tenant=tenant, facts=_facts(row))
        row.state, row.how, row.reason, row.note = Settling.OPEN, "", "", ""
        row.settled_by, row.settled_at, row.move = "", None, None
        row.save(update_fields=["state", "how", "reason", "note", "settled_by", "settled_at", "move"])
    return Settled(row, moved)


def _row(tenant: Tenant, key: int, by: Actor) -> Disagreement:
    """Return a disagreement that stands, its case locked first, as moves and imports lock it. Raises what is in the way."""
    found = Disagreement.objects.filter(tenant=tenant, pk=key).values_list("case_id", flat=True).first()
    if found is None:
        raise DisagreementUnknown
    case = case_keyed(tenant, found, lock=True)
    if not sees(by, case):
        raise DisagreementUnknown
    row = standing(tenant, by).select_related("batch__source").filter(pk=key).first()
    if row is None:
        raise NothingLeft
    row.case = case
    return row


def _keep(row: Disagreement, answer: Answer, by: Actor, at: datetime) -> None:
    """Keep our side: a reason of the flow pack, or a remark of one's own. One ledger line."""
    case: Case = row.case
    if not may(by, right(KEEPING), case):
        raise NotYourPost(verb=str(KEEPING.label))
    codes = {code for code, _titles in flow_of(row.tenant).reasons.get(KEEP, ())}
    reason, note = answer.reason.strip(), answer.note.strip()
    if (reason and codes and reason not in codes) or not (reason or note):
        raise ReasonMissing
    row.reason, row.note = reason[:_REASON_LENGTH], note
    record(
        "reconcile.keep",
        about=f"case:{case.number}",
        by=by.acting_as(post_for(by, KEEPING, case)),
        at=at,
        tenant=row.tenant,
        after=digest({"kind": row.kind, "theirs": row.theirs}),
        reason=reason or note[:_REASON_LENGTH],
        facts=_facts(row) | {"note": note},
    )


def _facts(row: Disagreement) -> dict[str, str | int | float | bool | None]:
    return {"kind": row.kind, "theirs": row.theirs, "batch": row.batch_id, "disagreement": row.pk}


def _given(row: Disagreement, verb: Verb, answer: Answer) -> Given:
    """Return what is shown for the move: what they say, why, and where it is written."""
    codes = flow_of(row.tenant).reason_codes(verb)
    kind = Kind(row.kind)
    usual = BY_RECORD if BY_RECORD in codes else "" if codes else str(kind.label)
    body = row.their_key if verb in _TO_THEIR_UNIT else row.case.body_id if verb == Verb.REOPEN else None
    changes = {_CORRECTED[kind]: row.their_key} if verb == Verb.CORRECT else {}
    note = answer.note.strip() or settling_note(kind, row.batch.source.name, row.batch_id)
    return Given(body=body, reason=answer.reason.strip() or usual, note=note, changes=changes)
