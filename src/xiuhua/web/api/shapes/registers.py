"""Shapes of registers: places, units, classes, the flow, frozen figures, oneself."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from xiuhua.analytics.words import MonthBy
from xiuhua.web.api.shapes.cases import ChoiceOut
from xiuhua.web.api.shapes.common import ClassOut, Day


class LevelIn(Schema):
    """Territories of one level, or all."""

    level: str = Field("", max_length=40)


class SchemeIn(Schema):
    """Classes of one scheme, or all."""

    scheme: str = Field("", max_length=40)


class TerritoryOut(Schema):
    """A territory as its newest version names it."""

    code: str
    name: str
    level: str
    parent: str
    confirmed: bool
    valid_from: date | None
    valid_to: date | None


class TerritoriesOut(Schema):
    """The territories of the office, by code."""

    territories: list[TerritoryOut]


class UnitOut(Schema):
    """A unit that can be responsible."""

    code: str
    name: str
    kind: str
    territory: str | None
    confirmed: bool


class UnitsOut(Schema):
    """The units of the office, by code."""

    units: list[UnitOut]


class SchemeClassOut(ClassOut):
    """A class with its scheme."""

    scheme: str
    kind: str
    code: str
    confirmed: bool


class ClassesOut(Schema):
    """Classes by scheme, kind and code."""

    classes: list[SchemeClassOut]


class ConditionsIn(Schema):
    """Of which class, on which day."""

    case_class: str = Field(..., alias="class", max_length=300, description="Key of a class")
    day: Day | None = Field(None, description="Default: today in the office's zone")


class ConditionOut(Schema):
    """When a case of a class is filed, by when it is to be done and what counts as done."""

    id: int
    number: str
    text: str
    limit: str
    closing: str
    thresholds: str
    basis: str
    remedy: str
    default: bool


class ConditionsOut(Schema):
    """The conditions of a class that are in force on a day."""

    case_class: ClassOut
    day: date
    pack: str | None
    conditions: list[ConditionOut]


class FlowMoveOut(Schema):
    """A row of the table of moves, as this office has it."""

    verb: str
    label: str
    sources: list[str]
    to: str | None
    needs: list[str]
    clock: str
    undoable: bool
    skipped: bool
    reasons: list[ChoiceOut]
    replies: list[ChoiceOut]


class FlowOut(Schema):
    """How the office runs the life of its cases."""

    pack: str
    skipped: list[str]
    clock_starts: str
    refusals: int
    extensions: int
    suspensions: int
    suspension_days: int
    moves: list[FlowMoveOut]


class PeriodOut(Schema):
    """A month as it was frozen."""

    period: str
    as_of: datetime
    snapshot: str
    frozen_at: datetime
    cases: int


class PeriodsOut(Schema):
    """What has been frozen, newest first."""

    periods: list[PeriodOut]


class CountOut(Schema):
    """A measure of one subject: `kept` of `of`, whole numbers both; the ratio is theirs."""

    measure: str
    kept: int
    of: int


class SubjectOut(Schema):
    """The measures of one subject; without a code, of the rows that have no place in this grouping."""

    code: str | None
    name: str
    counts: list[CountOut]


class MeasureOut(Schema):
    """What a measure counts."""

    name: str
    title: str
    definition: str
    version: int


class MeasuresIn(Schema):
    """Which measures of a month."""

    by: str = Field("unit", max_length=40, description="`unit`, or a level of the tree")
    month_by: MonthBy = Field(MonthBy.DUE, description="What decides the month of a case")
    snapshot: str = Field("", max_length=64, description="At least 8 digits of a snapshot; default: the newest")


class MeasuresOut(Schema):
    """The measures of a month, by subject and in total."""

    period: str
    as_of: datetime
    snapshot: str
    by: str
    month_by: str
    measures: list[MeasureOut]
    total: list[CountOut]
    subjects: list[SubjectOut]


class GrantOut(Schema):
    """What one may do, and where; null narrows nothing."""

    verb: str
    role: str
    territories: list[str] | None
    unit: str | None
    classes: list[str] | None


class TokenOut(Schema):
    """The token that asks."""

    name: str
    scopes: list[str]
    expires_at: datetime


class MeOut(Schema):
    """Who asks, and what he may do today: his posts, narrowed to the token's scopes."""

    username: str
    name: str
    office: str
    post: str
    grants: list[GrantOut]
    token: TokenOut | None
