"""The month as a map: each territory's outline coloured by its score or by a count, beside a table of the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

import shapely
from django.utils.translation import gettext as _

from xiuhua.assessment.phrases import unranked_sentence
from xiuhua.assessment.words import SubjectView
from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.territory.queries import levels, outlines
from xiuhua.ui.formats import NONE, decimal, percent
from xiuhua.ui.maps import Drawing, drawing, point
from xiuhua.ui.scales import quantile_breaks
from xiuhua.web.desk.chosen import UNIT, Chosen
from xiuhua.web.desk.figures import Row, share

WIDTH = 640
#: Width of the small map on a case's page.
SMALL = 416


@dataclass(frozen=True, slots=True)
class Value:
    """What a map can be coloured by."""

    key: str
    label: str
    unit: str
    digits: int


def values_offered() -> list[Value]:
    """Return what a map can be coloured by."""
    return [
        Value("score", _("总分"), _("分"), 1),
        Value("on_time", _("按期结案率"), "%", 1),
        Value("overdue_open", _("超期未结"), _("件"), 0),
        Value("due", _("应结案"), _("件"), 0),
        Value("reported", _("上报"), _("件"), 0),
    ]


@dataclass(frozen=True, slots=True)
class MonthMap:
    """A drawing with the value, the printed text and the address of each territory."""

    value: Value
    drawing: Drawing | None
    values: dict[str, dict[str, Any]]
    breaks: tuple[Fraction, ...]


def month_map(choice: Chosen, rows: list[Row], key: str) -> MonthMap:
    """Return the map of a month; its drawing is None where no outlines are known (or units are assessed)."""
    offered = {value.key: value for value in values_offered()}
    value = offered.get(key, offered["score"])
    made = {row.subject.code: _entry(value, row) for row in rows}
    numbers = [entry["value"] for entry in made.values() if entry["value"] is not None]
    return MonthMap(value, _drawing(choice), made, quantile_breaks(numbers))


def _drawing(choice: Chosen) -> Drawing | None:
    if choice.by == UNIT or choice.period is None:
        return None
    last_day = (choice.period.end(zone_of(choice.tenant)) - timedelta(microseconds=1)).date()
    found = {one.code: one.geometry for one in outlines(choice.tenant, choice.by, last_day) if one.geometry is not None}
    return drawing(found, width=WIDTH)


def _entry(value: Value, row: Row) -> dict[str, Any]:
    number, text = _number(value, row.subject)
    return {"name": row.subject.name, "value": number, "text": text, "href": row.sheet}


def _number(value: Value, subject: SubjectView) -> tuple[Fraction | int | None, str]:
    """Return the number that colours (None: no data, which is not zero) and the text, with k of n for a rate."""
    kept, of = subject.counts.get(value.key, (0, 0))
    if value.key == "score":
        return _score(value, subject)
    if value.key == "on_time":
        rate = share(subject.counts, "on_time")
        text = _("%(rate)s%%（%(kept)s / %(of)s 件）") % {"rate": percent(kept, of), "kept": kept, "of": of}
        return (100 * rate, text) if rate is not None else (None, NONE)
    if value.key == "overdue_open":
        text = _("%(kept)s / %(of)s 件") % {"kept": kept, "of": of}
        return (kept, text) if of else (None, NONE)
    return kept, f"{decimal(kept, 0)} {value.unit}"


def _score(value: Value, subject: SubjectView) -> tuple[Fraction | None, str]:
    """A score that is not ranked is printed but not coloured: five cases must not outshine five hundred."""
    if subject.score is None:
        return None, NONE
    kept, of = subject.counts.get("on_time", (0, 0))
    printed = _("%(score)s %(unit)s，按期 %(kept)s / %(of)s 件") % {
        "score": subject.score,
        "unit": value.unit,
        "kept": kept,
        "of": of,
    }
    if subject.rank is None:
        return None, _("%(score)s（%(why)s）") % {"score": printed, "why": unranked_sentence(subject.unranked)}
    return subject.exact, printed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case lies: the outlines of one level and its point on them, in pixels."""

    drawing: Drawing
    x: float
    y: float
    #: The code of the outline that holds the point, "" if none does.
    inside: str


def place_of(tenant: Tenant, case: Case) -> Place | None:
    """Return the small map of a case; None without a point or without outlines."""
    if case.longitude is None or case.latitude is None:
        return None
    present = levels(tenant)
    level = tenant.settings.get("by") or (present[0] if present else "")
    found = {
        one.code: one.geometry for one in outlines(tenant, level, case.reported_at.date()) if one.geometry is not None
    }
    drawn = drawing(found, width=SMALL)
    if drawn is None:
        return None
    x, y = point(found, width=SMALL, lon=case.longitude, lat=case.latitude)
    if not (0 <= x <= drawn.width and 0 <= y <= drawn.height):
        return None
    here = shapely.Point(case.longitude, case.latitude)
    return Place(drawn, x, y, next((code for code, shape in found.items() if shape.intersects(here)), ""))
