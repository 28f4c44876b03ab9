"""The tree on a day."""

from __future__ import annotations

from datetime import date

import pytest
from tests.territory.ground import Importer, collection, square

from xiuhua.kernel.models import Tenant
from xiuhua.territory.actions import observe_territories
from xiuhua.territory.models import Territory
from xiuhua.territory.queries import family, levels, listed, named, options, outlines, tree

BEFORE, AFTER = date(2023, 12, 31), date(2024, 1, 1)


@pytest.fixture
def town(street: Tenant, bring: Importer) -> Tenant:
    """A district with two blocks, of which the second is renamed and the first ends at the turn of 2024."""
    bring(collection(({"name": "区", "code": "9"}, square(0, 0, 2))), level="district")
    bring("code,name\n1,甲\n2,乙\n".encode(), parent="9")
    bring("code,name\n2,新乙\n".encode(), parent="9", effective="2024-01-01", end_absent=True)
    return street


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        (BEFORE, [("1", "1", "甲"), ("1", "9", "区"), ("2", "2", "乙"), ("2", "9", "区"), ("9", "9", "区")]),
        (AFTER, [("2", "2", "新乙"), ("2", "9", "区"), ("9", "9", "区")]),
    ],
    ids=["before", "after"],
)
def test_tree_when_read_on_a_day_then_each_with_itself_and_its_ancestors(
    town: Tenant, day: date, lines: list[tuple[str, str, str]], django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        rows = tree(town, day)
    assert [(row.code, row.ancestor_code, row.ancestor_name) for row in rows] == lines
    assert {(row.level, row.ancestor_level) for row in rows} == {
        ("block", "block"),
        ("block", "district"),
        ("district", "district"),
    }


def test_levels_when_listed_then_coarse_to_fine(town: Tenant) -> None:
    assert levels(town) == ["district", "block"]


def test_levels_when_nothing_is_nested_then_the_fewer_are_the_coarser(street: Tenant) -> None:
    observe_territories(street, "cell", ["甲", "乙", "丙"])
    observe_territories(street, "zone", ["区"])
    assert levels(street) == ["zone", "cell"]


def test_outlines_when_nobody_drew_one_then_none(town: Tenant) -> None:
    assert [(one.code, one.geometry) for one in outlines(town, "block", BEFORE)] == [("1", None), ("2", None)]
    assert [one.geometry.bounds for one in outlines(town, "district", AFTER) if one.geometry] == [
        (10.0, 50.0, 10.02, 50.01)
    ]


def test_family_when_asked_then_all_that_is_or_was_below(town: Tenant) -> None:
    keys = {one.code: one.pk for one in Territory.objects.all()}
    assert (family(town, "9"), family(town, "2"), family(town, "x")) == (set(keys.values()), {keys["2"]}, set())


def test_names_when_asked_then_the_newest(town: Tenant) -> None:
    key = Territory.objects.get(code="2").pk
    assert (named(key), named(None)) == ("新乙", "")
    assert options(town, "block") == [("1", "甲"), ("2", "新乙")]


def test_list_when_asked_then_by_level_and_code_with_other_names(
    town: Tenant, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        rows = listed(town)
    assert [(one.code, one.name, one.parent, one.valid_from, one.valid_to, one.aliases) for one in rows] == [
        ("1", "甲", "9", None, AFTER, ()),
        ("2", "新乙", "9", AFTER, None, ("乙",)),
        ("9", "区", "", None, None, ()),
    ]
