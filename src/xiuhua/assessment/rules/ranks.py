"""Ranks and places: equal totals share, names and codes never decide (docs/scoring.md 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from xiuhua.assessment.words import ListTies, Ties


def ranks(totals: Mapping[str, Fraction], ties: Ties) -> dict[str, Fraction]:
    """Return each subject's rank, 1 being the highest total: 1224, 1223, 1334 or the mean place (docs/scoring.md 2.7)."""
    ordered = sorted(totals.values(), reverse=True)
    by_total: dict[Fraction, Fraction] = {}
    for nth, total in enumerate(dict.fromkeys(ordered), start=1):
        first = ordered.index(total) + 1
        last = first + ordered.count(total) - 1
        by_total[total] = {
            Ties.COMPETITION: Fraction(first),
            Ties.DENSE: Fraction(nth),
            Ties.MODIFIED: Fraction(last),
            Ties.AVERAGE: Fraction(first + last, 2),
        }[ties]
    return {code: by_total[total] for code, total in totals.items()}


def placed(totals: Mapping[str, Fraction], places: int, ties: ListTies, *, best: bool) -> list[str]:
    """Return who takes the first `places` from the top (`best`) or from the bottom, most extreme first.

    A tie across the last place brings everyone in (`extend`) or no one of the tie (`stop_before`).
    Among equals the order is that of their codes, which decides nothing.
    """
    ordered = sorted(totals, key=lambda code: (-totals[code] if best else totals[code], code))
    if places <= 0:
        return []
    if len(ordered) <= places:
        return ordered
    last = totals[ordered[places - 1]]
    if totals[ordered[places]] != last:
        return ordered[:places]
    if ties is ListTies.STOP_BEFORE:
        return [code for code in ordered[:places] if totals[code] != last]
    return [code for code in ordered if code in ordered[:places] or totals[code] == last]
