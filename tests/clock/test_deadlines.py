"""The worked deadlines, one by one and many at once; stages, warnings, years not announced, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.clock.calendars import HOURS, SHANGHAI, STREET
from tests.clock.worked import CASES, Case

from xiuhua.clock.rules.bulk import due_many
from xiuhua.clock.rules.deadlines import consumed, deadline
from xiuhua.clock.rules.grammar import limits_of
from xiuhua.clock.rules.timeline import micros, moment
from xiuhua.clock.words import Calendar, LimitEmpty, NoWorkingTime, Pause, StartNaive, TooManyExtensions


def _at(text: str, zone: ZoneInfo) -> datetime:
    if text.endswith("Z"):
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_deadline_worked_by_hand(case: Case) -> None:
    zone = case.by.zone
    answer = deadline(
        _at(case.start, zone),
        limits_of(case.limit),
        calendar=case.by.calendar,
        regime=case.by.regime,
        zone=zone,
        pauses=[Pause(_at(first, zone), _at(last, zone)) for first, last in case.pauses],
        extensions=case.extensions,
    )
    assert answer.due_at == _at(case.due, zone).astimezone(UTC)


@pytest.mark.parametrize("case", [case for case in CASES if not case.pauses], ids=lambda case: case.id)
def test_deadline_of_many_worked_by_hand(case: Case) -> None:
    zone = case.by.zone
    starts = np.array([micros(_at(case.start, zone))] * 2, dtype=np.int64)
    due = due_many(
        starts,
        limits_of(case.limit),
        calendar=case.by.calendar,
        regime=case.by.regime,
        zone=zone,
        extensions=case.extensions,
    )
    assert [moment(int(at)) for at in due] == [_at(case.due, zone).astimezone(UTC)] * 2


def test_deadline_ids_are_all_different() -> None:
    assert len({case.id for case in CASES}) == len(CASES)


def test_stages_each_have_their_own_deadline() -> None:
    answer = deadline(
        _at("2025-11-03 10:00", SHANGHAI),
        limits_of("停工:4wh+整改:7wd"),
        calendar=STREET,
        regime=HOURS,
        zone=SHANGHAI,
        extensions=1,
    )
    assert [(stage.title, stage.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")) for stage in answer.stages] == [
        ("停工", "11-03 15:30"),
        ("整改", "11-12 15:30"),
    ]


def test_warnings_are_due_when_their_share_is_left() -> None:
    # ten working hours from Monday 8:30 end on Tuesday 10:30; 7 hours of them are used up at 17:00, 8.5 on Tuesday 9:00
    answer = deadline(
        _at("2025-11-03 08:30", SHANGHAI), limits_of("10wh"), calendar=STREET, regime=HOURS, zone=SHANGHAI
    )
    assert [each.at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") for each in answer.warnings] == [
        "11-03 17:00",
        "11-04 09:00",
    ]


@pytest.mark.parametrize(
    ("start", "limit", "missing"),
    [
        ("2026-12-30 16:00", "1wd", ()),
        ("2026-12-31 16:00", "1wd", (2027,)),
        ("2026-12-31 16:00", "10d", ()),
        ("2017-12-29 09:00", "1wd", (2017,)),
        ("2026-12-31 16:00", "262wd", (2027, 2028)),
    ],
    ids=["all announced", "next year missing", "calendar days ask no calendar", "before the first year", "two missing"],
)
def test_deadline_in_a_year_that_is_not_announced_is_provisional(
    start: str, limit: str, missing: tuple[int, ...]
) -> None:
    answer = deadline(_at(start, SHANGHAI), limits_of(limit), calendar=STREET, regime=HOURS, zone=SHANGHAI)
    assert (answer.provisional, answer.missing) == (bool(missing), missing)


def test_consumed_leaves_out_nights_and_suspensions() -> None:
    # Monday 17:00–18:00 one hour, Tuesday 8:30–9:30 suspended, until 10:00 half an hour: 1.5 of 4 hours
    used = consumed(
        _at("2025-11-03 17:00", SHANGHAI),
        _at("2025-11-04 10:00", SHANGHAI),
        limits_of("4wh"),
        calendar=STREET,
        regime=HOURS,
        zone=SHANGHAI,
        pauses=[Pause(_at("2025-11-04 08:30", SHANGHAI), _at("2025-11-04 09:30", SHANGHAI))],
    )
    assert (used.used, used.left) == (5_400_000_000, 9_000_000_000)


def test_consumed_after_the_deadline_is_over_by_running_time() -> None:
    # due Monday 18:00; an hour into Tuesday is an hour over, the night is not
    used = consumed(
        _at("2025-11-03 16:00", SHANGHAI),
        _at("2025-11-04 09:30", SHANGHAI),
        limits_of("2wh"),
        calendar=STREET,
        regime=HOURS,
        zone=SHANGHAI,
    )
    assert used.left == -3_600_000_000


def test_more_extensions_than_granted_are_refused() -> None:
    with pytest.raises(TooManyExtensions):
        deadline(
            _at("2025-11-03 16:00", SHANGHAI),
            limits_of("2wh"),
            calendar=STREET,
            regime=HOURS,
            zone=SHANGHAI,
            extensions=3,
        )


def test_nothing_is_no_limit() -> None:
    with pytest.raises(LimitEmpty):
        deadline(_at("2025-11-03 16:00", SHANGHAI), (), calendar=STREET, regime=HOURS, zone=SHANGHAI)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(StartNaive):
        deadline(datetime(2025, 11, 3), limits_of("2wh"), calendar=STREET, regime=HOURS, zone=SHANGHAI)  # noqa: DTZ001 - the point


def test_a_calendar_without_working_time_is_refused() -> None:
    idle = Calendar("idle", "1", ((),) * 7)
    with pytest.raises(NoWorkingTime):
        deadline(_at("2025-11-03 16:00", SHANGHAI), limits_of("2wh"), calendar=idle, regime=HOURS, zone=SHANGHAI)
    with pytest.raises(NoWorkingTime):
        due_many(np.zeros(1, dtype=np.int64), limits_of("2wh"), calendar=idle, regime=HOURS, zone=SHANGHAI)
