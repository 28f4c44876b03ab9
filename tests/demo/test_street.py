"""The map of the made-up street."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from shapely.geometry import Point, Polygon
from shapely.strtree import STRtree

from xiuhua.demo.rules.frame import degrees
from xiuhua.demo.words import City

STREET = "990101001"
Layers = dict[str, list[dict[str, Any]]]


def _codes(layers: Layers, name: str) -> list[str]:
    return [feature["properties"]["code"] for feature in layers[name]]


def test_street_has_twelve_communities_and_160_grids_when_laid_out(layers: Layers) -> None:
    assert (len(layers["street"]), len(layers["communities"]), len(layers["grids"])) == (1, 12, 160)


def test_street_is_crossed_by_a_canal_with_two_branches_when_laid_out(layers: Layers) -> None:
    assert [feature["properties"]["name"] for feature in layers["water"]] == ["星河", "荷渡浜", "槐荫浜"]


@pytest.mark.parametrize(("layer", "digits"), [("street", 9), ("communities", 12), ("grids", 15)])
def test_codes_follow_the_pattern_of_six_and_three_digits(layers: Layers, layer: str, digits: int) -> None:
    assert [code for code in _codes(layers, layer) if not re.fullmatch(rf"990101\d{{{digits - 6}}}", code)] == []


def test_codes_begin_with_the_code_of_the_parent(layers: Layers) -> None:
    features = [feature["properties"] for name in ("communities", "grids") for feature in layers[name]]
    assert [each for each in features if each["code"][:-3] != each["parent"]] == []


def test_everything_says_that_it_is_made_up(layers: Layers) -> None:
    assert {feature["properties"].get("made_up") for name in layers for feature in layers[name]} == {True}


def test_outlines_are_valid_and_without_holes(outlines: dict[str, Polygon]) -> None:
    assert [code for code, shape in outlines.items() if not shape.is_valid or shape.interiors] == []


@pytest.mark.parametrize("digits", [12, 15], ids=["communities", "grids"])
def test_siblings_do_not_overlap_when_laid_side_by_side(outlines: dict[str, Polygon], digits: int) -> None:
    shapes = [shape for code, shape in outlines.items() if len(code) == digits]
    tree = STRtree(shapes)
    pairs = [(i, j) for i, shape in enumerate(shapes) for j in tree.query(shape) if i < j]
    assert [(i, j) for i, j in pairs if shapes[i].intersection(shapes[j]).area > 1] == []


@pytest.mark.parametrize("digits", [12, 15], ids=["communities", "grids"])
def test_siblings_fill_the_street_when_their_areas_are_summed(outlines: dict[str, Polygon], digits: int) -> None:
    total = sum(shape.area for code, shape in outlines.items() if len(code) == digits)
    assert abs(total - outlines[STREET].area) < 1


def test_grids_fill_their_community_when_their_areas_are_summed(outlines: dict[str, Polygon]) -> None:
    areas: Counter[str] = Counter()
    for code, shape in outlines.items():
        if len(code) == 15:
            areas[code[:12]] += shape.area  # type: ignore[assignment]
    assert {code: round(area - outlines[code].area) for code, area in areas.items()} == dict.fromkeys(areas, 0)


def test_grids_lie_in_their_community(outlines: dict[str, Polygon]) -> None:
    grids = {code: shape for code, shape in outlines.items() if len(code) == 15}
    assert [code for code, shape in grids.items() if shape.difference(outlines[code[:12]]).area > 1] == []


def test_communities_differ_in_size_as_towns_do(outlines: dict[str, Polygon]) -> None:
    areas = sorted(shape.area for code, shape in outlines.items() if len(code) == 12)
    assert areas[-1] > 5 * areas[0]


def test_plan_is_not_folded_when_bent_onto_the_map(city: City) -> None:
    steps = range(-100, 2200, 50)
    souths = [[degrees((u, v), city.plan.origin)[1] for u in steps] for v in range(-900, 1101, 50)]
    assert all(north > south for column in souths for north, south in pairwise(column))


def test_there_are_600_sites_of_20_types(sites: list[dict[str, str]]) -> None:
    assert (len(sites), len({site["类型编码"] for site in sites})) == (600, 20)


def test_sites_lie_in_the_grid_they_name(sites: list[dict[str, str]], outlines: dict[str, Polygon]) -> None:
    def point(site: dict[str, str]) -> Point:
        return Point((float(site["经度"]) - 123.05) * 95070.0, (float(site["纬度"]) - 31.42) * 110870.0)

    assert [site["名称"] for site in sites if not outlines[site["单元网格"]].contains(point(site))] == []


def test_there_are_25_units_of_which_twelve_are_community_offices(units: list[dict[str, str]]) -> None:
    assert (len(units), sum(bool(unit["所属社区"]) for unit in units)) == (25, 12)


def test_names_are_unique_across_everything(
    layers: Layers, sites: list[dict[str, str]], units: list[dict[str, str]], city: City
) -> None:
    names = [feature["properties"]["name"] for layer in layers.values() for feature in layer]
    names += [row["名称"] for row in [*sites, *units]] + [road.name for road in city.plan.roads]
    assert [name for name, count in Counter(names).items() if count > 1] == []
