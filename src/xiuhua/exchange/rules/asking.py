"""What a file leaves to be asked: coordinate system, zone, order of dates, meaning of 天, each with what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xiuhua.exchange.guesses import Candidate, Guess, Question
from xiuhua.exchange.rules.mappings import DAYS
from xiuhua.exchange.rules.values import Traits
from xiuhua.territory.rules.coordinates import CHINA
from xiuhua.territory.rules.projections import EDGE, FIRST_ZONE, LAST_ZONE, PREFIX

_TIMES = ("reported_at", "due_at", "closed_at")
_LIMITS = 0.8
_ORDERS = ("ymd", "mdy", "dmy")
#: Where China lies in web Mercator and in BD-09 Mercator, generously: west, south, east, north in metres.
_CHINA_METRES = (8_000_000.0, 300_000.0, 15_100_000.0, 7_200_000.0)
#: Eastings about a meridian, and northings of China.
_EASTINGS, _NORTHINGS = (150_000.0, 850_000.0), (300_000.0, 6_200_000.0)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def questions(found: Mapping[str, Guess], columns: Mapping[str, Traits]) -> tuple[Question, ...]:
    """Return what has to be asked about a file whose columns are proposed as `found`; nothing here is an answer."""
    asked = [*_crs(found, columns)]
    if times := [found[one].column for one in _TIMES if one in found]:
        asked += [_zone(found, columns, tuple(times)), _order(columns, tuple(times))]
    limits = tuple(name for name, seen in columns.items() if seen.filled and seen.limits >= _LIMITS)
    if limits:
        asked.append(Question("day", limits, tuple(Candidate(one, f"day_{one}") for one in DAYS)))
    return tuple(asked)


def _crs(found: Mapping[str, Guess], columns: Mapping[str, Traits]) -> Iterator[Question]:
    if "longitude" not in found or "latitude" not in found:
        return
    lon, lat = found["longitude"].column, found["latitude"].column
    x, y = columns[lon], columns[lat]
    evidence = f"{lon} {x.low:.10g} … {x.high:.10g}, {lat} {y.low:.10g} … {y.high:.10g}"
    yield Question("crs", (lon, lat), systems_for((x.low, y.low, x.high, y.high)), evidence=evidence)


def systems_for(box: tuple[float, float, float, float]) -> tuple[Candidate, ...]:
    """Return the systems in which coordinates of this range (west, south, east, north) can be at all, and why."""
    west, south, east, north = box
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:  # noqa: PLR2004 - degrees
        if _within(box, CHINA):
            return tuple(Candidate(one, "degrees_china") for one in ("gcj02", "wgs84", "bd09", "cgcs2000"))
        return (Candidate("wgs84", "degrees_abroad"),)
    found = []
    if _within(box, _CHINA_METRES):
        found += [Candidate("bd09mc", "metres_china"), Candidate("webmercator", "metres_china")]
    elif max(map(abs, box)) <= EDGE and max(abs(west), abs(east)) > _EASTINGS[1]:
        found.append(Candidate("webmercator", "metres_abroad"))
    northing = _NORTHINGS[0] <= south and north <= _NORTHINGS[1]
    if northing and west >= FIRST_ZONE * PREFIX and east < (LAST_ZONE + 1) * PREFIX:
        found.append(Candidate("cgcs2000-gk3", "zone_numbered"))
    if northing and _EASTINGS[0] <= west and east <= _EASTINGS[1]:
        found.append(Candidate("cgcs2000-gk3", "zone_bare"))
    return tuple(found)


def _within(box: tuple[float, float, float, float], frame: tuple[float, float, float, float]) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _zone(found: Mapping[str, Guess], columns: Mapping[str, Traits], times: tuple[str, ...]) -> Question:
    candidates = []
    if any(_HAN.search(name) for name in columns) or (
        {"longitude", "latitude"} <= set(found) and any(one.why.endswith("china") for one in _systems(found, columns))
    ):
        candidates.append(Candidate("Asia/Shanghai", "zone_china"))
    return Question("zone", times, tuple(candidates))


def _systems(found: Mapping[str, Guess], columns: Mapping[str, Traits]) -> tuple[Candidate, ...]:
    x, y = columns[found["longitude"].column], columns[found["latitude"].column]
    return systems_for((x.low, y.low, x.high, y.high))


def _order(columns: Mapping[str, Traits], times: tuple[str, ...]) -> Question:
    allowed = set(_ORDERS)
    for name in times:
        allowed &= columns[name].orders
    possible = [one for one in _ORDERS if one in allowed]
    proven = possible[0] if len(possible) == 1 else ""
    evidence = next((columns[name].proof for name in times if columns[name].proof), "") if proven else ""
    why = "order_proven" if proven else "order_possible"
    return Question("date_order", times, tuple(Candidate(one, why) for one in possible), proven, evidence)
