"""Digests, Merkle roots and periods."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.kernel.rules import GENESIS, Period, PeriodMalformed, digest, merkle_root

HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_digest_of_equal_values_is_equal_whatever_the_key_order() -> None:
    assert digest({"街": 1, "a": [None, True]}) == digest({"a": [None, True], "街": 1})


def test_merkle_root_of_nothing_is_genesis() -> None:
    assert merkle_root([]) == GENESIS


@given(st.lists(HEX, min_size=2, max_size=9, unique=True), st.data())
def test_merkle_root_changes_with_any_swap(leaves: list[str], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(leaves) - 2))
    swapped = [*leaves[:i], leaves[i + 1], leaves[i], *leaves[i + 2 :]]
    assert merkle_root(leaves) != merkle_root(swapped)


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("Asia/Shanghai", datetime(2015, 2, 28, 16, tzinfo=UTC), datetime(2015, 3, 31, 16, tzinfo=UTC)),
        ("America/New_York", datetime(2015, 3, 1, 5, tzinfo=UTC), datetime(2015, 4, 1, 4, tzinfo=UTC)),
    ],
)
def test_period_is_cut_in_civil_time(zone: str, start: datetime, end: datetime) -> None:
    march = Period.parse("2015-03")
    assert (march.start(ZoneInfo(zone)), march.end(ZoneInfo(zone))) == (start, end)


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(-30, 30))
def test_period_shifted_there_and_back_is_itself(year: int, month: int, by: int) -> None:
    period = Period(year, month)
    assert period.shift(by).shift(-by) == period


@pytest.mark.parametrize("text", ["2015", "2015-13", "2015-3", "März", ""])
def test_period_when_malformed_then_refused(text: str) -> None:
    with pytest.raises(PeriodMalformed):
        Period.parse(text)
