"""One question, one answer, with the reason."""

from __future__ import annotations

from xiuhua.responsibility.rules.duty.matrix import RESPECTS, Matrix
from xiuhua.responsibility.words import Answer, Loser, LostBy, Question


def resolve(matrix: Matrix, question: Question) -> Answer:
    """Return who answers: the first row that applies in the order of `Matrix`, else the territory's own unit, else nobody.

    The answer names every row that applied and why it did not answer, and all rows of a conflict.
    """
    found = matrix.applying(question)
    if not found:
        fallback, unit = matrix.own_unit(question.territory)
        return Answer(question, unit, (), None, (), (), fallback)
    first = matrix.rows[found[0]]
    equal = [matrix.rows[place] for place in found if matrix.ranks[place] == matrix.ranks[found[0]]]
    return Answer(
        question=question,
        unit=first.unit,
        assisting=first.assisting,
        row=first,
        losers=tuple(Loser(matrix.rows[place], _why(matrix, found[0], place)) for place in found[1:]),
        conflict=tuple(equal) if len({row.unit for row in equal}) > 1 else (),
        fallback="",
    )


def _why(matrix: Matrix, winner: int, loser: int) -> LostBy:
    """Return the first respect in which a row came after the winner."""
    for respect, won, lost in zip(RESPECTS, matrix.ranks[winner], matrix.ranks[loser], strict=True):
        if won != lost:
            return respect
    return LostBy.REPEATED if matrix.rows[winner].unit == matrix.rows[loser].unit else LostBy.CONFLICT
