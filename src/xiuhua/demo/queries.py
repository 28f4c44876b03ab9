"""Reading the plan of the made-up street from the files beside this one."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from xiuhua.demo.words import (
    CommunityPlan,
    Faults,
    Limit,
    Plan,
    Problem,
    Rect,
    Rhythm,
    Road,
    SiteType,
    Unit,
)

_LIMITS = {"工作时": (60, False), "工作日": (480, False), "紧急工作时": (60, True), "紧急工作日": (1440, True)}


@lru_cache
def _file(stem: str) -> dict[str, Any]:
    return tomllib.loads((files("xiuhua.demo") / "data" / f"{stem}.toml").read_text(encoding="utf-8"))


def plan() -> Plan:
    """Return the plan: communities, roads, water."""
    data = _file("street")
    return Plan(
        division=data["division"],
        district=data["district"],
        code=data["code"],
        name=data["name"],
        origin=(data["origin"][0], data["origin"][1]),
        office=(data["office"][0], data["office"][1]),
        communities=tuple(_community(data["code"], i, row) for i, row in enumerate(data["community"], 1)),
        roads=tuple(_road(row) for row in data["road"]),
        water=tuple((row["name"], Rect(*map(float, row["rect"]))) for row in data["water"]),
        former_names=data["former_names"],
    )


def _community(street: str, number: int, row: dict[str, Any]) -> CommunityPlan:
    return CommunityPlan(
        code=f"{street}{number:03d}",
        name=f"{row['short']}社区",
        rects=tuple(Rect(*map(float, rect)) for rect in row["rects"]),
        **{key: row[key] for key in ("short", "sector", "grids", "load", "slow", "drift", "recur")},
    )


def _road(row: dict[str, Any]) -> Road:
    along = "along" in row
    return Road(row["name"], along, float(row["along" if along else "across"]), row["from"], row["to"])


def site_types() -> tuple[SiteType, ...]:
    """Return the types of sites with how many there are."""
    return tuple(SiteType(r["code"], r["name"], r["count"], tuple(r["names"])) for r in _file("sites")["type"])


def units() -> tuple[Unit, ...]:
    """Return the units: an office for each community, then the street's teams and companies."""
    data = _file("units")
    offices = [
        Unit(f"U{i:02d}", f"{c.name}居委会", "community", c.code, data["office"]["slow"], data["office"]["stuck"])
        for i, c in enumerate(plan().communities, 1)
    ]
    teams = [
        Unit(f"U{len(offices) + i:02d}", row["name"], row["kind"], "", row["slow"], row["stuck"])
        for i, row in enumerate(data["unit"], 1)
    ]
    return (*offices, *teams)


def problems() -> tuple[Problem, ...]:
    """Return the sub-classes of cases."""
    data = _file("problems")
    return tuple(_problem(row, data["season"]) for row in data["problem"])


def _problem(row: dict[str, Any], seasons: dict[str, list[float]]) -> Problem:
    return Problem(
        main=row["main"],
        name=row["name"],
        kind=row["kind"],
        weight=row["weight"],
        limit=limit(row["limit"]),
        months=tuple(seasons[row.get("season", "even")]),
        rain=row.get("rain", 1.0),
        hours=(row["hours"][0], row["hours"][1]),
        recur=row["recur"],
        units=tuple(row["units"]),
        sites=tuple(row["sites"]),
        fixed=row.get("fixed", False),
        says=tuple(row["says"]),
        done=tuple(row["done"]),
    )


def limit(text: str) -> Limit:
    """Return the limit written "4工作时", "2工作日", "1紧急工作时" or "1紧急工作日"."""
    number = text.rstrip("紧急工作时日")
    minutes, urgent = _LIMITS[text.removeprefix(number)]
    return Limit(int(number) * minutes, urgent)


def rhythm() -> Rhythm:
    """Return how cases come in through the year, the week and the day."""
    data = _file("rhythm")
    return Rhythm(
        first=data["first"],
        last=data["last"],
        export_at=data["export_at"],
        per_day=data["per_day"],
        weekday=tuple(data["weekday"]),
        month=tuple(data["month"]),
        quiet=tuple((_day(r["from"]), _day(r["to"]), r["times"]) for r in data["quiet"]),
        rain=tuple(data["rain"]),
        rush_days=data["rush_days"],
        rush=data["rush"],
        shifts=tuple((a, b) for a, b in data["shifts"]),
        channels=tuple((r["name"], r["weight"]) for r in data["channel"]),
        rush_channel=data["rush_channel"],
        delays=tuple(data["delays"]),
    )


def faults() -> Faults:
    """Return what is wrong with the export."""
    return Faults(**_file("rhythm")["faults"])


def _day(value: date) -> date:
    return value
