"""Whether a move is allowed and what it changes: pure, from the table of moves and what is known of the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xiuhua.cases.rules.moves import MOVES, target
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import (
    Aloof,
    CaseNow,
    ClockEffect,
    Flow,
    Given,
    Move,
    Need,
    Outcome,
    RequestKind,
    RequestState,
    Verb,
)
from xiuhua.kernel.words import Fact, Fault, Refusal, marked, worded

#: A text longer than this is no remark.
LONGEST = 2000
#: Why a move has no object just now: nobody misses its button.
NOTHING_ASKED = marked("没有等着处理的申请。")
NO_PARENT = marked("它没有挂在别的案件下。")
NOT_SUPERVISED = marked("没有在督办。")
MOOT = frozenset({NOTHING_ASKED, NO_PARENT, NOT_SUPERVISED})


class MoveNotAllowed(Refusal):
    """The table has no such move from where the case stands."""

    code = "case.move_not_allowed"
    sentence = marked("案件在“%(stage)s”阶段，不能“%(verb)s”。")


class MoveIncomplete(Refusal):
    """Something the move has to show is missing or cannot be right; the faults say what."""

    code = "case.move_incomplete"
    sentence = marked("“%(verb)s”还缺 %(count)s 项：%(missing)s。")


class ConflictOfInterest(Refusal):
    """Nobody verifies or closes what he handled, whatever posts he holds."""

    code = "case.conflict_of_interest"
    sentence = marked("经手处置的人不能自己“%(verb)s”，请换一个人来。")


class NotYourPost(Refusal):
    """No post of the actor's allows the move here."""

    code = "case.not_your_post"
    sentence = marked("您的岗位不能在这里“%(verb)s”。")


class Forbidden(Refusal):
    """A rule of the move itself speaks against it."""

    code = "case.forbidden"

    def __str__(self) -> str:
        return worded(str(self.facts["reason"]))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Under which flow, when, and by which account a move is asked for."""

    flow: Flow
    at: datetime
    #: The day of `at` in the office's zone.
    today: date
    user: int | None


def decide(
    verb: Verb,
    case: CaseNow,
    given: Given,
    flow: Flow,
    *,
    user: int | None,
    at: datetime,
    today: date | None = None,
) -> Outcome:
    """Return what a move changes in a case. Whether the actor holds the post for it is a matter of cases.policies.

    `today` is the office's day, by default that of `at` in its own zone. Raises MoveNotAllowed, ConflictOfInterest,
    Forbidden, and MoveIncomplete with a fault for each thing missing.
    """
    if refusal := barrier(verb, case, flow, user=user, at=at):
        raise refusal
    move, frame = MOVES[verb], _Frame(flow, at, today or at.date(), user)
    if faults := [*_missing(move, case, given, flow), *_wrong(verb, case, given, frame)]:
        raise incomplete(verb, faults)
    stage = target(move.to, flow.skipped) if move.to else case.stage
    changes: dict[str, Any] = dict(_CHANGES.get(verb, _nothing)(case, given, flow, at))
    stage = Stage(changes.pop("stage", stage))
    changes |= _clock(move, case, stage, at)
    return Outcome(stage, changes)


def barrier(verb: Verb, case: CaseNow, flow: Flow, *, user: int | None, at: datetime) -> Refusal | None:
    """Return what keeps a person from a move as the case stands, whatever he may show for it; None where nothing does.

    What `decide` would raise before it looks at what is given: MoveNotAllowed, ConflictOfInterest, Forbidden.
    """
    move = MOVES[verb]
    if case.stage not in move.sources:
        return MoveNotAllowed(stage=str(case.stage.label), verb=str(verb.label))
    if user is not None and user in _kept_off(move.aloof, case):
        return ConflictOfInterest(verb=str(verb.label))
    reason = _requests(verb, case, _Frame(flow, at, at.date(), user)) or _ends(verb, case) or _family(verb, case)
    return Forbidden(reason=reason) if reason else None


def _kept_off(aloof: Aloof, case: CaseNow) -> frozenset[int]:
    if aloof == Aloof.NOBODY:
        return frozenset()
    return case.doers if aloof == Aloof.DOERS else case.hands


def incomplete(verb: Verb, faults: list[Fault]) -> MoveIncomplete:
    """Return the refusal that lists what a move lacks."""
    named = "、".join(dict.fromkeys(str(Need(one.column).label) for one in faults if one.column in Need.values))
    return MoveIncomplete(faults, verb=str(verb.label), count=len(faults), missing=named or "—")


def _missing(move: Move, case: CaseNow, given: Given, flow: Flow) -> Iterator[Fault]:
    for need in move.needs:
        if not _SHOWN[need](case, given):
            yield Fault(f"case.need_{need.value}", column=need.value)
    codes = flow.reason_codes(move.verb)
    if given.reason and codes and given.reason not in codes:
        yield Fault("case.reason_unknown", column=Need.REASON.value, facts={"reason": given.reason[:100]})
    for need, text in ((Need.NOTE, given.note), (Need.REMEDY, given.remedy), (Need.DEMAND, given.demand)):
        if len(text) > LONGEST:
            yield Fault("case.text_long", column=need.value, facts={"most": LONGEST})


_SHOWN: Mapping[Need, Callable[[CaseNow, Given], bool]] = {
    Need.PLACE: lambda case, _given: case.placed,
    Need.CLASS: lambda case, _given: case.case_class is not None,
    Need.CONDITION: lambda case, given: (given.condition or case.condition) is not None,
    Need.REMEDY: lambda case, given: bool((given.remedy or case.remedy).strip()),
    Need.DEADLINE: lambda case, given: (given.due_at or case.ruled_due) is not None,
    Need.BODY: lambda _case, given: given.body is not None,
    Need.PERSON: lambda _case, given: given.person is not None,
    Need.REASON: lambda _case, given: bool(given.reason.strip()),
    Need.NOTE: lambda _case, given: bool(given.note.strip()),
    Need.FINDING: lambda _case, given: given.finding is not None,
    Need.PHOTO: lambda _case, given: bool(given.photos),
    Need.UNTIL: lambda _case, given: given.until is not None,
    Need.TARGET: lambda _case, given: bool(given.target.strip()),
    Need.DEMAND: lambda _case, given: bool(given.demand.strip()),
    Need.CHANGES: lambda _case, given: bool(given.changes),
}


def _wrong(verb: Verb, case: CaseNow, given: Given, frame: _Frame) -> list[Fault]:
    """Return what cannot be right about what was given."""
    if verb == Verb.FILE:
        return _due_by_hand(given, frame.at)
    if verb == Verb.DISPATCH:
        elsewhere = case.duty is not None and given.body not in {None, case.duty}
        return (
            [Fault("case.dispatch_elsewhere", column=Need.NOTE.value)] if elsewhere and not given.note.strip() else []
        )
    if verb == Verb.REQUEST_SUSPENSION and given.until is not None:
        far = not 1 <= (given.until - frame.today).days <= frame.flow.suspension_days
        facts: dict[str, Fact] = {"days": frame.flow.suspension_days}
        return [Fault("case.until_far", column=Need.UNTIL.value, facts=facts)] if far else []
    return []


def _due_by_hand(given: Given, at: datetime) -> list[Fault]:
    """A deadline set by hand lies ahead and says why."""
    if given.due_at is None:
        return []
    past = [Fault("case.due_past", column=Need.DEADLINE.value)] if given.due_at <= at else []
    return past if given.note.strip() else [*past, Fault("case.due_by_hand", column=Need.NOTE.value)]


_ASKING = {Verb.REQUEST_EXTENSION: RequestKind.EXTENSION, Verb.REQUEST_SUSPENSION: RequestKind.SUSPENSION}
_GRANTING = frozenset({Verb.GRANT_EXTENSION, Verb.GRANT_SUSPENSION})
_DECIDING = {
    Verb.REVIEW_EXTENSION: RequestKind.EXTENSION,
    Verb.GRANT_EXTENSION: RequestKind.EXTENSION,
    Verb.DENY_EXTENSION: RequestKind.EXTENSION,
    Verb.GRANT_SUSPENSION: RequestKind.SUSPENSION,
    Verb.DENY_SUSPENSION: RequestKind.SUSPENSION,
}


def _requests(verb: Verb, case: CaseNow, frame: _Frame) -> str | None:
    """Return why a request cannot be made or decided. An extension is asked for before the time is up."""
    if verb in _ASKING:
        return _asking(verb, case, frame.flow, frame.at)
    if (verb in _DECIDING and case.pending != _DECIDING[verb]) or (verb == Verb.WITHDRAW_REQUEST and not case.pending):
        return NOTHING_ASKED
    if verb in _GRANTING and frame.user is not None and frame.user == case.asked_by:
        return marked("自己提出的申请要由别人批准。")
    reviewed = case.pending_state == RequestState.REVIEWED
    if verb == Verb.REVIEW_EXTENSION and reviewed:
        return marked("这份申请已经初审过了。")
    if verb == Verb.GRANT_EXTENSION and frame.flow.extension_reviewed and not reviewed:
        return marked("延期要先由单位初审。")
    return None


def _asking(verb: Verb, case: CaseNow, flow: Flow, at: datetime) -> str | None:
    if case.pending is not None:
        return marked("已有一份申请在处理，先等结果或撤回它。")
    if verb == Verb.REQUEST_SUSPENSION:
        full = case.suspensions >= flow.suspensions
        return marked("挂账次数已用完。") if full else None
    if case.due_at is None:
        return marked("没有期限，不用延期。")
    if at >= case.due_at:
        return marked("期限已过，不能再申请延期。")
    if case.extensions >= flow.extensions:
        return marked("延期次数已用完。")
    return None


def _ends(verb: Verb, case: CaseNow) -> str | None:
    if verb in {Verb.CLOSE, Verb.FORCE_CLOSE} and case.children_open:
        return marked("还有子案没有结束，主案不能先结。")
    if verb in {Verb.VOID, Verb.MERGE} and case.children_open:
        return marked("还有子案没有结束，主案不能作废或并入别的案件。")
    if verb == Verb.REFUSE and case.arbitrated:
        return marked("已经裁定的案件不能再退单。")
    return None


def _family(verb: Verb, case: CaseNow) -> str | None:
    if verb == Verb.DETACH and case.parent is None:
        return NO_PARENT
    if verb == Verb.SETTLE_SUPERVISION and not case.supervised:
        return NOT_SUPERVISED
    if verb == Verb.REPLY_SUPERVISION and not case.supervised:
        return NOT_SUPERVISED
    return None


def _nothing(_case: CaseNow, _given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    return {}


def _file(case: CaseNow, given: Given, _flow: Flow, at: datetime) -> dict[str, Any]:
    return {
        "condition_id": given.condition or case.condition,
        "remedy": (given.remedy or case.remedy).strip(),
        "filed_at": at,
        "due_at": given.due_at or case.ruled_due,
    }


def _dispatch(_case: CaseNow, given: Given, _flow: Flow, at: datetime) -> dict[str, Any]:
    return {"body_id": given.body, "person_id": None, "dispatched_at": at, "accepted_at": None}


def _refuse(case: CaseNow, _given: Given, flow: Flow, at: datetime) -> dict[str, Any]:
    """A refusal counts, and the time it took is lost; the flow's number of them goes to arbitration."""
    lost = int((at - case.dispatched_at).total_seconds()) if case.dispatched_at else 0
    again = case.refusals + 1
    stage = Stage.ARBITRATION if flow.refusals and again >= flow.refusals else Stage.RETURNED
    return {
        "stage": stage,
        "refusals": again,
        "lost_seconds": case.lost_seconds + max(0, lost),
        "person_id": None,
        "accepted_at": None,
    }


def _arbitrate(case: CaseNow, given: Given, flow: Flow, at: datetime) -> dict[str, Any]:
    return _dispatch(case, given, flow, at) | {"arbitrated": True, "arbitration_due_at": None}


def _accept(_case: CaseNow, given: Given, _flow: Flow, at: datetime) -> dict[str, Any]:
    return {"person_id": given.person, "accepted_at": at}


def _assign(_case: CaseNow, given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    return {"person_id": given.person}


def _again(case: CaseNow, _given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    """Rework: the same unit and all that was done stay; only the count goes up. Without a unit it waits to be dispatched."""
    waits = {} if case.body is not None else {"stage": Stage.FILED}
    return {"reworks": case.reworks + 1, "disposed_at": None} | waits


def _back_to_unit(_case: CaseNow, _given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    return {"disposed_at": None}


def _reopen(case: CaseNow, given: Given, flow: Flow, at: datetime) -> dict[str, Any]:
    return _dispatch(case, given, flow, at) | {"reopened": case.reopened + 1, "disposed_at": None, "closed_at": None}


def _send_back(_case: CaseNow, _given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    """Nothing that was filled in is lost; without a filing there is no deadline to keep."""
    return {"due_at": None, "filed_at": None}


def _remember(case: CaseNow, _given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    return {"stage_before": case.stage.value}


def _resume(case: CaseNow, _given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    return {"stage": Stage(case.stage_before or Stage.HANDLING), "stage_before": ""}


def _unmerge(case: CaseNow, _given: Given, _flow: Flow, _at: datetime) -> dict[str, Any]:
    return {"stage": Stage(case.stage_before or Stage.REPORTED), "stage_before": "", "merged_into_id": None}


def _fix(case: CaseNow, given: Given, _flow: Flow, at: datetime) -> dict[str, Any]:
    return {"remedy": (given.remedy or case.remedy).strip(), "filed_at": at, "due_at": case.ruled_due}


_CHANGES: Mapping[Verb, Callable[[CaseNow, Given, Flow, datetime], dict[str, Any]]] = {
    Verb.FILE: _file,
    Verb.FIX_ON_SPOT: _fix,
    Verb.CONFIRM: lambda _case, given, _flow, _at: {"confirmed": given.finding},
    Verb.DISPATCH: _dispatch,
    Verb.REDISPATCH: _dispatch,
    Verb.SEND_BACK: _send_back,
    Verb.REFUSE: _refuse,
    Verb.ARBITRATE: _arbitrate,
    Verb.ACCEPT: _accept,
    Verb.ASSIGN: _assign,
    Verb.RETURN_REVIEW: _back_to_unit,
    Verb.FAIL_CHECK: _again,
    Verb.REWORK: _again,
    Verb.REOPEN: _reopen,
    Verb.GRANT_EXTENSION: lambda case, _given, _flow, _at: {"extensions": case.extensions + 1},
    Verb.GRANT_SUSPENSION: _remember,
    Verb.RESUME: _resume,
    Verb.FORCE_CLOSE: lambda _case, _given, _flow, _at: {"stage_before": ""},
    Verb.MERGE: _remember,
    Verb.UNMERGE: _unmerge,
    Verb.DETACH: lambda _case, _given, _flow, _at: {"parent_id": None},
}


def _clock(move: Move, case: CaseNow, stage: Stage, at: datetime) -> dict[str, Any]:
    """Return the times that a move writes down. A unit is done when it hands on, not when its handler reports."""
    found: dict[str, Any] = {}
    if move.clock == ClockEffect.ENDS:
        found["closed_at"] = at
    if move.clock == ClockEffect.DISPOSED and stage != Stage.REVIEW:
        found["disposed_at"] = at
    if case.mirrored and move.verb != Verb.COMMENT:
        found["mirrored"] = False
    return found
