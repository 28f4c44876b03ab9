"""Which moves of a case are open to somebody, and what each still has to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiuhua.cases.models import Case
from xiuhua.cases.policies import may_move
from xiuhua.cases.queries.now import case_now
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.deciding import MoveIncomplete, decide
from xiuhua.cases.rules.moves import moves_from
from xiuhua.cases.words.moves import CaseNow, Flow, Given, Move, Need
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal


@dataclass(frozen=True, slots=True)
class Opening:
    """A move that somebody may make now. `missing` is the part of its needs that the case itself does not answer yet."""

    move: Move
    missing: frozenset[Need]


def open_moves(tenant: Tenant, case: Case, by: Actor, at: datetime) -> list[Opening]:
    """Return the moves that the actor's posts, the table, his own part in the case and open requests allow, by the table.

    Five queries. Raises PackUndecided where no flow pack decides.
    """
    now, flow = case_now(case), flow_of(tenant)
    found = []
    for move in moves_from(now.stage):
        if may_move(by, move.verb, case):
            opening = _opening(move, now, flow, by, at)
            if opening is not None:
                found.append(opening)
    return found


def _opening(move: Move, now: CaseNow, flow: Flow, by: Actor, at: datetime) -> Opening | None:
    """Ask the decision itself, with nothing shown: whatever else it refuses for, the move is not open."""
    try:
        decide(move.verb, now, Given(), flow, user=by.user, at=at)
    except MoveIncomplete as lacking:
        return Opening(move, frozenset(Need(one.column) for one in lacking.faults if one.column in Need.values))
    except Refusal:
        return None
    return Opening(move, frozenset())
