"""Times written as a file writes its own."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.exchange.rules.lookalikes import style_of
from xiuhua.exchange.rules.times import WallClock
from xiuhua.exchange.words import DateOrder

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = datetime(1971, 1, 2), datetime(2199, 1, 1)  # noqa: DTZ001 - wall clocks
MOMENT = datetime(2026, 3, 7, 6, 5, 9, tzinfo=UTC)  # 14:05:09 in Shanghai


@pytest.mark.parametrize(
    ("texts", "order", "written"),
    [
        (["2026-10-03 08:15:30"], "ymd", "2026-03-07 14:05:09"),
        (["2026-10-03 08:15"], "ymd", "2026-03-07 14:05"),
        (["2026-10-03"], "ymd", "2026-03-07"),
        (["2026/10/13 18:15", "2026/1/3 8:15"], "ymd", "2026/3/7 14:05"),
        (["2026年10月3日 8:15"], "ymd", "2026年3月7日 14:05"),
        (["2026年10月03日"], "ymd", "2026年03月07日"),
        (["10/03/2026 08:15:30 AM"], "mdy", "03/07/2026 02:05:09 PM"),
        (["3.10.2026 8:15"], "dmy", "7.3.2026 14:05"),
        (["2026-10-03T08:15:30Z"], "ymd", "2026-03-07T06:05:09Z"),
        (["2026-10-03T08:15:30.250+02:00"], "ymd", "2026-03-07T08:05:09.000+02:00"),
        (["2026-10-03 下午 3:15"], "ymd", "2026-03-07 下午 2:05"),
        (["", "—", "2026.10.03 08:15"], "ymd", "2026.03.07 14:05"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_moment_when_written_like_a_column_then_as_the_column_does(
    texts: list[str], order: DateOrder, written: str
) -> None:
    style = style_of(texts, order)
    assert style is not None
    assert style.write(MOMENT, ZONE) == written


def test_style_when_nothing_can_be_read_then_none() -> None:
    assert style_of(["", "昨天", "2026-13-40 x"], "ymd") is None


@given(
    st.datetimes(FIRST, LAST),
    st.sampled_from(["2026-1-3 8:15:30", "2026-10-03 08:15:30"]),
)
def test_moment_when_written_and_read_then_the_same_second(naive: datetime, example: str) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    style = style_of([example], "ymd")
    assert style is not None
    read = WallClock(ZoneInfo("UTC"), "ymd").read(style.write(moment, ZoneInfo("UTC")))
    assert read.utc == moment
