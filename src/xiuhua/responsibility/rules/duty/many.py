"""Many questions at once: the distinct ones are answered once each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiuhua.responsibility.rules.duty.matrix import Matrix
from xiuhua.responsibility.rules.duty.space import NONE, Bools, Ints, Place, Small, space_of
from xiuhua.responsibility.words import SiteHere


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions as columns: each names its territory, set of sites and class by number, and its day."""

    territories: Sequence[str]
    site_sets: Sequence[tuple[SiteHere, ...]]
    classes: Sequence[str]
    territory: Ints
    site_set: Ints
    case_class: Ints
    day: NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer per question, as columns."""

    #: Place of the row in the matrix, NONE where no row applies.
    row: Small
    #: Number of the unit in `units`; 0 is nobody.
    unit: Small
    units: tuple[str, ...]
    conflict: Bools
    fallback: Bools


def resolve_many(matrix: Matrix, asked: Questions) -> Answers:
    """Return the answer of `resolve` for every question, as columns in the order of the questions.

    Distinct pairs of territory and sites, distinct classes and distinct days are folded to what the matrix can tell
    apart; each combination is answered once and looked up.
    """
    sets, at_set = _distinct(matrix, asked.site_sets)
    pair = asked.territory * len(sets) + at_set[asked.site_set]
    pairs, at_place = np.unique(pair, return_inverse=True)
    wheres = [Place(asked.territories[int(one) // len(sets)], sets[int(one) % len(sets)]) for one in pairs]
    days, at_day = np.unique(asked.day.astype("datetime64[D]"), return_inverse=True)
    space = space_of(matrix, wheres, asked.classes, days)
    at = (space.places.kind[at_place.ravel()], space.classes.kind[asked.case_class], space.days.kind[at_day.ravel()])
    row = space.winner[at]
    own = [matrix.own_unit(place.territory)[1] for place in wheres]
    units = ("", *sorted({one.unit for one in matrix.rows} | set(own) - {""}))
    numbers = {unit: number for number, unit in enumerate(units)}
    by_row = np.array([*(numbers[one.unit] for one in matrix.rows), 0], np.int32)
    by_place = np.array([numbers[unit] for unit in own], np.int32)
    unanswered = row == NONE
    unit = np.where(unanswered, by_place[at_place.ravel()], by_row[row]) if len(row) else np.zeros(0, np.int32)
    return Answers(row, unit.astype(np.int32), units, space.clash[at] > 0, unanswered & (unit > 0))


def _distinct(matrix: Matrix, given: Sequence[tuple[SiteHere, ...]]) -> tuple[list[tuple[SiteHere, ...]], Ints]:
    """Return the sets of sites that the matrix can tell apart, and the place of each given set among them."""
    codes, types = {row.site for row in matrix.rows}, {row.site_type for row in matrix.rows}
    found: dict[tuple[SiteHere, ...], int] = {(): 0}
    at = [
        found.setdefault(
            tuple(
                sorted(
                    {
                        SiteHere(site.code if site.code in codes else "", site.type)
                        for site in sites
                        if site.code in codes or site.type in types
                    }
                )
            ),
            len(found),
        )
        for sites in given
    ]
    return list(found), np.array(at, np.int64)
