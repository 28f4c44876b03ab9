"""What the sheets of the workbook share: the month, its scheme, which columns stand where, and whether formulas hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xiuhua.assessment.phrases import title
from xiuhua.assessment.words import LineView, Scheme, SubjectView
from xiuhua.disclosure.rules.recomputing import Remade, holds, remade
from xiuhua.disclosure.words import Missing, Told
from xiuhua.disclosure.workbook.book import Cell, Formula
from xiuhua.ui.formats import month as month_name

#: Columns of a table of scores that have no source in most offices: they print as — and name what is missing.
NO_SOURCE = ("site_score", "duty_score", "city_off", "district_off", "street_off", "rework")


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

    @property
    def absent(self) -> tuple[Missing, ...]:
        """What a table of scores would show and no source feeds, in the order of its columns."""
        found = (self.told.lacks(code) for code in NO_SOURCE)
        return tuple(one for one in found if one is not None)

    @property
    def grouped(self) -> bool:
        """Whether subjects are ranked in more than one group."""
        return len({subject.group for subject in self.subjects}) > 1

    @property
    def code_width(self) -> int:
        """How wide a column of codes must be, so that none is broken."""
        return max([8, *(len(subject.code) + 3 for subject in self.subjects)])

    @property
    def name_width(self) -> int:
        """How wide a column of names must be for nearly all of them to stand on one line."""
        wide = (sum(1 if sign.isascii() else 2 for sign in subject.name) + 3 for subject in self.subjects)
        return min(24, max([16, *wide]))

    def group(self, subject: SubjectView) -> str:
        """Return what a subject's group is called; its code where two groups are called the same."""
        titles = {group.code: title(group.title) for group in self.told.view.groups}
        own = titles.get(subject.group, subject.group)
        return own if list(titles.values()).count(own) == 1 else subject.group

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
    return Month(told, pairs, bool(pairs and told.scheme and holds(pairs, told.scheme, told.view.rounding.digits)))
