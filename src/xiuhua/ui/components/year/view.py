"""A year as twelve small months: days off, holidays, make-up workdays, and months that are not announced yet."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.ui.formats import month as month_text

_WEEK = 7


def view(
    year: int,
    *,
    off: frozenset[date] | set[date] = frozenset(),
    marks: Mapping[date, tuple[str, str]] | None = None,
    unknown: frozenset[int] | set[int] = frozenset(),
    today: date | None = None,
) -> dict[str, Any]:
    """Return the year, weeks beginning on Monday.

    `off` are days without work; `marks` names days by (kind, name), kind "holiday" or "workday": a holiday carries
    休, a make-up workday 班, beside its colour; `unknown` are months (1–12) whose days are not announced.
    """
    marked = dict(marks or {})
    return {
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "months": [
            {
                "title": month_text(f"{year}-{number:02d}", get_language(), short=True),
                "unknown": number in unknown,
                "weeks": [
                    [_cell(day, number, off, marked, today) for day in week]
                    for week in calendar.Calendar().monthdatescalendar(year, number)
                ],
            }
            for number in range(1, 13)
        ],
    }


def _cell(
    day: date, month: int, off: frozenset[date] | set[date], marks: Mapping[date, tuple[str, str]], today: date | None
) -> dict[str, Any] | None:
    """Return a day of the month, None for a day of its neighbours."""
    if day.month != month:
        return None
    kind, name = marks.get(day, ("", ""))
    sign = {"holiday": _("休"), "workday": _("班")}.get(kind, "")
    plain = "off" if day in off else ""
    return {"day": day.day, "kind": kind or plain, "name": name, "sign": sign, "today": day == today}
