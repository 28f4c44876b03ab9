"""Looking at what is kept from most eyes, told in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from xiuhua.cases.models import Case, Report
from xiuhua.cases.policies import clear_kinds, sees, sees_reporters
from xiuhua.cases.queries.now import CaseUnknown, case_keyed
from xiuhua.cases.queries.texts import texts_of
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.privacy.rules import Sight
from xiuhua.privacy.words import Kind

LOOK = "reporter.look"
CLEAR_LOOK = "privacy.look"


class ReporterHidden(Refusal):
    """Who reported is not for the actor to know; least of all for the unit that is complained about."""

    code = "case.reporter_hidden"
    sentence = marked("举报人的信息不对您显示。")


def look_at_reporters(tenant: Tenant, case: Case, *, by: Actor, at: datetime) -> list[Report]:
    """Return everybody who told of a case that the actor sees, oldest first; the ledger says who looked, or tried to.

    Raises ReporterHidden.
    """
    allowed = sees_reporters(by, case)
    record(LOOK, about=f"case:{case.number}", by=by, at=at, tenant=tenant, facts={"granted": allowed})
    if not allowed:
        raise ReporterHidden
    return list(Report.objects.filter(case=case).order_by("received_at", "pk"))


def look_at_reporter(tenant: Tenant, key: int, report: int, *, by: Actor, at: datetime) -> Report:
    """Return a report with the telephone number of who told it; the ledger says who looked.

    The case may have been merged into another by now. Raises CaseUnknown where there is none or the actor may not look.
    """
    with transaction.atomic():
        case = case_keyed(tenant, key)
        found = Report.objects.filter(tenant=tenant, pk=report).select_related("case").first()
        if found is None or found.case is None or case.pk not in {found.case_id, found.case.merged_into_id}:
            raise CaseUnknown
        if not sees_reporters(by, case):
            raise CaseUnknown
        record(LOOK, about=f"case:{case.number}", by=by, at=at, tenant=tenant, facts={"report": found.pk})
    return found


def look_at_texts(tenant: Tenant, key: int, *, by: Actor, at: datetime, more: Mapping[str, str] | None = None) -> Sight:
    """Return the sight in which the actor reads the texts of a case once; the ledger says who looked at which fields.

    `more` are texts of other packages that the page shows beside the case's own, by the name under which the ledger
    knows them. Raises CaseUnknown where there is no such case for the actor or he may not look.
    """
    with transaction.atomic():
        case = case_keyed(tenant, key)
        kinds = clear_kinds(by, case)
        if not kinds or not sees(by, case):
            raise CaseUnknown
        masked, clear = Sight(known=(case.number,)), Sight(known=(case.number,), spared=kinds)
        texts = {**texts_of(case), **(more or {})}
        fields = sorted(name for name, text in texts.items() if masked.of(text) != clear.of(text))
        facts = {"fields": "、".join(fields), "kinds": "、".join(one.value for one in Kind if one in kinds)}
        record(CLEAR_LOOK, about=f"case:{case.number}", by=by, at=at, tenant=tenant, facts=facts)
    return clear
