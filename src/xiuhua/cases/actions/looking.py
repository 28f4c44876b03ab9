"""Looking at who reported: people's data, so each look is a line in the ledger."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiuhua.cases.models import Case, Report
from xiuhua.cases.policies import sees_reporter
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked


class ReporterHidden(Refusal):
    """Who reported is not for the actor to know; least of all for the unit that is complained about."""

    code = "case.reporter_hidden"
    sentence = marked("举报人的信息不对您显示。")


def reporters(tenant: Tenant, case: Case, *, by: Actor, at: datetime) -> list[Report]:
    """Return who told of a case, oldest first, and write down that the actor looked. Raises ReporterHidden."""
    allowed = sees_reporter(by, case)
    with transaction.atomic():
        facts = {"granted": allowed}
        record("case.see_reporter", about=f"case:{case.number}", by=by, at=at, tenant=tenant, facts=facts)
    if not allowed:
        raise ReporterHidden
    return list(Report.objects.filter(case=case).order_by("received_at", "pk"))
