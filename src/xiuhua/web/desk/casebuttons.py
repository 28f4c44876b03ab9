"""Which moves the page of a case offers: those of the stage that the person's posts allow, and why one is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case
from xiuhua.cases.queries.openings import openings
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.rules.deciding import MOOT, ConflictOfInterest, Forbidden
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.web.desk.office import now

#: What is usually done next with a case; the first of them that is open is the page's main button.
NEXT = (
    *(Verb.GRANT_EXTENSION, Verb.GRANT_SUSPENSION, Verb.REVIEW_EXTENSION, Verb.FILE, Verb.CONFIRM, Verb.DISPATCH),
    *(Verb.ARBITRATE, Verb.ACCEPT, Verb.RECTIFY, Verb.PASS_REVIEW, Verb.PASS_CHECK, Verb.CLOSE, Verb.RESUME),
    Verb.REPLY_SUPERVISION,
)
#: Moves that stand beside the main one; the others wait behind "more".
BESIDE = frozenset(
    {
        *(Verb.REFUSE, Verb.DECLINE, Verb.RETURN_REVIEW, Verb.FAIL_CHECK, Verb.REWORK, Verb.REDISPATCH, Verb.SEND_BACK),
        *(Verb.DENY_EXTENSION, Verb.DENY_SUSPENSION, Verb.REQUEST_EXTENSION, Verb.FIX_ON_SPOT, Verb.REOPEN),
    }
)


@dataclass(frozen=True, slots=True)
class Button:
    """A move as the page offers it; `why_not` says why a person whose posts allow it may still not make it."""

    label: str
    href: str
    main: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """The moves in sight, and those behind "more"."""

    shown: tuple[Button, ...] = ()
    more: tuple[Button, ...] = ()
    kept_off: tuple[Button, ...] = ()


def buttons_of(case: Case, actor: Actor) -> Buttons:
    """Return what a person may do with a case as it stands. Five queries; none where no flow pack decides."""
    flow = shelf_of(case.tenant).flow
    if flow is None:
        return Buttons()
    stopped = {one.move.verb: one.stopped for one in openings(case, actor, flow, now())}
    free = [verb for verb, refusal in stopped.items() if refusal is None]
    main = next((verb for verb in NEXT if verb in free), None)
    shown = ([main] if main else []) + [verb for verb in free if verb in BESIDE]
    return Buttons(
        tuple(_button(case, verb, main=verb == main) for verb in shown),
        tuple(_button(case, verb) for verb in free if verb not in shown),
        tuple(_button(case, verb, why_not=why) for verb, refusal in stopped.items() if (why := _why_not(refusal))),
    )


def _button(case: Case, verb: Verb, *, main: bool = False, why_not: str = "") -> Button:
    return Button(str(verb.label), reverse("desk:move", args=[case.pk, verb.value]), main, why_not)


def _why_not(refusal: Refusal | None) -> str:
    """Return why a button is missing where somebody would look for it; "" where nobody would."""
    if isinstance(refusal, ConflictOfInterest):
        return _("经手处置的人不能自己办这一步，请换一个人来。")
    if isinstance(refusal, Forbidden) and refusal.facts["reason"] not in MOOT:
        return str(refusal)
    return ""
