"""What all shapes share: strictness, texts that can be kept, codes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict

#: Largest key of a row.
KEY = 2**63 - 1
Key = Annotated[int, Field(ge=1, le=KEY, strict=True)]
#: A code in a register: a territory's, a unit's.
Code = Annotated[str, Field(min_length=1, max_length=60)]


def _in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC: the same moment is the same content, whatever offset it was written in."""
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Strict(Schema):
    """What is sent: a field that is not known is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    """A thing of a register by code and name."""

    code: str
    name: str


class ClassOut(Schema):
    """A class of cases; `key` names it everywhere in this API."""

    key: str
    name: str
    parent: str | None


class FaultOut(Schema):
    """One thing that is wrong: which field, and why in the reader's language."""

    code: str
    field: str
    file: str
    row: int | None
    column: str
    sentence: str


class ProblemOut(Schema):
    """Why something was not done (RFC 9457). `code` is stable; title, detail and sentences are in the reader's language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any] = {}
    faults: list[FaultOut] = []
