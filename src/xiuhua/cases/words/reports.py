"""Words of what somebody tells us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xiuhua.cases.words.moves import Channel


@dataclass(frozen=True, slots=True)
class Told:
    """A report as it was sent. Coordinates are WGS-84 degrees; `case_class` and `territory` are keys of the office."""

    client_uuid: UUID
    channel: Channel
    text: str = ""
    title: str = ""
    case_class: int | None = None
    territory: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    accuracy_m: int | None = None
    address: str = ""
    name: str = ""
    phone: str = ""
    follow_up: bool = False
    noticed_at: datetime | None = None
