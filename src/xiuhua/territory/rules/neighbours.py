"""Do siblings share out their ground, or do they overlap and leave gaps?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from xiuhua.territory.rules.shapes import area_m2, joined, polygons_of
from xiuhua.territory.words import Gap, Overlap


def overlaps(siblings: Sequence[tuple[str, BaseGeometry]], sliver_m2: int) -> tuple[Overlap, ...]:
    """Return the pairs of siblings (code, outline) that share at least `sliver_m2` square metres, largest first."""
    ordered = sorted(siblings, key=lambda sibling: sibling[0])
    shapes = np.array([shape for _code, shape in ordered], dtype=object)
    if len(shapes) < 2:  # noqa: PLR2004 - a pair
        return ()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found = []
    for a, b in zip(left[left < right].tolist(), right[left < right].tolist(), strict=True):
        shared = polygons_of(shapely.intersection(shapes[a], shapes[b]))
        area = area_m2(joined(shared)) if shared else 0
        if area >= max(sliver_m2, 1):
            found.append(Overlap(ordered[a][0], ordered[b][0], area))
    return tuple(sorted(found, key=lambda overlap: (-overlap.m2, overlap.a, overlap.b)))


def gaps(outlines: Sequence[BaseGeometry], parent: BaseGeometry | None, sliver_m2: int) -> tuple[Gap, ...]:
    """Return ground of at least `sliver_m2` square metres that no sibling claims, largest first.

    That is every hole in the union of the siblings and, where the parent has an outline, all of it outside the union.
    """
    if not outlines:
        return ()
    union = shapely.union_all(list(outlines))
    open_ground: list[BaseGeometry] = [
        shapely.Polygon(ring) for part in polygons_of(union) for ring in shapely.get_rings(part)[1:]
    ]
    if parent is not None:
        open_ground.append(parent)
    # a sibling may lie in another's hole like an island: only what is left of the hole is a gap
    unclaimed = shapely.difference(shapely.union_all(open_ground), union)
    found = [_gap(part) for part in polygons_of(unclaimed)]
    return tuple(sorted((gap for gap in found if gap.m2 >= sliver_m2), key=lambda gap: (-gap.m2, gap.lon, gap.lat)))


def _gap(part: BaseGeometry) -> Gap:
    inside = shapely.point_on_surface(part)
    return Gap(area_m2(part), round(float(shapely.get_x(inside)), 6), round(float(shapely.get_y(inside)), 6))
