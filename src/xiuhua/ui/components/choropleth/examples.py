"""Maps: an invented town of nine quarters along a canal."""

from __future__ import annotations

from typing import Any

import shapely

from xiuhua.ui.components.choropleth.view import Dot, Over, Patch
from xiuhua.ui.maps import drawing, plane
from xiuhua.ui.scales import quantile_breaks, symmetric_breaks

_NAMES = ("柳岸", "青石弄", "东仓", "石塔", "望星桥", "梧桐里", "槐荫", "桂花", "荷叶浦")
_SCORES = (92, 88, 91, 89, 94, 95, 77, 97, None)
_CHANGES = (2, -2, 0, 0, 0, 1, -6, 2, None)
#: Corners of a slanting grid, so that the blocks look like blocks.
_X = (0.0, 1.1, 2.0, 3.1)
_Y = (0.0, 0.9, 2.0, 2.9)


def _corner(column: int, row: int) -> tuple[float, float]:
    bend = 0.14 if (column + row) % 2 else -0.1
    return 120.60 + (_X[column] + bend * row / 3) / 100, 31.30 - (_Y[row] + bend * column / 3) / 100


def _quarter(place: int) -> shapely.Polygon:
    row, column = divmod(place, 3)
    ring = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
    return shapely.Polygon([_corner(*corner) for corner in ring])


_SHAPES = {f"q{place}": _quarter(place) for place in range(9)}
_TOWN = drawing(_SHAPES, width=480)
_PLANE = plane(_SHAPES, width=480)


def _over() -> Over | None:
    if _PLANE is None:
        return None
    middle = (120.6175, 31.2875)
    patch = shapely.Point(middle).buffer(0.003, quad_segs=2)
    near = [(middle[0] + dx / 4000, middle[1] + dy / 4000) for dx, dy in ((-6, 2), (-4, -5), (0, 6), (3, -2), (7, 4))]
    places = [_PLANE.at(*place) for place in [*near, (120.604, 31.296), (120.625, 31.277)]]
    dots = [
        Dot(x, y, count, f"{count} 件", "/gallery/?dot=1")
        for (x, y), count in zip(places, (3, 1, 1, 6, 1, 1, 2), strict=True)
    ]
    x, y = _PLANE.at(120.609, 31.279)
    return Over(
        dots=dots,
        again=[Dot(x, y, 3, "店外经营，同一处 3 次", "/gallery/?again=1")],
        patches=[Patch(_PLANE.path(patch), *_PLANE.at(*middle), "1", "望星桥菜市场一带 12 件", "/gallery/?spot=1")],
        dots_label="一点是一处案件，点越大件数越多",
        again_label="同一处、同一类，结案后又来",
        patches_label="案件扎堆的地方，号码与右边的表相同",
    )


def _values(numbers: tuple[int | None, ...], unit: str) -> dict[str, dict[str, Any]]:
    return {
        f"q{place}": {
            "name": name,
            "value": number,
            "text": "样本不足" if number is None else f"{number} {unit}",
            "href": f"/gallery/?quarter={place}",
        }
        for place, (name, number) in enumerate(zip(_NAMES, numbers, strict=True))
    }


EXAMPLES: dict[str, dict[str, Any]] = {
    "得分": {
        "title": "各社区总分",
        "drawing": _TOWN,
        "values": _values(_SCORES, "分"),
        "breaks": quantile_breaks([score for score in _SCORES if score is not None]),
        "id": "map-scores",
        "unit": "分",
        "none_label": "样本不足",
        "table_href": "/gallery/",
        "current": "q6",
    },
    "变化": {
        "title": "总分比上月",
        "drawing": _TOWN,
        "values": _values(_CHANGES, "分"),
        "breaks": symmetric_breaks([change for change in _CHANGES if change is not None]),
        "id": "map-changes",
        "diverging": True,
        "digits": 1,
        "unit": "分",
    },
    "层叠": {
        "title": "各社区总分",
        "drawing": _TOWN,
        "values": _values(_SCORES, "分"),
        "breaks": quantile_breaks([score for score in _SCORES if score is not None]),
        "id": "map-layers",
        "unit": "分",
        "over": _over(),
    },
    "只有地": {
        "title": "案件在哪里",
        "drawing": _TOWN,
        "values": _values(_SCORES, "分"),
        "breaks": (),
        "id": "map-land",
        "land": True,
        "over": _over(),
    },
}
