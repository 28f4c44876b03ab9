"""What the rules say about a case, as its page shows it: the deadline as a bill, whose it is and why, both beside theirs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.phrases import due_sentence, verdict_sentence
from xiuhua.cases.queries import Bill, DutyBehind, bill_of, duty_behind, ruling_of
from xiuhua.cases.rules import verdict
from xiuhua.cases.words import Verdict
from xiuhua.clock.phrases import provisional_text
from xiuhua.clock.rules.limits import read
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.phrases import answer_sentence
from xiuhua.taxonomy.phrases import limit_words
from xiuhua.ui.formats import NONE
from xiuhua.web.desk.deadlines import derive, strips


def said_of(tenant: Tenant, case: Case, zone: ZoneInfo) -> dict[str, Any]:
    """Return `ruling`, `why_due` and `whose` for the page; each None where the rules say nothing."""
    ruling = ruling_of(case)
    bill = bill_of(tenant, case, ruling) if ruling else None
    behind = duty_behind(tenant, case, ruling, zone)
    return {
        "ruling": ruling,
        "why_due": _why_due(case, ruling, bill) if ruling else None,
        "whose": _whose(case, behind) if behind else None,
    }


def _why_due(case: Case, ruling: Ruling, bill: Bill | None) -> dict[str, Any]:
    condition = ruling.condition
    own = verdict(ruling.due_at, case.closed_at)
    return {
        "condition": condition,
        "limit": limit_words(read(condition.limits)) if condition else "",
        "standard": _standard(ruling),
        "unruled": ruling.get_unruled_display(),
        "due": ruling.due_at,
        "theirs": case.due_at,
        "own_verdict": Verdict(own).label if own else NONE,
        "their_verdict": case.get_platform_verdict_display() or NONE,
        "sentence": due_sentence(ruling.due_cause, ruling.due_facts),
        "verdict_sentence": verdict_sentence(ruling.verdict_cause),
        "lines": derive(bill.deadline, bill.clock.zone) if bill else [],
        "strips": strips(bill.deadline, bill.clock.calendar, bill.clock.zone) if bill else [],
        "provisional": provisional_text(bill.deadline) if bill else [],
        "broken": bill is not None and not bill.holds,
        "calendar": ruling.calendar,
        "reason": ruling.reason,
    }


def _standard(ruling: Ruling) -> str:
    """Return the address of the condition in the standard."""
    if ruling.condition is None:
        return ""
    held = ruling.condition.case_class
    return f"{reverse('desk:standards')}?{urlencode({'scheme': held.scheme, 'q': held.code})}"


def _whose(case: Case, behind: DutyBehind) -> dict[str, Any]:
    answer, names = behind.answer, behind.book.names
    unit = names.units.get(answer.unit, answer.unit)
    elsewhere = bool(case.body and answer.unit and case.body.code != answer.unit)
    return {
        "unit": unit,
        "gap": answer.gap,
        "clash": [names.units.get(row.unit, row.unit) for row in answer.conflict],
        "sentence": answer_sentence(answer, names),
        "basis": answer.row.basis if answer.row else "",
        "assisting": [names.units.get(code, code) for code in answer.assisting],
        "elsewhere": _("平台派给了%(unit)s。") % {"unit": case.body.name} if elsewhere and case.body else "",
    }
