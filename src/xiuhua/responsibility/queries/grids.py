"""A day of the matrix as a grid: territories × classes, and who answers in each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiuhua.responsibility.queries.books import DutyBook
from xiuhua.responsibility.queries.checkups import Checkup
from xiuhua.responsibility.rules.duty.matrix import leaves, line_up
from xiuhua.responsibility.rules.duty.space import NONE, Place, days_of, space_of


@dataclass(frozen=True, slots=True)
class GridCell:
    """Who answers in a territory for a class, over all finest territories and classes below them, sites apart."""

    #: Units, those that answer most first, equal ones in the order of the classes.
    units: tuple[str, ...]
    total: int
    gaps: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Share:
    """Cells of a territory over the days of a check."""

    total: int
    gaps: int
    conflicts: int

    @property
    def clear(self) -> int:
        """Cells with exactly one unit."""
        return self.total - self.gaps - self.conflicts


def grid_on(
    book: DutyBook, day: date, territories: Sequence[str], classes: Sequence[str]
) -> dict[tuple[str, str], GridCell]:
    """Return a cell for every territory × class on a day; no query. Sites that hold a place are left aside here."""
    matrix = book.matrix_on(day)
    where = _below(leaves(matrix.ground.above), matrix.ground.above, territories)
    what = _below(book.finest_classes(matrix), matrix.ground.class_above, classes)
    places = sorted({leaf for found in where.values() for leaf in found})
    finest = sorted({leaf for found in what.values() for leaf in found})
    space = space_of(
        matrix, [Place(code) for code in places], finest, days_of(day, date.fromordinal(day.toordinal() + 1))
    )
    at_place = {code: int(space.places.kind[i]) for i, code in enumerate(places)}
    at_class = {code: int(space.classes.kind[i]) for i, code in enumerate(finest)}
    winner, clash = space.winner[:, :, 0].tolist(), space.clash[:, :, 0].tolist()

    def cell(territory: str, case_class: str) -> GridCell:
        units: Counter[str] = Counter()
        conflicts = 0
        for leaf in where[territory]:
            for sub in what[case_class]:
                row = winner[at_place[leaf]][at_class[sub]]
                units[matrix.rows[row].unit if row != NONE else matrix.own_unit(leaf)[1]] += 1
                conflicts += clash[at_place[leaf]][at_class[sub]] > 0
        gaps = units.pop("", 0)
        named = tuple(unit for unit, _times in sorted(units.items(), key=lambda one: -one[1]))
        return GridCell(named, sum(units.values()) + gaps, gaps, conflicts)

    return {(territory, case_class): cell(territory, case_class) for territory in territories for case_class in classes}


def _below(finest: Iterable[str], above: Mapping[str, str | None], wanted: Sequence[str]) -> dict[str, list[str]]:
    """Return the finest codes in or below each wanted one."""
    found: dict[str, list[str]] = {code: [] for code in wanted}
    for leaf in finest:
        for code in line_up(leaf, above):
            if code in found:
                found[code].append(leaf)
    return found


def shares(checked: Checkup, territories: Sequence[str]) -> dict[str, Share]:
    """Return the cells of each territory, with everything below it and every kind of site, over the days of a check."""
    sums = {code: [0, 0, 0] for code in territories}
    for epoch, part in checked.parts:
        tally, above = part.tally, epoch.matrix.ground.above
        gaps, conflicts = tally.gaps.sum(axis=1).tolist(), tally.conflicts.sum(axis=1).tolist()
        each = len(tally.classes) * tally.days
        for i, place in enumerate(tally.places):
            for code in line_up(place.territory, above):
                if code in sums:
                    found = sums[code]
                    found[0], found[1], found[2] = found[0] + each, found[1] + gaps[i], found[2] + conflicts[i]
    return {code: Share(*found) for code, found in sums.items()}
