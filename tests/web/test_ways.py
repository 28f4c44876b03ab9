"""What helps most, as a page shows it: its cases flagged, folded, and linked for those who may open them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from tests.assessment.test_way_sentences import NOW, WAY

from xiuhua.assessment.words import Closing, Idle, OpenCase, Rounding
from xiuhua.web.desk.ways import Told, days_left, way_told


def _open(number: int, **facts: Any) -> OpenCase:
    given = {"kind": Closing.ON_TIME, "chosen": True, **facts}
    return OpenCase(str(number), number, NOW + timedelta(hours=number), "路灯", "U", "P", **given)


def test_cases_when_told_then_flagged_folded_and_linked_for_who_may_open_them() -> None:
    cases = (
        _open(1, short=True, usual_seconds=7200),
        _open(2, kind=Closing.LATE),
        *(_open(n) for n in range(3, 11)),
        _open(11, chosen=False),
    )
    idle = (_open(20, kind=None, idle=Idle.AFTER), _open(21, kind=None, idle=Idle.NO_DEADLINE))
    told = Told(NOW, Rounding(), {"U": "环卫队"}, {"1": 1})
    with override("zh-hans"):
        way = way_told(replace(WAY, cases=cases, idle=idle, idle_more=3), told)
    assert [one.number for one in way.cases] == [str(n) for n in range(1, 9)]
    assert [one.number for one in way.folded] == ["9", "10"]
    assert [one.number for one in way.rest] == ["11"]
    assert (way.count, way.late, way.short, way.idle_more) == (10, 1, 1, 3)
    assert (way.cases[0].href, way.cases[1].href) == ("/cases/1/", "")
    assert (way.cases[0].unit, way.cases[0].short) == ("环卫队", "这类案件最快的一成也用了 2 小时")
    assert [(why, len(some)) for why, some in way.idle] == [
        ("期限在本月以后，早办晚办不影响本月", 1),
        ("没有期限，不进本月的成绩", 1),
    ]
    assert (way.before, way.after, way.rank_before, way.rank_after) == ("81.00", "85.00", "3", "2")


@pytest.mark.parametrize(
    ("now", "left"),
    [
        pytest.param("2026-11-26T08:00+08:00", 4, id="four days after today"),
        pytest.param("2026-11-30T23:59+08:00", 0, id="the last day"),
        pytest.param("2026-11-29T23:59+08:00", 1, id="a minute before it"),
    ],
)
def test_days_left_when_counted_then_on_the_office_s_clock(now: str, left: int) -> None:
    end = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert days_left(datetime.fromisoformat(now), end, ZoneInfo("Asia/Shanghai")) == left
