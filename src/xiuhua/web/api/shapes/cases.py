"""Shapes of cases and of what is done with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import SupervisionKind, Verb
from xiuhua.web.api.shapes.common import (
    KEY,
    ClassOut,
    Code,
    Day,
    Key,
    Latitude,
    Longitude,
    Moment,
    Named,
    ProblemOut,
    Strict,
)

#: Cases of one page at most.
MOST = 200


class CasesIn(Schema):
    """What a list of cases is narrowed to."""

    stage: Stage | None = Field(None, description="Where they stand")
    unit: str = Field("", max_length=60, description="Code of the unit that has them")
    territory: str = Field("", max_length=60, description="Code of a territory; everything below it counts")
    case_class: str = Field("", alias="class", max_length=300, description="Key of a class; a main class holds its own")
    overdue: bool | None = Field(None, description="Past the deadline and not ended")
    updated_since: Moment | None = Field(None, description="Moved, or reported and never moved, since then")
    q: str = Field("", max_length=200, description="Part of the number, title or address")
    limit: int = Field(50, ge=1, le=MOST)
    cursor: str = Field("", max_length=100, description="`next` of the page before")
    count: Literal["exact", ""] = Field("", description="`exact` adds how many match in all")


class CaseOut(Schema):
    """A case as it stands. Its ETag is its version; personal data in its texts is masked."""

    number: str
    version: int
    stage: Stage
    title: str
    description: str
    address: str
    channel: str
    case_class: ClassOut | None = Field(None, alias="class")
    unit: Named | None
    person: str | None = Field(..., description="User name of who answers for it in the unit")
    territory: str | None
    longitude: float | None
    latitude: float | None
    condition: int | None
    remedy: str
    reported_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    accepted_at: datetime | None
    disposed_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    moved_at: datetime | None
    refusals: int
    reworks: int
    reopened: int
    extensions: int
    merged_into: str | None
    parent: str | None
    mirrored: bool = Field(..., description="Follows another platform's record until its first own move")


class CasesOut(Schema):
    """A page of cases, newest first."""

    cases: list[CaseOut]
    next: str | None = Field(..., description="`cursor` of the next page; null on the last")
    count: int | None = Field(None, description="How many match, where `count=exact` asked for it")


class LineOut(Schema):
    """One line of a case's history. `by` is null where the asker may not know who reported; `via` is the token used."""

    at: datetime
    verb: str
    by: str | None
    post: str
    via: str
    reason: str
    note: str
    stage_from: str
    stage_to: str
    version: int | None
    move: int | None
    undone: bool


class HistoryOut(Schema):
    """What happened with a case, oldest first."""

    lines: list[LineOut]


class ChoiceOut(Schema):
    """One of the texts an office has agreed on."""

    code: str
    title: str


class NeedOut(Schema):
    """What a move has to be shown: the field of the request, and whether the case itself does not answer it yet."""

    field: str
    label: str
    missing: bool


class OpenMoveOut(Schema):
    """A move that is open to the asker."""

    verb: Verb
    label: str
    to: Stage | None = Field(..., description="Where it leads; null stays, or goes back to where it was")
    clock: str
    undoable: bool
    needs: list[NeedOut]
    reasons: list[ChoiceOut] = Field(
        ..., description="The reasons to choose from; any text is one where there are none"
    )
    replies: list[ChoiceOut] = Field(..., description="Standard texts for `note`")


class OpenMovesOut(Schema):
    """The moves that are open to the asker, of a version of the case."""

    version: int
    stage: Stage
    moves: list[OpenMoveOut]


class PointIn(Strict):
    """A point in WGS-84 degrees."""

    longitude: Longitude
    latitude: Latitude


class ChangesIn(Strict):
    """What a correction puts right; what is left out stays."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    title: str | None = Field(None, max_length=300)
    description: str | None = Field(None, max_length=10_000)
    address: str | None = Field(None, max_length=300)
    case_class: str | None = Field(None, alias="class", max_length=300)
    territory: Code | None = None
    point: PointIn | None = None


class MoveIn(Strict):
    """A move, with what it has to be shown; which fields a verb needs says `GET /cases/{number}/moves`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"verb": "dispatch", "client_uuid": "5be4a1ce-5b0b-4a57-9f5f-1f6a38f0a0aa", "body": "sweepers"},
                {
                    "verb": "rectify",
                    "client_uuid": "c9a0b7c4-0a4b-4a34-8f0e-6f7a2b6a3b11",
                    "photos": [17],
                    "note": "已清理",
                },
            ]
        },
    )

    verb: Verb
    client_uuid: UUID = Field(..., description="Made by the sender once per move; it is never used again")
    body: Code | None = Field(None, description="Code of a unit")
    person: Code | None = Field(None, description="User name")
    condition: Key | None = Field(None, description="`id` of a filing condition")
    remedy: str = Field("", max_length=2000)
    deadline: Moment | None = Field(None, description="By hand, where the rules give none; needs a note")
    reason: str = Field("", max_length=60)
    note: str = Field("", max_length=2000)
    finding: bool | None = Field(None, strict=True)
    photos: list[Key] = Field([], max_length=50, description="`id` of each photo (`POST /evidence`)")
    until: Day | None = None
    target: str = Field("", max_length=80, description="Number of another case")
    kind: SupervisionKind | None = None
    demand: str = Field("", max_length=2000)
    changes: ChangesIn | None = None


class MoveAt(Schema):
    """Which move of which case."""

    number: str
    id: int = Field(..., ge=1, le=KEY)


class MoveOut(Schema):
    """A move that is safe. The same move again is answered with the same."""

    id: int
    case: str
    verb: Verb
    version: int = Field(..., description="Of the case after it: its ETag")
    stage_from: str
    stage_to: Stage
    at: datetime
    undo_until: datetime | None = Field(..., description="Until then `DELETE …/moves/{id}` takes it back")


class UndoneOut(Schema):
    """A case after a move was taken back."""

    case: str
    version: int
    stage: Stage


class ChangeOut(Schema):
    """One field that somebody else changed meanwhile."""

    field: str
    before: Any
    after: Any


class StaleOut(ProblemOut):
    """Somebody was faster: what they changed since the version that `If-Match` named; `ETag` is the present one."""

    changes: list[ChangeOut] = Field(default_factory=list)


class ReporterOut(Schema):
    """Who told of a case."""

    channel: str
    received_at: datetime
    name: str
    phone: str
    follow_up: bool
    text: str


class ReportersOut(Schema):
    """Everybody who told of a case."""

    reporters: list[ReporterOut]


class EvidenceOut(Schema):
    """A photo of a case or report."""

    id: int
    case: str | None
    client_uuid: UUID
    kind: str
    sha256: str
    size: int
    media_type: str
    at: datetime


class EvidencesOut(Schema):
    """The photos of a case, oldest first."""

    evidence: list[EvidenceOut]
