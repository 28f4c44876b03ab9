"""What a change of outlines moves: ground and points from one territory to another, overlaps and gaps it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from xiuhua.territory.rules.neighbours import gaps, overlaps
from xiuhua.territory.rules.shapes import area_m2, joined, polygons_of
from xiuhua.territory.words import Gap, GroundMove, Moves, Overlap, PointMove

Outlines = Mapping[str, BaseGeometry]


def moves(before: Outlines, after: Outlines, lon: ArrayLike, lat: ArrayLike, *, sliver_m2: int = 1) -> Moves:
    """Return what moves between two sets of outlines (WGS-84 degrees, by code) of the same level.

    Points are decided as the locator decides: the smallest outline that holds it, then the first code. Overlaps and
    gaps are those of `after` that were not there, or not as large, `before`. Pieces below `sliver_m2` square metres are
    left out.
    """
    changed = sorted(code for code in {*before, *after} if not _same(before.get(code), after.get(code)))
    return Moves(
        ground=_ground(before, after, changed, sliver_m2),
        points=moved_points(before, after, lon, lat),
        overlaps=_worse_overlaps(before, after, sliver_m2),
        gaps=_new_gaps(before, after, sliver_m2),
    )


def holders(outlines: Outlines, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
    """Return for each point the code of the outline that holds it: the smallest, then the first code; "" for none."""
    xs, ys = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    found = np.full(len(xs), "", dtype=object)
    # worst first, so that the best answer is written last
    for code in sorted(outlines, key=lambda code: (area_m2(outlines[code]), code), reverse=True):
        found[shapely.intersects_xy(outlines[code], xs, ys)] = code
    return found


def _same(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(shapely.equals_identical(one, other))


def moved_points(before: Outlines, after: Outlines, lon: ArrayLike, lat: ArrayLike) -> tuple[PointMove, ...]:
    """Return the points that another outline holds after than before, by where they go, most first."""
    then, now = holders(before, lon, lat), holders(after, lon, lat)
    found: dict[tuple[str, str], list[int]] = {}
    for place in np.flatnonzero(then != now).tolist():
        found.setdefault((then[place], now[place]), []).append(place)
    made = (PointMove(old, new, tuple(places)) for (old, new), places in found.items())
    return tuple(sorted(made, key=lambda move: (-len(move.points), move.before, move.after)))


def _ground(before: Outlines, after: Outlines, changed: Sequence[str], sliver_m2: int) -> tuple[GroundMove, ...]:
    """Cut the changed ground along every outline of both sets and count who holds each piece, before and after."""
    empty = shapely.Polygon()
    moved = [shapely.symmetric_difference(before.get(code, empty), after.get(code, empty)) for code in changed]
    touched = shapely.union_all([part for one in moved for part in polygons_of(one)])
    if touched.is_empty:
        return ()
    near = [shape for shape in (*before.values(), *after.values()) if shape.intersects(touched)]
    lines = [shapely.boundary(shape) for shape in (*near, touched)]
    pieces = shapely.get_parts(shapely.polygonize([shapely.node(shapely.union_all(lines))]))
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    for piece in pieces:
        inside = shapely.point_on_surface(piece)
        if not touched.contains(inside):
            continue
        key = (_holding(before, inside), _holding(after, inside))
        if key[0] != key[1]:
            found[key] = found.get(key, 0) + area_m2(piece)
    made = (GroundMove(old, new, m2) for (old, new), m2 in found.items() if m2 >= sliver_m2)
    return tuple(sorted(made, key=lambda move: (-move.m2, move.before, move.after)))


def _holding(outlines: Outlines, spot: BaseGeometry) -> tuple[str, ...]:
    return tuple(code for code in sorted(outlines) if outlines[code].contains(spot))


def _worse_overlaps(before: Outlines, after: Outlines, sliver_m2: int) -> tuple[Overlap, ...]:
    old = {(one.a, one.b): one.m2 for one in overlaps(list(before.items()), sliver_m2)}
    found = overlaps(list(after.items()), sliver_m2)
    return tuple(one for one in found if one.m2 - old.get((one.a, one.b), 0) >= max(sliver_m2, 1))


def _new_gaps(before: Outlines, after: Outlines, sliver_m2: int) -> tuple[Gap, ...]:
    """Return ground that somebody held before and nobody holds after; where the level ends is no gap of its own."""
    held = shapely.union_all(list(before.values()))
    holding = shapely.union_all(list(after.values()))
    parts = polygons_of(shapely.difference(held, holding))
    lost = joined(parts) if parts else None
    return gaps([holding], lost, sliver_m2) if lost is not None and not holding.is_empty else ()
