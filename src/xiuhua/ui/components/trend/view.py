"""A line over months, labelled where it stands; its table is one click away."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from xiuhua.ui.formats import decimal
from xiuhua.ui.scales import Axis, Number, axis

#: The frame in per cent of the drawing, and the height of a label with its distance from the dot.
LEFT, RIGHT, TOP, BOTTOM, LABEL = 3.0, 97.0, 20.0, 74.0, 24.0
#: A fall to the last dot by so many per cent of the drawing crosses a label above the dot.
STEEP = 6.0
#: Below a dot lower than this there is no room for a label above the months.
ROOM = 60.0


def view(
    title: str,
    points: Sequence[dict[str, Any]],
    *,
    unit: str = "",
    digits: int = 1,
    target: Number | None = None,
    target_label: str = "",
    floor: Number | None = 0,
    ceiling: Number | None = None,
    table: bool = True,
    among: Sequence[Number] = (),
) -> dict[str, Any]:
    """Return the line.

    A point is {"label": "10月", "long": "2026年10月", "value": a number or None for a gap, "href"}. `target` is drawn
    dashed with `target_label`; `floor` and `ceiling` bound the scale (0 and 100 for a rate). The scale is cut to the
    values: the text of the last point and the table carry the numbers. Drawings that are compared share one scale: each is
    given the values of all as `among`.
    """
    known = [point["value"] for point in points if point["value"] is not None]
    scale = axis([*known, *among, *([] if target is None else [target])], most=6, floor=floor, ceiling=ceiling)
    marks = [_mark(point, place, len(points), scale, digits) for place, point in enumerate(points)]
    drawn = [mark for mark in marks if mark["y"]]
    if drawn:
        drawn[-1] |= {"last": True, "text_y": _clear(scale, known[-1], target), "below": _falls(scale, points, target)}
    return {
        "title": title,
        "unit": unit,
        "marks": marks,
        "segments": [(one, two) for one, two in pairwise(marks) if one["y"] and two["y"]],
        "target_y": None if target is None else _y(scale, target),
        "target_label": target_label,
        "ends": [marks[0], marks[-1]] if len(marks) > 1 else marks,
        "table": table,
        "said": _said(title, drawn, unit),
    }


def _mark(point: dict[str, Any], place: int, count: int, scale: Axis, digits: int) -> dict[str, Any]:
    x = LEFT + (RIGHT - LEFT) * (place / (count - 1) if count > 1 else 0.5)
    value = point["value"]
    return {
        "label": point["label"],
        "long": point.get("long", point["label"]),
        "href": point.get("href", ""),
        "x": f"{x:.2f}%",
        "y": None if value is None else _y(scale, value),
        "text": decimal(value, digits),
        "last": False,
        "below": False,
    }


def _clear(scale: Axis, value: Number, target: Number | None) -> str:
    """A label stands above its dot, or above the target's line where that would cross it."""
    crossed = target is not None and 0 < _at(scale, value) - _at(scale, target) < LABEL
    return _y(scale, target if crossed and target is not None else value)


def _falls(scale: Axis, points: Sequence[dict[str, Any]], target: Number | None) -> bool:
    """Whether the line comes down to its last dot so steeply that it would cross a label above it."""
    last, before = (point["value"] for point in (points[-1], points[-2])) if len(points) > 1 else (None, None)
    if target is not None or last is None or before is None:
        return False
    return _at(scale, last) - _at(scale, before) > STEEP and _at(scale, last) < ROOM


def _at(scale: Axis, value: Number) -> float:
    return scale.at(value, start=BOTTOM, end=TOP)


def _y(scale: Axis, value: Number) -> str:
    return f"{_at(scale, value):.2f}%"


def _said(title: str, drawn: list[dict[str, Any]], unit: str) -> str:
    if not drawn:
        return title
    first, last = drawn[0], drawn[-1]
    return f"{title}: {first['long']} {first['text']}{unit} → {last['long']} {last['text']}{unit}"
