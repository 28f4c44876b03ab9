"""Calendars and holiday tables as data packs: what they say, and everything that is wrong with them.

Two kinds: `holidays` – the table of days and for which days it is announced –, and `calendar` – the week, its seasons,
the regime and which holiday tables it follows. A city that changes its shifts copies no holidays, and a new year's
holidays touch nobody's shifts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from xiuhua.clock.words import (
    DAY_MINUTES,
    WEEKDAYS,
    Calendar,
    CalendarDayRule,
    ContinuousStart,
    DayKind,
    DayMark,
    Pattern,
    Regime,
    Season,
    Shift,
    Span,
    Week,
    WorkDayRule,
)
from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.rules.packs import document, line_of, table
from xiuhua.kernel.words import Fault, PackContent

CALENDAR, HOLIDAYS = "calendar", "holidays"
DAYS_FILE = "days.csv"
DAY_COLUMNS = ("date", "kind", "name", "works_as", "source")

#: Between the names of the packs that make up a calendar.
_AND = " + "
_DAY = timedelta(days=1)
_CLOCK = re.compile(r"(\d{2}):(\d{2})")
_SHIFT = {"type": "string", "pattern": r"^\d{2}:\d{2}-\d{2}:\d{2}$"}
_SHARE = {"type": "string", "pattern": r"^0?\.\d+$|^\d+/\d+$"}
_TIME = {"type": "string", "pattern": r"^\d{2}:\d{2}$"}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_MONTH_DAY = {"type": "string", "pattern": r"^\d{2}-\d{2}$"}


def _table(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


_WEEK = {
    "type": "object",
    "additionalProperties": False,
    "properties": {day: {"type": "array", "items": _SHIFT} for day in WEEKDAYS},
}
_KNOWN = {"type": "array", "items": _table(("first", "last"), first=_DATE, last=_DATE)}
CALENDAR_SCHEMA: dict[str, Any] = _table(
    ("week",),
    zone={"type": "string", "minLength": 1},
    holidays={"type": "array", "uniqueItems": True, "items": {"type": "string", "minLength": 1}},
    known=_KNOWN,
    week=_WEEK,
    season={
        "type": "array",
        "items": _table(
            ("title", "first", "last", "week"), title={"type": "string"}, first=_MONTH_DAY, last=_MONTH_DAY, week=_WEEK
        ),
    },
    regime=_table(
        work_day={"enum": WorkDayRule.values},
        day_hours={"type": "string", "pattern": r"^\d+(\.\d+)?$|^\d+/\d+$"},
        calendar_day={"enum": CalendarDayRule.values},
        first_day={"type": "boolean"},
        cut_off=_TIME,
        continuous={"enum": ContinuousStart.values},
        window={"type": "array", "items": _TIME, "minItems": 2, "maxItems": 2},
        warn_left={"type": "array", "items": _SHARE},
        extensions={"type": "integer", "minimum": 0, "maximum": 20},
    ),
)
HOLIDAYS_SCHEMA: dict[str, Any] = _table(("known",), known=_KNOWN)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one calendar pack says: the week and the regime, its own days, and the codes of the tables it follows."""

    calendar: Calendar
    regime: Regime
    zone: str
    holidays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holidays:
    """What one holiday pack says."""

    days: Mapping[date, DayMark]
    known: tuple[Span, ...]
    name: str
    digest: str


def holiday_table(pack: PackContent) -> tuple[Holidays, list[Fault]]:
    """Return the days of a pack of kind `holidays`, and every fault of it."""
    found, faults = document(pack, "holidays.toml", HOLIDAYS_SCHEMA)
    text = pack.files.get("holidays.toml", "")
    known, wrong = _known(found.get("known", []), text, "holidays.toml")
    days, bad = _days(pack, optional=False)
    faults += wrong + bad + _outside(pack, known, found)
    return Holidays(days, known, pack.name, pack.digest), faults


def calendar_sheet(pack: PackContent) -> tuple[Sheet, list[Fault]]:
    """Return what a pack of kind `calendar` says by itself, and every fault of it."""
    found, faults = document(pack, "calendar.toml", CALENDAR_SCHEMA)
    text = pack.files.get("calendar.toml", "")
    reader = _Weeks(text)
    week = reader.week(found.get("week", {}), ["week"])
    seasons = tuple(reader.season(each, number) for number, each in enumerate(found.get("season", [])))
    known, wrong = _known(found.get("known", []), text, "calendar.toml")
    days, bad = _days(pack, optional=True)
    faults += reader.faults + wrong + bad + _zone(found.get("zone", ""), text)
    if found and not any(week):
        faults.append(_fault("clock.week_empty", text, ["week"]))
    regime, odd = _regime(found.get("regime", {}), text)
    calendar = Calendar(pack.code, pack.name, week, days, seasons, known, pack.digest)
    return Sheet(calendar, regime, found.get("zone", ""), tuple(found.get("holidays", ()))), faults + odd


def merged(sheet: Sheet, tables: Iterable[Holidays]) -> Calendar:
    """Return a calendar with the days of the tables it follows.

    Where a later table is announced it replaces what earlier ones say; the calendar's own days win over all.
    """
    own, known = sheet.calendar, list(sheet.calendar.known)
    days: dict[date, DayMark] = {}
    names, digests = [own.version], [own.digest]
    for each in tables:
        told = each.known
        days = {day: mark for day, mark in days.items() if not any(one.first <= day <= one.last for one in told)}
        days.update(each.days)
        known += each.known
        names.append(each.name)
        digests.append(each.digest)
    return Calendar(
        own.code,
        _AND.join(names),
        own.week,
        {**days, **own.days},
        own.seasons,
        tuple(sorted(set(known), key=lambda span: (span.first, span.last))),
        digest(digests) if len(digests) > 1 else own.digest,
    )


def succeeding(versions: Sequence[tuple[date, Calendar]]) -> Calendar:
    """Return one calendar of a pack's versions, each in force from its day until the next begins, the first also before.

    A new version's shifts are worked from its own day on, and never rewrite a day before.
    """
    first = versions[0][1]
    if len(versions) == 1:
        return first
    days: dict[date, DayMark] = {}
    known: list[Span] = []
    for number, (begins, each) in enumerate(versions):
        since = begins if number else date.min
        until = versions[number + 1][0] - _DAY if number + 1 < len(versions) else date.max
        days |= {day: mark for day, mark in each.days.items() if since <= day <= until}
        clipped = (Span(max(span.first, since), min(span.last, until)) for span in each.known)
        known += [span for span in clipped if span.first <= span.last]
    names = dict.fromkeys(name for _begins, each in versions for name in each.version.split(_AND))
    return replace(
        first,
        version=_AND.join(names),
        days=days,
        known=tuple(sorted(set(known), key=lambda span: (span.first, span.last))),
        digest=digest([each.digest for _begins, each in versions]),
        later=tuple(Pattern(begins, each.week, each.seasons) for begins, each in versions[1:]),
    )


def check_calendar(pack: PackContent) -> list[Fault]:
    """Return every fault of a pack of kind `calendar`."""
    return calendar_sheet(pack)[1]


def check_holidays(pack: PackContent) -> list[Fault]:
    """Return every fault of a pack of kind `holidays`."""
    return holiday_table(pack)[1]


def minute_of(text: str) -> int | None:
    """Return "08:30" as minutes after midnight, "24:00" as 1440, None for what no clock shows."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return None
    minutes = int(match[1]) * 60 + int(match[2])
    return minutes if int(match[2]) < 60 and minutes <= DAY_MINUTES else None  # noqa: PLR2004 - minutes


def clock_text(minutes: int) -> str:
    """Return minutes after midnight as "08:30"; past midnight it is the next day's clock, 24:00 stays."""
    shown = minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES
    return f"{shown // 60:02d}:{shown % 60:02d}"


def _fault(code: str, toml: str, path: list[str], /, *, file: str = "calendar.toml", **facts: str) -> Fault:
    return Fault(code, row=line_of(toml, path), column=".".join(path), facts=dict(facts), file=file)


class _Weeks:
    """Reads weeks of shifts and collects what is wrong with them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.faults: list[Fault] = []

    def week(self, found: Mapping[str, list[str]], path: list[str]) -> Week:
        """Return the shifts of Monday to Sunday."""
        week = tuple(self._shifts(found.get(day, []), [*path, day]) for day in WEEKDAYS)
        for number, day in enumerate(WEEKDAYS):
            late = max((shift.closes for shift in week[number - 1]), default=0) - DAY_MINUTES
            if week[number] and week[number][0].opens < late:
                self.faults.append(_fault("clock.shift_overlap", self._text, [*path, day]))
        return week

    def season(self, found: Mapping[str, Any], number: int) -> Season:
        """Return a season; a day that no year has is a fault."""
        ends = []
        for name in ("first", "last"):
            month, day = map(int, found[name].split("-"))
            ends.append((month, day))
            try:
                date(2024, month, day)
            except ValueError:
                self.faults.append(_fault("clock.day", self._text, ["season", str(number), name], text=found[name]))
        week = self.week(found["week"], ["season", str(number), "week"])
        return Season(found["title"], ends[0], ends[1], week)

    def _shifts(self, texts: list[str], path: list[str]) -> tuple[Shift, ...]:
        shifts: list[Shift] = []
        for text in texts:
            opens, closes = (minute_of(part) for part in text.split("-"))
            if opens is None or closes is None or opens in {closes, DAY_MINUTES}:
                self.faults.append(_fault("clock.shift", self._text, path, text=text))
                continue
            shift = Shift(opens, closes if closes > opens else closes + DAY_MINUTES)
            if shifts and shift.opens < shifts[-1].closes:
                self.faults.append(_fault("clock.shift_overlap", self._text, path))
            shifts.append(shift)
        return tuple(shifts)


def _zone(name: str, text: str) -> list[Fault]:
    if not name:
        return []
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return [_fault("clock.zone", text, ["zone"], text=name)]
    return []


def _regime(found: Mapping[str, Any], text: str) -> tuple[Regime, list[Fault]]:
    faults, values = [], dict(found)
    for name in ("cut_off", "window"):
        if name not in found:
            continue
        given = found[name] if name == "window" else [found[name]]
        minutes = [minute_of(each) for each in given]
        if None in minutes or (name == "window" and (minutes[0] or 0) >= (minutes[1] or 0)):
            faults.append(_fault("clock.time", text, ["regime", name], text="–".join(given)))
            del values[name]
        else:
            values[name] = tuple(minutes) if name == "window" else minutes[0]
    kinds = {"work_day": WorkDayRule, "calendar_day": CalendarDayRule, "continuous": ContinuousStart}
    values |= {name: kind(values[name]) for name, kind in kinds.items() if name in values}
    if "day_hours" in values:
        values["day_hours"], wrong = _number(values["day_hours"], 24, text, "day_hours")
        faults += wrong
    if "warn_left" in values:
        shares = [_number(each, 1, text, "warn_left") for each in values["warn_left"]]
        values["warn_left"] = tuple(share for share, _ in shares)
        faults += [fault for _, wrong in shares for fault in wrong]
    return Regime(**values), faults


def _number(given: str, most: int, text: str, name: str) -> tuple[Fraction, list[Fault]]:
    try:
        number = Fraction(given)
    except (ValueError, ZeroDivisionError):
        number = Fraction(0)
    if 0 < number <= most:
        return number, []
    return Fraction(most), [_fault("clock.number", text, ["regime", name], text=given, most=str(most))]


def _known(found: list[Mapping[str, str]], text: str, file: str) -> tuple[tuple[Span, ...], list[Fault]]:
    spans, faults = [], []
    for number, each in enumerate(found):
        first, last = _date(each["first"]), _date(each["last"])
        if first is None or last is None or first > last:
            named = f"{each['first']}–{each['last']}"
            faults.append(_fault("clock.span", text, ["known", str(number), "first"], file=file, text=named))
            continue
        spans.append(Span(first, last))
    return tuple(sorted(spans, key=lambda span: span.first)), faults


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days(pack: PackContent, *, optional: bool) -> tuple[dict[date, DayMark], list[Fault]]:
    rows, faults = table(pack, DAYS_FILE, DAY_COLUMNS, required=("date", "kind"), optional=optional)
    days: dict[date, DayMark] = {}
    for row in rows:
        mark, wrong = _mark(row.cells)
        day = _date(row["date"])
        if day is None:
            wrong.append(("clock.day", "date", row["date"]))
        elif day in days:
            wrong.append(("clock.day_twice", "date", row["date"]))
        else:
            days[day] = mark
        faults += [
            Fault(code, row=row.line, column=column, facts={"text": text}, file=DAYS_FILE)
            for code, column, text in wrong
            if text
        ]
    return days, faults


def _mark(cells: Mapping[str, str]) -> tuple[DayMark, list[tuple[str, str, str]]]:
    wrong, kind, works_as = [], DayKind.HOLIDAY, None
    if cells["kind"] in DayKind.values:
        kind = DayKind(cells["kind"])
    else:
        wrong.append(("clock.day_kind", "kind", cells["kind"]))
    if cells["works_as"] in WEEKDAYS and kind == DayKind.WORKDAY:
        works_as = WEEKDAYS.index(cells["works_as"])
    elif cells["works_as"]:
        wrong.append(("clock.works_as", "works_as", cells["works_as"]))
    return DayMark(kind, cells["name"], works_as), wrong


def _outside(pack: PackContent, known: tuple[Span, ...], found: Mapping[str, Any]) -> list[Fault]:
    """Return the rows whose day lies in no span that is said to be announced: one of the two is wrong."""
    if not found:
        return []
    rows, _faults = table(pack, DAYS_FILE, DAY_COLUMNS, required=("date", "kind"))
    return [
        Fault("clock.day_outside", row=row.line, column="date", facts={"text": row["date"]}, file=DAYS_FILE)
        for row in rows
        if (day := _date(row["date"])) and not any(span.first <= day <= span.last for span in known)
    ]
