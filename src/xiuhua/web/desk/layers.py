"""One map of a month in layers: colours, cases, what came back, where it crowds; each item opens its cases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry.base import BaseGeometry

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Where
from xiuhua.cases.policies import sees_all
from xiuhua.insight.queries.hotspots import Apart, HotSpot, HotSpots, last_day
from xiuhua.insight.queries.recurrence import frozen_with_recurrence, recurrent_places
from xiuhua.insight.queries.spread import At, Spread, spread_of
from xiuhua.insight.rules.hotspots import E7, Silent, areal
from xiuhua.insight.rules.keeping import Kept
from xiuhua.insight.words import Place
from xiuhua.kernel.words import Refusal
from xiuhua.territory.queries import Outline, levels, outlines
from xiuhua.ui.components.choropleth.view import Dot, Over, Patch
from xiuhua.ui.formats import decimal
from xiuhua.ui.maps import Drawing, Plane, drawing, plane
from xiuhua.web.desk import figures
from xiuhua.web.desk.again import places_href
from xiuhua.web.desk.chosen import UNIT, Chosen
from xiuhua.web.desk.maps import month_map, values_offered
from xiuhua.web.desk.month import shown
from xiuhua.web.desk.office import person
from xiuhua.web.desk.places import again_name, apart_names, hot_of, settings_for, spot_name

WIDTH = 880
#: Most coordinates that are drawn as dots: more are no picture but a stain.
MOST_DOTS = 1500
#: Most recurrent places that are marked and listed, those with the most returns first.
MOST_AGAIN = 40
#: How many rows of a layer are listed before the rest is folded.
FIRST = 8
#: Most months in the row above the map.
MONTHS = 24
#: The layers in the order in which they lie upon each other.
LAYERS = ("colour", "points", "again", "hot")
#: Whose cases are drawn for a value that is no count.
COUNTED = {"score": "due", "on_time": "due"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the value that colours and the layers that are shown."""

    value: str
    layers: frozenset[str]

    def query(self, choice: Chosen, **changes: str | None) -> str:
        """Return the address's parameters for this choice with changes."""
        kept = {"value": self.value if self.value != "score" else None, "layers": _named(self.layers)}
        return choice.query(**{**kept, **changes})

    def turned(self, layer: str) -> frozenset[str]:
        """Return the layers with one of them turned on or off."""
        return self.layers ^ {layer}


def _named(layers: frozenset[str]) -> str | None:
    """Return the layers as an address has them: nothing for all of them, "none" for none."""
    if layers == frozenset(LAYERS):
        return None
    return ",".join(layer for layer in LAYERS if layer in layers) or "none"


def asked_in(request: HttpRequest) -> Asked:
    """Return what an address asks for; an unknown value is the score, unknown layers are left out."""
    given = request.GET.get("layers")
    layers = frozenset(LAYERS) if given is None else frozenset(LAYERS) & frozenset(given.split(","))
    value = request.GET.get("value", "")
    return Asked(value if value in {one.key for one in values_offered()} else "score", layers)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the layers lie on: the drawn outlines, how places become pixels, and what the outlines cover."""

    drawing: Drawing
    plane: Plane
    covers: BaseGeometry


def outlines_of(choice: Chosen, snapshot: Snapshot) -> list[Outline]:
    """Return the outlines that are the ground of a choice. For units they are those of the finest level that has any."""
    wanted = [choice.by] if choice.by != UNIT else list(reversed(levels(choice.tenant)))
    for level in wanted:
        known = outlines(choice.tenant, level, last_day(snapshot))
        if found := [one for one in known if one.geometry is not None and not one.geometry.is_empty]:
            return found
    return []


def ground_of(choice: Chosen, snapshot: Snapshot) -> Ground | None:
    """Return the ground of a choice, None without outlines."""
    found = {one.code: one.geometry for one in outlines_of(choice, snapshot) if one.geometry is not None}
    drawn, flat = drawing(found, width=WIDTH), plane(found, width=WIDTH)
    if drawn is None or flat is None:
        return None
    return Ground(drawn, flat, areal(shapely.unary_union(list(found.values()))))


@dataclass(frozen=True, slots=True)
class SpotRow:
    """A hot spot as its row and its mark on the map have it."""

    mark: str
    name: str
    territory: str
    spot: HotSpot
    expected: str
    href: str


def _spot_rows(choice: Chosen, found: HotSpots) -> list[SpotRow]:
    return [
        SpotRow(
            str(number),
            spot_name(spot),
            spot.territory if spot.territory != spot.name else "",
            spot,
            decimal(Fraction(spot.expected), 1),
            figures.behind(choice, found.measure, spot=spot.cell),
        )
        for number, spot in enumerate(found.spots, start=1)
    ]


def spot_text(row: SpotRow) -> str:
    """Return what a hot spot on the map says."""
    return _("热点 %(mark)s：%(name)s，%(count)s 件，平均摊开应有 %(expected)s 件") % {
        "mark": row.mark,
        "name": row.name,
        "count": row.spot.count,
        "expected": row.expected,
    }


def _patch(row: SpotRow, ground: Ground) -> Patch:
    """Return a hot spot on the map: what of its cells is within the outlines, its mark at its northern tip."""
    seen = shapely.intersection(row.spot.outline, ground.covers)
    return Patch(ground.plane.path(seen), *ground.plane.at(*top_of(seen)), row.mark, spot_text(row), row.href)


def top_of(shape: BaseGeometry) -> tuple[float, float]:
    """Return the northernmost corner of a shape, the western of equals: a mark there covers no name in the middle."""
    corners = shapely.get_coordinates(shape).tolist()
    lon, lat = max(corners, key=lambda corner: (corner[1], -corner[0]))
    return lon, lat


def silence(found: HotSpots | Kept, snapshot: Snapshot) -> str:
    """Return why there is no hot spot, "" where there are some."""
    least = settings_for(snapshot).least_cases
    return {
        Silent.FEW_CASES: _("能用的案件只有 %(used)s 件，不到 %(least)s 件，不找热点。")
        % {"used": found.used, "least": least},
        Silent.FEW_CELLS: _("案件都在很小的一片里，没有四周可比，不找热点。"),
        Silent.TOO_WIDE: _("范围太大、格子太细，不找热点；请看边界图和坐标对不对，或者把分析参数里的格网级别调粗。"),
        None: "" if found.spots else _("没有哪一处比随机散布明显多。这不是说没有问题，只是说问题不扎堆。"),
    }[found.silent]


@dataclass(frozen=True, slots=True)
class HotLayer:
    """The hot spots as rows, what is said without any, and what was not looked at with its lists."""

    rows: Sequence[SpotRow]
    said: str
    used: int
    apart: Sequence[tuple[str, int, str]]
    shared_places: int
    outlined: bool
    percent: str

    @property
    def first(self) -> Sequence[SpotRow]:
        """The rows that are listed at once."""
        return self.rows[:FIRST]

    @property
    def rest(self) -> Sequence[SpotRow]:
        """The rows that are folded."""
        return self.rows[FIRST:]


def hot_layer(choice: Chosen, snapshot: Snapshot) -> HotLayer:
    """Return the layer of hot spots; where the office's parameters are refused, it says so and is empty."""
    try:
        found, settings = hot_of(snapshot), settings_for(snapshot)
    except Refusal as refusal:
        return HotLayer((), str(refusal), 0, (), 0, outlined=True, percent="")
    names = apart_names()
    apart = [
        (names[kind], len(numbers), figures.behind(choice, found.measure, apart=kind.value))
        for kind in Apart
        if (numbers := found.apart[kind])
    ]
    said = silence(found, snapshot)
    share = f"{decimal(100 * settings.alpha, 1).removesuffix('.0')}%"
    return HotLayer(
        _spot_rows(choice, found), said, found.used, apart, found.shared_places, found.outlined, percent=share
    )


@dataclass(frozen=True, slots=True)
class AgainRow:
    """A recurrent place as its row and its mark on the map have it."""

    place: Place
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class AgainLayer:
    """The places where something came back: the first rows, the folded rest, what is said without any.

    `cut` is how many are not drawn; `whole` the address of the list of all, and how many these are.
    """

    first: Sequence[AgainRow]
    rest: Sequence[AgainRow]
    said: str
    cut: int
    whole: tuple[str, int]


def again_layer(choice: Chosen, snapshot: Snapshot) -> AgainLayer:
    """Return the layer of recurrent places."""
    if not frozen_with_recurrence(snapshot):
        return AgainLayer((), (), _("这个月冻结时还没有算复发，没有数；重新冻结以后就有。"), 0, ("", 0))
    found = recurrent_places(snapshot, by=choice.by)
    rows = [
        AgainRow(place, again_name(place), figures.behind(choice, "repeats", again=place.cases[0]))
        for place in found[:MOST_AGAIN]
    ]
    said = "" if rows else _("本月没有结案以后同一处又来的同类案件。")
    return AgainLayer(rows[:FIRST], rows[FIRST:], said, len(found) - len(rows), (places_href(choice), len(found)))


def again_text(row: AgainRow) -> str:
    """Return what a recurrent place on the map says."""
    return _("%(name)s，又来 %(times)s 次") % {"name": row.name, "times": row.place.times}


def _again_dot(row: AgainRow, ground: Ground) -> Dot:
    at = ground.plane.at(row.place.lon_e7 / E7, row.place.lat_e7 / E7)
    return Dot(*at, row.place.times, again_text(row), row.href)


def _dot(choice: Chosen, measure: str, at: At, ground: Ground) -> Dot:
    href = figures.behind(choice, measure, at=f"{at.lon_e7},{at.lat_e7}")
    text = _("%(count)s 件") % {"count": at.count}
    return Dot(*ground.plane.at(at.lon_e7 / E7, at.lat_e7 / E7), at.count, text, href)


@dataclass(frozen=True, slots=True)
class PointLayer:
    """Where the cases of a number lie: the dots, and the sentence of what is drawn and what is not."""

    spread: Spread
    measure: str
    said: str


def point_layer(choice: Chosen, snapshot: Snapshot, asked: Asked, *, most: int = MOST_DOTS) -> PointLayer:
    """Return the layer of cases behind the value that colours, or behind its base where it is no count."""
    measure = COUNTED.get(asked.value, asked.value)
    view = choice.view
    window = frozen.window_of(
        snapshot, month_by=choice.month_by, deadline_month=view.deadline_month if view else "right_closed"
    )
    spread = spread_of(snapshot, Where(measure), window, most=most)
    facts = {"total": spread.total, "placed": spread.placed, "places": spread.places, "drawn": len(spread.at)}
    if spread.places > len(spread.at):
        said = _("%(total)s 件中 %(placed)s 件有坐标，在 %(places)s 处；只画了件数最多的 %(drawn)s 处。") % facts
    else:
        said = _("%(total)s 件中 %(placed)s 件有坐标，在 %(places)s 处，都画了。") % facts
    return PointLayer(spread, measure, said)


def points_sentence(layer: PointLayer, sentence: str) -> str:
    """Return a legend's sentence with %(what)s, whose cases they are, and %(said)s, how many are drawn."""
    counted = {value.key: value.label for value in values_offered()}
    return sentence % {"what": counted[layer.measure], "said": layer.said}


def _over(
    choice: Chosen, ground: Ground, points: PointLayer | None, again: AgainLayer | None, hot: HotLayer | None
) -> Over:
    spots = hot.rows if hot else ()
    back = (*again.first, *again.rest) if again else ()
    return Over(
        dots=[_dot(choice, points.measure, at, ground) for at in points.spread.at] if points else (),
        again=[_again_dot(row, ground) for row in reversed(back)],  # who came back most often lies on top
        patches=[_patch(row, ground) for row in spots],
        dots_label=points_sentence(points, _("点：%(what)s，一处 1 件、2 到 4 件、5 件以上各有大小。%(said)s"))
        if points
        else "",
        again_label=_("菱形：结案以后同一处又来同类案件。") if back else "",
        patches_label=_("虚线：上报的案件比随机散布明显多的地方，号码同表。") if spots else "",
    )


def _toggles(choice: Chosen, asked: Asked, *, allowed: bool) -> list[dict[str, Any]]:
    """Return the layers that can be turned on or off: units have no ground to colour, cases are not for everybody."""
    names = {"colour": _("颜色"), "points": _("案件"), "again": _("复发"), "hot": _("热点")}
    hidden = {"colour"} if choice.by == UNIT else set()
    hidden |= set() if allowed else {"points"}
    return [
        {
            "label": label,
            "on": layer in asked.layers,
            "query": asked.query(choice, layers=_named(asked.turned(layer))),
        }
        for layer, label in names.items()
        if layer not in hidden
    ]


def _months(choice: Chosen, asked: Asked) -> list[dict[str, Any]]:
    return [
        {"month": month, "query": asked.query(choice, month=month), "current": month == str(choice.period)}
        for month in choice.periods[-MONTHS:]
    ]


def _map_words() -> dict[str, str]:
    """Return what the map says where it can be enlarged; {n} and {m} are filled in there."""
    return {
        "map": _("可以放大的地图：方向键移动，加号、减号放大缩小，回车打开正中的那一处。同样的数在下面的表里。"),
        "closer": _("放大"),
        "farther": _("缩小"),
        "whole": _("看全域"),
        "close": _("关闭"),
        "cases": _("打开这 {n} 件"),
        "sheet": _("打开得分单"),
        "here": _("{n} 件在同一坐标"),
        "around": _("这一带 {n} 件，在 {m} 处"),
        "apart": _("放大到分开"),
        "some": _("件数最多的几处："),
    }


def _context(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    view = choice.view
    snapshot = frozen.snapshot_by_digest(choice.tenant, view.snapshot) if view else None
    asked = asked_in(request)
    rows = figures.ranking_rows(choice)
    drawn = month_map(choice, rows, asked.value)
    ground = ground_of(choice, snapshot) if snapshot else None
    allowed = sees_all(person(request))
    land = choice.by == UNIT or "colour" not in asked.layers
    hot = hot_layer(choice, snapshot) if snapshot and "hot" in asked.layers else None
    again = again_layer(choice, snapshot) if snapshot and "again" in asked.layers else None
    points = (
        point_layer(choice, snapshot, asked) if snapshot and ground and allowed and "points" in asked.layers else None
    )
    return {
        "rows": rows,
        "drawn": drawn,
        "ground": ground,
        "land": land,
        "title": _("位置") if land else drawn.value.label,
        "unit": "" if land else drawn.value.unit,
        "over": _over(choice, ground, points, again, hot) if ground else None,
        "hot": hot,
        "again": again,
        "points": points,
        "points_allowed": allowed,
        "map_query": asked.query(choice, layers=None),
        "map_layers": ",".join(sorted(asked.layers)),
        "map_words": json.dumps(_map_words(), ensure_ascii=False) if ground else "",
        "toggles": _toggles(choice, asked, allowed=allowed),
        "slider": _months(choice, asked),
        "offered": [
            (value.label, asked.query(choice, value=value.key), value.key == asked.value) for value in values_offered()
        ],
    }


@require_safe
def layered_map(request: HttpRequest) -> HttpResponse:
    """Show the month's map in layers: ?value=overdue_open&layers=colour,points,again,hot"""
    return shown(request, "web/layers.html", _context)
