"""A case as decisions need it."""

from __future__ import annotations

from datetime import datetime

from xiuhua.cases.models import Case, CaseMove, Hand, Request, Ruling, Supervision
from xiuhua.cases.words import ENDED, Stage
from xiuhua.cases.words.moves import PENDING, CaseNow, RequestKind, RequestState
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked
from xiuhua.responsibility.models import User


class CaseUnknown(Refusal):
    """There is no such case, or the actor may not know of it: both look the same."""

    code = "case.unknown"
    sentence = marked("没有这个案件，或者您看不到它。")


class Stale(Refusal):
    """Somebody else did something with the case since it was read; the faults say what, newest last."""

    code = "case.stale"
    sentence = marked("案件刚被别人动过（现在在“%(stage)s”阶段），请看过变化再决定。")


def case_keyed(tenant: Tenant, key: int, *, lock: bool = False) -> Case:
    """Return a case of the office by its key. Raises CaseUnknown. One query.

    With `lock` nobody else changes it until the end of the transaction (on SQLite nobody writes at all in that time).
    """
    cases = Case.objects.select_for_update(of=("self",)) if lock else Case.objects.all()
    found = cases.filter(tenant=tenant, pk=key).select_related("body", "person", "case_class").first()
    if found is None:
        raise CaseUnknown
    return found


def case_now(case: Case) -> CaseNow:
    """Return what decisions need to know of a case. Five queries."""
    request = Request.objects.filter(case=case, state__in=PENDING).first()
    ruling = Ruling.objects.filter(case=case).values_list("due_at", "body_id").first()
    hands = list(Hand.objects.filter(case=case).values_list("user_id", "doing"))
    return CaseNow(
        stage=Stage(case.stage),
        body=case.body_id,
        person=case.person_id,
        condition=case.condition_id,
        remedy=case.remedy,
        due_at=case.due_at,
        ruled_due=ruling[0] if ruling else None,
        duty=ruling[1] if ruling else None,
        case_class=case.case_class_id,
        placed=case.territory_id is not None,
        refusals=case.refusals,
        reworks=case.reworks,
        reopened=case.reopened,
        extensions=case.extensions,
        suspensions=case.suspensions.count(),
        arbitrated=case.arbitrated,
        dispatched_at=case.dispatched_at,
        lost_seconds=case.lost_seconds,
        stage_before=case.stage_before,
        mirrored=case.mirrored,
        children_open=Case.objects.filter(parent=case).exclude(stage__in=ENDED).count(),
        parent=case.parent_id,
        pending=RequestKind(request.kind) if request else None,
        pending_state=RequestState(request.state) if request else None,
        supervised=Supervision.objects.filter(case=case, settled_at__isnull=True).exists(),
        asked_by=request.asked_by_id if request else None,
        hands=frozenset(user for user, _doing in hands),
        doers=frozenset(user for user, doing in hands if doing),
    )


def moves_since(case: Case, version: int) -> list[CaseMove]:
    """Return what was done with a case after a version of it, oldest first. One query."""
    found = CaseMove.objects.filter(case=case, version__gt=version).select_related("user").order_by("version")
    return list(found)


def last_move(case: Case, *, standing: bool = False) -> CaseMove | None:
    """Return the last move of a case, or the last that was not taken back; None where there was none. One query."""
    found = CaseMove.objects.filter(case=case).select_related("user").order_by("-version")
    return (found.filter(undone=False) if standing else found).first()


def grace_left(move: CaseMove, at: datetime, grace: float) -> float:
    """Return for how many seconds more a move can be taken back; 0 where it cannot."""
    return max(0.0, grace - (at - move.at).total_seconds())


def waiting_for(user: User) -> tuple[int, int]:
    """Return how many open cases a person answers for, and how many requests of his nobody has decided. Two queries."""
    cases = Case.objects.filter(person=user).exclude(stage__in=ENDED).count()
    return cases, Request.objects.filter(asked_by=user, state__in=PENDING).count()
