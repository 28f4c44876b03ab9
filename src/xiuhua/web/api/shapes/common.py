"""What all shapes share: strictness, texts that can be kept, codes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

#: Largest key of a row.
KEY = 2**63 - 1
Key = Annotated[int, Field(ge=1, le=KEY, strict=True)]
#: WGS-84 degrees: a number, never a text that looks like one.
Longitude = Annotated[float, Field(ge=-180, le=180, strict=True, description="WGS-84 degrees")]
Latitude = Annotated[float, Field(ge=-90, le=90, strict=True, description="WGS-84 degrees")]
#: A code in a register: a territory's, a unit's.
Code = Annotated[str, Field(min_length=1, max_length=60)]


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ].+")


def _written(pattern: re.Pattern[str], code: str) -> BeforeValidator:
    """Return what refuses a day or moment that is not written out: a bare number is seconds to one, a year to another."""

    def looked(value: Any) -> Any:
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise PydanticCustomError(code, "not written out")
        if not isinstance(value, str | date):
            raise PydanticCustomError(code, "no text")
        return value

    return BeforeValidator(looked)


def _in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC: the same moment is the same content, whatever offset it was written in."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # the first and last hours that a calendar has
        raise PydanticCustomError("datetime_written", "out of the calendar") from error


Day = Annotated[date, _written(_DAY, "date_written")]
Moment = Annotated[AwareDatetime, _written(_MOMENT, "datetime_written"), AfterValidator(_in_utc)]


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
    facts: dict[str, Any] = Field(default_factory=dict)
    faults: list[FaultOut] = Field(default_factory=list)
