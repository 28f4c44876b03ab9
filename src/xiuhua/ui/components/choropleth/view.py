"""A map of territories coloured by class, labelled directly; hatched where there is no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from xiuhua.ui.formats import decimal
from xiuhua.ui.maps import Drawing, Drawn
from xiuhua.ui.scales import Number, class_of, colour_of

#: Width of a Chinese character and of a Latin one at the label's size, in pixels of the drawing.
WIDE, NARROW = 15.0, 8.5


def view(
    title: str,
    drawing: Drawing,
    values: Mapping[str, dict[str, Any]],
    breaks: Sequence[Number],
    *,
    id: str = "map",  # noqa: A002 - the attribute's name
    diverging: bool = False,
    digits: int = 0,
    unit: str = "",
    table_href: str = "",
    none_label: str = "",
    current: str = "",
) -> dict[str, Any]:
    """Return the map.

    `drawing` comes from `ui.maps.drawing`; `values` by code: {"name", "value": a number or None, "text": as printed,
    "href"}; `breaks` are the inner limits of the classes (`ui.scales.quantile_breaks` or `symmetric_breaks`), printed
    with `digits`; `current` is the code drawn with a heavy outline; `id` must differ between maps of one page.
    """
    ramp = "d" if diverging else "s"
    shapes = [_shape(shape, values.get(shape.code), breaks, ramp, current) for shape in drawing.shapes]
    return {
        "title": title,
        "box": f"0 0 {drawing.width} {drawing.height}",
        "id": id,
        "shapes": sorted(shapes, key=lambda shape: bool(shape["current"])),
        "labels": [shape for shape in shapes if shape["label"]],
        "legend": _legend(breaks, ramp, digits),
        "unit": unit,
        "none_label": none_label or _("没有数"),
        "any_none": any(shape["colour"] == "none" for shape in shapes),
        "table_href": table_href,
    }


def _shape(
    shape: Drawn, given: dict[str, Any] | None, breaks: Sequence[Number], ramp: str, current: str
) -> dict[str, Any]:
    found = given or {"name": shape.code, "value": None, "text": ""}
    number = found.get("value")
    name = str(found["name"])
    return {
        "path": shape.path,
        "x": shape.x,
        "y": shape.y,
        "name": name,
        "text": found.get("text") or _("没有数"),
        "href": found.get("href", ""),
        "colour": "none" if number is None else f"{ramp}{class_of(number, breaks)}",
        "label": name if _width(name) < shape.room else "",
        "current": shape.code == current,
    }


def _width(text: str) -> float:
    return sum(WIDE if ord(letter) > 0x2E7F else NARROW for letter in text)  # noqa: PLR2004 - first CJK block


def _legend(breaks: Sequence[Number], ramp: str, digits: int) -> list[dict[str, str]]:
    colours = [f"{ramp}{colour_of(place, len(breaks))}" for place in range(len(breaks) + 1)]
    if not breaks:
        return [{"colour": colours[0], "text": _("全部相同")}]
    limits = [decimal(Fraction(cut), digits) for cut in breaks]
    return [{"colour": colours[0], "text": f"< {limits[0]}"}] + [
        {"colour": colour, "text": f"{limit}+" if place == len(limits) - 1 else limit}
        for place, (colour, limit) in enumerate(zip(colours[1:], limits, strict=True))
    ]
