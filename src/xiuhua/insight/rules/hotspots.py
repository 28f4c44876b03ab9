"""Where cases crowd: the Gi* statistic over a hexagonal grid, with a stated share of false alarms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import h3
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
E7 = 10_000_000
#: More cells are an area that no office has, or cells too small for it.
MOST_CELLS = 100_000
#: Without outlines, a point so many times farther out than the middle one of them is not of this office.
FAR = 20
KM_PER_DEGREE = 111.195
#: Detail of outlines that is left out, as a share of a cell's edge: it changes no share of the area that counts.
DETAIL = 0.02
#: A cell and its ring: a grid of no more cells has nothing to compare a neighbourhood with.
NEIGHBOURHOOD = 7


class Point(NamedTuple):
    """Where one case is: WGS-84 degrees × 10^7."""

    number: str
    lon_e7: int
    lat_e7: int


class Silent(StrEnum):
    """Why nothing is said of hot spots (an empty answer without a reason says: nowhere more than chance would do)."""

    FEW_CASES = "few_cases"
    FEW_CELLS = "few_cells"
    TOO_WIDE = "too_wide"


@dataclass(frozen=True, slots=True)
class Spot:
    """Hot cells with what lies around them, as one place. `z`, `p` and `q` are those of its most striking cell.

    What the statistic finds too full is a cell together with its ring, so the ring belongs to the place, and cells whose
    rings meet are one place: each case is in one spot at most.
    """

    hot: tuple[str, ...]
    #: The hot cells and their rings, as far as they are in the area.
    cells: tuple[str, ...]
    #: The cases in `cells`, in byte order of their numbers.
    numbers: tuple[str, ...]
    #: How many cases its part of the area would hold if all were spread evenly.
    expected: float
    #: Gi* over the whole area.
    z: float
    #: The probability of a neighbourhood at least as full by chance, and the same after Benjamini and Hochberg.
    p: float
    q: float
    #: The middle of its cases, degrees × 10^7.
    lon_e7: int
    lat_e7: int
    outline: BaseGeometry

    @property
    def count(self) -> int:
        """How many cases are in its cells."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Crowding:
    """The hot spots, the most striking first, with what was looked at and what was left out."""

    spots: tuple[Spot, ...]
    #: How many cases were looked at.
    used: int
    #: Cases left out at shared coordinates, by number, and how many such coordinates there are; those outside the area.
    shared: tuple[str, ...]
    shared_places: int
    outside: tuple[str, ...]
    #: Cells of the area, empty ones too.
    cells: int
    silent: Silent | None = None


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells of an area, each with its neighbourhood (itself among it) and its share of the area."""

    cells: tuple[str, ...]
    around: tuple[Whole, ...]
    share: Floats


def crowding(
    points: Collection[Point],
    area: BaseGeometry | None,
    *,
    resolution: int,
    alpha: float,
    least_cases: int,
    shared_least: int,
) -> Crowding:
    """Return where `points` crowd within `area` (WGS-84), or within their own convex hull where no area is known.

    The cells are H3 cells of `resolution` that meet the area; one without a case counts as zero. Coordinates that
    `shared_least` cases or more have exactly in common are left out, of whatever kind they are: they are defaults of a
    source, or one address that comes up again and again, which recurrence names; a pile at one point is no crowd of
    places, and would hide those that are. With fewer than `least_cases` left, or no more cells than one neighbourhood,
    nothing is said.

    A cell is hot if the cases in it and the cells around it are more than chance would put there, with a false
    discovery rate of at most `alpha` (Benjamini & Hochberg 1995; neighbourhoods overlap, which their procedure bears:
    Benjamini & Yekutieli 2001). The normal approximation of Gi* does not hold at a few cases a cell – in noise it
    calls every second month – so `z` is shown and the probability is exact: see `chances`.
    """
    own, shared, shared_places = _unshared(points, shared_least)
    left, away = (own, []) if area is not None else _near(own)
    ground = areal(area if area is not None else shapely.MultiPoint([_degrees(one) for one in left]).convex_hull)
    silent = _silent(ground, resolution, enough=len(left) >= least_cases)
    if silent:
        return Crowding((), len(left), _numbers(shared), shared_places, _numbers(away), 0, silent)
    grid = _grid(ground, resolution)
    at = _by_cell(left, resolution)
    used = sum(len(at.get(cell, ())) for cell in grid.cells)
    outside = [*away, *(one for cell in at.keys() - set(grid.cells) for one in at[cell])]
    counted = (used, _numbers(shared), shared_places, _numbers(outside), len(grid.cells))
    if used < least_cases:
        return Crowding((), *counted, Silent.FEW_CASES)
    if len(grid.cells) <= NEIGHBOURHOOD:
        return Crowding((), *counted, Silent.FEW_CELLS)
    return Crowding(_spots(grid, at, alpha), *counted)


def areal(shape: BaseGeometry) -> BaseGeometry:
    """Return only the areas of a shape: lines that a repair left over hold no cell, and slow every comparison."""
    parts = shapely.get_parts(shapely.get_parts(shape))  # twice: a collection may hold multipolygons
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon) and part.area])


def _silent(ground: BaseGeometry, resolution: int, *, enough: bool) -> Silent | None:
    if not enough:
        return Silent.FEW_CASES
    if ground.area == 0:
        return Silent.FEW_CELLS
    squeeze = math.cos(math.radians(ground.centroid.y))
    cells = ground.area * KM_PER_DEGREE**2 * squeeze / h3.average_hexagon_area(resolution)
    return Silent.TOO_WIDE if cells > MOST_CELLS else None


def _numbers(points: Collection[Point]) -> tuple[str, ...]:
    return tuple(sorted(one.number for one in points))


def _near(points: list[Point]) -> tuple[list[Point], list[Point]]:
    """Return the points that lie together, and those so far out that they would stretch the hull beyond all sense."""
    if not points:
        return [], []
    places = np.array([(one.lon_e7, one.lat_e7) for one in points], dtype=np.float64)
    off = np.abs(places - np.median(places, axis=0)).max(axis=1)
    far = off > FAR * np.median(off)
    return [one for one, is_far in zip(points, far, strict=True) if not is_far], [
        one for one, is_far in zip(points, far, strict=True) if is_far
    ]


def _degrees(point: Point) -> tuple[float, float]:
    return point.lon_e7 / E7, point.lat_e7 / E7


def _unshared(points: Collection[Point], least: int) -> tuple[list[Point], list[Point], int]:
    """Return the points at coordinates of their own, in a fixed order, the others, and how many places these share."""
    at = Counter((one.lon_e7, one.lat_e7) for one in points)
    crowded = {place for place, times in at.items() if times >= least}
    shared = [one for one in points if (one.lon_e7, one.lat_e7) in crowded]
    return sorted(one for one in points if (one.lon_e7, one.lat_e7) not in crowded), shared, len(crowded)


def _by_cell(points: Sequence[Point], resolution: int) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    for one in points:
        lon, lat = _degrees(one)
        found.setdefault(h3.latlng_to_cell(lat, lon, resolution), []).append(one)
    return found


def _hexagon(cell: str) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])


@lru_cache(maxsize=4)  # the outlines of an office are the same month after month
def _grid(outlines: BaseGeometry, resolution: int) -> _Grid:
    area = shapely.simplify(outlines, DETAIL * h3.average_hexagon_edge_length(resolution) / KM_PER_DEGREE)
    met: set[str] = set()
    for part in shapely.get_parts(area):
        met |= set(h3.h3shape_to_cells_experimental(h3.geo_to_h3shape(part), resolution, contain="overlap"))
    cells = tuple(sorted(met))
    place = {cell: number for number, cell in enumerate(cells)}
    around = tuple(
        np.array([place[near] for near in sorted(h3.grid_disk(cell, 1)) if near in place], dtype=np.int64)
        for cell in cells
    )
    return _Grid(cells, around, _shares(area, cells))


def _shares(area: BaseGeometry, cells: tuple[str, ...]) -> Floats:
    """Return each cell's share of the area: at the size of a city, degrees are as good as metres for that."""
    hexagons = np.array([_hexagon(cell) for cell in cells], dtype=object)
    sizes = shapely.area(hexagons)
    shapely.prepare(area)
    border = ~shapely.contains_properly(area, hexagons)
    sizes[border] = shapely.area(shapely.intersection(hexagons[border], area))
    return np.asarray(sizes / sizes.sum(), dtype=np.float64)


def _spots(grid: _Grid, at: dict[str, list[Point]], alpha: float) -> tuple[Spot, ...]:
    counts = np.array([len(at.get(cell, ())) for cell in grid.cells], dtype=np.int64)
    z = gi_star(counts, _sums(counts, grid.around), _sizes(grid.around))
    found = _hot(grid, counts, alpha)
    place = {grid.cells[number]: number for number in found}
    made = []
    for hot in joined(place):
        places = [place[cell] for cell in hot]
        best = min(places, key=lambda number: (*found[number], -z[number], number))
        near = np.unique(np.concatenate([grid.around[number] for number in places]))
        cells = tuple(grid.cells[number] for number in near)
        inside = sorted(point for cell in cells for point in at.get(cell, ()))
        expected = int(counts.sum()) * float(grid.share[near].sum())
        made.append(_spot(hot, cells, inside, expected, (float(z[best]), *found[best])))
    return tuple(sorted(made, key=lambda spot: (spot.p, -spot.count, spot.cells)))


def _hot(grid: _Grid, counts: Whole, alpha: float) -> dict[int, tuple[float, float]]:
    """Return (p, q) of each hot cell by its place, step by step.

    One great crowd widens the spread against which all cells are held, and hides lesser ones. So what is found is
    taken out, cells and cases, and the rest is looked at again by itself until nothing is found. In noise the first
    step decides, so the stated rate stands.
    """
    found: dict[int, tuple[float, float]] = {}
    rest = np.arange(len(grid.cells))
    while len(rest) > NEIGHBOURHOOD:
        place = {int(number): at for at, number in enumerate(rest)}
        around = tuple(
            np.array([place[near] for near in grid.around[number].tolist() if near in place], dtype=np.int64)
            for number in rest
        )
        p = _chances(counts[rest], grid.share[rest] / grid.share[rest].sum(), around)
        q = benjamini_hochberg(p)
        hot = q <= alpha
        if not hot.any():
            break
        found |= {int(rest[at]): (float(p[at]), float(q[at])) for at in np.flatnonzero(hot)}
        rest = rest[~hot]
    return found


def _sums(counts: Whole, around: Sequence[Whole]) -> Whole:
    return np.array([counts[near].sum() for near in around], dtype=np.int64)


def _sizes(around: Sequence[Whole]) -> Whole:
    return np.array([len(near) for near in around], dtype=np.int64)


def _chances(counts: Whole, share: Floats, around: Sequence[Whole]) -> Floats:
    sums = _sums(counts, around)
    shares = np.array([share[near].sum() for near in around])
    return np.maximum(chances(counts, sums, _sizes(around)), spread_chances(int(counts.sum()), sums, shares))


def _spot(
    hot: tuple[str, ...],
    cells: tuple[str, ...],
    inside: list[Point],
    expected: float,
    said: tuple[float, float, float],
) -> Spot:
    return Spot(
        hot,
        cells,
        tuple(sorted(point.number for point in inside)),
        expected,
        *said,
        lon_e7=round(sum(point.lon_e7 for point in inside) / len(inside)),
        lat_e7=round(sum(point.lat_e7 for point in inside) / len(inside)),
        outline=shapely.normalize(shapely.unary_union([_hexagon(cell) for cell in cells])),
    )


def gi_star(counts: Whole, sums: Whole, sizes: Whole) -> Floats:
    """Return the Gi* of each cell: standard scores of the sums over its neighbourhood, itself included.

    With binary weights and n cells of mean x̄ and s² = Σx²/n − x̄², the sum of m cells has the score
    (sum − m·x̄) / (s·√((n·m − m²)/(n−1))); 0 where nothing can differ. J. K. Ord & A. Getis, Local Spatial
    Autocorrelation Statistics, Geographical Analysis 27 (1995) 286–306, equation 14.
    """
    n = len(counts)
    mean = counts.mean()
    spread = math.sqrt(max(float((counts.astype(np.float64) ** 2).mean() - mean**2), 0.0))
    scale = spread * np.sqrt((n * sizes - sizes**2) / max(n - 1, 1))
    return np.asarray(np.divide(sums - sizes * mean, scale, out=np.zeros(n), where=scale > 0), dtype=np.float64)


def chances(counts: Whole, sums: Whole, sizes: Whole) -> Floats:
    """Return for each neighbourhood the chance that as many cells drawn at random hold at least as many cases.

    This is the permutation distribution of Gi*, exact rather than drawn: of all ways to choose m of the n cells, the
    share whose counts sum up to the observed or more, counted over the different values of a count.
    """
    most = int(sizes.max())
    ways = _ways(counts, most)
    above = np.cumsum(ways[:, ::-1], axis=1)[:, ::-1]
    all_ways = np.array([math.comb(len(counts), m) for m in range(most + 1)], dtype=np.float64)
    return np.asarray(np.minimum(above[sizes, sums] / all_ways[sizes], 1.0), dtype=np.float64)


def _ways(counts: Whole, most: int) -> Floats:
    """Return a table: in how many ways m of the cells (row, up to `most`) have the sum s (column)."""
    top = int(np.sort(counts)[::-1][:most].sum())
    table = np.zeros((most + 1, top + 1))
    table[0, 0] = 1.0
    values, times = np.unique(counts, return_counts=True)
    for value, often in zip(values.tolist(), times.tolist(), strict=True):
        grown = np.zeros_like(table)
        for taken in range(min(most, often, top // value if value else most) + 1):
            ahead = taken * value
            grown[taken:, ahead:] += math.comb(often, taken) * table[: most + 1 - taken, : top + 1 - ahead]
        table = grown
    return table


def spread_chances(total: int, sums: Whole, shares: Floats) -> Floats:
    """Return for each neighbourhood the chance of at least as many cases if `total` fell evenly over the area.

    Cells at the border reach outside and hold fewer cases for it, which lets the inner ones look full to any
    comparison of cells; a neighbourhood's binomial share of the area does not. A cell counts as hot only if both say
    so: the larger of two valid probabilities is valid under either assumption.
    """
    from scipy import special  # noqa: PLC0415 - a quarter of a second that every command would wait for

    above = special.bdtrc(np.maximum(sums - 1, 0), total, np.minimum(shares, 1.0))
    return np.asarray(np.where(sums > 0, above, 1.0), dtype=np.float64)


def benjamini_hochberg(p: Floats) -> Floats:
    """Return q: the smallest false discovery rate at which each hypothesis would be rejected.

    Y. Benjamini & Y. Hochberg, Controlling the False Discovery Rate, J. R. Stat. Soc. B 57 (1995) 289–300.
    """
    order = np.argsort(p, kind="stable")
    raised = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return q


def joined(cells: Collection[str]) -> list[tuple[str, ...]]:
    """Return the groups of cells whose rings meet, each in the order of its cells, the groups by their first."""
    waiting = set(cells)
    groups = []
    for first in sorted(cells):
        if first not in waiting:
            continue
        group, edge = {first}, [first]
        while edge:
            near = (set(h3.grid_disk(edge.pop(), 2)) & waiting) - group
            group |= near
            edge += sorted(near)
        waiting -= group
        groups.append(tuple(sorted(group)))
    return groups


def most_at(places: Sequence[Collection[str]]) -> tuple[str, int]:
    """Return the name at which most of the cases are and how many, given the names at which each is.

    Of equals the first by name; ("", 0) if no two cases are at the same.
    """
    counted = Counter(name for names in places for name in set(names))
    often = sorted((-times, name) for name, times in counted.items() if times > 1)
    return (often[0][1], -often[0][0]) if often else ("", 0)
