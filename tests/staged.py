"""Living cases in every stage, and for every verb where it starts, who does it and what it has to be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.living import Office

from xiuhua.cases.models import Case
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb


def _accepted(office: Office) -> Case:
    case = office.dispatch(office.file(office.report()))
    office.move(case, Verb.ACCEPT, "uma", person=office.at("hal"))
    return case


def _rectified(office: Office) -> Case:
    case = _accepted(office)
    office.move(case, Verb.RECTIFY, "hal", photos=(office.photo(case, "hal"),))
    return case


def _reviewed(office: Office) -> Case:
    case = _rectified(office)
    office.move(case, Verb.PASS_REVIEW, "uma")
    return case


def _checked(office: Office) -> Case:
    case = _reviewed(office)
    office.move(case, Verb.PASS_CHECK, "vera", note="看过了")
    return case


def _refused(office: Office, times: int = 1) -> Case:
    case = office.dispatch(office.file(office.report()))
    office.move(case, Verb.REFUSE, "uma", reason="not_our_duty")
    for _time in range(times - 1):
        office.move(case, Verb.REDISPATCH, "dan", body=office.bodies["sweepers"].pk, reason="not_theirs")
        office.move(case, Verb.REFUSE, "uma", reason="not_our_duty")
    return case


def _suspended(office: Office) -> Case:
    case = _accepted(office)
    office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason="season", until=(office.now + timedelta(days=30)).date())
    office.move(case, Verb.GRANT_SUSPENSION, "dan")
    return case


def _then(made: Callable[[Office], Case], verb: Verb, by: str, **given: Any) -> Callable[[Office], Case]:
    def case(office: Office) -> Case:
        found = made(office)
        office.move(found, verb, by, **given)
        return found

    return case


def _merged(office: Office) -> Case:
    case, other = office.report(), office.report()
    office.move(case, Verb.MERGE, "cleo", target=other.number)
    return case


def _open(office: Office) -> Case:
    """A case as an import brings it."""
    case = office.report()
    Case.objects.filter(pk=case.pk).update(stage=Stage.OPEN)
    case.refresh_from_db()
    return case


#: Stage → how a case gets there.
STAGED: Mapping[Stage, Callable[[Office], Case]] = {
    Stage.OPEN: _open,
    Stage.REPORTED: lambda office: office.report(),
    Stage.PRE_CHECK: _then(lambda one: one.report(), Verb.REQUEST_CHECK, "cleo"),
    Stage.FILED: lambda office: office.file(office.report()),
    Stage.RETURNED: _refused,
    Stage.ARBITRATION: lambda office: _refused(office, 2),
    Stage.DISPATCHED: lambda office: office.dispatch(office.file(office.report())),
    Stage.HANDLING: _accepted,
    Stage.REVIEW: _rectified,
    Stage.CHECKING: _reviewed,
    Stage.TO_CLOSE: _checked,
    Stage.SUSPENDED: _suspended,
    Stage.CLOSED: _then(_checked, Verb.CLOSE, "cleo"),
    Stage.FORCED: _then(_accepted, Verb.FORCE_CLOSE, "lea", reason="gone", note="现场已拆除"),
    Stage.DECLINED: _then(lambda one: one.report(), Verb.DECLINE, "cleo", reason="repeated"),
    Stage.MERGED: _merged,
    Stage.VOID: _then(_accepted, Verb.VOID, "lea", reason="mistaken"),
}


@dataclass(frozen=True, slots=True)
class Try:
    """One verb on a real case: how the case gets to where it starts, who makes the move, what the form is sent."""

    case: Callable[[Office], Case]
    by: str
    sent: Callable[[Office], dict[str, Any]]
    #: Where the case then stands.
    to: Stage
    #: Fields that are complained of when nothing is sent.
    lacking: tuple[str, ...] = ()
    #: Somebody who sees the case and whose posts do not allow it; nobody for what everybody may who sees it.
    not_by: str = "bo"
    photo: bool = False


def _on(stage: Stage) -> Callable[[Office], Case]:
    return STAGED[stage]


def _asked_extension(office: Office) -> Case:
    return _then(_accepted, Verb.REQUEST_EXTENSION, "uma", reason="weather", note="连日下雨")(office)


def _asked_suspension(office: Office) -> Case:
    case = _accepted(office)
    office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason="season", until=(office.now + timedelta(days=30)).date())
    return case


def _supervised(office: Office) -> Case:
    return _then(_accepted, Verb.SUPERVISE, "bo", demand="本周内办结", kind="leader")(office)


def _attached(office: Office) -> Case:
    other = office.report()
    return _then(lambda one: one.report(), Verb.ATTACH, "cleo", target=other.number)(office)


def _nothing(_office: Office) -> dict[str, Any]:
    return {}


def _other(office: Office) -> dict[str, Any]:
    return {"target": office.report().number}


def _unit(name: str, **more: Any) -> Callable[[Office], dict[str, Any]]:
    return lambda office: {"body": office.bodies[name].pk, **more}


#: Verb → a move that the table allows; every verb but the report, which opens a case.
TRIES: Mapping[Verb, Try] = {
    Verb.FIX_ON_SPOT: Try(
        _on(Stage.REPORTED), "ina", lambda _: {"remedy": "当场清走"}, Stage.CHECKING, ("remedy", "photo"), photo=True
    ),
    Verb.REQUEST_CHECK: Try(_on(Stage.REPORTED), "cleo", _nothing, Stage.PRE_CHECK),
    Verb.CONFIRM: Try(_on(Stage.PRE_CHECK), "ina", lambda _: {"finding": "yes"}, Stage.REPORTED, ("finding",)),
    Verb.FILE: Try(
        _on(Stage.REPORTED),
        "cleo",
        lambda office: {"condition": office.condition.pk, "remedy": "清理干净"},
        Stage.FILED,
        ("condition", "remedy"),
    ),
    Verb.DECLINE: Try(_on(Stage.REPORTED), "cleo", lambda _: {"reason": "repeated"}, Stage.DECLINED, ("reason",)),
    Verb.DISPATCH: Try(_on(Stage.FILED), "dan", _unit("sweepers", note="请尽快"), Stage.DISPATCHED, ("body",)),
    Verb.REDISPATCH: Try(
        _on(Stage.RETURNED), "dan", _unit("repairs", reason="not_theirs"), Stage.DISPATCHED, ("body", "reason")
    ),
    Verb.SEND_BACK: Try(_on(Stage.FILED), "dan", lambda _: {"reason": "place_wrong"}, Stage.REPORTED, ("reason",)),
    Verb.REFUSE: Try(_on(Stage.DISPATCHED), "uma", lambda _: {"reason": "unclear"}, Stage.RETURNED, ("reason",)),
    Verb.ARBITRATE: Try(
        _on(Stage.ARBITRATION), "dan", _unit("repairs", note="按地段归市政"), Stage.DISPATCHED, ("body", "note")
    ),
    Verb.ACCEPT: Try(
        _on(Stage.DISPATCHED), "uma", lambda office: {"person": office.at("hal")}, Stage.HANDLING, ("person",)
    ),
    Verb.ASSIGN: Try(
        _on(Stage.HANDLING), "uma", lambda office: {"person": office.at("uma")}, Stage.HANDLING, ("person",)
    ),
    Verb.RECTIFY: Try(_on(Stage.HANDLING), "hal", _nothing, Stage.REVIEW, ("photo",), photo=True),
    Verb.PASS_REVIEW: Try(_on(Stage.REVIEW), "uma", _nothing, Stage.CHECKING),
    Verb.RETURN_REVIEW: Try(_on(Stage.REVIEW), "uma", lambda _: {"note": "补照片"}, Stage.HANDLING, ("note",)),
    Verb.PASS_CHECK: Try(_on(Stage.CHECKING), "vera", lambda _: {"note": "已整改"}, Stage.TO_CLOSE, ("note",)),
    Verb.FAIL_CHECK: Try(_on(Stage.CHECKING), "vera", lambda _: {"reason": "not_done"}, Stage.HANDLING, ("reason",)),
    Verb.REWORK: Try(_on(Stage.TO_CLOSE), "cleo", lambda _: {"reason": "material"}, Stage.HANDLING, ("reason",)),
    Verb.CLOSE: Try(_on(Stage.TO_CLOSE), "cleo", _nothing, Stage.CLOSED),
    Verb.FORCE_CLOSE: Try(
        _on(Stage.HANDLING), "lea", lambda _: {"reason": "gone", "note": "已拆除"}, Stage.FORCED, ("reason", "note")
    ),
    Verb.VOID: Try(_on(Stage.HANDLING), "lea", lambda _: {"reason": "mistaken"}, Stage.VOID, ("reason",)),
    Verb.REOPEN: Try(
        _on(Stage.CLOSED), "sue", _unit("sweepers", reason="came_back"), Stage.DISPATCHED, ("body", "reason")
    ),
    Verb.REQUEST_EXTENSION: Try(
        _on(Stage.HANDLING), "uma", lambda _: {"reason": "weather"}, Stage.HANDLING, ("reason",)
    ),
    Verb.REVIEW_EXTENSION: Try(_asked_extension, "uma", _nothing, Stage.HANDLING),
    Verb.GRANT_EXTENSION: Try(
        _then(_asked_extension, Verb.REVIEW_EXTENSION, "uma"), "dan", _nothing, Stage.HANDLING, not_by="cleo"
    ),
    Verb.DENY_EXTENSION: Try(_asked_extension, "dan", lambda _: {"note": "时间够"}, Stage.HANDLING, ("note",)),
    Verb.REQUEST_SUSPENSION: Try(
        _on(Stage.HANDLING),
        "uma",
        lambda office: {"reason": "season", "until": (office.now + timedelta(days=9)).date()},
        Stage.HANDLING,
        ("reason", "until"),
    ),
    Verb.GRANT_SUSPENSION: Try(_asked_suspension, "dan", _nothing, Stage.SUSPENDED),
    Verb.DENY_SUSPENSION: Try(_asked_suspension, "dan", lambda _: {"note": "可以办"}, Stage.HANDLING, ("note",)),
    Verb.WITHDRAW_REQUEST: Try(_asked_extension, "uma", _nothing, Stage.HANDLING),
    Verb.RESUME: Try(_on(Stage.SUSPENDED), "dan", _nothing, Stage.HANDLING),
    Verb.SUPERVISE: Try(
        _on(Stage.HANDLING), "bo", lambda _: {"demand": "今天办结"}, Stage.HANDLING, ("demand",), not_by="cleo"
    ),
    Verb.REPLY_SUPERVISION: Try(_supervised, "uma", lambda _: {"note": "今天完成"}, Stage.HANDLING, ("note",)),
    Verb.SETTLE_SUPERVISION: Try(
        _supervised, "bo", lambda _: {"note": "已办结"}, Stage.HANDLING, ("note",), not_by="cleo"
    ),
    Verb.MERGE: Try(_on(Stage.REPORTED), "cleo", _other, Stage.MERGED, ("target",)),
    Verb.UNMERGE: Try(_on(Stage.MERGED), "cleo", _nothing, Stage.REPORTED),
    Verb.ATTACH: Try(_on(Stage.REPORTED), "cleo", _other, Stage.REPORTED, ("target",)),
    Verb.DETACH: Try(_attached, "cleo", _nothing, Stage.REPORTED),
    Verb.COMMENT: Try(_on(Stage.HANDLING), "bo", lambda _: {"note": "请抓紧"}, Stage.HANDLING, ("note",), not_by=""),
    Verb.CORRECT: Try(
        _on(Stage.REPORTED),
        "cleo",
        lambda _: {"title": "路口垃圾", "note": "补标题"},
        Stage.REPORTED,
        ("changes", "note"),
    ),
}
