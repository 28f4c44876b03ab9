"""Shapes of reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict
from pydantic.config import JsonDict

from xiuhua.cases.words.moves import Channel
from xiuhua.web.api.shapes.common import Code, Latitude, Longitude, Moment, Strict

#: What a report of the made-up street looks like.
EXAMPLE: JsonDict = {
    "client_uuid": "0b7c1b1e-6f0a-4c52-9f0e-3a0f6f7f1c11",
    "channel": "inspector",
    "text": "路口有一堆垃圾",
    "class": "demo-street:event.0201",
    "territory": "A",
    "longitude": 121.4737,
    "latitude": 31.2304,
    "noticed_at": "2026-11-23T10:00:00+08:00",
}


class ReportIn(Strict):
    """A report. It says where (a point or a territory) and what (a text or a class); the rest may be left out."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [EXAMPLE]})

    client_uuid: UUID = Field(..., description="Made by the sender once per report; it is never used again")
    channel: Channel = Field(Channel.API, description="How it became known")
    title: str = Field("", max_length=300)
    text: str = Field("", max_length=2000)
    case_class: str | None = Field(None, alias="class", max_length=300, description="Key of a class: scheme:event.code")
    territory: Code | None = Field(None, description="Code of a territory, where there is no point")
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    accuracy_m: int | None = Field(None, ge=0, le=1_000_000, strict=True, description="Metres around the point")
    address: str = Field("", max_length=300)
    name: str = Field("", max_length=60, description="Of who told; hidden from the units")
    phone: str = Field("", max_length=30, description="Of who told; hidden from the units")
    follow_up: bool = Field(default=False, strict=True, description="Whether who told wants to hear of it")
    noticed_at: Moment | None = Field(None, description="By the sender's clock, with its offset")


class ReportOut(Schema):
    """A report that is safe, and the number of its case. The same report again is answered with the same."""

    client_uuid: UUID
    case: str = Field(..., description="Number of the case")
    href: str = Field(..., description="Address of the case")
    received_at: datetime
