"""Which territory holds a point: the finest, on its day, always the same."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.territory.ground import EAST, NORTH, Importer, collection, square

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Territory
from xiuhua.territory.queries import Locator

DAY = date(2024, 6, 1)


@pytest.fixture
def ground(street: Tenant, bring: Importer) -> Tenant:
    """A district of 3 × 2 blocks: 1 and 2 below, 3 above over both, 4 an overlapping half of 2; nothing at the right."""
    bring(collection(({"name": "区", "code": "9"}, square(0, 0, 3, 2))), level="district")
    rows = [("1", square(0, 0)), ("2", square(1, 0)), ("3", square(0, 1, 2)), ("4", square(1, 0, 0.5))]
    bring(collection(*(({"name": code, "code": code}, shape) for code, shape in rows)), parent="9")
    return street


def codes(tenant: Tenant, points: list[tuple[float, float]], days: object = DAY) -> list[str]:
    known = {one.pk: one.code for one in Territory.objects.all()} | {-1: "-"}
    x, y = np.array(points, dtype=float).T
    found = Locator.load(tenant).locate_many(EAST + x / 100, NORTH + y / 100, np.array(days, dtype="datetime64[D]"))
    return [known[int(key)] for key in found]


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ((0.5, 0.5), "1"),
        ((1.7, 0.5), "2"),
        ((1.2, 0.5), "4"),
        ((2.5, 0.5), "9"),
        ((5.0, 5.0), "-"),
        ((float("nan"), 0.5), "-"),
        ((0.5, float("inf")), "-"),
        ((1.0, 0.5), "4"),
        ((0.5, 1.0), "1"),
        ((3.0, 2.0), "9"),
    ],
    ids=[
        "within",
        "sibling",
        "overlap: the smaller",
        "only the district",
        "outside",
        "missing",
        "infinite",
        "border: the smaller",
        "border: the smaller of two",
        "corner",
    ],
)
def test_point_when_looked_up_then_the_finest_territory(ground: Tenant, point: tuple[float, float], code: str) -> None:
    assert codes(ground, [point]) == [code]


def test_point_when_two_blocks_of_one_size_share_the_border_then_the_first_code(
    street: Tenant, bring: Importer
) -> None:
    twins = [("b", square(0, 0)), ("a", square(1, 0))]
    bring(collection(*(({"name": code, "code": code}, shape) for code, shape in twins)))
    assert codes(street, [(1.0, 0.5)]) == ["a"]


def test_points_when_many_and_repeated_then_each_is_as_if_alone(ground: Tenant) -> None:
    points = [(x / 4, y / 4) for x in range(-1, 14) for y in range(-1, 10)] * 3
    assert codes(ground, points) == [codes(ground, [point])[0] for point in points[: len(points) // 3]] * 3


def test_points_when_the_tree_changed_then_each_is_placed_by_its_day(street: Tenant, bring: Importer) -> None:
    bring(collection(({"name": "甲", "code": "1"}, square(0, 0, 2))))
    later = [("2", square(0, 0)), ("3", square(1, 0))]
    features = (({"name": code, "code": code}, shape) for code, shape in later)
    bring(collection(*features), effective="2024-01-01", end_absent=True)
    days = ["2023-12-31", "2024-01-01", "2025-01-01", "NaT"]
    assert codes(street, [(1.5, 0.5)] * 4, days) == ["1", "3", "3", "-"]


def test_locate_when_one_by_one_then_as_in_bulk_without_a_query(
    ground: Tenant, django_assert_num_queries: object
) -> None:
    locator = Locator.load(ground)
    with django_assert_num_queries(0):  # type: ignore[operator]
        found = [locator.locate(EAST + x, NORTH + 0.005, DAY) for x in (0.005, 0.017, 0.5)]
    expected = [Territory.objects.get(code=code).pk for code in ("1", "2")]
    assert found == [*expected, None]


def test_locator_when_loaded_then_one_query(ground: Tenant, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        Locator.load(ground)


def test_locator_when_nothing_is_drawn_then_nowhere(street: Tenant, bring: Importer) -> None:
    bring("code,name\n1,甲\n".encode())
    assert codes(street, [(0.5, 0.5)]) == ["-"]
