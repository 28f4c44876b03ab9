"""What the map of analysis is drawn from where it can be enlarged: the page's layers as one bounded piece of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from shapely.geometry.base import BaseGeometry

from xiuhua.analytics import queries as frozen
from xiuhua.cases.policies import sees_all
from xiuhua.insight.rules.hotspots import E7, areal
from xiuhua.ui.components.choropleth.view import shade
from xiuhua.ui.maps import label_place, plain
from xiuhua.web.desk import figures, layers
from xiuhua.web.desk.chosen import UNIT, Chosen, chosen
from xiuhua.web.desk.maps import MonthMap, month_map
from xiuhua.web.desk.office import office, person

#: Most coordinates that are sent: a city's month has some ten thousand, and a busier one says what is left out.
MOST_POINTS = 20_000
#: The finest detail of an outline as a part of the whole (some metres in a city), and most corners of all together.
PARTS, MOST_CORNERS = 8000, 20_000
#: Digits of a coordinate in degrees: about a metre, which no outline knows better.
DIGITS = 5


def _rounded(shape: BaseGeometry) -> dict[str, Any]:
    """Return a shape's areas as GeoJSON with coordinates of about a metre."""
    drawn: dict[str, Any] = json.loads(shapely.to_geojson(areal(shape)))
    drawn["coordinates"] = _shorter(drawn["coordinates"])
    return drawn


def _shorter(numbers: Any) -> Any:
    return [_shorter(one) for one in numbers] if isinstance(numbers, list) else round(numbers, DIGITS)


def _at(lon: float, lat: float) -> list[float]:
    return [round(lon, DIGITS), round(lat, DIGITS)]


def _areas(
    choice: Chosen, drawn: MonthMap, names: Mapping[str, str], shapes: Mapping[str, BaseGeometry]
) -> list[dict[str, Any]]:
    """Return the territories with their colours; for units they are ground without one, and lead nowhere."""
    areas = []
    for code, shape in shapes.items():
        entry = drawn.values.get(code, {}) if choice.by != UNIT else {}
        areas.append(
            {
                "code": code,
                "name": entry.get("name", names[code]),
                "text": entry.get("text", "" if choice.by == UNIT else _("没有数")),
                "href": entry.get("href", ""),
                "colour": "land" if choice.by == UNIT else shade(entry.get("value"), drawn.breaks),
                "at": _at(*label_place(shape)),
                "shape": _rounded(shape),
            }
        )
    return areas


def _spots(rows: Sequence[layers.SpotRow], covers: BaseGeometry) -> list[dict[str, Any]]:
    spots = []
    for row in rows:
        seen = shapely.intersection(row.spot.outline, covers)
        spots.append(
            {
                "mark": row.mark,
                "text": layers.spot_text(row),
                "count": row.spot.count,
                "href": row.href,
                "at": _at(*layers.top_of(seen)),
                "shape": _rounded(seen),
            }
        )
    return spots


def _again(found: layers.AgainLayer) -> list[dict[str, Any]]:
    return [
        {
            "text": layers.again_text(row),
            "count": row.place.times,
            "href": row.href,
            "at": [row.place.lon_e7 / E7, row.place.lat_e7 / E7],
        }
        for row in (*found.first, *found.rest)
    ]


def _points(choice: Chosen, layer: layers.PointLayer) -> dict[str, Any]:
    """Return [longitude, latitude, cases] of each coordinate in degrees × 10^7; `href` with "&at=longitude,latitude" is its list."""
    return {
        "at": [[one.lon_e7, one.lat_e7, one.count] for one in layer.spread.at],
        "href": figures.behind(choice, layer.measure),
        "said": layers.points_sentence(layer, _("点和圆：%(what)s；圆里是这一带的件数，放大就分开。%(said)s")),
    }


def drawn_data(choice: Chosen, asked: layers.Asked, *, all_cases: bool) -> dict[str, Any]:
    """Return all layers of a month, whichever are shown; nothing in them where there are no outlines to draw them on.

    Cases by their coordinate are there only for who sees all of them (`all_cases`), as on the page.
    """
    view = choice.view
    snapshot = frozen.snapshot_by_digest(choice.tenant, view.snapshot) if view else None
    ground = layers.outlines_of(choice, snapshot) if snapshot else []
    if snapshot is None or not ground:
        return {"box": None, "areas": [], "hot": [], "again": [], "points": None}
    whole = {one.code: one.geometry for one in ground if one.geometry is not None}
    shapes = plain(whole, parts=PARTS, most=MOST_CORNERS)
    drawn = month_map(choice, figures.ranking_rows(choice), asked.value)
    covers = areal(shapely.unary_union(list(whole.values())))
    points = layers.point_layer(choice, snapshot, asked, most=MOST_POINTS) if all_cases else None
    return {
        "box": [round(edge, DIGITS) for edge in shapely.total_bounds(list(whole.values())).tolist()],
        "areas": _areas(choice, drawn, {one.code: one.name for one in ground}, shapes),
        "hot": _spots(layers.hot_layer(choice, snapshot).rows, covers),
        "again": _again(layers.again_layer(choice, snapshot)),
        "points": _points(choice, points) if points else None,
    }


@require_safe
@gzip_page
def map_data(request: HttpRequest) -> HttpResponse:
    """Return the month's map as JSON, packed where the browser takes it."""
    found = drawn_data(chosen(request, office(request)), layers.asked_in(request), all_cases=sees_all(person(request)))
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
