"""Which of many are worth naming, and the rows behind each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from xiuhua.analytics.words import Where

One = TypeVar("One")
#: An office's own code among subjects.
OFFICE = ""


def shortest(
    found: Iterable[One], size: Callable[[One], int], name: Callable[[One], str | None], share: Fraction
) -> list[One]:
    """Return the shortest list of the largest whose sizes make up at least `share` of all: largest first, ties by name.

    Sizes of 0 are never named; what has no name comes after its equals that have one.
    """
    ordered = sorted(
        (one for one in found if size(one)), key=lambda one: (-size(one), name(one) is None, name(one) or "")
    )
    wanted, made, taken = share * sum(map(size, ordered)), 0, []
    for one in ordered:
        if made >= wanted:
            break
        taken.append(one)
        made += size(one)
    return taken


def within(where: Where, by: str, subject: str, **equal: str | None) -> Where:
    """Return `where` narrowed to a subject of a grouping (OFFICE narrows nothing) and to values of columns."""
    if subject != OFFICE:
        where = replace(where, by=by, subject=subject)
    return replace(where, equal={**where.equal, **equal})
