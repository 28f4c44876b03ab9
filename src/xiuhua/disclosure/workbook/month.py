"""What the sheets of the workbook share: the month, its scheme, which columns stand where, and whether formulas hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xiuhua.assessment.words import LineView, Scheme, SubjectView
from xiuhua.disclosure.rules.recomputing import Remade, holds, remade
from xiuhua.disclosure.words import Told
from xiuhua.disclosure.workbook.book import Cell, Formula
from xiuhua.ui.formats import month as month_name


@dataclass(frozen=True, slots=True)
class Month:
    """A month as the sheets see it. `pairs` is None where its scheme at hand makes other points than were written."""

    told: Told
    pairs: tuple[Remade, ...] | None
    #: Whether cells may be formulas.
    live: bool

    @property
    def scheme(self) -> Scheme:
        """The scheme of a live month."""
        if self.told.scheme is None:
            raise TypeError("a month without its scheme has no formulas")
        return self.told.scheme

    @property
    def name(self) -> str:
        """The month in words: "2026年10月"."""
        return month_name(self.told.period, self.told.language)

    @property
    def subjects(self) -> Sequence[SubjectView]:
        """The subjects in the order of the workbook: that of the view, which is groups, ranks, codes."""
        return self.told.view.subjects

    @property
    def lines(self) -> Sequence[LineView]:
        """The lines of every sheet: those of the first subject; all have the same."""
        return self.subjects[0].lines if self.subjects else ()

    def cell(self, formula: str, value: Fraction | int | None) -> Cell:
        """Return a formula with our value, or the value alone where formulas do not hold."""
        return Formula(formula, value) if self.live else value

    def points(self, subject: int, line: int) -> Fraction | None:
        """Return a line's points, exact where the month could be made again, else as printed."""
        if self.pairs is not None:
            return self.pairs[subject].exact.lines[line].points
        printed = self.subjects[subject].lines[line].points
        return None if printed is None else Fraction(printed)


def month_of(told: Told) -> Month:
    """Return the month of a telling, with formulas where its scheme reproduces every written number."""
    pairs = remade(told.view, told.scheme) if told.scheme else None
    return Month(told, pairs, bool(pairs and told.scheme and holds(pairs, told.scheme)))
