"""The right pane of the desk: a close-up of the outlines around a case, and what else is alive there, by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from xiuhua.cases.models import Case
from xiuhua.cases.queries.nearby import LISTED, Near
from xiuhua.kernel.queries import zone_of
from xiuhua.territory.queries import levels, outlines
from xiuhua.ui.maps import CloseUp, close_up
from xiuhua.web.desk.timing import due_words
from xiuhua.web.desk.triage_asked import REACHES, Asked, Desk, what_of

#: Pixels of the drawing; it is scaled to its pane.
WIDTH, HEIGHT = 392, 480
#: Pixels from which on two numbers would cover each other.
APART = 20


@dataclass(frozen=True, slots=True)
class Pin:
    """A neighbour on the map: its number, where it stands, and what the list beside says of it."""

    number: int
    key: int
    x: float
    y: float
    #: Where its number stands if the place itself is taken.
    label_x: float
    label_y: float
    label: str
    metres: int
    state: str
    due: dict[str, Any]
    suggested: bool
    query: str


def map_pane(desk: Desk, case: Case, around: list[Near], asked: Asked) -> dict[str, Any]:
    """Return the map's context; `drawn` is None for a case without a point. At most five statements."""
    if case.longitude is None or case.latitude is None:
        return {"drawn": None, "pins": [], "near_count": 0}
    tenant = desk.tenant
    day = case.reported_at.astimezone(zone_of(tenant)).date()
    present = levels(tenant)
    shapes: dict[str, Any] = {}
    names: dict[str, str] = {}
    coarse = tenant.settings.get("by") or (present[0] if present else "")
    for level in dict.fromkeys((*present[-1:], coarse)):
        for one in outlines(tenant, level, day):
            if one.geometry is not None:
                shapes[f"{level}:{one.code}"] = one.geometry
                names[f"{level}:{one.code}"] = one.name if level == coarse else ""
    drawn = close_up(shapes, lon=case.longitude, lat=case.latitude, metres=asked.zoom, width=WIDTH, height=HEIGHT)
    shown = [one for one in around if one.metres <= asked.zoom][:LISTED]
    return {
        "drawn": drawn,
        "lands": _lands(drawn, coarse, names),
        "ring": round(desk.flow.duplicate_metres * drawn.scale, 1),
        "ring_metres": desk.flow.duplicate_metres,
        "pins": _pins(drawn, shown, asked, desk.at),
        "near_count": len(shown),
        "zoom_in": _beside(asked, -1),
        "zoom_out": _beside(asked, 1),
        "bar": _bar(drawn),
    }


def _lands(drawn: CloseUp, coarse: str, names: dict[str, str]) -> list[dict[str, Any]]:
    found = [
        {
            "path": shape.path,
            "coarse": shape.code.startswith(f"{coarse}:"),
            "name": names[shape.code] if shape.holds(len(names[shape.code]), 15) else "",
            "x": shape.x,
            "y": shape.y,
        }
        for shape in drawn.shapes
    ]
    return sorted(found, key=lambda one: bool(one["coarse"]))  # borders of communities above those of grids


def _pins(drawn: CloseUp, shown: list[Near], asked: Asked, at: datetime) -> list[Pin]:
    places = [drawn.at(one.case.longitude, one.case.latitude) for one in shown]
    taken = [(drawn.width / 2, drawn.height / 2)]
    pins = []
    for number, one in enumerate(shown, start=1):
        x, y = places[number - 1]
        label = _free(x, y, [*taken, *(place for place in places if place != (x, y))])
        taken.append(label)
        pins.append(
            Pin(
                number,
                one.case.pk,
                x,
                y,
                *label,
                what_of(one.case),
                one.metres,
                one.case.get_stage_display(),
                due_words(one.case.due, None, at, roughly=True),
                one.suggested,
                asked.query(case=one.case.pk),
            )
        )
    return pins


def _free(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Return a place for a number near its point that covers no other, tried around it step by step."""
    tries = [(0.0, 0.0)]
    for far in (26, 44, 62):
        tries += [
            (far * dx, far * dy) for dx, dy in ((1, 0), (-1, 0), (0.7, 0.7), (-0.7, -0.7), (0.7, -0.7), (-0.7, 0.7))
        ]
    for dx, dy in tries:
        spot = (round(x + dx, 1), round(y + dy, 1))
        if all(abs(spot[0] - other[0]) >= APART or abs(spot[1] - other[1]) >= APART for other in taken):
            return spot
    return x, y


def _beside(asked: Asked, step: int) -> str:
    at = REACHES.index(asked.zoom) + step
    return asked.query(zoom=REACHES[at]) if 0 <= at < len(REACHES) else ""


def _bar(drawn: CloseUp) -> dict[str, Any]:
    """Return a scale bar of a round length that fits into a quarter of the drawing."""
    room = drawn.width / 4 / drawn.scale
    metres = max(size for size in (10, 20, 50, 100, 200, 500, 1000, 2000) if size <= room)
    text = _("%(n)s 米") % {"n": metres}
    return {"x": 12, "end": round(12 + metres * drawn.scale, 1), "text": text}
