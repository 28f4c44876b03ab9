"""The forms of the desk: the usual move of a stage and the one that says no, as questions; `moveinput` reads what was sent.

Only what can be answered from a chair: a move that needs photos, or another one, has its page on the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _

from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.policies import may_move
from xiuhua.cases.rules.deciding import barrier
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.rules.queues import BACK, NEXT, deciders
from xiuhua.cases.words.moves import CaseNow, Flow, Given, Need, Verb
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.privacy.rules import mask
from xiuhua.web.desk.moveforms import finding_options, reason_options, reply_texts, unchosen

#: Filing and dispatching at once, for whoever holds both posts.
BOTH = "file_dispatch"
#: What cannot be answered from a chair.
_ELSEWHERE = frozenset({Need.PHOTO, Need.UNTIL, Need.TARGET, Need.DEMAND, Need.CHANGES})
#: Standard replies that are in sight, a key each.
REPLIES = 9


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `kind`: said (no question, only the answer), area, select, radios, moment.

    Options are (value, label, group); `replies` are texts that one click puts into it.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    error: str = ""
    options: tuple[tuple[str, str, str], ...] = ()
    replies: tuple[str, ...] = ()
    optional: bool = False

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the options of a select by group, in their order."""
        found: dict[str, list[tuple[str, str]]] = {}
        for value, label, group in self.options:
            found.setdefault(group, []).append((value, label))
        return list(found.items())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form: its buttons as (verb, label), the first being the main one, and its questions."""

    buttons: tuple[tuple[str, str], ...]
    asks: tuple[Ask, ...]
    #: Errors that belong to no question.
    errors: tuple[str, ...] = ()

    @property
    def verb(self) -> str:
        """Return the main button's verb."""
        return self.buttons[0][0]

    @property
    def label(self) -> str:
        """Return what the main button says."""
        return self.buttons[0][1]


@dataclass(frozen=True, slots=True)
class Here:
    """A case as it stands before somebody: what decides which moves he may make with it."""

    case: Case
    now: CaseNow
    flow: Flow
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything a form about a case is made from."""

    here: Here
    ruling: Ruling | None
    #: By when it is or would be due, and which unit answers for it and why: in words.
    due_words: str
    due_hint: str
    body_words: str
    body_hint: str
    conditions: tuple[tuple[str, str, str], ...] = ()
    units: tuple[tuple[str, str, str], ...] = ()
    people: tuple[tuple[str, str, str], ...] = ()
    sent: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def stopped(verb: Verb, here: Here) -> Refusal | None:
    """Return what keeps the person from a move whatever he may show for it; None where nothing does. No query."""
    return barrier(verb, here.now, here.flow, user=here.actor.user, at=here.at)


def allowed(verb: Verb, here: Here) -> bool:
    """Return whether post, stage and the rules of a move let the actor make it, if he shows what it needs. No query."""
    return may_move(here.actor, verb, here.case) and stopped(verb, here) is None


def usual(here: Here) -> tuple[str, ...]:
    """Return the verbs of the main form, the main one first; empty where nothing waits for the actor here."""
    decide = _deciders(here)
    if decide is not None and allowed(decide[0], here):
        return (decide[0].value,)
    found = next((verb for verb in NEXT.get(here.now.stage, ()) if allowed(verb, here)), None)
    if found is None or set(MOVES[found].needs) & _ELSEWHERE:
        return ()
    if found == Verb.FILE and may_move(here.actor, Verb.DISPATCH, here.case):
        return (BOTH, found.value)
    return (found.value,)


def denial(here: Here) -> str:
    """Return the verb that says no to what the stage or a pending request asks for, "" if the actor has none."""
    decide = _deciders(here)
    verbs = BACK.get(here.now.stage, ()) if decide is None else (decide[1], *BACK.get(here.now.stage, ()))
    return next((verb.value for verb in verbs if allowed(verb, here)), "")


def _deciders(here: Here) -> tuple[Verb, Verb] | None:
    if here.now.pending is None or here.now.pending_state is None:
        return None
    return deciders(here.now.pending, here.now.pending_state, reviewed_first=here.flow.extension_reviewed)


def label_of(verb: str) -> str:
    """Return what a button says."""
    return _("立案并派遣") if verb == BOTH else str(Verb(verb).label)


def needs_of(verb: str) -> tuple[Need, ...]:
    """Return what a button's move has to be shown, in the order in which it is asked."""
    if verb == BOTH:
        return (Need.CONDITION, Need.REMEDY, Need.DEADLINE, Need.BODY)
    return MOVES[Verb(verb)].needs


def sheet(frame: Frame, verbs: Sequence[str], *, duties: bool) -> Sheet:
    """Return the form for some verbs. With `duties` remedy, deadline and unit stand in it, asked for or only said."""
    wanted = list(needs_of(verbs[0]))
    asks = [ask for need in wanted if (ask := _asked(frame, need, verbs[0])) is not None]
    if duties:
        asks = _with_duties(frame, asks)
    if Need.NOTE not in wanted:
        asks.append(replace(_note(frame, verbs[0]), optional=True))
    named = {ask.name for ask in asks}
    errors = tuple(text for name, text in frame.errors.items() if name not in named)
    asks = [_filled(frame, ask) for ask in asks]
    return Sheet(tuple((verb, label_of(verb)) for verb in verbs), tuple(asks), errors)


def _filled(frame: Frame, ask: Ask) -> Ask:
    value = frame.sent.get(ask.name, ask.value) if ask.kind != "said" else ask.value
    return replace(ask, value=value, error=frame.errors.get(ask.name, ""))


def said(frame: Frame) -> tuple[Ask, ...]:
    """Return the three duties where no form is: what is to be done, by when, by whom."""
    return tuple(_with_duties(frame, []))


def _with_duties(frame: Frame, asks: Sequence[Ask]) -> list[Ask]:
    held = {ask.name: ask for ask in asks}
    duties = [
        held.pop("remedy", None)
        or Ask("remedy", str(Need.REMEDY.label), "said", mask(frame.here.case.remedy) or _("立案时写")),
        held.pop("deadline", None) or _deadline_said(frame),
        held.pop("body", None) or Ask("body", str(Need.BODY.label), "said", frame.body_words, frame.body_hint),
    ]
    first = [held.pop("condition")] if "condition" in held else []
    return [*first, *duties, *held.values()]


def _deadline_said(frame: Frame) -> Ask:
    return Ask("deadline", str(Need.DEADLINE.label), "said", frame.due_words, frame.due_hint)


def _asked(frame: Frame, need: Need, verb: str) -> Ask | None:
    make = _ASKS.get(need)
    return make(frame, verb) if make else None


def _condition(frame: Frame, _verb: str) -> Ask:
    ruled = frame.ruling.condition_id if frame.ruling else None
    value = str(frame.here.case.condition_id or ruled or "")
    known = {option[0] for option in frame.conditions}
    only = frame.conditions[0][0] if len(frame.conditions) == 1 else ""
    options = (unchosen(), *frame.conditions)
    return Ask("condition", str(Need.CONDITION.label), "select", value if value in known else only, options=options)


def _remedy(frame: Frame, verb: str) -> Ask:
    replies = reply_texts(frame.here.flow, Verb.FILE.value if verb == BOTH else verb)[:REPLIES]
    return Ask("remedy", str(Need.REMEDY.label), "area", mask(frame.here.case.remedy), replies=replies)


def _deadline(frame: Frame, _verb: str) -> Ask:
    if frame.here.now.ruled_due is not None:
        return _deadline_said(frame)
    hint = _("规则算不出期限，请定一个，并在说明里写理由。")
    return Ask("deadline", str(Need.DEADLINE.label), "moment", hint=hint)


def _body(frame: Frame, verb: str) -> Ask:
    duty = str(frame.here.now.duty or "")
    value = "" if verb == Verb.REDISPATCH and duty == str(frame.here.case.body_id) else duty
    options = (unchosen(), *frame.units)
    return Ask("body", str(Need.BODY.label), "select", value, frame.body_hint, options=options)


def _person(frame: Frame, _verb: str) -> Ask:
    keys = [key for key, _name, _group in frame.people]
    me = str(frame.here.actor.user)
    value = str(frame.here.case.person_id or (keys[0] if len(keys) == 1 else me if me in keys else ""))
    options = (unchosen(), *frame.people)
    return Ask("person", str(Need.PERSON.label), "select", value if value in keys else "", options=options)


def _reason(frame: Frame, verb: str) -> Ask:
    options = reason_options(frame.here.flow, verb)
    if not options:
        return Ask("reason", str(Need.REASON.label), "area")
    return Ask("reason", str(Need.REASON.label), "radios", options=options)


def _finding(_frame: Frame, _verb: str) -> Ask:
    return Ask("finding", str(Need.FINDING.label), "radios", options=finding_options())


def _note(frame: Frame, verb: str) -> Ask:
    replies = reply_texts(frame.here.flow, Verb.DISPATCH.value if verb == BOTH else verb)[:REPLIES]
    return Ask("note", str(Need.NOTE.label), "area", replies=() if verb == Verb.FILE else replies)


_ASKS: Mapping[Need, Callable[[Frame, str], Ask]] = {
    Need.CONDITION: _condition,
    Need.REMEDY: _remedy,
    Need.DEADLINE: _deadline,
    Need.BODY: _body,
    Need.PERSON: _person,
    Need.REASON: _reason,
    Need.FINDING: _finding,
    Need.NOTE: _note,
}


def parts(given: Given) -> tuple[Given, Given]:
    """Return what of one form belongs to the filing and what to the dispatch."""
    filed = Given(condition=given.condition, remedy=given.remedy, due_at=given.due_at, note=given.note)
    return filed, Given(body=given.body, note=given.note)


def more_moves(frame: Frame, shown: Sequence[str]) -> list[tuple[str, str]]:
    """Return the other moves that table, rules and posts allow here, as (verb, label); what the forms offer apart."""
    left_out = {*shown, *(Verb.FILE.value, Verb.DISPATCH.value) * (BOTH in shown), Verb.REPORT.value}
    return [(verb.value, str(verb.label)) for verb in MOVES if verb.value not in left_out and allowed(verb, frame.here)]
