"""What each role may do: the verbs of its posts. Where a post may do it is the post's own scope.

Which roles take part in the life of a case, and in which step, follows the posts of GB/T 30428 platforms (docs/moves.md);
small streets join posts by giving one person several of them. That nobody verifies or closes what he handled is no
matter of roles: it holds whatever posts a person has (cases.rules.moves).
"""

from __future__ import annotations

from collections.abc import Mapping

from xiuhua.kernel.words import EVERY
from xiuhua.responsibility.words import Role

#: What everybody of the office reads: months, lists, maps, registers.
READING = frozenset({"month.see", "register.see"})
#: What everybody who works on cases may do with one that he sees; which door it is must be known to who goes there.
TALKING = frozenset({"case.see", "case.comment", "evidence.add", "privacy.place"})

_CLERK = frozenset(
    {
        *("case.report", "case.request_check", "case.confirm", "case.file", "case.decline", "case.correct"),
        *("case.merge", "case.unmerge", "case.attach", "case.detach", "case.rework", "case.close", "case.send_back"),
        *("reporter.see", "privacy.see", "import.see", "import.do"),
        *("bulletin.see", "bulletin.write", "bulletin.issue"),
    }
)
_SHIFT_LEAD = _CLERK | {
    *("case.void", "case.force_close", "case.reopen", "case.supervise", "case.settle_supervision"),
    "bulletin.approve",
}
_DISPATCHER = frozenset(
    {
        *("case.dispatch", "case.redispatch", "case.send_back", "case.arbitrate", "case.attach", "case.detach"),
        *("case.merge", "case.unmerge", "case.correct", "case.grant_extension", "case.deny_extension"),
        *("case.request_suspension", "case.grant_suspension", "case.deny_suspension", "case.resume", "case.rework"),
        *("case.supervise", "case.settle_supervision", "case.fail_check"),
    }
)
_UNIT = frozenset(
    {
        *("case.accept", "case.assign", "case.refuse", "case.rectify", "case.pass_review", "case.return_review"),
        *("case.request_extension", "case.review_extension", "case.request_suspension", "case.reply_supervision"),
        *("case.withdraw_request", "case.report"),
    }
)
_VERIFIER = frozenset({"case.report", "case.confirm", "case.pass_check", "case.fail_check"})
_SUPERVISOR = frozenset(
    {
        *("case.report", "case.supervise", "case.settle_supervision", "case.force_close", "case.reopen", "case.void"),
        *("reporter.see", "privacy.see", "evidence.original", "bulletin.see", "bulletin.approve"),
    }
)
_ADMIN = frozenset(
    {
        *("people.see", "people.manage", "register.change", "pack.change", "system.operate", "audit.see", "assess.do"),
        *("import.see", "import.do", "api.token"),
    }
)

VERBS: Mapping[Role, frozenset[str]] = {
    #: Everything but what conflicts of interest forbid: the one post of an office that has not divided its work.
    Role.STAFF: frozenset({EVERY}),
    Role.INSPECTOR: READING
    | TALKING
    | {"case.report", "case.fix_on_spot", "case.confirm", "case.pass_check", "case.fail_check"},
    Role.CLERK: READING | TALKING | _CLERK,
    Role.SHIFT_LEAD: READING | TALKING | _SHIFT_LEAD,
    Role.DISPATCHER: READING | TALKING | _DISPATCHER,
    Role.UNIT: READING | TALKING | _UNIT,
    Role.HANDLER: TALKING | {"case.rectify", "case.report", "case.request_extension"},
    Role.VERIFIER: READING | TALKING | _VERIFIER,
    Role.SUPERVISOR: READING | TALKING | _SUPERVISOR,
    Role.LEADER: READING
    | {
        *("case.see", "case.comment", "case.supervise", "case.settle_supervision", "import.see"),
        *("bulletin.see", "bulletin.approve"),
    },
    Role.SECRETARY: READING | TALKING | _UNIT,
    Role.ADMIN: READING | _ADMIN,
}
#: Roles that stand for a unit or a territory: a post of theirs without either would reach further than anybody means.
SCOPED = frozenset({Role.UNIT, Role.HANDLER, Role.SECRETARY})


def holders(verb: str) -> tuple[Role, ...]:
    """Return the roles whose posts allow a verb, in the order of the table."""
    return tuple(role for role, verbs in VERBS.items() if verb in verbs or EVERY in verbs)
