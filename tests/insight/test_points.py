"""Which coordinates are one's own, and where they lie on the plane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.insight.rules.points import plane, shared
from xiuhua.territory.rules.metres import scales


def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def test_shared_when_many_cases_of_many_classes_lie_at_one_coordinate_then_are_nobodys_own() -> None:
    """At 1: four of three classes; at 2: four of one; at 3: three of three; and one at 0, 0."""
    lon, kind = column(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 0), column(0, 1, 2, 0, 5, 5, 5, 5, 0, 1, 2, 0)
    lat = np.where(lon == 0, 0, 7)
    assert shared(lon, lat, kind, least=4, kinds=3).tolist() == [True] * 4 + [False] * 7 + [True]


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-1, 3)), max_size=40))
def test_shared_when_cases_are_any_then_equals_counting_them(rows: list[tuple[int, int, int]]) -> None:
    lon, lat, kind = (column(*values) for values in (zip(*rows, strict=True) if rows else ((), (), ())))
    expected = []
    for row in rows:
        here = [other for other in rows if other[:2] == row[:2]]
        expected.append(row[:2] == (0, 0) or (len(here) >= 3 and len({other[2] for other in here}) >= 2))
    assert shared(lon, lat, kind, least=3, kinds=2).tolist() == expected


def test_plane_when_points_are_metres_apart_then_measures_them_and_says_who_is_far() -> None:
    """Beside the radii of curvature of the ellipsoid (Snyder 4-18, 4-20): 0.001° of latitude, and of longitude."""
    lon, lat = column(1_215_000_000, 1_215_000_000, 1_215_010_000, 10_000_000), column(*[312_000_000] * 4)
    lat[1] += 10_000
    x, y, far = plane(lon, lat)
    apart = [float(np.hypot(x[one] - x[0], y[one] - y[0])) for one in (1, 2)]
    east, north = scales(31.2)
    # 1.5° off the meridian of its zone every length is 0.025 % longer; coordinates are rounded to centimetres
    assert apart == pytest.approx([north / 1_000 * 100 * 1.00025, east / 1_000 * 100 * 1.00025], abs=1.0)
    assert far.tolist() == [False, False, False, True]
