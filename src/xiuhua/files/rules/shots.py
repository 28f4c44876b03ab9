"""What a photo's EXIF says of when and where it was taken. It is the device's word: read, never believed.

Tags: Exif 2.32 (CIPA DC-008-2019), 4.6.5 DateTimeOriginal and OffsetTimeOriginal, 4.6.6 GPS.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from xiuhua.files.words import Shot

ORIGINAL = 0x9003
OFFSET = 0x9011
LAT_REF, LAT, LON_REF, LON = 1, 2, 3, 4
_MOMENT = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


def read_shot(exif: Mapping[int, Any], gps: Mapping[int, Any], zone: tzinfo) -> Shot:
    """Return what the Exif and the GPS directory say; `zone` reads a wall clock whose offset is not named.

    What is missing or makes no sense is left out, each by itself. Place 0, 0 is what devices write that do not know.
    """
    moment, assumed = _moment(exif, zone)
    lat, lon = _degrees(gps, LAT, LAT_REF, "S", 90), _degrees(gps, LON, LON_REF, "W", 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):
        lat = lon = None
    return Shot(moment, assumed, lon, lat)


def _moment(exif: Mapping[int, Any], zone: tzinfo) -> tuple[datetime | None, bool]:
    match = _MOMENT.match(str(exif.get(ORIGINAL, "")))
    if not match:
        return None, False
    offset = _offset(str(exif.get(OFFSET, "")))
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    try:
        wall = datetime(year, month, day, hour, minute, second, tzinfo=offset or zone)
        return wall.astimezone(UTC), offset is None
    except (ValueError, OverflowError):
        return None, False


def _offset(text: str) -> tzinfo | None:
    match = _OFFSET.match(text)
    if not match:
        return None
    span = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-span if match[1] == "-" else span) if span < timedelta(hours=24) else None


def _degrees(gps: Mapping[int, Any], tag: int, reference: int, negative: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[tag])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if str(gps.get(reference, "")).strip("\0 ").upper() == negative:
        value = -value
    return round(value, 7) if math.isfinite(value) and abs(value) <= most else None
