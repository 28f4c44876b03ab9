"""What has been written down about a month, as its readers see it: printed numbers are texts, exact ones fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xiuhua.analytics.words import DeadlineMonth
from xiuhua.assessment.words.scheme import ListRule, Minimum, RankOn, Rounding, Ties, Title
from xiuhua.assessment.words.sheet import Because, Clustering, CutOff, Unranked


@dataclass(frozen=True, slots=True)
class IntervalView:
    """A 95 % interval of a rate as stored: "0.786398" to "0.956524" at dispersion `phi`."""

    low: str
    high: str
    phi: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One measure's share of a deduction: how many, and what they cost."""

    measure: str
    count: int
    off: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a written sheet."""

    section: str
    indicator: str
    title: Title
    measure: str
    numerator: int
    denominator: int | None
    points: str | None
    full: str
    because: Because
    parts: tuple[PartView, ...]
    interval: IntervalView | None


@dataclass(frozen=True, slots=True)
class SectionView:
    """What a section brings to the total, and of how much."""

    code: str
    title: Title
    points: str | None
    full: str


@dataclass(frozen=True, slots=True)
class SubjectView:
    """One subject's written sheet. `ranked_on` is the total that decided its rank, None if it has none."""

    code: str
    name: str
    group: str
    score: str | None
    exact: Fraction | None
    ranked_on: Fraction | None
    rank: Fraction | None
    unranked: Unranked
    sample: int | None
    coverage: Fraction
    counts: Mapping[str, tuple[int, int]]
    sections: tuple[SectionView, ...]
    lines: tuple[LineView, ...]

    @property
    def small_sample(self) -> bool:
        """Whether the subject is shown but not ranked for having too few cases."""
        return self.unranked is Unranked.SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of like subjects."""

    code: str
    title: Title


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A month under a scheme as written: subjects in the order of groups, then ranks, then codes."""

    period: str
    scheme: str
    version: str
    title: Title
    by: str
    month_by: str
    as_of: str
    cut_off: CutOff
    snapshot: str
    #: SHA-256 of the bytes that were read.
    digest: str
    totals: Mapping[str, tuple[int, int]]
    unplaced: int
    deadline_month: DeadlineMonth
    minimum: Minimum | None
    rounding: Rounding
    rank_on: RankOn
    ties: Ties
    rule: ListRule
    groups: tuple[GroupView, ...]
    subjects: tuple[SubjectView, ...]
    #: None in a month that was written before dispersion was measured.
    clustering: Clustering | None = None

    def subject(self, code: str) -> SubjectView | None:
        """Return the sheet of the subject `code`, or None."""
        return next((subject for subject in self.subjects if subject.code == code), None)


@dataclass(frozen=True, slots=True)
class Listed:
    """The red and the black list of a month.

    `black` begins with the lowest. `barred` were kept off the red (or black) list by a rule of the scheme, `both`
    stand on both lists because the groups are small or many totals are equal, `without` are groups too small for lists.
    """

    red: tuple[SubjectView, ...]
    black: tuple[SubjectView, ...]
    barred_red: tuple[SubjectView, ...]
    barred_black: tuple[SubjectView, ...]
    both: tuple[str, ...]
    without: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A subject against last month under the same scheme: None where either month has no value."""

    points: Fraction | None
    #: Places gained (positive is better), only where both months ranked the subject.
    places: Fraction | None
