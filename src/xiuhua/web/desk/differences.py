"""The door to a month's differences: the platform's deadlines, verdicts and units beside what the rules say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Part, Where, Window
from xiuhua.cases.facts import CASE
from xiuhua.cases.words import Cause
from xiuhua.ui.formats import NONE, percent
from xiuhua.web.desk.chosen import Chosen
from xiuhua.web.desk.figures import behind
from xiuhua.web.desk.month import shown

#: What is counted once for the whole month.
COUNTED = ("on_time", "own_on_time", "no_own_deadline", "deadline_differs", "verdict_differs", "dispatched_elsewhere")


@dataclass(frozen=True, slots=True)
class Line:
    """One cause, or one unit, with its cases and their share of all that differ."""

    label: str
    count: int
    share: str
    href: str
    unexplained: bool = False


def _lines(
    choice: Chosen, snapshot: Snapshot, window: Window, measure: str, *, column: str, labels: dict[str, str]
) -> list[Line]:
    """Return the kept cases of a measure by the values of a column, the most first."""
    counted = frozen.by_column(snapshot, fact=CASE.name, where=Where(measure), column=column, window=window)
    total = sum(counted.values())
    found = [
        Line(
            labels.get(code, code),
            count,
            f"{percent(count, total)}%",
            behind(choice, measure, **{column: code}),
            code == Cause.OTHER,
        )
        for code, count in counted.items()
    ]
    return sorted(found, key=lambda line: (-line.count, line.label))


def _figure(choice: Chosen, pairs: dict[str, tuple[int, int]], measure: str, label: str) -> dict[str, Any]:
    kept, of = pairs[measure]
    return {
        "label": label,
        "value": kept if of else NONE,
        "unit": _("件") if of else "",
        "href": behind(choice, measure) if of else "",
        "note": _("%(of)s 件里") % {"of": of} if of else _("没有可比的"),
    }


def _rate(choice: Chosen, pairs: dict[str, tuple[int, int]], measure: str, label: str) -> dict[str, Any]:
    kept, of = pairs[measure]
    return {
        "label": label,
        "value": percent(kept, of),
        "unit": "%" if of else "",
        "href": behind(choice, measure) if of else "",
        "note": _("%(kept)s / %(of)s 件") % {"kept": kept, "of": of} if of else _("没有可比的"),
    }


def _without(choice: Chosen, pairs: dict[str, tuple[int, int]]) -> dict[str, Any]:
    kept, of = pairs["no_own_deadline"]
    href = behind(choice, "no_own_deadline", Part.KEPT.value)
    return {"count": kept, "of": of, "href": href}


def _page(_request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    view = choice.view
    snapshot = frozen.snapshot_by_digest(choice.tenant, view.snapshot) if view else None
    if view is None or snapshot is None:
        return {}
    window = frozen.window_of(snapshot, month_by=view.month_by, deadline_month=view.deadline_month)
    pairs = frozen.grouped(snapshot, fact=CASE.name, measures=COUNTED, by=None, window=window)[""]
    causes = {str(code): str(label) for code, label in Cause.choices}
    units = frozen.names(snapshot, "body")
    deadlines = _lines(choice, snapshot, window, "deadline_differs", column="due_cause", labels=causes)
    return {
        "compared": pairs["own_on_time"][1] > 0,
        "rates": [
            _rate(choice, pairs, "on_time", _("按平台期限的按期结案率")),
            _rate(choice, pairs, "own_on_time", _("按自算期限的按期结案率")),
        ],
        "figures": [
            _figure(choice, pairs, "deadline_differs", _("期限不同")),
            _figure(choice, pairs, "verdict_differs", _("认定不同")),
            _figure(choice, pairs, "dispatched_elsewhere", _("派给别家")),
        ],
        "without": _without(choice, pairs),
        "deadlines": deadlines,
        "verdicts": _lines(choice, snapshot, window, "verdict_differs", column="verdict_cause", labels=causes),
        "units": _lines(choice, snapshot, window, "dispatched_elsewhere", column="duty", labels=units),
        "unexplained": next((line for line in deadlines if line.unexplained), None),
        "differing": sum(line.count for line in deadlines),
    }


@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    """Show where the platform and the rules disagree in a month, by cause, each number with its cases."""
    return shown(request, "web/differences.html", _page)
