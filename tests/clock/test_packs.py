"""Calendars as packs: what they say, and every fault with its file, line and field."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from tests.clock.calendars import PACKS, SHANGHAI, STREET

from xiuhua.clock.packs import CALENDAR_KIND, HOLIDAYS_KIND
from xiuhua.clock.queries import ZoneMissing, clocks_in, folder_clock, office_clock
from xiuhua.clock.rules.deadlines import deadline, missing_years
from xiuhua.clock.rules.packs import calendar_sheet, clock_text, holiday_table, minute_of, succeeding
from xiuhua.clock.rules.timeline import shifts_on
from xiuhua.clock.words import Calendar, DayKind, DayMark, Limit, LimitStage, Season, Shift, Span, Unit
from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.queries import PackRefused, PackUndecided, PackUnknown, read_pack, shipped_packs
from xiuhua.kernel.words import Actor, PackContent

SHIPPED = [folder for folder in shipped_packs(PACKS) if folder.parents[1].name in {"calendar", "holidays"}]
KINDS = {"calendar": CALENDAR_KIND, "holidays": HOLIDAYS_KIND}
WEEK = '[week]\nmon = ["08:30-12:00", "13:30-18:00"]\n'


def _pack(kind: str, files: dict[str, str]) -> PackContent:
    title = {"zh": "试", "en": "trial"}
    return PackContent(kind, "trial", "1", title, date(2026, 1, 1), {"source": "test"}, files, "0" * 64)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.parent.name)
def test_shipped_pack_has_no_fault(folder: Path) -> None:
    content = read_pack(folder)
    assert KINDS[content.kind].check(content) == []


@pytest.mark.parametrize(
    ("year", "worked"),
    [(2018, 7), (2019, 6), (2020, 6), (2021, 7), (2022, 7), (2023, 7), (2024, 8), (2025, 5), (2026, 6)],
)
def test_national_table_has_the_make_up_workdays_of_each_year(year: int, worked: int) -> None:
    assert sum(mark.kind == DayKind.WORKDAY for day, mark in STREET.days.items() if day.year == year) == worked


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-09-28", True),
        ("2025-10-01", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),
        ("2025-10-12", False),
        ("2020-01-31", False),  # Spring Festival was lengthened that year
        ("2020-02-03", True),
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-01-04", True),
    ],
)
def test_national_day_is_worked_or_not_as_announced(day: str, works: bool) -> None:
    assert bool(shifts_on(STREET, date.fromisoformat(day))) is works


def test_calendar_says_week_seasons_regime_and_tables() -> None:
    text = (
        'zone = "Asia/Shanghai"\nholidays = ["cn"]\n\n'
        + WEEK
        + '[[season]]\ntitle = "夏季"\nfirst = "06-01"\nlast = "09-30"\n[season.week]\nmon = ["22:00-06:00"]\n'
        + '[regime]\nwork_day = "day_end"\nfirst_day = true\ncut_off = "16:00"\nwindow = ["08:00", "24:00"]\n'
        + 'continuous = "in_window"\nwarn_left = ["0.5", "1/3"]\nday_hours = "7.5"\nextensions = 1\n'
    )
    days = "date,kind,name,works_as,source\n2026-05-09,workday,劳动节,mon,通知\n"
    sheet, faults = calendar_sheet(_pack("calendar", {"calendar.toml": text, "days.csv": days}))
    assert faults == []
    assert sheet.calendar.week[0] == (Shift(510, 720), Shift(810, 1080))
    night = ((Shift(1320, 1800),), (), (), (), (), (), ())
    assert sheet.calendar.seasons == (Season("夏季", (6, 1), (9, 30), night),)
    assert (sheet.regime.cut_off, sheet.regime.window, sheet.regime.first_day) == (960, (480, 1440), True)
    assert [str(each) for each in (*sheet.regime.warn_left, sheet.regime.day_hours)] == ["1/2", "1/3", "15/2"]
    assert (sheet.zone, sheet.holidays, sheet.calendar.days[date(2026, 5, 9)].works_as) == ("Asia/Shanghai", ("cn",), 0)


FAULTS = {
    "no such hour": (WEEK.replace("18:00", "25:00"), "calendar.toml", 2, "clock.shift"),
    "shifts that overlap": (WEEK.replace("13:30", "11:30"), "calendar.toml", 2, "clock.shift_overlap"),
    "a night that runs into the morning": (
        '[week]\nmon = ["22:00-09:00"]\ntue = ["08:30-12:00"]\n',
        "calendar.toml",
        3,
        "clock.shift_overlap",
    ),
    "no shift at all": ("[week]\n", "calendar.toml", 1, "clock.week_empty"),
    "no such zone": ('zone = "Asia/Nowhere"\n' + WEEK, "calendar.toml", 1, "clock.zone"),
    "a day no year has": (
        WEEK + '[[season]]\ntitle = ""\nfirst = "02-31"\nlast = "03-31"\n[season.week]\n',
        "calendar.toml",
        5,
        "clock.day",
    ),
    "a cut-off that is no time": (WEEK + '[regime]\ncut_off = "24:30"\n', "calendar.toml", 4, "clock.time"),
    "a window turned round": (WEEK + '[regime]\nwindow = ["20:00", "08:00"]\n', "calendar.toml", 4, "clock.time"),
    "a share of nothing": (WEEK + '[regime]\nwarn_left = ["0/3"]\n', "calendar.toml", 4, "clock.number"),
    "an unknown rule": (WEEK + '[regime]\nwork_day = "about"\n', "calendar.toml", 4, "pack.schema"),
    "a span turned round": (
        WEEK + "[[known]]\nfirst = 2026-12-31\nlast = 2026-01-01\n",
        "calendar.toml",
        4,
        "clock.span",
    ),
}


@pytest.mark.parametrize(("text", "file", "row", "code"), FAULTS.values(), ids=FAULTS)
def test_fault_of_a_calendar_says_where(text: str, file: str, row: int, code: str) -> None:
    faults = CALENDAR_KIND.check(_pack("calendar", {"calendar.toml": text}))
    assert [(fault.file, fault.row, fault.code) for fault in faults] == [(file, row, code)]
    assert fault_sentence(faults[0]).startswith(file)


ROWS = {
    "no date": ("2026-02-30,holiday,,,", "clock.day"),
    "the same day again": ("2026-01-01,holiday,,,\n2026-01-01,holiday,,,", "clock.day_twice"),
    "neither off nor worked": ("2026-01-01,half,,,", "clock.day_kind"),
    "a holiday worked as Monday": ("2026-01-01,holiday,,mon,", "clock.works_as"),
    "outside what is announced": ("2027-01-01,holiday,,,", "clock.day_outside"),
}


@pytest.mark.parametrize(("rows", "code"), ROWS.values(), ids=ROWS)
def test_fault_of_a_holiday_table_says_its_line(rows: str, code: str) -> None:
    known = "[[known]]\nfirst = 2026-01-01\nlast = 2026-12-31\n"
    days = f"date,kind,name,works_as,source\n{rows}\n"
    _table, faults = holiday_table(_pack("holidays", {"holidays.toml": known, "days.csv": days}))
    line = rows.count("\n") + 2
    assert [(fault.code, fault.file, fault.row) for fault in faults] == [(code, "days.csv", line)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("00:00", 0), ("08:30", 510), ("24:00", 1440), ("24:01", None), ("8:30", None), ("12:60", None)],
)
def test_minute_of_a_clock_time(text: str, minutes: int | None) -> None:
    assert minute_of(text) == minutes


@pytest.mark.parametrize(("minutes", "text"), [(510, "08:30"), (1440, "24:00"), (1800, "06:00")])
def test_clock_text_of_minutes(minutes: int, text: str) -> None:
    assert clock_text(minutes) == text


def _install(tenant: Tenant, name: str, *, by: Actor, at: datetime) -> None:
    install_pack(tenant, read_pack(next(PACKS.glob(f"{name}/*"))), by=by, at=at)


def test_office_clock_adds_a_new_years_table_to_those_before(
    street: Tenant, ana: Actor, at: datetime, django_assert_num_queries: object
) -> None:
    _install(street, "holidays/cn", by=ana, at=at)
    _install(street, "calendar/demo-street", by=ana, at=at)
    clock = office_clock(street)
    assert (clock.zone, clock.calendar.version) == (SHANGHAI, "calendar/demo-street@2026-1 + holidays/cn@2026-1")
    newer = _pack(
        "holidays",
        {
            "holidays.toml": "[[known]]\nfirst = 2027-01-01\nlast = 2027-12-31\n",
            "days.csv": "date,kind,name,works_as,source\n2027-01-01,holiday,元旦,,\n",
        },
    )
    content = PackContent(
        "holidays", "cn", "2027-1", newer.title, date(2027, 1, 1), {"source": "t"}, newer.files, "1" * 64
    )
    install_pack(street, content, by=ana, at=at)
    with django_assert_num_queries(3):  # type: ignore[operator] # a fixture of pytest-django
        clock = office_clock(street)
    assert clock.calendar.known == (
        Span(date(2018, 1, 1), date(2026, 12, 31)),
        Span(date(2027, 1, 1), date(2027, 12, 31)),
    )
    assert [bool(shifts_on(clock.calendar, date(year, 1, 1))) for year in (2026, 2027, 2029)] == [False, False, True]


def _calendar(version: str, since: date, toml: str) -> PackContent:
    made = _pack("calendar", {"calendar.toml": 'holidays = ["cn"]\nzone = "Asia/Shanghai"\n' + toml})
    return PackContent(
        "calendar", "demo-street", version, made.title, since, {"source": "t"}, made.files, version.ljust(64, "0")
    )


NEW_HOURS = '[week]\nmon = ["10:00-12:00"]\ntue = ["10:00-12:00"]\n[regime]\nextensions = 5\n'


def test_new_hours_are_worked_from_their_own_day_on(street: Tenant, ana: Actor, at: datetime) -> None:
    for name in ("holidays/cn", "calendar/demo-street"):
        _install(street, name, by=ana, at=at)
    install_pack(street, _calendar("2026-2", date(2026, 12, 1), NEW_HOURS), by=ana, at=at)
    clock = office_clock(street)
    # Monday 30 November and Tuesday 1 December
    assert shifts_on(clock.calendar, date(2026, 11, 30)) == (Shift(510, 720), Shift(810, 1080))
    assert shifts_on(clock.calendar, date(2026, 12, 1)) == (Shift(600, 720),)
    assert shifts_on(clock.calendar, date(2026, 10, 1)) == ()
    assert [clock.on(date(2026, *day)).regime.extensions for day in ((11, 30), (12, 1))] == [2, 5]
    assert clock.calendar.version == ("calendar/demo-street@2026-1 + holidays/cn@2026-1 + calendar/demo-street@2026-2")
    # Monday 17:00: one hour until 18:00, one from Tuesday 10:00
    start = datetime(2026, 11, 30, 17, tzinfo=SHANGHAI)
    limits = (LimitStage(Limit(Fraction(2), Unit.WORK_HOUR), ""),)
    due = deadline(start, limits, calendar=clock.calendar, regime=clock.regime, zone=SHANGHAI).due_at
    assert due == datetime(2026, 12, 1, 11, tzinfo=SHANGHAI)


def test_days_of_a_version_hold_only_while_it_is_in_force() -> None:
    def version(first: int, last: int, off: int) -> Calendar:
        days = {date(2026, 1, day): DayMark(DayKind.HOLIDAY, "") for day in range(off, off + 3)}
        return Calendar("c", f"v{last}", STREET.week, days, known=(Span(date(2026, first, 1), date(2026, last, 28)),))

    both = succeeding([(date(2020, 1, 1), version(1, 6, 1)), (date(2026, 1, 3), version(1, 8, 3))])
    assert sorted(both.days) == [date(2026, 1, day) for day in (1, 2, 3, 4, 5)]
    assert both.known == (Span(date(2026, 1, 1), date(2026, 1, 2)), Span(date(2026, 1, 3), date(2026, 8, 28)))
    assert missing_years(both, date(2026, 1, 1), date(2026, 8, 28)) == ()


def test_calendar_announced_to_the_end_of_time_misses_no_year() -> None:
    ever = Calendar("c", "1", STREET.week, known=(Span(date(1900, 1, 1), date.max),))
    assert missing_years(ever, date(2025, 12, 31), date(2027, 1, 1)) == ()
    assert missing_years(ever, date(1899, 12, 31), date(1900, 1, 1)) == (1899,)


def test_two_offices_on_one_database_may_work_by_different_calendars(street: Tenant, ana: Actor, at: datetime) -> None:
    other = create_tenant("other", "别处", by=ana, at=at, zone="America/New_York")
    for name in ("holidays/cn", "calendar/demo-street"):
        _install(street, name, by=ana, at=at)
    for name in ("holidays/us-ma", "calendar/us-boston"):
        _install(other, name, by=ana, at=at)
    assert [office_clock(each).calendar.code for each in (street, other)] == ["demo-street", "us-boston"]


def test_calendar_whose_holiday_table_is_missing_is_not_installed(street: Tenant, ana: Actor, at: datetime) -> None:
    with pytest.raises(PackRefused) as refused:
        _install(street, "calendar/demo-street", by=ana, at=at)
    assert [fault.code for fault in refused.value.faults] == ["clock.holidays_missing"]
    with pytest.raises(PackUndecided):
        office_clock(street)
    with pytest.raises(PackUnknown):
        office_clock(street, "demo-street")


def test_clocks_in_a_folder_are_those_of_the_zone() -> None:
    assert [clock.calendar.code for clock in clocks_in(PACKS, SHANGHAI)] == ["demo-street"]


def test_folder_without_a_zone_asks_for_one(tmp_path: Path) -> None:
    folder = tmp_path / "calendar/plain/1"
    folder.mkdir(parents=True)
    header = (PACKS / "calendar/demo-street/2026-1/pack.toml").read_text(encoding="utf-8")
    (folder / "pack.toml").write_text(header, encoding="utf-8")
    (folder / "calendar.toml").write_text(WEEK, encoding="utf-8")
    with pytest.raises(ZoneMissing):
        folder_clock(folder, PACKS)
    assert folder_clock(folder, PACKS, "Asia/Shanghai").zone == SHANGHAI
