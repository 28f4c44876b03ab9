"""Limits inferred from targets: a made-up city whose rules are known, and the published file of a real one."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.clock.calendars import NEW_YORK, PACKS, week

from xiuhua.clock.rules.bulk import due_many
from xiuhua.clock.rules.inference import VOCABULARY, Inference, infer
from xiuhua.clock.rules.observed import Targets
from xiuhua.clock.rules.timeline import micros
from xiuhua.clock.words import (
    Calendar,
    CalendarDayRule,
    DayKind,
    DayMark,
    Limit,
    LimitStage,
    Regime,
    Shift,
    Unit,
    WorkDayRule,
)
from xiuhua.exchange.inferring import infer_limits
from xiuhua.exchange.queries import load_mapping

MONDAYS_OFF = {
    day: DayMark(DayKind.HOLIDAY, "closed") for day in (date(2024, 1, 15), date(2024, 2, 19), date(2024, 4, 15))
}
#: 7:45–16:15, and three Mondays closed.
CITY = Calendar("city", "1", week((Shift(465, 975),)), MONDAYS_OFF)
RULES = {
    "potholes": (Limit(Fraction(3), Unit.WORK_DAY), Regime(work_day=WorkDayRule.SAME_CLOCK)),
    "letters": (Limit(Fraction(10), Unit.WORK_DAY), Regime(work_day=WorkDayRule.DAY_END)),
    "gas": (Limit(Fraction(6), Unit.URGENT_HOUR), Regime()),
    "housing": (Limit(Fraction(90), Unit.CALENDAR_DAY), Regime(calendar_day=CalendarDayRule.SAME_CLOCK)),
    "noise": (Limit(Fraction(5), Unit.WORK_HOUR), Regime()),
}
ROWS = 500


def _city() -> Targets:
    first, last = micros(_midnight(2024, 1, 2)), micros(_midnight(2024, 7, 1))
    starts, targets, group = [], [], []
    for number, (limit, regime) in enumerate(RULES.values()):
        # evenly through day and night, a prime of seconds apart so that no clock time repeats
        at = np.array([first + (index * 30_631 + number * 977) * 1_000_000 for index in range(ROWS)], dtype=np.int64)
        assert int(at.max()) < last
        starts.append(at)
        targets.append(due_many(at, (LimitStage(limit),), calendar=CITY, regime=regime, zone=NEW_YORK))
        group.append(np.full(ROWS, number, dtype=np.int64))
    places = np.concatenate(group)
    names = list(RULES)
    return Targets(np.concatenate(starts), np.concatenate(targets), places, places, [(name,) for name in names], names)


def _midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=NEW_YORK)


@pytest.fixture(scope="module")
def inferred() -> Inference:
    """The city's limits, fitted on January to April."""
    targets = _city()
    split = micros(_midnight(2024, 5, 1))
    return infer(
        targets,
        targets.starts < split,
        targets.starts >= split,
        zone=NEW_YORK,
        calendars=[],
        min_group=30,
        tolerance=1,
    )


def test_working_hours_are_read_off_the_targets(inferred: Inference) -> None:
    assert inferred.calendar.week == CITY.week


@pytest.mark.parametrize("name", RULES)
def test_limit_of_a_made_up_city_is_found(inferred: Inference, name: str) -> None:
    found = next(one for one in inferred.groups if one.group == (name,))
    limit, regime = RULES[name]
    assert found.limit == limit
    assert found.rule is not None
    assert (found.rule.regime.work_day, found.rule.regime.calendar_day) == (regime.work_day, regime.calendar_day)
    assert Fraction(found.explained, found.rows) >= Fraction(95, 100)


def test_one_allowance_per_type_explains_less(inferred: Inference) -> None:
    assert inferred.share is not None
    assert inferred.baseline_share is not None
    assert inferred.share > inferred.baseline_share
    assert inferred.baseline_parameters == len(RULES)


def test_groups_that_are_too_small_are_left_out_of_both() -> None:
    targets = _city()
    split = micros(_midnight(2024, 5, 1))
    found = infer(
        targets,
        targets.starts < split,
        targets.starts >= split,
        zone=NEW_YORK,
        calendars=[],
        min_group=ROWS,
        tolerance=1,
    )
    assert (found.groups, found.rows, found.share, found.baseline_share) == ((), 0, None, None)


def test_vocabulary_has_no_rule_twice() -> None:
    assert len(set(VOCABULARY)) == len(VOCABULARY)


@pytest.mark.real
@pytest.mark.parametrize(
    ("packs", "least"), [(PACKS, Fraction(90, 100)), (None, Fraction(70, 100))], ids=["packs", "bare"]
)
def test_limits_of_boston_explain_its_targets(real_data: Path, packs: Path | None, least: Fraction) -> None:
    file = real_data / "boston311/boston311_2015_H1_dev.csv.gz"
    mapping = load_mapping(PACKS / "mappings/boston-311.toml")
    found = infer_limits(file, mapping, split=date(2015, 5, 1), min_group=30, tolerance=60, packs=packs).inference
    assert found.share is not None
    assert found.share >= least
    assert found.baseline_share is not None
    assert Fraction(50, 100) <= found.baseline_share <= Fraction(60, 100)
    assert all(one.rows >= 30 for one in found.groups)
