"""The check of a matrix over its whole space: gaps, conflicts and rows that answer nowhere, as exact numbers of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from xiuhua.responsibility.rules.duty.blocks import Block, blocks_of
from xiuhua.responsibility.rules.duty.matrix import Matrix, leaves, line_up
from xiuhua.responsibility.rules.duty.space import NONE, Axis, Bools, Ints, Place, Space, days_of, space_of
from xiuhua.responsibility.words import ANY, DutyRow, Idle, SiteHere


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows that are equally specific and name different units, and where they meet."""

    rows: tuple[DutyRow, ...]
    blocks: tuple[Block, ...]

    @property
    def cells(self) -> int:
        """How many cells are in this conflict."""
        return sum(block.cells for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `by_row` + `by_fallback` + `gap_cells` = `cells`; conflicts are among `by_row`."""

    first: date
    #: The day after the last one checked.
    end: date
    cells: int
    by_row: int
    by_fallback: int
    gap_cells: int
    conflict_cells: int
    gaps: tuple[Block, ...]
    conflicts: tuple[Conflict, ...]
    idle: tuple[tuple[DutyRow, Idle], ...]
    #: How many cells each row answers, by the row's id.
    answers: Mapping[str, int]
    tally: Tally

    @property
    def clear(self) -> int:
        """Cells with exactly one unit: answered, and by no conflict."""
        return self.cells - self.gap_cells - self.conflict_cells


@dataclass(frozen=True, slots=True)
class Tally:
    """Cells per place and class, over the days (places × classes): all, gaps, conflicts, answered by fallback."""

    places: tuple[Place, ...]
    classes: tuple[str, ...]
    days: int
    gaps: Ints
    conflicts: Ints
    fallbacks: Ints


def places_in(
    matrix: Matrix, sites: Iterable[tuple[SiteHere, str]], together: Iterable[Place] = ()
) -> tuple[Place, ...]:
    """Return every place the matrix can tell apart: each finest territory by itself, and with each site it holds.

    `sites` are (site, its territory). Sites that no row names are told apart by their type only, so each type present
    in a territory is one place; a site that a row names is a place of its own. A site of a coarser territory counts for
    every finest one below it. `together` adds places at which several sites lie over each other, folded likewise.
    """
    named = {row.site for row in matrix.rows if row.site != ANY}
    above = matrix.ground.above
    finest = leaves(above)
    below: dict[str, list[str]] = {}
    for leaf in finest:
        for code in line_up(leaf, above):
            below.setdefault(code, []).append(leaf)
    found = {Place(leaf) for leaf in finest}
    several = [(place.territory, place.sites) for place in together]
    for territory, held in [*((territory, (site,)) for site, territory in sites), *several]:
        here = {site if site.code in named else SiteHere("", site.type) for site in held}
        found |= {Place(leaf, tuple(sorted(here))) for leaf in below.get(territory, ())}
    return tuple(sorted(found))


def check(matrix: Matrix, places: Sequence[Place], classes: Sequence[str], first: date, end: date) -> Checked:
    """Return what is wrong with a matrix over all places × classes × days from `first` to `end` (exclusive).

    Every cell is looked at: the space is folded without loss (`space_of`), and each number is an exact count of cells.
    """
    days = days_of(first, end)
    space = space_of(matrix, places, classes, days)
    weights = space.weights
    axes = (space.places, space.classes, space.days)
    own = np.array([bool(matrix.own_unit(place.territory)[1]) for place in places], bool)
    unanswered = space.winner == NONE
    # fallback depends on the territory, not on the signature: split each signature of places by it
    backed = _backed(space, own)
    gap_weights = _cells(unanswered, (space.places.sizes - backed, space.classes.sizes, space.days.sizes))
    clashing = space.clash > 0
    return Checked(
        first=first,
        end=end,
        cells=len(places) * len(classes) * len(days),
        by_row=int(weights[~unanswered].sum()),
        by_fallback=_cells(unanswered, (backed, space.classes.sizes, space.days.sizes)),
        gap_cells=gap_weights,
        conflict_cells=int(weights[clashing].sum()),
        gaps=_gaps(space, own, (places, classes, days)),
        conflicts=tuple(
            Conflict(
                tuple(matrix.rows[row] for row in rows), blocks_of(space.clash == number, axes, places, classes, days)
            )
            for number, rows in enumerate(space.clashes)
            if rows and bool((space.clash == number).any())
        ),
        idle=_idle(matrix, space),
        answers=_answers(matrix, space, weights),
        tally=_tally(space, own, tuple(places), tuple(classes), len(days)),
    )


def _backed(space: Space, own: Bools) -> Ints:
    """Return how many places of each signature have a unit to fall back on."""
    return np.bincount(space.places.kind[own], minlength=len(space.places.met)).astype(np.int64)


def _cells(chosen: Bools, sizes: tuple[Ints, Ints, Ints]) -> int:
    places, classes, days = sizes
    return int(np.einsum("pcd,p,c,d->", chosen.astype(np.int64), places, classes, days))


def _gaps(
    space: Space, own: Bools, members: tuple[Sequence[Place], Sequence[str], NDArray[np.datetime64]]
) -> tuple[Block, ...]:
    """Return the blocks of cells that no row and no territory's own unit answers."""
    places, classes, days = members
    bare = [place for place, backed in enumerate(own.tolist()) if not backed]
    if not bare:
        return ()
    kinds, kind = np.unique(space.places.kind[bare], return_inverse=True)
    axis = Axis(kind.ravel().astype(np.int64), space.places.met[kinds])
    chosen: Bools = np.equal(space.winner, NONE)[kinds]
    return blocks_of(chosen, (axis, space.classes, space.days), [places[i] for i in bare], classes, days)


def _idle(matrix: Matrix, space: Space) -> tuple[tuple[DutyRow, Idle], ...]:
    used = set(np.unique(space.winner).tolist())
    clashing = {row for number in np.unique(space.clash).tolist() for row in space.clashes[number]}
    met = (space.places.met, space.classes.met, space.days.met)
    reasons = (Idle.NO_PLACE, Idle.NO_CLASS, Idle.NO_DAY)
    found = []
    for place, row in enumerate(matrix.rows):
        if place not in used:
            nowhere = (why for why, axis in zip(reasons, met, strict=True) if not axis[:, place].any())
            found.append((row, next(nowhere, Idle.CONFLICT if place in clashing else Idle.BEATEN)))
    return tuple(sorted(found, key=lambda one: (one[0].line, one[0].id)))


def _answers(matrix: Matrix, space: Space, weights: Ints) -> dict[str, int]:
    sums = np.zeros(len(matrix.rows) + 1, np.int64)
    np.add.at(sums, space.winner.ravel(), weights.ravel())  # NONE is -1, the last one
    return {row.id: int(sums[place]) for place, row in enumerate(matrix.rows)}


def _tally(space: Space, own: Bools, places: tuple[Place, ...], classes: tuple[str, ...], days: int) -> Tally:
    """Return how many days each place and class is a gap, in conflict or answered by fallback."""
    sizes = space.days.sizes
    at = np.ix_(space.places.kind, space.classes.kind)

    def per_pair(chosen: Bools) -> Ints:
        found: Ints = (chosen.astype(np.int64) @ sizes)[at]
        return found

    bare = per_pair(np.equal(space.winner, NONE))
    clashing = per_pair(np.greater(space.clash, 0))
    gaps, fallbacks = np.where(own[:, None], 0, bare), np.where(own[:, None], bare, 0)
    return Tally(places, classes, days, gaps, clashing, fallbacks)
