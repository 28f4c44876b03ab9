"""Registers for programs: places, units, how cases live here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.moves import MOVES
from xiuhua.responsibility.queries import bodies_of
from xiuhua.territory.queries import listed
from xiuhua.web.api.auth import reach
from xiuhua.web.api.shapes.registers import FlowOut, LevelIn, TerritoriesOut, UnitsOut
from xiuhua.web.api.told import choices_told
from xiuhua.web.desk.office import office

router = Router(tags=["registers"])
#: Who reads registers, or needs them to report or to work on a case.
SEEING = reach("register.see", "case.report", "case.see")


@router.get("/territories", auth=SEEING, response=TerritoriesOut, summary="The territories of the office")
def territories(request: HttpRequest, asked: Query[LevelIn]) -> dict[str, Any]:
    """Return all territories by code, or those of a level, each with the code of the one above it."""
    return {"territories": [asdict(one) for one in listed(office(request), asked.level or None)]}


@router.get("/units", auth=SEEING, response=UnitsOut, summary="The units of the office")
def units(request: HttpRequest) -> dict[str, Any]:
    """Return all units that can be responsible, by code."""
    found = [
        {
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "territory": one.territory.code if one.territory else None,
            "confirmed": one.confirmed,
        }
        for one in bodies_of(office(request))
    ]
    return {"units": found}


@router.get("/flow", auth=SEEING, response=FlowOut, summary="How cases live here")
def flow(request: HttpRequest) -> dict[str, Any]:
    """Return the table of moves with the steps that this office leaves out, its reasons and its standard replies."""
    said = flow_of(office(request))
    return {
        "pack": said.name,
        "skipped": sorted(said.skipped),
        "clock_starts": said.clock_starts,
        "refusals": said.refusals,
        "extensions": said.extensions,
        "suspensions": said.suspensions,
        "suspension_days": said.suspension_days,
        "moves": [
            {
                "verb": move.verb,
                "label": str(move.verb.label),
                "sources": sorted(move.sources),
                "to": move.to,
                "needs": list(move.needs),
                "clock": move.clock,
                "undoable": move.undoable,
                "skipped": move.step in said.skipped,
                "reasons": choices_told(said.reasons.get(move.verb.value, ())),
                "replies": choices_told(said.replies.get(move.verb.value, ())),
            }
            for move in MOVES.values()
        ],
    }
