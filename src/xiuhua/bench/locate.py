"""How fast points are located, beside shapely's bulk query of the same outlines and points, in the same run.

Ours is `Locator.locate_many` from coordinates and days to the finest territory in force on each point's day. The
baseline starts from the same coordinates and ends with shapely's pairs of point and outline: no days, no versions, no
choice of the finest. It is timed in both orientations, a tree over the outlines (built beforehand) asked with all points
at once, and a tree over the points (as fast as shapely has it: building belongs to the query) asked with all outlines,
which are prepared; the faster of the two is the baseline.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from xiuhua.territory.queries.locator import Locator, Outlines

RUNS = 5
#: Corners of one side of an outline.
CORNERS = 16
WEST, SOUTH, DEGREES = 120.0, 31.0, 0.6
CHANGE, HALF_YEAR = np.datetime64("2020-01-01"), 180
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


def run(*, points: int = 1_000_000, polygons: int = 10_000, runs: int = RUNS) -> dict[str, Any]:
    """Return {name, ours, baseline, ratio, unit, rows, …}: seconds, medians of alternating runs after one warm-up.

    `ratio` is ours / baseline: below 1, choosing day, version and depth as well is faster than the bare query.
    """
    outlines = ground(polygons)
    lon, lat, days = _spots(points)
    locator = Locator(outlines)
    tree = shapely.STRtree(outlines.shapes)
    shapely.prepare(outlines.shapes)
    contestants: dict[str, Callable[[], Any]] = {
        "ours": lambda: locator.locate_many(lon, lat, days),
        "tree_of_outlines": lambda: tree.query(shapely.points(lon, lat), predicate="intersects"),
        "tree_of_points": lambda: shapely.STRtree(np.asarray(shapely.points(lon, lat), dtype=object)).query(
            outlines.shapes, predicate="intersects"
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for run_no in range(
        runs + 1
    ):  # in turn, so that a machine that slows down slows all of them; the first is a warm-up
        for name, work in contestants.items():
            seconds = _seconds(work)
            taken[name] += [seconds] if run_no else []
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    best = min("tree_of_outlines", "tree_of_points", key=medians.__getitem__)
    found = locator.locate_many(lon, lat, days)
    return {
        "name": "locate",
        "ours": round(medians["ours"], 3),
        "baseline": round(medians[best], 3),
        "ratio": round(medians["ours"] / medians[best], 3),
        "unit": "s",
        "rows": points,
        "polygons": len(outlines.shapes),
        "corners": int(shapely.get_num_coordinates(outlines.shapes).sum()),
        "located": int((found >= 0).sum()),
        "runs": runs,
        "spread": {name: [round(min(one), 3), round(max(one), 3)] for name, one in taken.items()},
        "baseline_is": f"shapely STRtree bulk query, predicate intersects, faster orientation: {best}",
        **{f"{name}_seconds": round(value, 3) for name, value in medians.items()},
    }


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _spots(points: int) -> tuple[Floats, Floats, NDArray[np.datetime64]]:
    """Return points all over the ground, with days on both sides of the change: the same for the same number."""
    chance = np.random.default_rng(311)
    at = chance.random((2, points)) * DEGREES
    ahead = chance.integers(-HALF_YEAR, HALF_YEAR, points)
    return WEST + at[0], SOUTH + at[1], CHANGE + ahead.astype("timedelta64[D]")


def ground(polygons: int) -> Outlines:
    """Return versioned outlines: fine ones before and after a change, and coarse ones above them; finest first."""
    fine = max(int(np.sqrt(polygons / 2.16)), 1)
    coarse = max(int(np.ceil(np.sqrt(max(polygons - 2 * fine * fine, 2) / 2))), 1)
    layers = [tiles(fine, 1), tiles(fine, 2), tiles(coarse, 3), tiles(coarse, 4)]
    old, new = (np.datetime64("0001-01-01"), CHANGE), (CHANGE, np.datetime64("9999-12-31"))
    spans = [old, new, old, new]
    shapes = np.concatenate(layers)
    begins = np.concatenate([np.full(len(layer), span[0]) for layer, span in zip(layers, spans, strict=True)])
    ends = np.concatenate([np.full(len(layer), span[1]) for layer, span in zip(layers, spans, strict=True)])
    return Outlines(shapes, np.arange(len(shapes), dtype=np.int64), begins, ends)


def tiles(side: int, seed: int) -> Shapes:
    """Return `side` × `side` crooked outlines that cover the ground without overlaps or gaps."""
    chance = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij"), axis=-1)
    corner[1:-1, 1:-1] += (chance.random((side - 1, side - 1, 2)) - 0.5) * 0.5
    lying = _sides(corner[:-1, :], corner[1:, :], chance)
    upright = _sides(corner[:, :-1], corner[:, 1:], chance)
    shapes = np.empty(side * side, dtype=object)
    scale = DEGREES / side
    for x in range(side):
        for y in range(side):
            walls = (lying[x, y], upright[x + 1, y], lying[x, y + 1][::-1], upright[x, y][::-1])
            ring = np.vstack([wall[:-1] for wall in walls]) * scale + (WEST, SOUTH)
            shapes[x * side + y] = shapely.Polygon(ring)
    return shapes


def _sides(a: Floats, b: Floats, chance: np.random.Generator) -> Floats:
    """Return crooked lines from each point of `a` to that of `b`: both neighbours use the same one."""
    share = np.linspace(0, 1, CORNERS + 1)[:, None]
    bend = (chance.random((*a.shape[:2], CORNERS + 1, 1)) - 0.5) * 0.06
    bend[:, :, [0, -1]] = 0
    across = (b - a)[:, :, ::-1] * (-1, 1)
    lines: Floats = a[:, :, None] + (b - a)[:, :, None] * share + across[:, :, None] * bend
    return lines
