"""The table of moves: the whole life of a case. Code, API, buttons, rights and docs/moves.md follow from it.

The graph is fixed; an office leaves out optional steps and joins posts, it draws no edges of its own. The life cycle
follows the seven steps of the field (collect, file, dispatch, handle, report back, check, close) with its returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiuhua.cases.words import ENDED, NOT_COUNTED, Stage
from xiuhua.cases.words.moves import Aloof, ClockEffect, Move, Need, OptionalStep, Verb

_S = Stage
#: Stages in which a unit has the case.
AT_UNIT = frozenset({_S.DISPATCHED, _S.HANDLING, _S.REVIEW})
#: Stages between filing and the end, without what sleeps.
FILED_ON = AT_UNIT | {_S.FILED, _S.RETURNED, _S.ARBITRATION, _S.CHECKING, _S.TO_CLOSE}
#: Everything that is alive.
ALIVE = frozenset(Stage) - ENDED
#: What may be talked about and put in order: everything but what was merged away or never was.
_TALKED = frozenset(Stage)


def _of(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_TABLE: tuple[Move, ...] = (
    Move(Verb.REPORT, _of(), _S.REPORTED, (Need.PLACE,), undoable=False),
    Move(
        Verb.FIX_ON_SPOT,
        _of(_S.REPORTED, _S.PRE_CHECK),
        _S.CHECKING,
        (Need.CLASS, Need.REMEDY, Need.PHOTO),
        ClockEffect.DISPOSED,
        handles=True,
    ),
    Move(Verb.REQUEST_CHECK, _of(_S.REPORTED), _S.PRE_CHECK),
    Move(Verb.CONFIRM, _of(_S.PRE_CHECK), _S.REPORTED, (Need.FINDING,)),
    Move(
        Verb.FILE,
        _of(_S.REPORTED),
        _S.FILED,
        (Need.CONDITION, Need.REMEDY, Need.DEADLINE, Need.PLACE),
        ClockEffect.STARTS,
    ),
    Move(Verb.DECLINE, _of(_S.REPORTED, _S.PRE_CHECK), _S.DECLINED, (Need.REASON,)),
    Move(Verb.DISPATCH, _of(_S.FILED, _S.OPEN), _S.DISPATCHED, (Need.BODY,), ClockEffect.STARTS),
    Move(Verb.REDISPATCH, _of(_S.RETURNED, _S.DISPATCHED, _S.HANDLING), _S.DISPATCHED, (Need.BODY, Need.REASON)),
    Move(Verb.SEND_BACK, _of(_S.FILED, _S.RETURNED), _S.REPORTED, (Need.REASON,)),
    #: To arbitration where the flow's number of refusals is reached.
    Move(Verb.REFUSE, _of(_S.DISPATCHED, _S.HANDLING), _S.RETURNED, (Need.REASON,)),
    Move(Verb.ARBITRATE, _of(_S.ARBITRATION), _S.DISPATCHED, (Need.BODY, Need.NOTE)),
    Move(Verb.ACCEPT, _of(_S.DISPATCHED), _S.HANDLING, (Need.PERSON,)),
    Move(Verb.ASSIGN, _of(_S.HANDLING), None, (Need.PERSON,)),
    Move(Verb.RECTIFY, _of(_S.HANDLING), _S.REVIEW, (Need.PHOTO,), ClockEffect.DISPOSED, handles=True),
    Move(
        Verb.PASS_REVIEW,
        _of(_S.REVIEW),
        _S.CHECKING,
        (),
        ClockEffect.DISPOSED,
        aloof=Aloof.DOERS,
        handles=True,
        step=OptionalStep.UNIT_REVIEW,
    ),
    Move(
        Verb.RETURN_REVIEW,
        _of(_S.REVIEW),
        _S.HANDLING,
        (Need.NOTE,),
        ClockEffect.RUNS_ON,
        step=OptionalStep.UNIT_REVIEW,
    ),
    Move(
        Verb.PASS_CHECK,
        _of(_S.CHECKING),
        _S.TO_CLOSE,
        (Need.NOTE,),
        aloof=Aloof.HANDS,
        step=OptionalStep.PRE_CLOSING_CHECK,
    ),
    #: To those who wait to be dispatched where it was fixed on the spot and no unit has it; so with REWORK.
    Move(
        Verb.FAIL_CHECK,
        _of(_S.CHECKING),
        _S.HANDLING,
        (Need.REASON,),
        ClockEffect.RUNS_ON,
        aloof=Aloof.HANDS,
        step=OptionalStep.PRE_CLOSING_CHECK,
    ),
    Move(Verb.REWORK, _of(_S.TO_CLOSE), _S.HANDLING, (Need.REASON,), ClockEffect.RUNS_ON, aloof=Aloof.HANDS),
    Move(Verb.CLOSE, _of(_S.TO_CLOSE), _S.CLOSED, (), ClockEffect.ENDS, aloof=Aloof.HANDS),
    Move(
        Verb.FORCE_CLOSE,
        FILED_ON | {_S.OPEN, _S.SUSPENDED},
        _S.FORCED,
        (Need.REASON, Need.NOTE),
        ClockEffect.ENDS,
        aloof=Aloof.HANDS,
    ),
    Move(Verb.VOID, FILED_ON | _of(_S.OPEN), _S.VOID, (Need.REASON,), aloof=Aloof.HANDS),
    Move(Verb.REOPEN, _of(_S.CLOSED, _S.FORCED), _S.DISPATCHED, (Need.BODY, Need.REASON), ClockEffect.RUNS_ON),
    Move(
        Verb.REQUEST_EXTENSION,
        _of(_S.DISPATCHED, _S.HANDLING),
        None,
        (Need.REASON,),
        undoable=False,
    ),
    Move(Verb.REVIEW_EXTENSION, _of(_S.DISPATCHED, _S.HANDLING), None, undoable=False),
    Move(
        Verb.GRANT_EXTENSION,
        AT_UNIT,
        None,
        clock=ClockEffect.EXTENDS,
        aloof=Aloof.HANDS,
        undoable=False,
    ),
    Move(Verb.DENY_EXTENSION, AT_UNIT, None, (Need.NOTE,), undoable=False),
    Move(
        Verb.REQUEST_SUSPENSION,
        _of(_S.DISPATCHED, _S.HANDLING),
        None,
        (Need.REASON, Need.UNTIL),
        undoable=False,
    ),
    Move(
        Verb.GRANT_SUSPENSION,
        _of(_S.DISPATCHED, _S.HANDLING),
        _S.SUSPENDED,
        clock=ClockEffect.STOPS,
        aloof=Aloof.HANDS,
        undoable=False,
    ),
    Move(Verb.DENY_SUSPENSION, AT_UNIT, None, (Need.NOTE,), undoable=False),
    Move(Verb.WITHDRAW_REQUEST, AT_UNIT, None, undoable=False),
    Move(Verb.RESUME, _of(_S.SUSPENDED), None, clock=ClockEffect.RUNS_ON, undoable=False),
    Move(Verb.SUPERVISE, FILED_ON | _of(_S.OPEN, _S.SUSPENDED), None, (Need.DEMAND,), ClockEffect.OWN, undoable=False),
    Move(Verb.REPLY_SUPERVISION, ALIVE, None, (Need.NOTE,), undoable=False),
    Move(Verb.SETTLE_SUPERVISION, _TALKED, None, (Need.NOTE,), undoable=False),
    Move(Verb.MERGE, ALIVE - {_S.SUSPENDED}, _S.MERGED, (Need.TARGET,)),
    Move(Verb.UNMERGE, _of(_S.MERGED), None),
    Move(Verb.ATTACH, ALIVE, None, (Need.TARGET,)),
    Move(Verb.DETACH, ALIVE, None),
    Move(Verb.COMMENT, _TALKED, None, (Need.NOTE,), undoable=False),
    Move(Verb.CORRECT, ALIVE - {_S.SUSPENDED}, None, (Need.CHANGES, Need.NOTE)),
)

MOVES: Mapping[Verb, Move] = {move.verb: move for move in _TABLE}
#: Stages of which an optional step is the only business: without the step the next stage follows at once.
STEP_OF: Mapping[Stage, tuple[OptionalStep, Stage]] = {
    _S.REVIEW: (OptionalStep.UNIT_REVIEW, _S.CHECKING),
    _S.CHECKING: (OptionalStep.PRE_CLOSING_CHECK, _S.TO_CLOSE),
}
__all__ = ["ALIVE", "AT_UNIT", "FILED_ON", "MOVES", "NOT_COUNTED", "STEP_OF", "moves_from", "target"]


def target(stage: Stage, skipped: Iterable[OptionalStep]) -> Stage:
    """Return the stage that is reached when a move leads to `stage` and some steps are left out."""
    left_out = frozenset(skipped)
    while stage in STEP_OF and STEP_OF[stage][0] in left_out:
        stage = STEP_OF[stage][1]
    return stage


def moves_from(stage: Stage) -> tuple[Move, ...]:
    """Return the moves that a stage allows, in the order of the table.

    A case that stands in a step which the office has left out meanwhile may still leave it.
    """
    return tuple(move for move in _TABLE if stage in move.sources)
