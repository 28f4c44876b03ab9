"""Which moves of a case somebody's posts allow: what each still has to be shown, or what keeps him from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiuhua.cases.models import Case
from xiuhua.cases.policies import may_move
from xiuhua.cases.queries.now import case_now
from xiuhua.cases.rules.deciding import MoveIncomplete, barrier, decide
from xiuhua.cases.rules.moves import moves_from
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import CaseNow, Flow, Given, Move, Need
from xiuhua.kernel.words import Actor, Refusal


@dataclass(frozen=True, slots=True)
class Opening:
    """A move that somebody's posts allow. `missing` is the part of its needs that the case itself does not answer yet."""

    move: Move
    missing: frozenset[Need] = frozenset()
    #: What keeps him from it whatever he shows; None where the move is open.
    stopped: Refusal | None = None


def openings(case: Case, by: Actor, flow: Flow, at: datetime) -> list[Opening]:
    """Return the moves of the stage that the actor's posts allow, by the table. Five queries, none where there are none."""
    moves = [move for move in moves_from(Stage(case.stage)) if may_move(by, move.verb, case)]
    if not moves:
        return []
    now = case_now(case)
    return [_opening(move, now, by, flow, at) for move in moves]


def open_moves(case: Case, by: Actor, flow: Flow, at: datetime) -> list[Opening]:
    """Return the openings that nothing stands against. As many queries as `openings`."""
    return [one for one in openings(case, by, flow, at) if one.stopped is None]


def _opening(move: Move, now: CaseNow, by: Actor, flow: Flow, at: datetime) -> Opening:
    """Ask the decision itself, with nothing shown."""
    if stopped := barrier(move.verb, now, flow, user=by.user, at=at):
        return Opening(move, stopped=stopped)
    try:
        decide(move.verb, now, Given(), flow, user=by.user, at=at)
    except MoveIncomplete as lacking:
        return Opening(move, frozenset(Need(one.column) for one in lacking.faults if one.column in Need.values))
    return Opening(move)
