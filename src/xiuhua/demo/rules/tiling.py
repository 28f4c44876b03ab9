"""Blocks that tile: splitting rectangles of the plan, and outlines whose corners neighbours share exactly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.words import CommunityPlan, Grid, Plan, Rect, Spot

#: Outlines get a corner at least every so many metres, so that they follow the bends.
STEP = 20
#: Cuts snap to this many metres.
SNAP = 5
#: A block is cut across when it is longer than this times its width.
STRETCH = 1.15


def split(rects: Sequence[Rect], count: int, draws: Draws) -> list[Rect]:
    """Return `count` rectangles that tile `rects`: the largest is cut in two until there are enough."""
    blocks = list(rects)
    while len(blocks) < count:
        largest = max(range(len(blocks)), key=lambda i: (_bulk(blocks[i]), -i))
        blocks[largest : largest + 1] = _halves(blocks[largest], draws)
    return blocks


def _bulk(block: Rect) -> float:
    """Return how much a block wants to be cut: its area, more so when it is long and narrow."""
    return block.area * max(block.u1 - block.u0, block.v1 - block.v0)


def _halves(block: Rect, draws: Draws) -> list[Rect]:
    share = draws.between(0.38, 0.62)
    down, across = block.u1 - block.u0, block.v1 - block.v0
    if down > across * STRETCH or (down > across / STRETCH and draws.chance(0.5)):
        cut = SNAP * round((block.u0 + share * down) / SNAP)
        return [Rect(block.u0, cut, block.v0, block.v1), Rect(cut, block.u1, block.v0, block.v1)]
    cut = SNAP * round((block.v0 + share * across) / SNAP)
    return [Rect(block.u0, block.u1, block.v0, cut), Rect(block.u0, block.u1, cut, block.v1)]


def grids(plan: Plan, draws: Draws) -> tuple[Grid, ...]:
    """Return the grids of all communities, numbered in each from west to east and from north to south."""
    return tuple(grid for community in plan.communities for grid in _grids_of(community, draws))


def _grids_of(community: CommunityPlan, draws: Draws) -> list[Grid]:
    blocks = split(community.rects, community.grids, draws)
    blocks.sort(key=lambda block: (round(block.middle[0] / 120), block.middle[1]))
    return [
        Grid(f"{community.code}{i:03d}", f"{community.name}第{i:02d}网格", community.code, block)
        for i, block in enumerate(blocks, 1)
    ]


class Corners:
    """All corners of a tiling, by the line they lie on, so that a side knows the corners of its neighbours."""

    def __init__(self, rects: Iterable[Rect]) -> None:
        self._by_u: dict[float, set[float]] = defaultdict(set)
        self._by_v: dict[float, set[float]] = defaultdict(set)
        for rect in rects:
            for u in (rect.u0, rect.u1):
                for v in (rect.v0, rect.v1):
                    self._by_u[u].add(v)
                    self._by_v[v].add(u)

    def ring(self, rect: Rect) -> list[Spot]:
        """Return the outline of `rect`, anticlockwise on the map, open, with every corner of others on its sides."""
        south = [(rect.u1, v) for v in _steps(rect.v0, rect.v1, self._by_u[rect.u1])]
        east = [(u, rect.v1) for u in reversed(_steps(rect.u0, rect.u1, self._by_v[rect.v1]))]
        north = [(rect.u0, v) for v in reversed(_steps(rect.v0, rect.v1, self._by_u[rect.u0]))]
        west = [(u, rect.v0) for u in _steps(rect.u0, rect.u1, self._by_v[rect.v0])]
        return south[:-1] + east[:-1] + north[:-1] + west[:-1]


def _steps(start: float, end: float, corners: set[float]) -> list[float]:
    """Return start, end, and between them every corner and every multiple of STEP: the same for both neighbours."""
    first, last = math.floor(start / STEP) + 1, math.ceil(end / STEP)
    between = {float(STEP * i) for i in range(first, last)} | {c for c in corners if start < c < end}
    return [start, *sorted(between), end]


def outline(rings: Iterable[Sequence[Spot]]) -> list[Spot]:
    """Return the outline of blocks that tile: sides that two blocks share cancel, the rest is one ring.

    Raises ValueError if the blocks do not hang together or enclose a hole.
    """
    sides: dict[Spot, Spot] = {}
    seen = {(a, b) for ring in rings for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)}
    for a, b in sorted(seen):
        if (b, a) not in seen:
            if a in sides:
                raise ValueError(f"two outlines meet at {a}")
            sides[a] = b
    start = min(sides)
    ring, here = [start], sides.pop(start)
    while here != start:
        ring.append(here)
        here = sides.pop(here)
    if sides:
        raise ValueError(f"{len(sides)} sides are left over")
    return ring
