"""Doors to the clock: the year of the calendar, and a deadline worked out for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.clock.phrases import days_text, provisional_text, regime_text, shifts_text, week_text, when
from xiuhua.clock.queries import Clock, ZoneMissing, office_clock
from xiuhua.clock.rules.deadlines import deadline, missing_years
from xiuhua.clock.rules.grammar import LimitAmbiguous, LimitUnreadable, limits_of
from xiuhua.clock.rules.timeline import shifts_on
from xiuhua.clock.words import DayKind, Limit, Limits, LimitStage, Unit
from xiuhua.kernel.queries import PackUndecided, PackUnknown
from xiuhua.kernel.words import Refusal
from xiuhua.ui.formats import day as day_text
from xiuhua.ui.formats import english, thousands
from xiuhua.web.desk.deadlines import derive, strips
from xiuhua.web.desk.office import now, office, whole

FIRST_YEAR, LAST_YEAR = 1970, 2199
#: Days ahead within which a deadline is worked out on a page; longer limits are refused with a sentence.
MOST_AMOUNT = 2000


def _clock(request: HttpRequest) -> tuple[Clock | None, str]:
    """Return the office's clock, or why there is none."""
    try:
        return office_clock(office(request)), ""
    except (PackUndecided, PackUnknown, ZoneMissing) as refusal:
        return None, str(refusal)


@require_safe
def year_page(request: HttpRequest) -> HttpResponse:
    """Show a year of the calendar: shifts, holidays, make-up workdays, and what is not announced yet."""
    clock, why = _clock(request)
    if clock is None:
        return render(request, "web/clock_empty.html", {"why": why})
    today = now().astimezone(clock.zone).date()
    asked = whole(request.GET.get("year"))
    year = asked if asked and FIRST_YEAR <= asked <= LAST_YEAR else today.year
    day = today if year == today.year else date(year, 1, 1)
    pattern = clock.calendar.pattern_on(day)
    unknown = {month for month in range(1, 13) if missing_years(clock.calendar, *_month(year, month))}
    context = {
        "clock": clock,
        "title": clock.title["en" if english(get_language()) else "zh"],
        "year": year,
        "before": f"?year={year - 1}" if year > FIRST_YEAR else "",
        "after": f"?year={year + 1}" if year < LAST_YEAR else "",
        "today": today,
        "off": {day for day in _days(year) if not shifts_on(clock.calendar, day)},
        "marks": {day: (mark.kind.value, mark.name) for day, mark in clock.calendar.days.items() if day.year == year},
        "unknown": unknown,
        "months_unknown": len(unknown),
        "shifts": week_text(pattern.week),
        "seasons": [*map(_season, pattern.seasons), *_coming(clock, day)],
        "regime": regime_text(clock.on(day).regime),
        "facts": _facts(clock, year, told=not unknown),
        "holidays": _holidays(clock, year),
    }
    return render(request, "web/clock.html", context)


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def _month(year: int, month: int) -> tuple[date, date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def _season(season: Any) -> dict[str, Any]:
    language = get_language()
    first, last = (day_text(date(2024, *at), language, this_year=2024) for at in (season.first, season.last))
    return {"title": season.title, "span": f"{first} – {last}", "shifts": week_text(season.week)}


def _coming(clock: Clock, day: date) -> list[dict[str, Any]]:
    """Return the patterns that a later version of the calendar brings, as the seasons are shown."""
    language = get_language()
    return [
        {
            "title": _("新日历"),
            "span": _("自 %(day)s 起") % {"day": day_text(each.since, language, this_year=day.year)},
            "shifts": week_text(each.week),
        }
        for each in clock.calendar.later
        if each.since > day
    ]


def _facts(clock: Clock, year: int, *, told: bool) -> list[dict[str, str]]:
    """Return the year in four facts; of a year that is not wholly announced (`told`) no number is given."""
    days = _days(year)
    kinds = [mark.kind for day, mark in clock.calendar.days.items() if day.year == year]
    worked = [day for day in days if shifts_on(clock.calendar, day)]
    today = now().astimezone(clock.zone).date()
    quiet = _("未全公布")
    return [
        {"label": _("上班"), "value": days_text(len(worked)) if told else quiet},
        {"label": _("放假"), "value": days_text(kinds.count(DayKind.HOLIDAY)) if told else quiet},
        {"label": _("调休上班"), "value": days_text(kinds.count(DayKind.WORKDAY)) if told else quiet},
        {"label": _("今天"), "value": shifts_text(shifts_on(clock.calendar, today))},
    ]


def _holidays(clock: Clock, year: int) -> list[dict[str, Any]]:
    """Return each holiday of the year with its days off and the days worked for it."""
    found: dict[str, dict[DayKind, list[date]]] = {}
    for day in sorted(clock.calendar.days):
        if day.year == year:
            mark = clock.calendar.days[day]
            found.setdefault(mark.name or "—", {}).setdefault(mark.kind, []).append(day)
    rows = []
    for name, kinds in sorted(found.items(), key=lambda one: min(one[1].get(DayKind.HOLIDAY) or [date.max])):
        off, worked = kinds.get(DayKind.HOLIDAY, []), kinds.get(DayKind.WORKDAY, [])
        rows.append({"cells": [name, _spans(off, year), thousands(len(off)), _spans(worked, year)]})
    return rows


def _spans(days: list[date], year: int) -> str:
    """Return days in words, those that follow each other as a span."""
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    language = get_language()
    said = [
        day_text(first, language, this_year=year)
        + ("" if first == last else f" – {day_text(last, language, this_year=year)}")
        for first, last in spans
    ]
    return (", " if english(language) else "、").join(said) or "—"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the form holds and what is wrong with it, by field."""

    given: dict[str, str]
    errors: dict[str, str]
    start: datetime | None
    limits: Limits
    extensions: int


@require_safe
def deadline_page(request: HttpRequest) -> HttpResponse:
    """Work out a deadline and show its bill."""
    clock, why = _clock(request)
    if clock is None:
        return render(request, "web/clock_empty.html", {"why": why})
    asked = _asked(request, clock)
    context: dict[str, Any] = {
        "clock": clock,
        "given": asked.given,
        "errors": asked.errors,
        "faults": [(f"id_{name}", text) for name, text in asked.errors.items()],
        "units": [(unit.value, str(unit.label)) for unit in Unit],
        "extension_options": [(str(n), str(n)) for n in range(clock.regime.extensions + 1)],
    }
    if asked.start and not asked.errors:
        try:
            answer = deadline(
                asked.start,
                asked.limits,
                calendar=clock.calendar,
                regime=_on(clock, asked.start).regime,
                zone=clock.zone,
                extensions=asked.extensions,
            )
        except Refusal as refusal:
            context["errors"] = {"amount": str(refusal)}
            context["faults"] = [("id_amount", str(refusal))]
            return render(request, "web/deadline.html", context)
        year = asked.start.astimezone(clock.zone).year
        context |= {
            "due": when(answer.due_at, clock.zone, year=year),
            "lines": derive(answer, clock.zone),
            "strips": strips(answer, clock.calendar, clock.zone),
            "provisional": provisional_text(answer),
            "warnings": [
                {"label": f"{float(each.left * 100):g}%", "at": when(each.at, clock.zone, year=year)}
                for each in answer.warnings
            ],
        }
    return render(request, "web/deadline.html", context)


def _on(clock: Clock, start: datetime) -> Clock:
    return clock.on(start.astimezone(clock.zone).date())


def _asked(request: HttpRequest, clock: Clock) -> _Asked:
    """Return the form: as it came, with what is wrong, or as it is first shown."""
    given = {name: request.GET.get(name, "").strip() for name in ("start", "amount", "unit", "extensions")}
    if "start" not in request.GET:
        shown = now().astimezone(clock.zone).strftime("%Y-%m-%dT%H:%M")
        return _Asked({"start": shown, "amount": "", "unit": Unit.WORK_DAY, "extensions": "0"}, {}, None, (), 0)
    errors: dict[str, str] = {}
    start = _start(given["start"], clock)
    if start is None:
        errors["start"] = _("请写收到的日期和时间，如 2026-09-30 16:00。")
    limits = _limits(given, errors)
    extensions = whole(given["extensions"] or "0")
    most = _on(clock, start or now()).regime.extensions
    if extensions is None or extensions > most:
        errors["extensions"] = _("最多延期 %(n)s 次，每次一个原时限。") % {"n": most}
    return _Asked(given, errors, start, limits, extensions or 0)


def _start(text: str, clock: Clock) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=clock.zone)
    return found if FIRST_YEAR <= found.year <= LAST_YEAR - 20 else None


def _limits(given: dict[str, str], errors: dict[str, str]) -> Limits:
    unit = given["unit"] if given["unit"] in Unit.values else Unit.WORK_DAY.value
    try:
        stages = limits_of(f"{given['amount']}wd")
    except (LimitUnreadable, LimitAmbiguous):
        stages = ()
    if len(stages) != 1 or stages[0].title:
        errors["amount"] = _("请写一个大于零的数，如 2 或 1.5。")
        return ()
    amount = stages[0].limit.amount
    if amount > MOST_AMOUNT:
        errors["amount"] = _("最多算 %(n)s。") % {"n": MOST_AMOUNT}
    return (LimitStage(Limit(amount, Unit(unit))),)
