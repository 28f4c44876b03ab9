"""On which lines of its sheet a subject lost points, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xiuhua.assessment.words import LineView
from xiuhua.disclosure.rules.recomputing import remade
from xiuhua.disclosure.words import Told


@dataclass(frozen=True, slots=True)
class LostLine:
    """A line and the points lost on it."""

    line: LineView
    points: Fraction


def lost_lines(told: Told, code: str) -> tuple[LostLine, ...]:
    """Return the lines on which a subject lost anything, the largest loss first, equal ones in the scheme's order.

    A loss is full marks less points: exact where the month can be made again from its counts, else as printed. Lines
    without a base lose nothing: their weight went to the others.
    """
    subject = told.view.subject(code)
    if subject is None:
        return ()
    pairs = remade(told.view, told.scheme) if told.scheme else None
    exact = next((pair.exact.lines for pair in pairs or () if pair.written.code == code), None)
    found = []
    for place, line in enumerate(subject.lines):
        printed = None if line.points is None else Fraction(line.points)
        points = exact[place].points if exact else printed
        if points is not None and points < Fraction(line.full):
            found.append(LostLine(line, Fraction(line.full) - points))
    return tuple(sorted(found, key=lambda one: -one.points))
