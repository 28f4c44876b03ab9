"""What is odd about a photo. Warnings, never verdicts: each says what differs from what and by how much.

How much is odd is the office's choice (`Tolerances`); nothing here is a policy. Whoever calls decides which photos are
compared: copies within other cases, the previous photo of the same person.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, tzinfo

from xiuhua.files.words import Taken, Tolerances
from xiuhua.kernel.words import Fact, Fault

#: Mean radius of the earth in metres (IUGG).
_EARTH = 6_371_008.8
_BITS = 64


def copied(matches: Iterable[tuple[str, int]]) -> list[Fault]:
    """Return a warning per other case whose photo is the same (distance 0) or looks alike, nearest first.

    `matches` are pairs of a case's number and the distance of hashes in bits; a case named twice is warned of once.
    """
    nearest: dict[str, int] = {}
    for case, bits in matches:
        nearest[case] = min(bits, nearest.get(case, _BITS))
    found = sorted(nearest.items(), key=lambda pair: (pair[1], pair[0]))
    return [
        Fault("photo.copied", facts={"case": case})
        if bits == 0
        else Fault("photo.alike", facts={"case": case, "percent": round(100 * (_BITS - bits) / _BITS)})
        for case, bits in found
    ]


def odd_time(photo: Taken, tolerances: Tolerances, zone: tzinfo, *, reported_at: datetime | None = None) -> list[Fault]:
    """Return what is odd about when a photo says it was taken; nothing where it says nothing.

    Later than we received it; earlier than the report it should follow (`reported_at`, given for photos of a
    remedy); or otherwise away from our clock at receipt. Each beyond the tolerance; moments are written in `zone`.
    """
    taken = photo.taken_at
    if taken is None:
        return []
    found = []
    facts: dict[str, Fact] = {"taken": _written(taken, zone), "received": _written(photo.received_at, zone)}
    away = taken - photo.received_at
    if away > tolerances.clock:
        found.append(Fault("photo.future", facts=facts))
    elif -away > tolerances.clock:
        found.append(Fault("photo.clock", facts={**facts, "minutes": int(-away.total_seconds() // 60)}))
    if reported_at is not None and reported_at - taken > tolerances.clock:
        found.append(Fault("photo.before_report", facts={**facts, "reported": _written(reported_at, zone)}))
    return found


def odd_place(photo: Taken, lon: float, lat: float, tolerances: Tolerances) -> list[Fault]:
    """Return a warning where the photo says it was taken farther from the case (WGS-84 degrees) than tolerated."""
    if photo.lon is None or photo.lat is None:
        return []
    away = metres(photo.lon, photo.lat, lon, lat)
    if away <= tolerances.metres:
        return []
    return [Fault("photo.far", facts={"metres": round(away), "limit": round(tolerances.metres)})]


def odd_speed(one: Taken, other: Taken, tolerances: Tolerances) -> list[Fault]:
    """Return a warning where nobody could have taken both photos without going faster than tolerated.

    Distances within the tolerance of places are no journey. Speed is distance over the time between the device's moments.
    """
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return []
    if one.taken_at is None or other.taken_at is None:
        return []
    away = metres(one.lon, one.lat, other.lon, other.lat)
    seconds = abs((one.taken_at - other.taken_at).total_seconds())
    if away <= tolerances.metres or away * 3.6 <= tolerances.kilometres_per_hour * seconds:
        return []
    return [Fault("photo.speed", facts={"metres": round(away), "seconds": round(seconds)})]


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the distance of two places on a sphere in metres (haversine): within 0.6 % of the ellipsoid's."""
    up, across = math.radians(other_lat - lat), math.radians(other_lon - lon)
    part = (
        math.sin(up / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * math.sin(across / 2) ** 2
    )
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, part)))


def _written(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
