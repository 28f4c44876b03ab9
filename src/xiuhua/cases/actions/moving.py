"""Making a move: one transaction, compare-and-set, a ledger line, an event – and never twice."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from xiuhua.cases.actions.due import set_by_hand, settle
from xiuhua.cases.actions.effects import EFFECTS, open_ends, prepare
from xiuhua.cases.actions.reporting import UuidTaken
from xiuhua.cases.actions.restoring import restored
from xiuhua.cases.models import Case, CaseMove, Evidence, Hand
from xiuhua.cases.policies import may_move, post_for, sees
from xiuhua.cases.queries.now import CaseUnknown, Stale, case_keyed, case_now, moves_since
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.deciding import NotYourPost, decide
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Given, Move, Verb
from xiuhua.kernel.actions import emit, record
from xiuhua.kernel.failpoints import reach
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Actor, Fault

#: Seconds within which a move can be taken back; its event waits as long.
GRACE = timedelta(seconds=10)
AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that is safe, and whether it was made just now."""

    move: CaseMove
    case: Case
    created: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A move as it was asked for."""

    tenant: Tenant
    verb: Verb
    given: Given
    by: Actor
    at: datetime
    version: int | None
    client_uuid: UUID | None
    digest: str


def move(
    tenant: Tenant,
    key: int,
    verb: Verb,
    given: Given,
    *,
    by: Actor,
    at: datetime,
    version: int | None,
    client_uuid: UUID | None = None,
) -> Moved:
    """Make a move with a case and return it. `version` is the one the actor saw, None for programs that saw none.

    The same content under the same `client_uuid` is the same move. Raises CaseUnknown, NotYourPost, Stale, UuidTaken and
    what `rules.deciding.decide` refuses. Everything it writes is in one transaction.
    """
    if verb == Verb.REPORT:
        raise NotYourPost(verb=str(verb.label))  # a report opens a case: actions.report
    sent = digest({"verb": verb.value, "case": key, **{name: str(value) for name, value in asdict(given).items()}})
    asked = _Asked(tenant, verb, given, by, at, version, client_uuid, sent)
    try:
        with transaction.atomic():
            made = _known(asked) or _make(asked, key)
            reach("move.before_commit")
        reach("move.after_commit")
    except IntegrityError:  # the same came twice at once, or two moves met: the other was first
        with transaction.atomic():
            known = _known(asked)
            if known is not None:
                return known
            case = case_keyed(tenant, key)
            if case.version == version:  # nobody else was at it: something is wrong with the move itself
                raise
            raise stale(case, version or 0) from None
    return made


def _known(asked: _Asked) -> Moved | None:
    if asked.client_uuid is None:
        return None
    found = CaseMove.objects.filter(client_uuid=asked.client_uuid).select_related("case", "line").first()
    if found is None:
        return None
    if found.digest != asked.digest or found.case.tenant_id != asked.tenant.pk or found.user_id != asked.by.user:
        raise UuidTaken(uuid=str(asked.client_uuid))
    return Moved(found, found.case, created=False)


def stale(case: Case, version: int) -> Stale:
    """Return the refusal that says what others did with a case since a version of it."""
    faults = [
        Fault("case.moved_meanwhile", facts={"verb": str(Verb(one.verb).label), "who": str(one.user or "—")})
        for one in moves_since(case, version)
    ]
    return Stale(faults, stage=str(Stage(case.stage).label), version=case.version)


def _make(asked: _Asked, key: int) -> Moved:
    tenant, verb, by, at = asked.tenant, asked.verb, asked.by, asked.at
    if asked.given.target:  # two cases: always locked in the same order, so that two movers never wait for each other
        both = Q(pk=key) | Q(number=asked.given.target.strip())
        list(Case.objects.select_for_update().filter(both, tenant=tenant).order_by("pk").values_list("pk"))
    case = case_keyed(tenant, key, lock=True)
    if not sees(by, case):
        raise CaseUnknown
    if asked.version is not None and asked.version != case.version:
        raise stale(case, asked.version)
    if not may_move(by, verb, case):
        raise NotYourPost(verb=str(verb.label))
    asked = replace(asked, given=restored(asked.given, case))
    before, was, post = case.version, _values(case), post_for(by, verb, case)
    by_hand = set_by_hand(case, verb)
    changes = prepare(tenant, case, verb, asked.given, by=by, at=at)
    today = at.astimezone(zone_of(tenant)).date()
    outcome = decide(verb, case_now(case), asked.given, flow_of(tenant), user=by.user, at=at, today=today)
    changes |= outcome.changes | {"stage": outcome.stage}
    put_away = open_ends(case, verb)
    _write(case, settle(tenant, case, verb, changes, at=at, by_hand=by_hand), before, at)
    made = _journal(asked, case, was, post, put_away)
    for person in _hands(MOVES[verb], asked.given, by):
        Hand.objects.create(case=case, user_id=person, move=made, doing=verb != Verb.PASS_REVIEW)
    if asked.given.photos:
        Evidence.objects.filter(pk__in=asked.given.photos, move=None).update(move=made)
    EFFECTS.get(verb, _no_effect)(case, asked.given, by, at)
    return Moved(made, case, created=True)


def _no_effect(_case: Case, _given: Given, _by: Actor, _at: datetime) -> None:
    """Most moves change nothing but the case itself."""


def _write(case: Case, changes: dict[str, Any], version: int, at: datetime) -> None:
    """Write the changes if nobody was faster. Raises Stale."""
    written = Case.objects.filter(pk=case.pk, version=version).update(**changes, version=version + 1, moved_at=at)
    if not written:
        raise stale(case, version)
    for name, value in changes.items():
        setattr(case, name, value)
    case.version, case.moved_at = version + 1, at


#: Fields that moves change and undo restores.
KEPT = (
    *(
        "stage",
        "stage_before",
        "mirrored",
        "body_id",
        "person_id",
        "condition_id",
        "filed_under",
        "remedy",
        "confirmed",
    ),
    *("case_class_id", "territory_id", "place_method", "longitude", "latitude", "address", "title", "description"),
    *("channel", "due_at", "closed_at", "started_at", "filed_at", "dispatched_at", "accepted_at", "disposed_at"),
    *("refusals", "reworks", "reopened", "extensions", "lost_seconds", "arbitrated", "arbitration_due_at"),
    *("merged_into_id", "parent_id"),
)


def _values(case: Case) -> dict[str, Any]:
    return {name: _plain(getattr(case, name)) for name in KEPT}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Stage) else value


def _journal(asked: _Asked, case: Case, was: dict[str, Any], post: str, put_away: dict[str, Any]) -> CaseMove:
    verb, by, at, now = asked.verb, asked.by, asked.at, _values(case)
    changed = {name: [was[name], now[name]] for name in KEPT if was[name] != now[name]}
    about, name = f"case:{case.number}", f"case.{verb.value}"
    line = record(
        name,
        about=about,
        by=by.acting_as(post),
        at=at,
        tenant=asked.tenant,
        before=digest({name: old for name, (old, _new) in changed.items()}),
        after=digest({name: new for name, (_old, new) in changed.items()}),
        reason=asked.given.reason,
        facts={"from": was["stage"], "to": str(case.stage), "body": case.body_id, "version": case.version},
    )
    facts = {"case": case.pk, "number": case.number, "stage": str(case.stage), "body": case.body_id}
    facts |= {"from": was["stage"], "body_before": was["body_id"], "person": case.person_id, "by": by.user}
    after = GRACE if MOVES[verb].undoable else AT_ONCE
    event = emit(name, tenant=asked.tenant, about=about, at=at, facts=facts, after=after)
    return CaseMove.objects.create(
        case=case,
        version=case.version,
        verb=verb,
        stage_from=was["stage"],
        stage_to=case.stage,
        user_id=by.user,
        at=at,
        client_uuid=asked.client_uuid,
        digest=asked.digest,
        changes=changed,
        put_away=put_away,
        reason=asked.given.reason,
        note=asked.given.note or asked.given.demand,
        body_id=was["body_id"],
        line=line,
        event=event,
    )


def _hands(move: Move, given: Given, by: Actor) -> set[int]:
    """Return who has handled the case from now on: who did it, and who was named to do it."""
    found = {by.user} if move.handles and by.user is not None else set()
    if move.verb in {Verb.ACCEPT, Verb.ASSIGN} and given.person is not None:
        found.add(given.person)
    return found
