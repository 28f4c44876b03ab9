"""Which event goes to whom: the table is the whole of it. An event that is not in it is told nobody."""

from __future__ import annotations

from collections.abc import Mapping

from xiuhua.kernel.words import Grant
from xiuhua.notices.words import Audience
from xiuhua.responsibility.words import Role

_A = Audience
_UNIT = (_A.UNIT, _A.PERSON)

ROUTES: Mapping[str, tuple[Audience, ...]] = {
    "case.report": (_A.CLERKS,),
    "case.request_check": (_A.INSPECTORS,),
    "case.confirm": (_A.CLERKS,),
    "case.file": (_A.DISPATCHERS,),
    "case.dispatch": (_A.UNIT,),
    "case.redispatch": (_A.UNIT, _A.UNIT_BEFORE),
    "case.send_back": (_A.CLERKS,),
    "case.refuse": (_A.DISPATCHERS,),
    "case.arbitrate": (_A.UNIT,),
    "case.accept": (_A.PERSON,),
    "case.assign": (_A.PERSON,),
    "case.rectify": (_A.UNIT,),
    "case.pass_review": (_A.VERIFIERS,),
    "case.return_review": (_A.PERSON,),
    "case.pass_check": (_A.CLERKS,),
    "case.fail_check": _UNIT,
    "case.rework": _UNIT,
    "case.force_close": _UNIT,
    "case.void": _UNIT,
    "case.reopen": (_A.UNIT,),
    "case.request_extension": (_A.DISPATCHERS,),
    "case.review_extension": (_A.DISPATCHERS,),
    "case.grant_extension": _UNIT,
    "case.deny_extension": _UNIT,
    "case.request_suspension": (_A.DISPATCHERS,),
    "case.grant_suspension": _UNIT,
    "case.deny_suspension": _UNIT,
    "case.resume": _UNIT,
    "case.supervise": _UNIT,
    "case.reply_supervision": (_A.SUPERVISORS,),
    "case.settle_supervision": _UNIT,
    "case.due_soon": _UNIT,
    "case.overdue": (*_UNIT, _A.SUPERVISORS),
    "case.dormant": (*_UNIT, _A.DISPATCHERS),
    "standing.weekly": (_A.UNIT,),
    "bulletin.submit": (_A.APPROVERS,),
    "bulletin.approve": (_A.APPROVERS,),
    "bulletin.pass": (_A.ISSUERS,),
    "bulletin.send_back": (_A.AUTHORS,),
    "bulletin.issue": (_A.TOOK_PART,),
}

#: Which posts an audience means. STAFF is the one post of an office that has not divided its work.
ROLES: Mapping[Audience, tuple[Role, ...]] = {
    _A.UNIT: (Role.UNIT, Role.SECRETARY),
    _A.UNIT_BEFORE: (Role.UNIT, Role.SECRETARY),
    _A.INSPECTORS: (Role.INSPECTOR, Role.STAFF),
    _A.CLERKS: (Role.CLERK, Role.STAFF),
    _A.DISPATCHERS: (Role.DISPATCHER, Role.STAFF),
    _A.VERIFIERS: (Role.VERIFIER, Role.STAFF),
    _A.SUPERVISORS: (Role.SUPERVISOR, Role.SHIFT_LEAD, Role.STAFF),
}
#: Audiences that answer for a unit: a post without one is not meant.
OF_A_UNIT = frozenset({_A.UNIT, _A.UNIT_BEFORE})


def covers(grant: Grant, *, body: int | None, territory: int | None, case_class: int | None, of_a_unit: bool) -> bool:
    """Return whether a post's scope takes in a case of this unit, territory and class; None is a case without one.

    A community's secretary stands for the units of his ground: where a unit is asked for, a territory will do.
    """
    if of_a_unit and grant.body is None and grant.territories is None:
        return False
    return (
        (grant.body is None or grant.body == body)
        and (grant.territories is None or territory in grant.territories)
        and (grant.classes is None or case_class in grant.classes)
    )


def asked(channel_events: list[str], body: int | None, name: str) -> bool:
    """Return whether a channel hears of an event that is for who names it: one of the whole office that does."""
    return body is None and name in channel_events


def wanted(events: list[str], name: str) -> bool:
    """Return whether a channel that names these events hears of one: all that people hear of, if it names none."""
    return name in events if events else name in ROUTES
