"""Cells merged into blocks a person can read: these places × these classes × these days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from xiuhua.responsibility.rules.duty.space import Axis, Bools, Place

#: Days of a week; a run of as many looks the same whatever its weekdays.
WEEK = 7


@dataclass(frozen=True, slots=True, order=True)
class DaySpan:
    """Days from the first to the last, both inclusive; `weekdays` narrows them (ISO numbers, empty: every day)."""

    first: date
    last: date
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Every one of the places with every one of the classes on every one of the days: `cells` in all."""

    places: tuple[Place, ...]
    classes: tuple[str, ...]
    days: tuple[DaySpan, ...]
    cells: int


def blocks_of(
    chosen: Bools,
    axes: tuple[Axis, Axis, Axis],
    places: Sequence[Place],
    classes: Sequence[str],
    days: NDArray[np.datetime64],
) -> tuple[Block, ...]:
    """Return the chosen triples of signatures as blocks: disjoint, complete, the largest first.

    Classes that share their days within a place go together, then places that share classes and days.
    """
    members = tuple(_members(axis) for axis in axes)
    merged: defaultdict[tuple[tuple[int, ...], bytes], list[int]] = defaultdict(list)
    for place in np.flatnonzero(chosen.any(axis=(1, 2))):
        for found, pattern in _slices(chosen[place]):
            merged[found, pattern].append(int(place))
    made = []
    for (kinds, pattern), wheres in merged.items():
        on = np.flatnonzero(np.frombuffer(pattern, bool))
        when = np.sort(np.concatenate([members[2][kind] for kind in on]))
        where = sorted(places[i] for kind in wheres for i in members[0][kind])
        what = sorted(classes[i] for kind in kinds for i in members[1][kind])
        made.append(Block(tuple(where), tuple(what), spans(days[when]), len(where) * len(what) * len(when)))
    return tuple(sorted(made, key=lambda block: (-block.cells, block.places, block.classes)))


def _members(axis: Axis) -> list[NDArray[np.intp]]:
    order = np.argsort(axis.kind, kind="stable")
    return np.split(order, np.cumsum(axis.sizes)[:-1])


def _slices(chosen: Bools) -> Iterator[tuple[tuple[int, ...], bytes]]:
    """Yield (classes, days) of one place: classes whose chosen days are the same together."""
    found: defaultdict[bytes, list[int]] = defaultdict(list)
    for kind in np.flatnonzero(chosen.any(axis=1)):
        found[chosen[kind].tobytes()].append(int(kind))
    for pattern, kinds in found.items():
        yield tuple(kinds), pattern


def spans(days: NDArray[np.datetime64]) -> tuple[DaySpan, ...]:
    """Return sorted days as spans: the same weekdays of consecutive weeks are one span, other runs stand alone."""
    if not len(days):
        return ()
    numbers = days.astype("datetime64[D]").astype(np.int64)
    weekdays = (numbers + 3) % WEEK + 1
    wanted = np.unique(weekdays)
    every = np.arange(numbers[0], numbers[-1] + 1)
    if len(wanted) < WEEK and len(every) > WEEK:
        regular = every[np.isin((every + 3) % WEEK + 1, wanted)]
        if np.array_equal(regular, numbers):
            return (DaySpan(_day(days[0]), _day(days[-1]), tuple(int(one) for one in wanted)),)
    breaks = np.flatnonzero(np.diff(numbers) > 1) + 1
    return tuple(DaySpan(_day(run[0]), _day(run[-1])) for run in np.split(days, breaks))


def _day(value: np.datetime64) -> date:
    found: date = value.astype("datetime64[D]").item()
    return found
