"""What recurs: which case follows which closing, and which cases of a month stand so close that they are one nuisance.

Case j follows closing i iff both are of one class, lie at most R apart, and 0 < opened(j) - closed(i) <= D. Of several such
closings the nearest before it counts: the latest, then the closest, then the first in order. A case that was opened while
the other was open overlaps it: that is a second report of the same, not a recurrence. Distances are compared as squares of
whole centimetres and times in whole microseconds, so that nothing depends on rounding.

Cases are looked up by a grid: the plane is cut into bands as high as R, each class has its own, and within a band places are
sorted from west to east. What is within R of a place lies in three bands, in one stretch of each. Cases at one place are
looked up together, so that a thousand of them at one gate cost no more than a thousand at a thousand gates.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

#: What stands for "no closing yet", "nobody".
NEVER = np.iinfo(np.int64).max
NOBODY = -1
#: How many pairs of places are held at once.
PAIRS = 2_000_000
#: In how many parts classes are looked at, and from how many cases on several at once.
PARTS = 16
MANY = 100_000


class Crowded(ValueError):
    """The plane and its classes do not fit a 64-bit key: only for coordinates that are none of an office."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases as columns, in the order that decides ties: class as a number, the plane in centimetres, times in microseconds.

    `closed` is NEVER where a case is open.
    """

    kind: Ints
    x: Ints
    y: Ints
    opened: Ints
    closed: Ints

    def chosen(self, which: Ints) -> Cases:
        """Return the cases at some positions, in their order."""
        return Cases(self.kind[which], self.x[which], self.y[which], self.opened[which], self.closed[which])


@dataclass(frozen=True, slots=True)
class _Places:
    """The different (class, x, y) of cases, in the order of their keys, and the cases at each."""

    key: Ints
    x: Ints
    y: Ints
    #: Cases in the order of places, and where each place's begin; one more at the end.
    cases: Ints
    starts: Ints


@dataclass(frozen=True, slots=True)
class _Grid:
    """How a class and a point become one number that sorts by class, band, x and y within the band."""

    west: int
    south: int
    width: int
    height: int
    bands: int

    @classmethod
    def over(cls, cases: Cases, radius: int) -> _Grid:
        """Return the grid for all of `cases`, wide enough that a look of `radius` beyond them stays in its band."""
        west, south = int(cases.x.min()) - radius, int(cases.y.min())
        width = int(cases.x.max()) - west + radius + 1
        bands = (int(cases.y.max()) - south) // radius + 3  # an empty one below the first and above the last
        if (int(cases.kind.max()) + 1) * bands * width * radius >= 2**63:
            raise Crowded
        return cls(west, south, width, radius, bands)

    def keys(self, cases: Cases) -> Ints:
        """Return the key of each case."""
        up = cases.y - self.south
        row = up // self.height
        foot = (cases.kind * self.bands + row + 1) * self.width + cases.x - self.west
        keys: Ints = foot * self.height + (up - row * self.height)
        return keys

    @property
    def band(self) -> int:
        """How much the key grows from a band to the next."""
        return self.width * self.height


def follows(cases: Cases, *, radius_cm: int, within_us: int) -> Ints:
    """Return for each case the position of the closing that it follows, NOBODY where it follows none.

    A case that was closed before it was opened contradicts itself: nothing follows it. Classes have nothing to do with each
    other and are looked at in parts, several at once where there are many cases. Raises Crowded.
    """
    answer = np.full(len(cases.x), NOBODY, np.int64)
    part_of = cases.kind % PARTS
    parts = [part for part in (np.flatnonzero(part_of == number) for number in range(PARTS)) if len(part)]

    def one(part: Ints) -> Ints:
        of_part = cases.chosen(part)
        # within a part classes are PARTS apart: drawn together, so that their keys stay small
        found = _follows(replace(of_part, kind=of_part.kind // PARTS), radius_cm, within_us)
        return np.where(found == NOBODY, NOBODY, part[found])

    with ThreadPoolExecutor(max_workers=os.cpu_count() if len(answer) > MANY else 1) as workers:
        for part, found in zip(parts, workers.map(one, parts), strict=True):
            answer[part] = found
    return answer


def _follows(cases: Cases, radius: int, within: int) -> Ints:
    answer = np.full(len(cases.x), NOBODY, np.int64)
    grid = _Grid.over(cases, radius)
    opened = _places(cases, grid.keys(cases))
    closings = _closings(cases, opened)
    closed, least = cases.closed[closings.cases], np.full(len(answer), NEVER, np.int64)
    for one, other in _close(opened, closings, grid, radius):
        case, found = _latest(cases, opened, closings, closed, (one, other))
        soon = cases.opened[case] - closed[found] <= within
        case, closing = _best(cases, case[soon], closings.cases[found[soon]], least)
        answer[case] = closing
    return answer


def _closings(cases: Cases, places: _Places) -> _Places:
    """Return the closings at each of the places that has any, there in the order of time.

    Of those closed in the same instant the first in order stands last: it is what a look for the latest finds.
    """
    ended = (cases.closed != NEVER) & (cases.closed >= cases.opened)
    ends = places.cases[ended[places.cases]]
    many = np.add.reduceat(ended[places.cases].astype(np.int64), places.starts[:-1])
    held = np.flatnonzero(many)
    starts = np.concatenate(([0], np.cumsum(many[held])))
    number = np.repeat(np.arange(len(held)), many[held])
    several = np.flatnonzero((many[held] > 1)[number])
    if len(several):
        order = np.lexsort((-ends[several], cases.closed[ends[several]], number[several]))
        ends[several] = ends[several][order]
    return _Places(places.key[held], places.x[held], places.y[held], ends, starts)


def clusters(kind: Ints, x: Ints, y: Ints, *, radius_cm: int) -> tuple[Ints, Ints]:
    """Return for each case the first case of its cluster and how many cases that has, itself included.

    Cases of a class belong together if they are at most `radius_cm` apart, and so does what hangs together by such pairs.
    Raises Crowded.
    """
    if not len(x):
        return x, x
    none = np.zeros(0, np.int64)
    cases = Cases(kind, x, y, none, none)
    grid = _Grid.over(cases, radius_cm)
    places = _places(cases, grid.keys(cases))
    part = np.arange(len(places.key))
    for one, other in _close(places, places, grid, radius_cm):
        part = _joined(part, part[one], part[other])
    of_case = np.empty(len(x), np.int64)
    of_case[places.cases] = np.repeat(part, np.diff(places.starts))
    _parts, first, inverse, sizes = np.unique(of_case, return_index=True, return_inverse=True, return_counts=True)
    return first[inverse].astype(np.int64), sizes[inverse].astype(np.int64)


def _joined(part: Ints, one: Ints, other: Ints) -> Ints:
    apart = one != other
    if not apart.any():
        return part
    count = int(part.max()) + 1
    from scipy.sparse import coo_array  # noqa: PLC0415 - a quarter of a second that every command would wait for
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - the same

    edges = coo_array((np.ones(int(apart.sum()), np.bool_), (one[apart], other[apart])), shape=(count, count))
    labels: Ints = connected_components(edges, directed=False)[1].astype(np.int64)
    return labels[part]


def _places(cases: Cases, keys: Ints) -> _Places:
    """Return the places of cases."""
    order = np.argsort(keys)
    ordered = keys[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    first = order[begins]
    return _Places(ordered[begins], cases.x[first], cases.y[first], order, np.append(begins, len(order)))


def _close(ones: _Places, others: _Places, grid: _Grid, radius: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield all pairs (position in `ones`, position in `others`) of places of one class at most `radius` apart.

    They come in portions; all pairs of a place of `ones` are in the same one.
    """
    at = ones.key - ones.key % grid.height  # the key of its x at the foot of its band
    looks = [
        (
            np.searchsorted(others.key, at + step * grid.band - radius * grid.height),
            np.searchsorted(others.key, at + step * grid.band + (radius + 1) * grid.height),
        )
        for step in (-1, 0, 1)
    ]
    total = np.cumsum(sum(stop - start for start, stop in looks))
    begin = 0
    while begin < len(at):
        done = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, done + PAIRS, side="right")))
        spans = [_spread(begin, start[begin:end], stop[begin:end]) for start, stop in looks]
        one, other = (np.concatenate(side) for side in zip(*spans, strict=True))
        east, north = ones.x[one] - others.x[other], ones.y[one] - others.y[other]
        near = east * east + north * north <= radius * radius
        yield one[near], other[near]
        begin = end


def _spread(first: int, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Return each of `first`, `first` + 1 … beside every number from its `start` up to its `stop`."""
    many = stop - start
    one = np.repeat(np.arange(first, first + len(many)), many)
    offset = np.repeat(start - (np.cumsum(many) - many), many)
    return one, np.arange(len(one)) + offset


def _latest(
    cases: Cases, opened: _Places, closings: _Places, closed: Ints, pairs: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    """Return for each case of the first place of each pair the latest closing before it at the other, if there is one.

    Cases are positions in `cases`, closings are positions in `closings.cases`, whose times are `closed`.
    """
    one, other = pairs
    row, at = _spread(0, opened.starts[one], opened.starts[one + 1])
    case, place = opened.cases[at], other[row]
    first = closings.starts[place]
    found = _last_before(closed, first, closings.starts[place + 1], cases.opened[case]) - 1
    held = found >= first
    return case[held], found[held]


def _last_before(values: Ints, low: Ints, high: Ints, wanted: Ints) -> Ints:
    """Return for each stretch [low, high) of sorted `values` where the first that is not below `wanted` stands."""
    low, high = low.copy(), high.copy()
    active = np.flatnonzero(low < high)
    while len(active):
        middle = (low[active] + high[active]) // 2
        below = values[middle] < wanted[active]
        low[active[below]] = middle[below] + 1
        high[active[~below]] = middle[~below]
        active = active[low[active] < high[active]]
    return low


def _best(cases: Cases, case: Ints, closing: Ints, least: Ints) -> tuple[Ints, Ints]:
    """Return each case once, beside the best of its closings: the latest, then the closest, then the first in order.

    `least` is room for one number per case, full of NEVER before and after.
    """
    for value_of in (_earliness, _distance, _order):
        value = value_of(cases, case, closing)
        np.minimum.at(least, case, value)
        kept = value == least[case]
        least[case] = NEVER
        case, closing = case[kept], closing[kept]
    return case, closing


def _earliness(cases: Cases, _case: Ints, closing: Ints) -> Ints:
    return -cases.closed[closing]


def _distance(cases: Cases, case: Ints, closing: Ints) -> Ints:
    east, north = cases.x[case] - cases.x[closing], cases.y[case] - cases.y[closing]
    return east * east + north * north


def _order(_cases: Cases, _case: Ints, closing: Ints) -> Ints:
    return closing
