"""Warnings about photos: what is odd, by how much, and nothing where it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from xiuhua.files.rules.warnings import copied, metres, odd_place, odd_speed, odd_time
from xiuhua.files.words import Taken, Tolerances
from xiuhua.kernel.phrases import fault_sentence

ZONE = ZoneInfo("Asia/Shanghai")
RECEIVED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
#: Chosen by this test; an office's pack chooses its own.
LOOSE = Tolerances(clock=timedelta(minutes=5), metres=100, kilometres_per_hour=60)
LON, LAT = 121.5, 31.25
#: Degrees of latitude per metre here.
STEP = 1 / 111_194.93


def _taken(minutes: float | None = 0, north: float | None = 0) -> Taken:
    """Return a photo taken `minutes` after receipt, `north` metres from the case."""
    return Taken(
        RECEIVED,
        None if minutes is None else RECEIVED + timedelta(minutes=minutes),
        None if north is None else LON,
        None if north is None else LAT + north * STEP,
    )


@pytest.mark.parametrize(
    ("minutes", "reported", "codes"),
    [
        (0, None, []),
        (5, None, []),
        (5.02, None, ["photo.future"]),
        (-5, None, []),
        (-5.02, None, ["photo.clock"]),
        (None, -60, []),
        (0, -60, []),
        (-64, -60, ["photo.clock"]),
        (-66, -60, ["photo.clock", "photo.before_report"]),
        (600, 700, ["photo.future", "photo.before_report"]),
    ],
)
def test_time_when_beyond_tolerance_then_warned(minutes: float | None, reported: int | None, codes: list[str]) -> None:
    moment = None if reported is None else RECEIVED + timedelta(minutes=reported)
    assert [fault.code for fault in odd_time(_taken(minutes), LOOSE, ZONE, reported_at=moment)] == codes


@pytest.mark.parametrize(("north", "found"), [(0, []), (99, []), (-99, []), (101, [101]), (-5000, [5000]), (None, [])])
def test_place_when_farther_than_tolerated_then_warned_with_metres(north: float | None, found: list[int]) -> None:
    assert [fault.facts["metres"] for fault in odd_place(_taken(north=north), LON, LAT, LOOSE)] == found


@pytest.mark.parametrize(
    ("minutes", "north", "codes"),
    [
        (-1, 99, []),
        (0, 99, []),
        (0, 101, ["photo.speed"]),
        (-1, 999, []),
        (-1, 1001, ["photo.speed"]),
        (1, 1001, ["photo.speed"]),
        (-60, 59_000, []),
        (-60, 61_000, ["photo.speed"]),
        (None, 61_000, []),
        (-1, None, []),
    ],
)
def test_speed_when_nobody_goes_so_fast_then_warned(
    minutes: float | None, north: float | None, codes: list[str]
) -> None:
    one, other = _taken(), _taken(minutes, north)
    assert [fault.code for fault in odd_speed(one, other, LOOSE)] == codes
    assert [fault.code for fault in odd_speed(other, one, LOOSE)] == codes


def test_copies_when_in_other_cases_then_each_case_is_named_once_nearest_first() -> None:
    faults = copied([("C-3", 8), ("C-1", 4), ("C-2", 0), ("C-1", 2), ("C-2", 3)])
    assert [(fault.code, fault.facts) for fault in faults] == [
        ("photo.copied", {"case": "C-2"}),
        ("photo.alike", {"case": "C-1", "percent": 97}),
        ("photo.alike", {"case": "C-3", "percent": 88}),
    ]
    assert copied([]) == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "zh-hans",
            [
                "同一张照片也用在案件 C-1 里；请核对是不是同一处。",
                "与案件 C-2 的一张照片很像（哈希 97% 相同）；请对比两张照片。",
                "照片自称拍于 2026-11-23 10:06，晚于服务器收到它的 2026-11-23 10:00；设备的时钟可能不准。",
                "照片自称拍于 2026-11-23 08:00，比服务器收到它（2026-11-23 10:00）早 120 分钟；拍摄时间未校验。",
                "照片自称拍于 2026-11-23 08:00，早于案件上报的 2026-11-23 09:00；请确认是不是这次处置后拍的。",
                "照片自带的位置离案件 250 米（容许 100 米）；请核对拍摄地点。",
                "与同一人的另一张照片相距 5000 米，只隔 60 秒；请核对时间和位置。",
            ],
        ),
        (
            "en",
            [
                "The same photo is also used in case C-1; check whether it is the same place.",
                "It looks very much like a photo of case C-2 (hash 97% the same); compare the two.",
                "The photo says it was taken at 2026-11-23 10:06, later than the server received it (2026-11-23 10:00); the device's clock may be wrong.",
                "The photo says it was taken at 2026-11-23 08:00, 120 minutes before the server received it (2026-11-23 10:00); its time is not verified.",
                "The photo says it was taken at 2026-11-23 08:00, before the case was reported (2026-11-23 09:00); make sure that it shows this remedy.",
                "The photo's own place is 250 metres from the case (100 tolerated); check where it was taken.",
                "Another photo of the same person is 5000 metres away and only 60 seconds apart; check times and places.",
            ],
        ),
    ],
)
def test_warning_when_shown_then_it_says_what_differs_from_what(language: str, told: list[str]) -> None:
    faults = [
        *copied([("C-1", 0), ("C-2", 2)]),
        *odd_time(_taken(6), LOOSE, ZONE),
        *odd_time(_taken(-120), LOOSE, ZONE, reported_at=RECEIVED - timedelta(hours=1)),
        *odd_place(_taken(north=250), LON, LAT, LOOSE),
        *odd_speed(_taken(), _taken(-1, 5000), LOOSE),
    ]
    with translation.override(language):
        assert [fault_sentence(fault) for fault in faults] == told


PLACES = st.tuples(st.floats(-179, 179), st.floats(-85, 85))


@given(PLACES, PLACES)
def test_metres_when_compared_with_the_ellipsoid_then_within_six_per_mille(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    exact = Geod(ellps="WGS84").inv(*one, *other)[2]
    assert metres(*one, *other) == pytest.approx(exact, rel=0.006, abs=0.01)
    assert metres(*one, *other) == pytest.approx(metres(*other, *one), abs=1e-6)
