"""Maps: an invented town of nine quarters along a canal."""

from __future__ import annotations

from typing import Any

import shapely

from xiuhua.ui.maps import drawing
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


_TOWN = drawing({f"q{place}": _quarter(place) for place in range(9)}, width=480)


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
}
