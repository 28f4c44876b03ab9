"""When somebody leaves, everything that waits for him goes to one successor, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xiuhua.cases.actions.moving import stale
from xiuhua.cases.models import Case, CaseMove, Hand, Request
from xiuhua.cases.words import ENDED, Stage
from xiuhua.cases.words.moves import PENDING, Verb
from xiuhua.kernel.actions import emit, record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import deactivate, pass_posts
from xiuhua.responsibility.actions.posts import check_managed, manages, office_day
from xiuhua.responsibility.models import User
from xiuhua.responsibility.queries import person_named

#: Why a person of a case changed, as the ledger says it.
HANDOVER = "handover"
#: Stages in which the work is still to be done: whoever is named for it then has handled the case, as by an assignment.
AHEAD = frozenset({Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED})


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What went from one person to another."""

    posts: int
    cases: int
    requests: int
    #: Posts in which the one who leaves stood in for others: they ended.
    stood_in: int


@dataclass(frozen=True, slots=True)
class _Frame:
    tenant: Tenant
    leaving: User
    successor: User
    by: Actor
    at: datetime


def hand_over(tenant: Tenant, leaving: str, successor: str, *, by: Actor, at: datetime, reason: str = "") -> HandedOver:
    """Give all posts, open cases and pending requests of a person to another from today on, and switch his account off.

    One transaction, one ledger line for each post and for each case. Raises PersonUnknown, NotManager, OwnPost,
    SuccessorUnfit, LastManager; Stale if a case is moved at the very moment.
    """
    with transaction.atomic():
        frame = _Frame(tenant, person_named(tenant, leaving), person_named(tenant, successor), by, at)
        day = office_day(tenant, at)
        passed = pass_posts(frame.leaving, frame.successor, day, by=by, at=at)
        requests = Request.objects.filter(asked_by=frame.leaving, state__in=PENDING)
        asked = dict(requests.values_list("case_id", "kind"))
        cases = Case.objects.filter(tenant=tenant, person=frame.leaving).exclude(stage__in=ENDED).order_by("pk")
        mine = list(cases)
        for case in mine:
            _reassign(frame, case, request=asked.get(case.pk, ""))
        for case in Case.objects.filter(pk__in=asked.keys() - {case.pk for case in mine}).order_by("pk"):
            facts = {"request": asked[case.pk], "from": frame.leaving.pk, "to": frame.successor.pk}
            about = f"case:{case.number}"
            record("case.handover", about=about, by=by, at=at, tenant=tenant, reason=HANDOVER, facts=facts)
        requests.update(asked_by=frame.successor)
        Case.objects.filter(tenant=tenant, claimed_by=frame.leaving).update(claimed_by=None, claimed_until=None)
        deactivate(tenant, leaving, by=by, at=at, reason=reason)
        if any(manages(post) for post in passed.posts):
            check_managed(tenant, day)
    return HandedOver(len(passed.posts), len(mine), len(asked), passed.stood_in)


def _reassign(frame: _Frame, case: Case, *, request: str) -> None:
    """Name the successor as the person of a case: an assignment that no stage of the table stands in the way of."""
    version, by, at = case.version, frame.by, frame.at
    found = Case.objects.filter(pk=case.pk, version=version)
    if not found.update(person=frame.successor, version=version + 1, moved_at=at):
        raise stale(case, version)
    before, after = {"person_id": frame.leaving.pk}, {"person_id": frame.successor.pk}
    about, name = f"case:{case.number}", f"case.{Verb.ASSIGN.value}"
    line = record(
        name,
        about=about,
        by=by,
        at=at,
        tenant=frame.tenant,
        before=digest(before),
        after=digest(after),
        reason=HANDOVER,
        facts={"from": case.stage, "to": case.stage, "body": case.body_id, "version": version + 1, "request": request},
    )
    facts = {"case": case.pk, "number": case.number, "stage": case.stage, "body": case.body_id}
    facts |= {"from": case.stage, "body_before": case.body_id, "person": frame.successor.pk, "by": by.user}
    emit(name, tenant=frame.tenant, about=about, at=at, facts=facts)
    made = CaseMove.objects.create(
        case=case,
        version=version + 1,
        verb=Verb.ASSIGN,
        stage_from=case.stage,
        stage_to=case.stage,
        user_id=by.user,
        at=at,
        changes={"person_id": [frame.leaving.pk, frame.successor.pk]},
        reason=HANDOVER,
        body_id=case.body_id,
        line=line,
    )
    if case.stage in AHEAD:
        Hand.objects.create(case=case, user=frame.successor, move=made)
