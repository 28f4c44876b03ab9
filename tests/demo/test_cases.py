"""The export of the made-up platform."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from statistics import mean

import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from xiuhua.demo.rules.frame import metres
from xiuhua.demo.rules.hours import last_workdays
from xiuhua.demo.rules.rows import HEADER, HOTLINE
from xiuhua.demo.words import City, Incident
from xiuhua.territory.rules import to_wgs84

Rows = list[dict[str, str]]
ALWAYS = (
    *("上报时间", "任务号", "大类名称", "小类名称", "问题来源", "问题描述", "当前阶段名称", "处置部门"),
    *("捆绑处置截止时间", "所属片区", "问题类型", "地址描述", "所属街道", "处置截止时间", "延期次数", "所属区域"),
)


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - wall clock of the street


def _months(rows: Rows, column: str) -> Counter[str]:
    return Counter(row[column][:7] for row in rows)


def test_export_has_the_platforms_columns_and_its_verdict(cases: Rows) -> None:
    assert (tuple(cases[0]), len(HEADER)) == (HEADER, 25)


def test_export_has_about_nine_thousand_cases(cases: Rows) -> None:
    assert abs(len(cases) - 9000) <= 450


def test_export_covers_fourteen_months_and_the_running_one(cases: Rows) -> None:
    months = _months(cases, "上报时间")
    assert (min(months), max(months), len(months)) == ("2025-09", "2026-11", 15)


def test_export_ends_on_the_day_before_today(cases: Rows) -> None:
    assert max(row["上报时间"] for row in cases)[:10] == "2026-11-22"


def test_numbers_are_unique(cases: Rows) -> None:
    assert len({row["任务号"] for row in cases}) == len(cases)


@pytest.mark.parametrize("column", ALWAYS)
def test_columns_that_are_always_filled_are(cases: Rows, column: str) -> None:
    assert [row["任务号"] for row in cases if not row[column]] == []


def test_closing_time_and_opinion_stand_exactly_where_a_case_is_closed(cases: Rows) -> None:
    odd = [row for row in cases if {bool(row["结案时间"]), bool(row["处置意见"])} != {row["当前阶段名称"] == "[结案]"}]
    assert odd == []


def test_reason_of_extension_stands_exactly_where_one_was_granted(cases: Rows) -> None:
    assert [row for row in cases if bool(row["延期理由"]) != (row["延期次数"] != "0")] == []


def test_post_of_collector_stands_exactly_where_one_reported(cases: Rows) -> None:
    assert [row for row in cases if bool(row["监督员"]) != (row["问题来源"] == "监督员上报")] == []


def test_verdict_is_empty_exactly_where_a_case_is_void(cases: Rows) -> None:
    assert [row for row in cases if (row["是否超时"] == "") != (row["当前阶段名称"] == "[作废]")] == []


def test_nothing_is_closed_before_it_is_reported_or_after_the_export(cases: Rows) -> None:
    odd = [row for row in cases if row["结案时间"] and not row["上报时间"] < row["结案时间"] <= "2026-11-23 07:30:00"]
    assert odd == []


def test_no_telephone_number_appears_anywhere(cases: Rows) -> None:
    assert [row for row in cases if re.search(r"1[3-9]\d{9}", f"{row['问题描述']}{row['地址描述']}")] == []


def test_bundled_deadline_is_later_exactly_where_an_extension_was_granted(cases: Rows) -> None:
    later = [row for row in cases if row["捆绑处置截止时间"] > row["处置截止时间"]]
    assert {row["延期次数"] for row in later} == {"1", "2"}


def test_deadlines_of_working_hours_never_fall_on_a_weekend(city: City, went: list[Incident]) -> None:
    assert {case.due.weekday() for case in went if not case.problem.limit.urgent} == {0, 1, 2, 3, 4}


def test_week_has_a_rhythm(cases: Rows) -> None:
    days = Counter(_time(row["上报时间"]).weekday() for row in cases)
    weekend = (days[5] + days[6]) / 2
    assert days[0] > days[2] > 1.5 * weekend


def test_reports_come_while_people_are_awake(cases: Rows) -> None:
    hours = {_time(row["上报时间"]).hour for row in cases}
    assert (min(hours), max(hours)) == (6, 23)


@pytest.mark.parametrize(
    ("problem", "high", "low"),
    [("露天烧烤", "07", "01"), ("道路不洁", "11", "06"), ("水域不洁", "08", "02")],
    ids=["barbecues in summer", "leaves in autumn", "water in summer"],
)
def test_classes_have_seasons(cases: Rows, problem: str, high: str, low: str) -> None:
    months = Counter(row["上报时间"][5:7] for row in cases if row["小类名称"] == problem)
    assert months[high] > 2 * months[low]


def test_some_days_bring_rain_and_standing_water(cases: Rows) -> None:
    days = Counter(row["上报时间"][:10] for row in cases if row["小类名称"] == "道路积水")
    assert max(days.values()) >= 3


def test_days_before_a_check_bring_a_rush(cases: Rows) -> None:
    days = Counter(_time(row["上报时间"]).date() for row in cases if row["上报时间"] < "2026-11-01")
    rush = [count for day, count in days.items() if day in last_workdays(day.year, day.month, 4)]
    usual = [
        count for day, count in days.items() if day.weekday() < 5 and day not in last_workdays(day.year, day.month, 4)
    ]
    assert mean(rush) > 1.3 * mean(usual)


def test_a_fifth_of_the_cases_comes_back_to_the_same_place_after_closing(city: City, went: list[Incident]) -> None:
    """Same class within 50 m after the earlier one was closed, counted from the cases themselves."""
    by_class: dict[tuple[str, str], list[Incident]] = {}
    back = 0
    for case in went:
        earlier = by_class.setdefault((case.problem.name, case.grid.code), [])
        here = metres(case.spot)
        back += any(
            before.closed < case.reported <= before.closed + timedelta(days=30)
            and np.hypot(*np.subtract(here, metres(before.spot))) <= 50
            for before in earlier
        )
        earlier.append(case)
    assert 0.15 < back / len(went) < 0.35


def test_some_cases_are_void_some_open_and_some_overdue_and_open(cases: Rows) -> None:
    stages = Counter(
        "open" if row["当前阶段名称"] not in {"[作废]", "[结案]"} else row["当前阶段名称"] for row in cases
    )
    overdue = sum(1 for row in cases if not row["结案时间"] and row["是否超时"] == "是")
    assert 60 <= stages["[作废]"] <= 150
    assert 40 <= stages["open"] <= 200
    assert 15 <= overdue < stages["open"]


def test_platforms_verdict_differs_from_its_columns_in_a_few_cases(cases: Rows) -> None:
    closed = [row for row in cases if row["结案时间"]]
    differs = [row for row in closed if (row["结案时间"] > row["捆绑处置截止时间"]) != (row["是否超时"] == "是")]
    assert 10 <= len(differs) <= 60
    assert {row["是否超时"] for row in differs} == {"是", "否"}


def _on_time(went: list[Incident], code: str, first: str = "2025-09", last: str = "2026-10") -> float:
    due = [c for c in went if c.grid.community == code and not c.void and first <= f"{c.bundled:%Y-%m}" <= last]
    return sum(case.closed <= case.bundled for case in due) / len(due)


def test_communities_differ_clearly_and_two_are_nearly_equal(city: City, went: list[Incident]) -> None:
    rates = {c.short: _on_time(went, c.code) for c in city.plan.communities}
    assert max(rates.values()) - min(rates.values()) > 0.15
    assert abs(rates["石函"] - rates["青砖弄"]) < 0.03


def test_units_differ_in_speed(city: City, went: list[Incident]) -> None:
    def rate(kind: str) -> float:
        mine = [case for case in went if case.unit.kind == kind]
        return sum(case.closed <= case.bundled for case in mine) / len(mine)

    assert rate("sanitation") > 0.9
    assert rate("works") < 0.75


def test_smallest_community_has_a_small_sample_in_some_months_and_not_in_others(
    city: City, went: list[Incident]
) -> None:
    code = next(c.code for c in city.plan.communities if c.short == "荷叶渡")
    due = Counter(f"{c.bundled:%Y-%m}" for c in went if c.grid.community == code and not c.void)
    closed_months = [count for month, count in due.items() if "2025-09" <= month <= "2026-10"]
    assert min(closed_months) < 10 <= max(closed_months)


def test_office_point_carries_more_cases_than_the_threshold(cases: Rows) -> None:
    points = Counter((row["X坐标"], row["Y坐标"]) for row in cases if row["X坐标"])
    (point, count), (_next, second) = points.most_common(2)
    assert count > 200
    assert second < 20
    piled = [row for row in cases if (row["X坐标"], row["Y坐标"]) == point]
    assert {row["问题来源"] for row in piled} == {HOTLINE}


def test_a_few_cases_have_no_point_and_fewer_no_place_at_all(cases: Rows) -> None:
    pointless = [row for row in cases if not row["X坐标"]]
    nowhere = [row for row in cases if not row["单元网格"] and not row["所属社区"]]
    assert 40 <= len(pointless) <= 120
    assert 5 <= len(nowhere) <= 40


def test_every_point_lies_in_the_grid_and_community_it_names(cases: Rows, outlines: dict[str, Polygon]) -> None:
    """Except at the office: those rows name no grid, which is how they are told."""
    rows = [row for row in cases if row["X坐标"] and row["单元网格"]]
    lon, lat = to_wgs84(
        np.array([float(r["X坐标"]) for r in rows]), np.array([float(r["Y坐标"]) for r in rows]), "gcj02"
    )
    astray = [
        row["任务号"]
        for row, x, y in zip(rows, lon, lat, strict=True)
        if not outlines[row["单元网格"]].contains(Point((x - 123.05) * 95070.0, (y - 31.42) * 110870.0))
    ]
    assert astray == []


def test_named_community_is_the_one_of_the_grid(cases: Rows, city: City) -> None:
    names = {community.code: community.name for community in city.plan.communities}
    assert [row for row in cases if row["单元网格"] and names[row["单元网格"][:12]] != row["所属社区"]] == []
