"""How the first rows of a file would be understood by a form that may not be ready yet. Nothing is written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from xiuhua.exchange.intake_parts import Sample
from xiuhua.exchange.rules.composing import Filled, composed
from xiuhua.exchange.rules.drafts import written
from xiuhua.exchange.rules.mappings import REQUIRED, parse_mapping
from xiuhua.exchange.rules.rows import Faulty, RowReader
from xiuhua.exchange.words import Parsed
from xiuhua.kernel.words import Fault, Refusal
from xiuhua.territory.rules.coordinates import to_wgs84

#: Rows that a person is shown.
ROWS = 5
#: What stands in for an answer that was not given: what depends on it is not shown.
_ANY = {"zone": "UTC", "date_order": "ymd", "crs": "wgs84", "name": "?", "code": "any"}


@dataclass(frozen=True, slots=True)
class Understood:
    """A row as it would be read, or the faults for which it would not."""

    row: int
    parsed: Parsed | None
    faults: tuple[Fault, ...] = ()
    point: tuple[float, float] | None = None
    #: Moments on the clock of the file.
    times: Mapping[str, datetime | None] | None = None


def understood(base: Mapping[str, Any], filled: Filled, sample: Sample) -> list[Understood]:
    """Return the first rows as they would be read; none while it is not known which column is the number or the report.

    Times are None while zone or order of dates are open, points while the coordinate system is. Raises MappingMalformed.
    """
    if any(one not in filled.fields for one in REQUIRED):
        return []
    document = composed(base, filled, sample.header)
    document |= {key: text for key, text in _ANY.items() if not document.get(key)}
    axes = {"longitude", "latitude"} & document["columns"].keys()
    if len(axes) == 1:
        document["columns"] = {key: name for key, name in document["columns"].items() if key not in axes}
    if not (filled.zone and filled.date_order):
        document["columns"] = {
            key: name for key, name in document["columns"].items() if key not in {"due_at", "closed_at"}
        }
    mapping = parse_mapping(written(document))
    reader = RowReader(mapping, sample.header)
    timed = bool(filled.zone and filled.date_order)
    found = []
    for number, cells in sample.rows[:ROWS]:
        try:
            parsed = reader.read(number, cells)
        except Faulty as faulty:
            found.append(Understood(number, None, _told(faulty.faults, timed=timed)))
            continue
        times = _times(parsed, ZoneInfo(mapping.zone)) if timed else None
        found.append(Understood(number, parsed, (), _point(parsed, filled, mapping.meridian), times))
    return found


def _told(faults: Sequence[Fault], *, timed: bool) -> tuple[Fault, ...]:
    return tuple(one for one in faults if timed or one.code != "import.time_unreadable")


def _times(parsed: Parsed, zone: ZoneInfo) -> dict[str, datetime | None]:
    moments = {"reported_at": parsed.reported_at, "due_at": parsed.due_at, "closed_at": parsed.closed_at}
    return {key: at.astimezone(zone) if at else None for key, at in moments.items()}


def _point(parsed: Parsed, filled: Filled, meridian: float | None) -> tuple[float, float] | None:
    if not filled.crs or math.isnan(parsed.lon):
        return None
    try:
        lon, lat = to_wgs84([parsed.lon], [parsed.lat], filled.crs, meridian=meridian)
    except (Refusal, ValueError):
        return None
    return (float(lon[0]), float(lat[0])) if math.isfinite(lon[0]) else None
