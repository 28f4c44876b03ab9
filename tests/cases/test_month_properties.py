"""What must hold of any month, whatever the cases."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.conftest import write_facts

from xiuhua.analytics import engine
from xiuhua.analytics.rules import cut_of, microseconds, window_for
from xiuhua.analytics.words import DeadlineMonth, MonthBy, Window
from xiuhua.cases.facts import CASE, MEASURES
from xiuhua.cases.rules import contradiction, standing
from xiuhua.cases.words import Standing
from xiuhua.kernel.rules import Period

ZONE = ZoneInfo("America/New_York")
PERIODS = [Period(2015, month) for month in (2, 3, 4)]
#: Instants around the ends of months, where mistakes live, and some in between.
EDGES = [period.start(ZONE).astimezone(UTC) for period in (*PERIODS, Period(2015, 5))]
INSTANTS = st.builds(
    lambda edge, hours, step: edge + timedelta(hours=hours, microseconds=step),
    st.sampled_from(EDGES),
    st.integers(0, 24 * 27),
    st.integers(-1, 1),
) | st.builds(lambda edge, step: edge + timedelta(microseconds=step), st.sampled_from(EDGES), st.integers(-1, 1))


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """One case with any deadline and closing, judged by the rule for contradictions."""
    reported, due, closed = draw(INSTANTS), draw(st.none() | INSTANTS), draw(st.none() | INSTANTS)
    return {
        "reported_us": microseconds(reported),
        "due_us": due and microseconds(due),
        "closed_us": closed and microseconds(closed),
        "stage": draw(st.sampled_from(["open", "open", "open", "void"])),
        "undetermined": contradiction(reported, due, closed) or "",
    }


def totals(rows: list[dict[str, Any]], windows: list[Window]) -> list[dict[str, tuple[int, int]]]:
    """Return the totals of all measures for each window."""
    with TemporaryDirectory() as name:
        write_facts(Path(name), [row | {"number": str(number)} for number, row in enumerate(rows)])
        with engine.opened(Path(name)) as tables:
            return [engine.grouped(tables, CASE, list(MEASURES.values()), None, window)[""] for window in windows]


def window(period: Period, as_of: datetime | None = None, month_by: MonthBy = MonthBy.DUE) -> Window:
    return window_for(cut_of(period, ZONE, as_of), month_by)


def moment(value: int | None) -> datetime | None:
    return None if value is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)


@settings(max_examples=15, deadline=None)
@given(st.lists(cases(), max_size=25))
def test_months_when_summed_then_hold_every_judged_deadline_once(rows: list[dict[str, Any]]) -> None:
    found = totals(rows, [window(period) for period in PERIODS])
    ends = [microseconds(edge) for edge in EDGES]
    judged = [r["due_us"] for r in rows if r["stage"] != "void" and not r["undetermined"] and r["due_us"] is not None]
    assert sum(total["due"][0] for total in found) == sum(1 for due in judged if ends[0] < due <= ends[-1])


@settings(max_examples=15, deadline=None)
@given(st.lists(cases(), max_size=25), st.sampled_from(EDGES[1:]))
def test_month_when_counted_by_the_engine_then_agrees_with_the_rule_for_one_case(
    rows: list[dict[str, Any]], as_of: datetime
) -> None:
    march = window(PERIODS[1], as_of)
    (total,) = totals(rows, [march])
    verdicts = Counter(
        standing(
            stage=row["stage"],
            undetermined=row["undetermined"],
            due_at=moment(row["due_us"]),
            closed_at=moment(row["closed_us"]),
            as_of=as_of,
        )
        for row in rows
        if row["due_us"] is not None and march.a_us < row["due_us"] <= march.b_us
    )
    assert {name: total[name][0] for name in ("on_time", "late", "overdue_open", "undetermined")} == {
        "on_time": verdicts[Standing.ON_TIME],
        "late": verdicts[Standing.LATE],
        "overdue_open": verdicts[Standing.OVERDUE_OPEN],
        "undetermined": verdicts[Standing.UNDETERMINED],
    }
    assert total["due"][0] == total["closed"][0] + total["overdue_open"][0] == total["closed"][1]
    assert total["closed"][0] == total["on_time"][0] + total["late"][0]


@settings(max_examples=15, deadline=None)
@given(st.lists(cases(), max_size=20), INSTANTS)
def test_month_when_its_end_passes_a_deadline_by_a_microsecond_then_exactly_that_case_moves(
    rows: list[dict[str, Any]], deadline: datetime
) -> None:
    plain = {"reported_us": microseconds(deadline) - 1, "closed_us": None, "stage": "open", "undetermined": ""}
    others = [row for row in rows if row["due_us"] != microseconds(deadline)]
    end = microseconds(deadline)
    before, after = (Window(end - 10**12, b, end + 1) for b in (end - 1, end))
    (first, second) = totals([*others, plain | {"due_us": end}], [before, after])
    assert second["due"][0] - first["due"][0] == 1
    assert second["overdue_open"][0] - first["overdue_open"][0] == 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=9))
def test_median_when_taken_by_the_engine_then_is_the_lower_middle_of_whole_seconds(spans: list[int]) -> None:
    start, end = window(PERIODS[0]).a_us, window(PERIODS[0]).b_us
    rows = [{"reported_us": start, "due_us": end, "closed_us": start + span} for span in spans]
    (total,) = totals(rows, [window(PERIODS[0])])
    assert total["median_close_seconds"] == (sorted(span // 10**6 for span in spans)[(len(spans) - 1) // 2], len(spans))


@settings(max_examples=10, deadline=None)
@given(st.lists(cases(), max_size=20), st.sampled_from(list(DeadlineMonth)), st.sampled_from(list(MonthBy)))
def test_shares_when_counted_then_never_exceed_their_base(
    rows: list[dict[str, Any]], rule: DeadlineMonth, month_by: MonthBy
) -> None:
    (total,) = totals(rows, [window_for(cut_of(PERIODS[1], ZONE, None), month_by, rule)])
    shares = [pair for name, pair in total.items() if name != "median_close_seconds"]
    assert all(0 <= kept <= of for kept, of in shares)
