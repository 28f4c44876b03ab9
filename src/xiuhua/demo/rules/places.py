"""Where things stand in the plan: spots on land, beside streets, at the water; and how people call them."""

from __future__ import annotations

from collections.abc import Sequence

from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.words import Grid, Plan, Rect, Road, Spot

#: Nothing stands nearer than this to a side of its grid (metres), so that every point lies in the grid it names.
INSET = 5.0
#: A street gives its name to what lies within so many metres.
REACH = 95.0
_NUMERALS = "零一二三四五六七八九"
#: House numbers grow by two (one side of the street) every so many metres.
_FRONT = 9.0


def numeral(number: int) -> str:
    """Return 1 … 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def wet(spot: Spot, plan: Plan, margin: float = 2.0) -> bool:
    """Return whether a spot lies in the water or within `margin` metres of it."""
    return any(rect.holds(spot, -margin) for _name, rect in plan.water)


def on_water(grid: Grid, plan: Plan) -> bool:
    """Return whether a grid has a bank."""
    return any(_shared(grid.rect, rect) for _name, rect in plan.water)


def _shared(a: Rect, b: Rect) -> bool:
    return min(a.u1, b.u1) > max(a.u0, b.u0) and min(a.v1, b.v1) > max(a.v0, b.v0)


def inside(grid: Grid, plan: Plan, draws: Draws) -> Spot:
    """Return a spot anywhere on the grid's land."""
    rect = grid.rect
    while True:
        spot = (draws.between(rect.u0 + INSET, rect.u1 - INSET), draws.between(rect.v0 + INSET, rect.v1 - INSET))
        if not wet(spot, plan):
            return spot


def kerb(grid: Grid, plan: Plan, draws: Draws) -> Spot:
    """Return a spot a few metres inside one of the grid's sides, where its streets run."""
    rect = grid.rect
    for _ in range(20):
        depth = draws.between(INSET, 11.0)
        u, v = inside(grid, plan, draws)
        side = draws.pick("NSWE")
        if side in "NS":
            spot = (rect.u0 + depth if side == "N" else rect.u1 - depth, v)
        else:
            spot = (u, rect.v0 + depth if side == "W" else rect.v1 - depth)
        if not wet(spot, plan):
            return spot
    return inside(grid, plan, draws)


def bank(grid: Grid, plan: Plan, draws: Draws) -> Spot:
    """Return a spot on the grid's bank, or on a kerb where it has none: the driest of many tries beside the water."""
    for _ in range(60):
        spot = inside(grid, plan, draws)
        if wet(spot, plan, 14.0):
            return spot
    return kerb(grid, plan, draws)


def nearest_road(spot: Spot, roads: Sequence[Road]) -> tuple[Road, float] | None:
    """Return the nearest named street that passes the spot, with its distance in metres, if within REACH."""
    u, v = spot
    passing = [
        (abs((v if road.along else u) - road.at), road)
        for road in roads
        if road.start <= (u if road.along else v) <= road.end
    ]
    near = min(passing, key=lambda pair: (pair[0], pair[1].name), default=None)
    return (near[1], near[0]) if near and near[0] <= REACH else None


def house_number(spot: Spot, road: Road) -> int:
    """Return the house number at a spot: odd on one side, even on the other, growing along the street."""
    along, across = (spot[0], spot[1]) if road.along else (spot[1], spot[0])
    return 2 * int((along - road.start) / _FRONT) + (1 if across < road.at else 2)


def address(spot: Spot, grid: Grid, plan: Plan) -> str:
    """Return how people would say where a spot is: a house number, or the grid where no named street is near."""
    near = nearest_road(spot, plan.roads)
    return f"{near[0].name}{house_number(spot, near[0])}号" if near else f"第{grid.code[-3:].lstrip('0')}网格内"
