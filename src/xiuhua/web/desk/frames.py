"""What stands around every page of the month: the way to other months and levels, and what the numbers stand on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.assessment.phrases import rank_sentence, title
from xiuhua.assessment.words import AssessmentView
from xiuhua.exchange.queries import pending_corrections
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.web.desk.chosen import UNIT, Chosen
from xiuhua.web.desk.figures import behind
from xiuhua.web.desk.office import now

#: Months after the last assessed one that are offered.
COMING = 3


def level_name(tenant: Tenant, level: str) -> str:
    """Return what the office calls a level in the reader's language: data of the office, else the level's own word."""
    if level == UNIT:
        return _("责任单位")
    called = tenant.settings.get("level_names", {}).get(level, {})
    english = (get_language() or "").startswith("en")
    return str(called.get("en" if english else "zh") or level)


def _coming(choice: Chosen) -> list[str]:
    """Return the months after the last assessed one that have begun, so that the next can be assessed from here."""
    if not choice.periods or not choice.tenant.zone:
        return []
    this = Period.of(now(), zone_of(choice.tenant))
    following = (Period.parse(choice.periods[-1]).shift(ahead) for ahead in range(1, COMING + 1))
    return [str(period) for period in following if period <= this]


def frame(choice: Chosen) -> dict[str, Any]:
    """Return the links from this choice to its neighbours: months, levels, rule of attribution."""
    text = str(choice.period) if choice.period else ""
    months = [*choice.periods, *_coming(choice)]
    before = [month for month in months if month < text]
    after = [month for month in months if month > text]
    return {
        "period_text": text,
        "query": choice.query(),
        "earlier": choice.query(month=before[-1]) if before else "",
        "later": choice.query(month=after[0]) if after else "",
        "months": [(month, choice.query(month=month)) for month in reversed(months)],
        "by_label": level_name(choice.tenant, choice.by),
        "bys": [(level_name(choice.tenant, by), choice.query(by=by), by == choice.by) for by in choice.bys],
        "due_query": choice.query(month_by=None),
        "reported_query": choice.query(month_by="reported"),
    }


def standing(choice: Chosen, view: AssessmentView) -> dict[str, Any]:
    """Return what the numbers stand on: cut-off, scheme, rule of ranks, and what is counted apart."""
    return {
        "as_of": datetime.fromisoformat(view.as_of),
        "scheme_title": title(view.title),
        "rank_sentence": rank_sentence(view),
        "unplaced_href": behind(choice, "due", by=choice.by),
        "undetermined": view.totals.get("undetermined", (0, 0))[0],
        "undetermined_href": behind(choice, "undetermined"),
        "corrections": pending_corrections(choice.tenant, view.period),
    }
