"""The vocabulary of measures: fact tables with their columns and dimensions, counts, order statistics, windows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column holds: text, an instant as microseconds since 1970 in UTC, or a whole number."""

    TEXT = "text"
    INSTANT = "instant"
    INTEGER = "integer"


class Part(StrEnum):
    """Which cases stand behind a number: those kept, those they are taken of, or the rest of these."""

    KEPT = "kept"
    OF = "of"
    REST = "rest"


class MonthBy(StrEnum):
    """What decides the month of a case: its deadline or its report (docs/scoring.md 1.3)."""

    DUE = "due"
    REPORTED = "reported"


class DeadlineMonth(StrEnum):
    """Whether a deadline at the very end of a month belongs to it (a < D <= b) or to the next (a <= D < b)."""

    RIGHT_CLOSED = "right_closed"
    LEFT_CLOSED = "left_closed"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a fact or dimension table.

    A whole number may be asked for in units of 1/`scale`: the database's number is then multiplied by it and rounded
    half to even, by Arrow and not by the database, so that every database gives the same.
    """

    name: str
    kind: Kind = Kind.TEXT
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """What a freeze cuts out: the month from `a` to `b`, as it stood at `as_of`; `day` is the local day of `b`."""

    a: datetime
    b: datetime
    as_of: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Window:
    """What a measure looks at: a month in microseconds since 1970, its cut-off and the rule of attribution."""

    a_us: int
    b_us: int
    as_of_us: int
    month_by: MonthBy = MonthBy.DUE
    deadline_month: DeadlineMonth = DeadlineMonth.RIGHT_CLOSED


#: A boolean expression over a fact table that every engine understands: (table, window) -> column.
Predicate = Callable[[Any, Window], Any]


@dataclass(frozen=True, slots=True)
class Count:
    """(kept, of): how many rows of `of` also satisfy `kept`. The list behind it is the table filtered by the same."""

    name: str
    #: Gettext messages; translated where they are shown.
    title: str
    definition: str
    of: Predicate
    kept: Predicate
    unit: str
    version: int = 1
    #: An instant within the month to which a row of the base belongs, by which it is dealt to parts of that month.
    at: Predicate | None = None


@dataclass(frozen=True, slots=True)
class OrderStatistic:
    """(value, of): the discrete lower median of `value`, a whole number, over the rows of `of`."""

    name: str
    title: str
    definition: str
    of: Predicate
    value: Callable[[Any, Window], Any]
    unit: str
    version: int = 1


Measure = Count | OrderStatistic


@dataclass(frozen=True, slots=True)
class Dimension:
    """A small table frozen beside the facts; `rows` answers (tenant, cut) with tuples in the order of `columns`."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Any, Cut], Iterable[tuple[str | None, ...]]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a fact finds its subject: its `column` equals `member` of the dimension, whose `subject` is the answer.

    With `level`, only rows of the dimension whose column of that name equals the wanted level count.
    """

    column: str
    dimension: str
    member: str = "code"
    subject: str = "code"
    title: str = "name"
    level: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """What a fact takes up of another one's rows while these are frozen, so that it need not read them a second time.

    `fact` comes earlier in the order of names; `of` makes of each of its record batches what is kept until the end.
    """

    fact: str
    of: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class FactTable:
    """One row per thing of a period.

    `rows` answers (tenant, cut), ordered by `key` in byte order, with a query or with record batches in the order and kinds
    of `columns`. If it is `taking` from another fact, its third argument are the batches that were taken.
    """

    name: str
    columns: tuple[Column, ...]
    key: str
    rows: Callable[..., Any]
    dimensions: tuple[Dimension, ...]
    measures: Mapping[str, Measure]
    #: Groupings by name ("unit"); any other name is a level of `tree`.
    groupings: Mapping[str, Grouping]
    tree: Grouping
    #: The columns that order a list of rows for its reader.
    listed_by: tuple[str, ...] = ()
    taking: Taking | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows stand behind a number: a measure's part, one subject of a grouping, columns with given values.

    With `by`, `subject` None means the rows that have no place in that grouping. With `keys`, only rows with these keys;
    `among` narrows columns to any of several values; `at_most` narrows to rows whose column has a value up to and with the given one.
    """

    measure: str = ""
    part: Part = Part.KEPT
    by: str = ""
    subject: str | None = None
    equal: Mapping[str, str | int | None] = field(default_factory=dict)
    keys: tuple[str, ...] | None = None
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_most: Mapping[str, int] = field(default_factory=dict)
