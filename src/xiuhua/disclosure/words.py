"""What a month tells: one frozen set of numbers from which every file of the meeting pack is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xiuhua.assessment.words import AssessmentView, Change, Listed, Scheme, SubjectView, Title
from xiuhua.insight.words import Saying


@dataclass(frozen=True, slots=True)
class DraftTask:
    """A line of the task list 任务清单 before the meeting has adopted it: problem, remedy, deadline, unit and person.

    `person` is a post ("社区书记"), never a name; `due` is ISO 8601 (a day); `cases` are the numbers behind it.
    """

    problem: str
    remedy: str
    due: str
    unit: str
    person: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A column or part that has no source: it prints as —, and says which source is missing.

    `code` names the part for programs ("inspected"), `part` and `source` are worded in the language of the telling.
    """

    part: str
    source: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """What an office calls itself in official documents: data of a pack (`packs/documents`).

    Texts leave room in braces for office, year, month, number and level. `basis` are the documents a bulletin stands on.
    `tasks` is how many drafts are made at most, due `task_days` days after the month's end; `named` is how many units
    the text names at each end of the ranking.
    """

    code: str
    version: str
    made_up: bool
    issuer: Title
    mark: Title
    number: Title
    title: Title
    addressee: Title
    basis: tuple[Title, ...]
    requirements: tuple[Title, ...]
    note: Title
    copies: tuple[Title, ...]
    printed_by: Title
    posts: Mapping[str, Title]
    tasks: int
    task_days: int
    named: int
    digest: str


@dataclass(frozen=True, slots=True)
class Office:
    """Whose month it is; `level` is what the office calls those it compares ("社区"), in the language of the telling."""

    code: str
    name: str
    zone: str
    made_up: bool
    level: str


@dataclass(frozen=True, slots=True)
class Tallied:
    """How many cases of a class were due, overdue and open, closed late: for the whole office, or for one subject.

    `subject` is a code, "" for the whole office; `cases` are the numbers of the overdue and open ones, in their order.
    """

    class_name: str
    due: int
    overdue: int
    late: int
    subject: str = ""
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """Points a subject lost on one line of its sheet, with how many cases cost them."""

    title: Title
    points: Fraction
    measure: str
    count: int


@dataclass(frozen=True, slots=True)
class Recurrent:
    """A place where problems of one class came back: how often, where, and which cases."""

    class_name: str
    subject: str
    times: int
    where: str
    cases: tuple[str, ...]
    lon_e7: int | None = None
    lat_e7: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A hot spot by name: how many cases lie there, how many were expected, and the corrected probability."""

    name: str
    count: int
    expected: Fraction
    q: Fraction
    lon_e7: int | None = None
    lat_e7: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A month as every file of the pack tells it; what is None or empty for want of a source is named in `missing`.

    `made` is the moment (ISO 8601, UTC) at which its numbers were frozen: the only date that files carry as their own.
    `classes` are those of the whole office, `matrix` class × subject; both begin with the most overdue. `tasks` are
    drafts, `pledges` the units called up. All words are in `language`.
    """

    language: str
    office: Office
    labels: Labels
    period: str
    made: str
    scheme_full: Fraction
    weights: tuple[tuple[Title, str], ...]
    view: AssessmentView
    previous: AssessmentView | None
    last_year: AssessmentView | None
    changes: Mapping[str, Change]
    listed: Listed
    classes: tuple[Tallied, ...]
    matrix: tuple[Tallied, ...]
    tasks: tuple[DraftTask, ...]
    pledges: tuple[SubjectView, ...]
    missing: tuple[Missing, ...]
    sayings: tuple[Saying, ...] = ()
    losses: Mapping[str, tuple[Lost, ...]] | None = None
    recurrent: tuple[Recurrent, ...] | None = None
    hot: tuple[Spot, ...] | None = None
    #: The scheme the view was written by, where the packs still hold that version.
    scheme: Scheme | None = None

    def lacks(self, code: str) -> Missing | None:
        """Return what is missing under a code, or None."""
        return next((one for one in self.missing if one.code == code), None)

    def name(self, subject: str) -> str:
        """Return the name of a subject by its code, the code itself where the month does not know it."""
        found = self.view.subject(subject)
        return found.name if found else subject
