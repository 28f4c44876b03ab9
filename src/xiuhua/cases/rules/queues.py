"""Which move a stage waits for, and which one sends it back: what makes a case somebody's business.

A case is in the queue of its stage for whoever holds the post for the stage's next move. Everything follows from the
table of moves; here is only which of a stage's moves is the usual one.
"""

from __future__ import annotations

from collections.abc import Mapping

from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Aloof, Move, Need, RequestKind, RequestState, Verb
from xiuhua.cases.words.queues import Queue

_S, _V = Stage, Verb
#: Stage → the move it waits for, then others that make it the actor's business too.
NEXT: Mapping[Stage, tuple[Verb, ...]] = {
    _S.REPORTED: (_V.FILE,),
    _S.PRE_CHECK: (_V.CONFIRM,),
    _S.FILED: (_V.DISPATCH,),
    _S.RETURNED: (_V.REDISPATCH,),
    _S.ARBITRATION: (_V.ARBITRATE,),
    _S.DISPATCHED: (_V.ACCEPT,),
    _S.HANDLING: (_V.RECTIFY,),
    _S.REVIEW: (_V.PASS_REVIEW,),
    _S.CHECKING: (_V.PASS_CHECK,),
    _S.TO_CLOSE: (_V.CLOSE,),
    _S.SUSPENDED: (_V.RESUME, _V.REQUEST_SUSPENSION),
    _S.OPEN: (_V.DISPATCH,),
}
#: Stage → the move that says no; the first that the actor may make.
BACK: Mapping[Stage, tuple[Verb, ...]] = {
    _S.REPORTED: (_V.DECLINE,),
    _S.PRE_CHECK: (_V.DECLINE,),
    _S.FILED: (_V.SEND_BACK,),
    _S.RETURNED: (_V.SEND_BACK,),
    _S.DISPATCHED: (_V.REFUSE, _V.REDISPATCH),
    _S.HANDLING: (_V.REFUSE, _V.REDISPATCH),
    _S.REVIEW: (_V.RETURN_REVIEW,),
    _S.CHECKING: (_V.FAIL_CHECK,),
    _S.TO_CLOSE: (_V.REWORK,),
    _S.OPEN: (_V.VOID,),
}
#: Stages before filing: there is no deadline of the case yet, only the one that the rules would give.
UNFILED = frozenset({_S.REPORTED, _S.PRE_CHECK})
#: Stages that are looked at one by one; what sleeps and what lies with other platforms is never overdue here.
TIMED = frozenset(NEXT) - {_S.SUSPENDED, _S.OPEN}
#: Kind and state of a request → the moves that say yes and no; the state in which it waits for them depends on the flow.
DECIDING: Mapping[tuple[RequestKind, RequestState], tuple[Verb, Verb]] = {
    (RequestKind.EXTENSION, RequestState.ASKED): (_V.REVIEW_EXTENSION, _V.DENY_EXTENSION),
    (RequestKind.EXTENSION, RequestState.REVIEWED): (_V.GRANT_EXTENSION, _V.DENY_EXTENSION),
    (RequestKind.SUSPENSION, RequestState.ASKED): (_V.GRANT_SUSPENSION, _V.DENY_SUSPENSION),
}
#: What makes a supervised case the actor's business.
SUPERVISING = (_V.REPLY_SUPERVISION, _V.SETTLE_SUPERVISION)
#: Moves that can be made with many cases at once: nothing has to be known of the single case to make them.
IN_BULK = (
    *(_V.REQUEST_CHECK, _V.DISPATCH, _V.REDISPATCH, _V.ACCEPT, _V.ASSIGN, _V.PASS_REVIEW, _V.CLOSE),
    *(_V.REVIEW_EXTENSION, _V.GRANT_EXTENSION, _V.GRANT_SUSPENSION, _V.RESUME),
)


def stage_of(queue: Queue) -> Stage | None:
    """Return the stage whose queue this is, None for one that cuts across stages."""
    return Stage(queue.value) if queue.value in Stage.values else None


def deciders(kind: RequestKind, state: RequestState, *, reviewed_first: bool) -> tuple[Verb, Verb] | None:
    """Return the moves that say yes and no to a request as it stands; None where it waits for nobody.

    Without a unit's own review an extension that was asked for waits for the decision at once.
    """
    if kind == RequestKind.EXTENSION and state == RequestState.ASKED and not reviewed_first:
        state = RequestState.REVIEWED
    return DECIDING.get((kind, state))


def keeps_off(verb: Verb) -> Aloof:
    """Return whom his own part in a case keeps off a move."""
    return MOVES[verb].aloof


def bulk_moves(stage: Stage | None) -> tuple[Move, ...]:
    """Return the moves that can be made with many cases of a stage at once; with None those of every stage."""
    return tuple(MOVES[verb] for verb in IN_BULK if stage is None or stage in MOVES[verb].sources)


#: What one answer can say for many cases.
FOR_ALL = frozenset({Need.BODY, Need.PERSON, Need.REASON, Need.NOTE})
