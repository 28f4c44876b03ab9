"""A map of territories coloured by class, labelled directly; hatched where there is no number; layers may lie above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from xiuhua.ui.formats import decimal
from xiuhua.ui.maps import Drawing, Drawn
from xiuhua.ui.scales import Number, class_of, colour_of

#: Width of a Chinese character and of a Latin one at the label's size, in pixels of the screen.
WIDE, NARROW = 15.0, 8.5
#: A territory is seldom a square: its label gets a fifth more room than it needs.
SPARE = 1.2
#: Widths of the map on the screen from which labels are shown: each where it fits its territory.
STEPS = (180, 280, 360, 480, 640, 800, 1000, 1280)


@dataclass(frozen=True, slots=True)
class Dot:
    """A place with `count` cases, in pixels of the drawing: {"x", "y"}, what it says, where it leads."""

    x: float
    y: float
    count: int
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """An outlined place with the mark that its row in a list bears; `x`, `y` is where the mark stands."""

    path: str
    x: float
    y: float
    mark: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Over:
    """What is drawn above the territories, and the words for each in the legend (none: it is not in the legend).

    `dots` are places of cases and no stop of the keyboard – there are too many, and a list has them all; `again` are
    places where something came back, `patches` outlined places.
    """

    dots: Sequence[Dot] = ()
    again: Sequence[Dot] = ()
    patches: Sequence[Patch] = ()
    dots_label: str = ""
    again_label: str = ""
    patches_label: str = ""


#: Cases at one place from which on its dot is larger.
GROWS = (1, 2, 5)


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
    land: bool = False,
    over: Over | None = None,
) -> dict[str, Any]:
    """Return the map.

    `drawing` comes from `ui.maps.drawing`; `values` by code: {"name", "value": a number or None, "text": as printed,
    "href"}; `breaks` are the inner limits of the classes (`ui.scales.quantile_breaks` or `symmetric_breaks`), printed
    with `digits`; `current` is the code drawn with a heavy outline; `id` must differ between maps of one page. With
    `land` the territories are ground without colours; `over` is what is drawn above them.
    """
    ramp = "d" if diverging else "s"
    shapes = [_shape(shape, drawing, values.get(shape.code), breaks, ramp) for shape in drawing.shapes]
    for shape in shapes if land else []:
        shape["colour"] = "land"
    return {
        "title": title,
        "box": f"0 0 {drawing.width} {drawing.height}",
        "id": id,
        "hatch": f"{drawing.width / 60:.2f}",
        "shapes": sorted(shapes, key=lambda shape: shape["code"] == current),  # the heavy outline lies on top
        "current": current,
        "labels": [shape for shape in shapes if shape["step"]],
        "legend": [] if land else _legend(breaks, ramp, digits),
        "unit": unit,
        "none_label": none_label or _("没有数"),
        "any_none": not land and any(shape["colour"] == "none" for shape in shapes),
        "land": land,
        **_above(over or Over(), drawing),
        "table_href": table_href,
    }


def shade(number: Number | None, breaks: Sequence[Number], ramp: str = "s") -> str:
    """Return the name of a number's colour ("s3"), "none" where there is no number."""
    return "none" if number is None else f"{ramp}{class_of(number, breaks)}"


def _shape(
    shape: Drawn, drawing: Drawing, given: dict[str, Any] | None, breaks: Sequence[Number], ramp: str
) -> dict[str, Any]:
    found = given or {"name": shape.code, "value": None, "text": ""}
    number = found.get("value")
    name = str(found["name"])
    return {
        "code": shape.code,
        "path": shape.path,
        "x": f"{shape.x * 100 / drawing.width:.2f}%",
        "y": f"{shape.y * 100 / drawing.height:.2f}%",
        "name": name,
        "text": found.get("text") or _("没有数"),
        "href": found.get("href", ""),
        "colour": shade(number, breaks, ramp),
        "step": _step(SPARE * _width(name) / max(shape.room, 0.1) * drawing.width),
    }


def _above(over: Over, drawing: Drawing) -> dict[str, Any]:
    dots: list[dict[str, Any]] = [
        {"size": sum(dot.count >= least for least in GROWS), "at": f"M{dot.x} {dot.y}h0", "dot": dot}
        for dot in over.dots
    ]
    sizes = sorted({one["size"] for one in dots})
    return {
        "dots": dots,
        # one path of all dots of a size: a rim of their own for each would double the page
        "rims": [{"size": size, "path": "".join(one["at"] for one in dots if one["size"] == size)} for size in sizes],
        "patches": over.patches,
        "again": [_marked(dot, drawing) for dot in over.again],
        "marks": [_marked(patch, drawing) for patch in over.patches],
        "words": [
            {"kind": kind, "text": text}
            for kind, text in (
                ("dots", over.dots_label),
                ("again", over.again_label),
                ("patch", over.patches_label),
            )
            if text
        ],
    }


def _marked(one: Dot | Patch, drawing: Drawing) -> dict[str, Any]:
    return {"one": one, "x": f"{one.x * 100 / drawing.width:.2f}%", "y": f"{one.y * 100 / drawing.height:.2f}%"}


def _step(least: float) -> int | None:
    """Return from which width of the map a label that needs at least `least` is shown; None for never."""
    return next((step for step in STEPS if step >= least), None)


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
