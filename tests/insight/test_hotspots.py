"""Hot spots: the statistic against its definition, planted crowds found, and the stated share of alarms in noise."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.insight.rules.hotspots import (
    E7,
    Crowding,
    Point,
    Silent,
    benjamini_hochberg,
    chances,
    crowding,
    gi_star,
    joined,
    most_at,
    spread_chances,
)

ALPHA = 0.05
#: A made-up street of about 2.5 by 2 kilometres, and a town of 6 by 5.
STREET = shapely.box(120.300, 31.500, 120.3263, 31.518)
TOWN = shapely.box(120.300, 31.500, 120.3632, 31.545)


def found(points: list[Point], area: shapely.Polygon | None = STREET, **changed: float) -> Crowding:
    given_ = {"resolution": 9, "alpha": ALPHA, "least_cases": 30, "shared_least": 10, **changed}
    return crowding(points, area, **given_)  # type: ignore[arg-type]


def noise(many: int, seed: int, area: shapely.Polygon = STREET) -> list[Point]:
    """Return so many cases spread evenly over a rectangle."""
    west, south, east, north = area.bounds
    draw = np.random.default_rng(seed)
    lon, lat = draw.uniform(west, east, many), draw.uniform(south, north, many)
    return [Point(f"N{n}", int(x * E7), int(y * E7)) for n, (x, y) in enumerate(zip(lon, lat, strict=True))]


def crowd(many: int, lon: float, lat: float, metres: float, seed: int = 1, name: str = "C") -> list[Point]:
    """Return so many cases around a place."""
    draw = np.random.default_rng(seed)
    step = metres / 111_195
    east, north = draw.normal(0, step, many) / math.cos(math.radians(lat)), draw.normal(0, step, many)
    return [
        Point(f"{name}{n}", int((lon + x) * E7), int((lat + y) * E7))
        for n, (x, y) in enumerate(zip(east, north, strict=True))
    ]


def around(lon: float, lat: float, rings: int = 1) -> set[str]:
    return set(h3.grid_disk(h3.latlng_to_cell(lat, lon, 9), rings))


# The statistic


def test_gi_star_equals_the_double_sum_of_its_definition() -> None:
    counts = np.array([3, 0, 1, 7, 0, 2, 2, 9, 0, 4])
    weights = np.array([[1 if abs(i - j) <= 1 else 0 for j in range(10)] for i in range(10)])
    mean, n = counts.mean(), 10
    s = math.sqrt((counts**2).sum() / n - mean**2)
    expected = [
        (sum(row * counts) - row.sum() * mean) / (s * math.sqrt((n * (row**2).sum() - row.sum() ** 2) / (n - 1)))
        for row in weights
    ]
    assert gi_star(counts, weights @ counts, weights.sum(axis=1)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("counts", [[4, 4, 4], [5]], ids=["all alike", "one cell"])
def test_gi_star_where_nothing_differs_is_zero(counts: list[int]) -> None:
    x = np.array(counts)
    assert gi_star(x, x, np.ones(len(x), dtype=np.int64)).tolist() == [0.0] * len(counts)


@given(st.lists(st.integers(0, 6), min_size=3, max_size=9), st.data())
@settings(max_examples=60, deadline=None)
def test_chances_equal_the_enumeration_of_all_choices(counts: list[int], data: st.DataObject) -> None:
    m = data.draw(st.integers(1, len(counts)))
    sums = [sum(chosen) for chosen in itertools.combinations(counts, m)]
    seen = np.array(sums)
    expected = [sum(other >= one for other in sums) / len(sums) for one in sums]
    sizes = np.full(len(sums), m)
    assert chances(np.array(counts), seen, sizes).tolist() == pytest.approx(expected, rel=1e-12)


def test_spread_chances_equal_the_sum_of_binomial_terms() -> None:
    def tail(least: int, share: float) -> float:
        return sum(math.comb(20, k) * share**k * (1 - share) ** (20 - k) for k in range(least, 21))

    sums, shares = np.array([0, 1, 6, 20]), np.array([0.1, 0.1, 0.2, 0.5])
    expected = [tail(int(least), float(share)) for least, share in zip(sums, shares, strict=True)]
    assert spread_chances(20, sums, shares).tolist() == pytest.approx(expected, rel=1e-9)


def test_benjamini_hochberg_on_the_example_of_their_paper() -> None:
    """Their fifteen probabilities of section 3.2: at 0.05 the four smallest are rejected."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]
    p += [0.7590, 1.000]
    q = benjamini_hochberg(np.array(p[::-1]))[::-1]
    assert q[:5].tolist() == pytest.approx([0.0015, 0.003, 0.0095, 0.035625, 0.0603], rel=1e-9)
    assert (q <= ALPHA).sum() == 4


# Noise


def alarms(many: int, fields: int, area: shapely.Polygon | None) -> int:
    grounds = area or STREET
    return sum(bool(found(noise(many, seed, grounds), area).spots) for seed in range(fields))


@pytest.mark.parametrize(
    ("many", "fields", "area"),
    [(60, 200, STREET), (300, 200, STREET), (1500, 100, STREET), (400, 60, TOWN), (300, 100, None)],
    ids=["one a cell", "four a cell", "twenty a cell", "a town", "no outlines"],
)
def test_noise_raises_no_more_alarms_than_stated(many: int, fields: int, area: shapely.Polygon | None) -> None:
    assert alarms(many, fields, area) <= ALPHA * fields


def test_noise_would_raise_more_alarms_by_the_normal_tail() -> None:
    """Why the probability is exact: P(Z >= z) of the same fields, after the same control, calls far too often."""

    def called(seed: int) -> bool:
        cells = sorted(h3.h3shape_to_cells_experimental(h3.geo_to_h3shape(STREET), 9, contain="overlap"))
        place = {cell: n for n, cell in enumerate(cells)}
        counts = np.zeros(len(cells), dtype=np.int64)
        for one in noise(60, seed):
            counts[place[h3.latlng_to_cell(one.lat_e7 / E7, one.lon_e7 / E7, 9)]] += 1
        near = [[place[other] for other in h3.grid_disk(cell, 1) if other in place] for cell in cells]
        sums, sizes = np.array([counts[own].sum() for own in near]), np.array([len(own) for own in near])
        tail = np.array([0.5 * math.erfc(z / math.sqrt(2)) for z in gi_star(counts, sums, sizes)])
        return bool((benjamini_hochberg(tail) <= ALPHA).any())

    assert sum(called(seed) for seed in range(100)) > 3 * ALPHA * 100


# Planted crowds


CROWDS = [(120.3350, 31.5220), (120.3520, 31.5100)]


def planted(seed: int) -> list[Point]:
    sizes = ((35, 35), (90, 35))[seed % 2]
    near = [crowd(many, *place, 90, seed, name) for many, place, name in zip(sizes, CROWDS, "AB", strict=True)]
    return [*noise(500, seed, TOWN), *near[0], *near[1]]


def fields_with_crowds() -> Iterator[Crowding]:
    for seed in range(40):
        yield found(planted(seed), TOWN)


def test_planted_crowds_are_found_and_little_else() -> None:
    """Each of two crowds, alike or one far greater, in every field; of the cells called, no more than the stated share lies away from both.

    A cell whose neighbourhood reaches a crowd is no false alarm: three rings around its middle (two standard
    deviations, the cell's ring, and the cell).
    """
    near = [around(*place, rings=3) for place in CROWDS]
    missed, shares = 0, []
    for answer in fields_with_crowds():
        called = {cell for spot in answer.spots for cell in spot.hot}
        missed += sum(not called & ring for ring in near)
        away = called - near[0] - near[1]
        shares.append(len(away) / len(called) if called else 0.0)
    assert missed == 0
    assert sum(shares) / len(shares) <= ALPHA


def test_a_crowd_is_one_spot_with_its_cases_and_its_middle() -> None:
    lon, lat = CROWDS[0]
    answer = found([*noise(400, 7, TOWN), *crowd(50, lon, lat, 60)], TOWN)
    (spot,) = answer.spots
    assert spot.outline.geom_type == "Polygon"
    assert {f"C{n}" for n in range(50)} <= set(spot.numbers)
    assert list(spot.numbers) == sorted(spot.numbers)
    assert spot.count == len(spot.numbers)
    assert spot.count > 2 * spot.expected
    assert (spot.lon_e7 / E7, spot.lat_e7 / E7) == pytest.approx((lon, lat), abs=0.002)
    assert spot.p <= spot.q <= ALPHA
    assert (answer.used, answer.shared, answer.outside, answer.silent) == (450, (), (), None)


def test_two_crowds_apart_are_two_spots_the_more_striking_first() -> None:
    answer = found([*noise(400, 7, TOWN), *crowd(60, *CROWDS[0], 60), *crowd(30, *CROWDS[1], 60, name="D")], TOWN)
    assert [spot.count >= 60 for spot in answer.spots] == [True, False]
    assert answer.spots[0].p < answer.spots[1].p


# What is left out, and silence


def test_cases_at_exactly_one_coordinate_are_left_out_and_counted() -> None:
    default = [Point(f"D{n}", int(120.3350 * E7), int(31.5220 * E7)) for n in range(80)]
    field = noise(400, 4, TOWN)
    answer = found([*field, *default], TOWN)
    assert (answer.spots, answer.used, answer.shared_places) == ((), 400, 1)
    assert answer.shared == tuple(sorted(one.number for one in default))
    assert answer.spots == found(field, TOWN).spots


def test_a_shared_coordinate_below_the_threshold_stays() -> None:
    same = [Point(f"D{n}", int(120.3350 * E7), int(31.5220 * E7)) for n in range(9)]
    answer = found([*noise(40, 3, TOWN), *same], TOWN)
    assert (answer.used, answer.shared, answer.shared_places) == (49, (), 0)


def test_cases_outside_the_area_are_counted_and_not_looked_at() -> None:
    away = crowd(40, 121.5, 31.2, 60)
    answer = found([*noise(100, 3, TOWN), *away], TOWN)
    assert (answer.spots, answer.used) == ((), 100)
    assert answer.outside == tuple(sorted(one.number for one in away))


def test_without_outlines_a_coordinate_of_nowhere_does_not_stretch_the_area() -> None:
    field = [*noise(200, 4), *crowd(40, 120.313, 31.509, 60)]
    lost = [Point("LOST1", 0, 0), Point("LOST2", 315_000_000, 1_203_000_000)]
    answer = found([*field, *lost], None)
    assert answer.outside == ("LOST1", "LOST2")
    assert answer.spots == found(field, None).spots != ()


@pytest.mark.parametrize(
    ("points", "area", "reason"),
    [
        ([], STREET, Silent.FEW_CASES),
        ([], None, Silent.FEW_CASES),
        (noise(29, 1), STREET, Silent.FEW_CASES),
        (crowd(60, 121.5, 31.2, 60), STREET, Silent.FEW_CASES),
        (crowd(60, 120.31, 31.51, 20), None, Silent.FEW_CELLS),
        (noise(60, 1), shapely.box(110, 30, 120, 40), Silent.TOO_WIDE),
        ([Point(f"L{n}", 1_203_000_000 + n, 315_000_000 + n) for n in range(40)], None, Silent.FEW_CELLS),
        ([Point(f"L{n}", 1_203_000_000 + n // 9, 315_000_000) for n in range(9)], None, Silent.FEW_CASES),
    ],
    ids=[
        "none",
        "none anywhere",
        "too few",
        "all outside",
        "one neighbourhood",
        "a province",
        "on a line",
        "at one place",
    ],
)
def test_too_little_gives_no_result_and_says_why(
    points: list[Point], area: shapely.Polygon | None, reason: Silent
) -> None:
    answer = found(points, area)
    assert (answer.spots, answer.silent) == ((), reason)


# Laws


@given(st.permutations(range(120)))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_cases_changes_nothing(order: list[int]) -> None:
    points = [*noise(80, 5), *crowd(40, 120.313, 31.509, 60)]
    assert found([points[n] for n in order]) == found(points)


def test_the_numbers_of_the_cases_do_not_matter_to_the_place() -> None:
    points = [*noise(80, 5), *crowd(40, 120.313, 31.509, 60)]
    other = [one._replace(number=f"X{n}") for n, one in enumerate(reversed(points))]
    assert [spot.cells for spot in found(other).spots] == [spot.cells for spot in found(points).spots]
    assert found(points).spots


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], ("", 0)),
        ([(), ()], ("", 0)),
        ([("a",), ("b",), ()], ("", 0)),
        ([("a",), ("a",), ("b",), (), ()], ("a", 2)),
        ([("a",), ("a", "b"), ("b", "c"), ("b",)], ("b", 3)),
        ([("b", "a"), ("a", "b")], ("a", 2)),
        ([["a", "a"], ["b"]], ("", 0)),
    ],
    ids=["nothing", "at none", "no two", "most, not half", "at two at once", "equal by name", "one case counts once"],
)
def test_most_at_names_where_most_are(places: list[tuple[str, ...]], expected: tuple[str, int]) -> None:
    assert most_at(places) == expected


def test_joined_groups_cells_whose_rings_meet() -> None:
    middle = h3.latlng_to_cell(31.5, 120.3, 9)
    two, three, far = (h3.grid_ring(middle, away)[0] for away in (2, 3, 9))
    assert sorted(joined([far, middle, two])) == sorted([(far,), tuple(sorted((middle, two)))])
    assert len(joined([middle, three])) == 2


def test_no_case_is_in_two_spots() -> None:
    for answer in fields_with_crowds():
        listed = [number for spot in answer.spots for number in spot.numbers]
        assert len(listed) == len(set(listed))
