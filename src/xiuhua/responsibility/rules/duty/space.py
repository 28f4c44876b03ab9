"""The whole space of a matrix at once: places × classes × days, compressed without loss.

Two places that meet the place conditions of exactly the same rows cannot be told apart by the matrix; the same holds for
classes and for days. So each axis is folded to its distinct signatures (a bit per row), the answers are worked out
once per triple of signatures, and every cell of the full space is one of them. Nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from xiuhua.responsibility.rules.duty.matrix import Matrix, at_site, line_up
from xiuhua.responsibility.words import ANY, DutyRow, SiteHere

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Small = NDArray[np.int32]
#: No row applies.
NONE = -1
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A territory with the sites that hold the place."""

    territory: str
    sites: tuple[SiteHere, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis folded: `kind[i]` is the signature of its i-th member, `met[k, r]` whether signature k meets row r."""

    kind: Ints
    met: Bools

    @property
    def sizes(self) -> Ints:
        """How many members have each signature."""
        return np.bincount(self.kind, minlength=len(self.met)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Space:
    """Per triple of signatures: the row that answers (NONE: none does) and the set of rows it is in conflict with."""

    places: Axis
    classes: Axis
    days: Axis
    winner: Small
    #: Number of a set in `clashes`, 0 where there is no conflict.
    clash: Small
    #: Sets of rows (places in the matrix) that are equally specific and name different units; the first is empty.
    clashes: tuple[tuple[int, ...], ...]

    @property
    def weights(self) -> Ints:
        """How many cells of the full space each triple stands for."""
        places, classes, days = self.places.sizes, self.classes.sizes, self.days.sizes
        return places[:, None, None] * classes[None, :, None] * days[None, None, :]


def fold(met: Bools) -> Axis:
    """Return an axis from the conditions each member meets; signatures are in the order of their first member."""
    if not len(met):
        return Axis(np.zeros(0, np.int64), met)
    # one bit more, so that a matrix without rows still has something to compare
    packed = np.packbits(np.column_stack([np.ones(len(met), bool), met]), axis=1)
    keys = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    _found, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Axis(place[inverse.ravel()].astype(np.int64), met[first[order]])


def space_of(matrix: Matrix, places: Sequence[Place], classes: Sequence[str], days: NDArray[np.datetime64]) -> Space:
    """Return the answers of a matrix for every place, class and day (datetime64[D])."""
    wheres, whats, whens = (
        fold(met_places(matrix, places)),
        fold(met_classes(matrix, classes)),
        fold(met_days(matrix, days)),
    )
    writer = _Writer(matrix, wheres, whats, whens)
    for row in range(len(matrix.rows) - 1, -1, -1):
        writer.write(row)
    return writer.space()


class _Writer:
    """Writes the rows worst first, so that what stands in a cell at the end is the row that answers."""

    def __init__(self, matrix: Matrix, places: Axis, classes: Axis, days: Axis) -> None:
        self._axes = (places, classes, days)
        shape = (len(places.met), len(classes.met), len(days.met))
        self._winner = np.full(shape, NONE, np.int32)
        #: Which set of equally specific rows applies, by number; each row alone has its own number + 1.
        self._equal = np.zeros(shape, np.int32)
        ranks = {rank: number for number, rank in enumerate(dict.fromkeys(matrix.ranks))}
        #: Rank of each row, with a last one for "no row".
        self._rank = np.array([*(ranks[rank] for rank in matrix.ranks), NONE], np.int32)
        self._units = [row.unit for row in matrix.rows]
        self._sets: list[tuple[int, ...]] = [(), *((row,) for row in range(len(matrix.rows)))]
        self._numbers = {rows: number for number, rows in enumerate(self._sets)}

    def write(self, row: int) -> None:
        """Put a row into every cell it applies to; it is asked before all that were written earlier."""
        chosen = [np.flatnonzero(axis.met[:, row]) for axis in self._axes]
        if not all(len(one) for one in chosen):
            return
        region = np.ix_(*chosen)
        level = self._rank[self._winner[region]] == self._rank[row]
        if level.any():
            before = self._equal[region]
            equal = np.full(level.shape, row + 1, np.int32)
            for number in np.unique(before[level]):
                equal[level & (before == number)] = self._with(row, int(number))
            self._equal[region] = equal
        else:
            self._equal[region] = row + 1
        self._winner[region] = row

    def _with(self, row: int, number: int) -> int:
        rows = (row, *self._sets[number])
        if rows not in self._numbers:
            self._numbers[rows] = len(self._sets)
            self._sets.append(rows)
        return self._numbers[rows]

    def space(self) -> Space:
        """Return what has been written, with sets of rows that name one unit taken for no conflict."""
        differ = [len({self._units[row] for row in rows}) > 1 for rows in self._sets]
        clashes: list[tuple[int, ...]] = [()]
        number = np.zeros(len(self._sets), np.int32)
        for place, rows in enumerate(self._sets):
            if differ[place]:
                number[place] = len(clashes)
                clashes.append(rows)
        return Space(*self._axes, self._winner, number[self._equal], tuple(clashes))


def met_places(matrix: Matrix, places: Sequence[Place]) -> Bools:
    """Return which rows' conditions on territory and site each place meets (places × rows)."""
    names = {code: number for number, code in enumerate(dict.fromkeys(row.territory for row in matrix.rows))}
    within = _within(names, [place.territory for place in places], matrix.ground.above)
    sites = {
        pair: number for number, pair in enumerate(dict.fromkeys((row.site, row.site_type) for row in matrix.rows))
    }
    sets = {found: number for number, found in enumerate(dict.fromkeys(place.sites for place in places))}
    asked = [DutyRow("", 0, matrix.rows[0].tier, "", site=site, site_type=kind) for site, kind in sites]
    here = np.array([[at_site(row, found) for row in asked] for found in sets], bool).reshape(len(sets), len(sites))
    row_names = np.array([names[row.territory] for row in matrix.rows], np.int64)
    row_sites = np.array([sites[row.site, row.site_type] for row in matrix.rows], np.int64)
    place_sets = np.array([sets[place.sites] for place in places], np.int64)
    met: Bools = within[:, row_names] & here[place_sets][:, row_sites]
    return met


def met_classes(matrix: Matrix, classes: Sequence[str]) -> Bools:
    """Return which rows' classes hold each class (classes × rows)."""
    names = {code: number for number, code in enumerate(dict.fromkeys(row.case_class for row in matrix.rows))}
    within = _within(names, classes, matrix.ground.class_above)
    met: Bools = within[:, np.array([names[row.case_class] for row in matrix.rows], np.int64)]
    return met


def met_days(matrix: Matrix, days: NDArray[np.datetime64]) -> Bools:
    """Return on which days each row is in force (days × rows)."""
    numbers = days.astype("datetime64[D]").astype(np.int64)
    weekday = (numbers + 3) % 7 + 1  # 1970-01-01 was a Thursday
    met = np.ones((len(days), len(matrix.rows)), bool)
    for place, row in enumerate(matrix.rows):
        if row.valid_from is not None:
            met[:, place] &= numbers >= row.valid_from.toordinal() - _EPOCH
        if row.valid_to is not None:
            met[:, place] &= numbers < row.valid_to.toordinal() - _EPOCH
        if row.weekdays:
            met[:, place] &= np.isin(weekday, sorted(row.weekdays))
    return met


def _within(names: dict[str, int], codes: Sequence[str], above: Mapping[str, str | None]) -> Bools:
    """Return which of `names` each code lies in or under (codes × names); ANY holds everything."""
    found = np.zeros((len(codes), len(names)), bool)
    if ANY in names:
        found[:, names[ANY]] = True
    lines: dict[str, list[int]] = {}
    for place, code in enumerate(codes):
        if code not in lines:
            lines[code] = [names[one] for one in line_up(code, above) if one in names]
        found[place, lines[code]] = True
    return found


def days_of(first: date, end: date) -> NDArray[np.datetime64]:
    """Return the days from `first` (inclusive) to `end` (exclusive)."""
    return np.arange(np.datetime64(first, "D"), np.datetime64(end, "D"))
