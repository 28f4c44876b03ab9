"""Shapes of photos on their way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.web.api.shapes.common import KEY, Strict

_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
UPLOAD = "3f0f1d1c-9f1e-4f67-a0b5-1d0a1f2e3c44"


class UploadIn(Strict):
    """A photo that will come in pieces."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"client_uuid": UPLOAD, "size": 1_843_200, "sha256": _DIGEST, "name": "IMG_0001.jpg"}]
        },
    )

    client_uuid: UUID = Field(..., description="Made by the sender once per photo")
    size: int = Field(..., ge=1, le=KEY, strict=True, description="Bytes in all")
    sha256: str = Field(..., pattern="^[0-9a-f]{64}$", description="Of all bytes, in hexadecimal")
    name: str = Field("", max_length=200, description="File name; compared with the content and not kept")


class UploadOut(Schema):
    """How far an upload has come: the next piece begins at `offset`."""

    client_uuid: UUID
    size: int
    offset: int
    expires_at: datetime


class Place(Strict):
    """Where a photo belongs: a report, come or still to come, or a case."""

    kind: EvidenceKind
    report: UUID | None = Field(None, description="`client_uuid` of a report; it may come later")
    case: str | None = Field(None, min_length=1, max_length=80, description="Number of a case")
    client_uuid: UUID | None = Field(None, description="With `case`: of the move that will show it; may be left out")


class EvidenceIn(Place):
    """A photo whose pieces have all arrived, and where it belongs: exactly one of `report` and `case`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"upload": UPLOAD, "kind": "before", "report": "0b7c1b1e-6f0a-4c52-9f0e-3a0f6f7f1c11"}]
        },
    )

    upload: UUID = Field(..., description="`client_uuid` of the upload")
