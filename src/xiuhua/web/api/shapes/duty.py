"""Shapes of duty."""

from __future__ import annotations

from datetime import date, timedelta

from ninja import Field, Schema

from xiuhua.web.api.shapes.common import Day

#: Days that one check may look at.
MOST_DAYS = 1100
#: The last day on which a check can begin.
LAST = date.max - timedelta(2 * MOST_DAYS)


class WhoIn(Schema):
    """A place, a class and a day."""

    case_class: str = Field(..., alias="class", description="scheme:code, code, main/sub names, or a unique name")
    lon: float | None = Field(None, ge=-180, le=180, description="WGS-84 degrees")
    lat: float | None = Field(None, ge=-90, le=90, description="WGS-84 degrees")
    territory: str = Field("", description="Code of a territory")
    site: str = Field("", description="Code of a site")
    day: Day | None = Field(None, description="Default: today in the office's zone")


class CheckIn(Schema):
    """The days to check."""

    first: Day | None = Field(None, le=LAST, description="Default: today in the office's zone")
    days: int = Field(366, ge=1, le=MOST_DAYS)


class UnitOut(Schema):
    """A unit by code and name."""

    code: str
    name: str


class RowOut(Schema):
    """A row of the duty matrix: its line, whom it names, under which conditions, on what basis."""

    id: str
    line: int
    tier: str
    unit: UnitOut
    condition: str
    basis: str


class LoserOut(RowOut):
    """A row that applied and did not answer, with the reason."""

    why: str
    sentence: str


class SiteOut(Schema):
    """A site that holds the place; without a code, any site of the type."""

    code: str | None
    type: str


class QuestionOut(Schema):
    """The question as it was understood."""

    territory: str | None
    sites: list[SiteOut]
    case_class: str
    day: date


class AnswerOut(Schema):
    """One responsible unit, or a gap, with the row and the reason."""

    question: QuestionOut
    unit: UnitOut | None
    assisting: list[UnitOut]
    tier: str | None
    pack: str | None
    row: RowOut | None
    fallback: str | None
    gap: bool
    conflict: list[RowOut]
    losers: list[LoserOut]
    sentence: str
    cautions: list[str]


class PlaceOut(Schema):
    """A territory with the sites that hold the place."""

    territory: str
    name: str
    sites: list[SiteOut]


class SpanOut(Schema):
    """Days, both ends inclusive; weekdays (Monday 1) narrow them where there are any."""

    first: date
    last: date
    weekdays: list[int]


class BlockOut(Schema):
    """Every one of the places with every one of the classes on every one of the days."""

    places: list[PlaceOut]
    classes: list[str]
    days: list[SpanOut]
    cells: int


class ConflictOut(Schema):
    """Rows that are equally specific and name different units, and where they meet."""

    rows: list[RowOut]
    cells: int
    blocks: list[BlockOut]


class IdleOut(RowOut):
    """A row that answers nowhere, with the reason."""

    why: str


class CheckupOut(Schema):
    """The check of the whole space: exact numbers of cells (place × class × day), and what is behind them."""

    first: date
    until: date
    schemes: list[str]
    cells: int
    clear: int
    by_row: int
    by_fallback: int
    gap_cells: int
    conflict_cells: int
    sound: bool
    sites_without_territory: int
    gaps: list[BlockOut]
    conflicts: list[ConflictOut]
    idle: list[IdleOut]
