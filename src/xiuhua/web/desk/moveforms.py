"""Forms of moves, keyed by verb: what the table of moves asks to be shown becomes the fields, with what can be chosen.

`form_of` makes a form, `web.desk.moveinput.given_of` reads what was sent, `web.desk.moving` is the door of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case
from xiuhua.cases.phrases import in_language
from xiuhua.cases.queries.offers import (
    Offer,
    class_offers,
    condition_offers,
    people_of_unit,
    place_offers,
    unit_offers,
)
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words.moves import Flow, Need, SupervisionKind, Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Actor, Fault
from xiuhua.privacy.rules import MASKED, mask
from xiuhua.taxonomy.phrases import limit_words
from xiuhua.ui.formats import moment
from xiuhua.web.desk.office import now

#: Files that a photo field offers; what is taken is decided by content (files.images).
PHOTOS = "image/jpeg,image/png,image/webp,image/heic,image/heif"
#: So few answers stand in sight, each a tap; more of them go into a list.
IN_SIGHT = 7
#: Moves that may be shown photos although they need none.
WITH_PHOTOS = frozenset(
    {Verb.CONFIRM, Verb.PASS_CHECK, Verb.FAIL_CHECK, Verb.REFUSE, Verb.COMMENT, Verb.FORCE_CLOSE, Verb.REWORK}
)
#: Into which field a standard reply goes; into the note unless it is here.
REPLY_INTO = {Verb.FILE: Need.REMEDY, Verb.FIX_ON_SPOT: Need.REMEDY}
#: Names of the fields that `Need.CHANGES` opens, beside class and territory.
TEXTS = ("title", "description", "address")


#: Value, label, and a second line or a group.
Option = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class MoveField:
    """One question. `kind` is one of the component `field`'s, or "radios"; options are (value, label, second line)."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    options: tuple[tuple[str, str, str], ...] = ()
    optional: bool = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the options of a select."""
        return [(value, f"{label}　{note}" if note else label) for value, label, note in self.options]

    @property
    def said(self) -> str:
        """Return the label, which says so where an answer may stay away."""
        return _("%(label)s（选填）") % {"label": self.label} if self.optional else self.label

    @property
    def id(self) -> str:
        """Return the id of its (first) input: there an error leads to."""
        return f"id_{self.name}"


@dataclass(frozen=True, slots=True)
class MoveForm:
    """A form for one move of one case: its questions and what travels along unseen."""

    verb: Verb
    case: Case
    fields: tuple[MoveField, ...]
    version: int
    client_uuid: str
    action: str
    #: What is wrong: (id of the input or "", sentence), in the order of the fields.
    errors: tuple[tuple[str, str], ...] = ()
    #: Keys of photos that are stored already and go with the move.
    photos: tuple[int, ...] = ()
    #: Classes to choose from where the condition hangs on one; empty elsewhere.
    classes: tuple[tuple[str, str], ...] = ()
    case_class: str = ""
    next: str = ""

    @property
    def label(self) -> str:
        """Return what the button says."""
        return str(self.verb.label)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the questions are asked about."""

    tenant: Tenant
    verb: Verb
    case: Case
    flow: Flow
    actor: Actor
    at: datetime
    zone: ZoneInfo
    values: Mapping[str, str]


def form_of(
    verb: Verb,
    case: Case,
    flow: Flow,
    actor: Actor,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    photos: Sequence[int] = (),
) -> MoveForm:
    """Return the form for a move of a case; a handful of queries.

    `values` is what was sent before (the input is kept), `errors` sentences by the name of a field or of a need,
    `photos` keys of evidence that is stored already.
    """
    sent = values or {}
    frame = _Frame(case.tenant, verb, case, flow, actor, now(), zone_of(case.tenant), sent)
    fields, wrong = _fields(frame), dict(errors or {})
    shown = tuple(
        replace(one, value=sent.get(one.name, one.value), error=wrong.pop(_blamed(one, wrong), "")) for one in fields
    )
    listed_errors = [(one.id, one.error) for one in shown if one.error] + [("", text) for text in wrong.values()]
    with_class = Need.CONDITION in MOVES[verb].needs
    return MoveForm(
        verb=verb,
        case=case,
        fields=shown,
        version=case.version,
        client_uuid=sent.get("client_uuid") or str(uuid4()),
        action=reverse("desk:move", args=[case.pk, verb.value]),
        errors=tuple(listed_errors),
        photos=tuple(photos),
        classes=tuple((str(key), name) for key, name in class_offers(case.tenant)) if with_class else (),
        case_class=sent.get("class", str(case.case_class_id or "")) if with_class else "",
        next=sent.get("next", ""),
    )


def errors_in(faults: Sequence[Fault], sentence: Callable[[Fault], str]) -> dict[str, str]:
    """Return the sentences of faults by the need they are about; several about one need stand together."""
    found: dict[str, str] = {}
    for fault in faults:
        text = sentence(fault)
        found[fault.column] = f"{found[fault.column]} {text}" if fault.column in found else text
    return found


def _blamed(field: MoveField, errors: Mapping[str, str]) -> str:
    """Return under which name an error of this field is listed: its own, or the need that it answers first."""
    if field.name in errors:
        return field.name
    stands_for = {"title": Need.CHANGES.value, "longitude": Need.PLACE.value}
    return stands_for.get(field.name, field.name)


def _fields(frame: _Frame) -> list[MoveField]:
    """Return the questions in the order in which they are answered: photos first, remarks last."""
    needs = MOVES[frame.verb].needs
    found: list[MoveField] = []
    for need in sorted(needs, key=lambda one: one != Need.PHOTO):
        if need != Need.NOTE:
            found += _ASKED[need](frame)
    found += _note(frame, optional=Need.NOTE not in needs)
    if frame.verb in WITH_PHOTOS:
        found.append(replace(_photo(frame)[0], optional=True))
    return found


def _nothing(_frame: _Frame) -> list[MoveField]:
    """Place and class of a case are put right by `correct`, they are no questions of other moves."""
    return []


def _photo(frame: _Frame) -> list[MoveField]:
    hint = {
        Verb.RECTIFY: _("站在整改前照片的同一位置、同一角度拍。可以一次选几张。"),
        Verb.FIX_ON_SPOT: _("当场处置后的照片。可以一次选几张。"),
    }
    label = _("整改后的照片") if frame.verb in {Verb.RECTIFY, Verb.FIX_ON_SPOT} else str(Need.PHOTO.label)
    return [MoveField("photo", label, "file", hint=hint.get(frame.verb, _("可以一次选几张。")))]


def _condition(frame: _Frame) -> list[MoveField]:
    case_class = frame.values.get("class", "")
    key = int(case_class) if case_class.isascii() and case_class.isdigit() else None
    offers = condition_offers(frame.tenant, frame.case, at=frame.at, case_class=key)
    options = tuple((str(one.condition.pk), one.condition.text, _offer_note(frame, one)) for one in offers)
    hint = "" if options else _("先在下面选类别，立案条件跟着类别走。")
    return [
        MoveField(
            "condition", str(Need.CONDITION.label), "radios", value=_usual(frame, offers), hint=hint, options=options
        )
    ]


def _usual(frame: _Frame, offers: Sequence[Offer]) -> str:
    """Return the condition that is marked before anybody chose: the case's, the only one, the standard's default."""
    keys = [one.condition.pk for one in offers]
    if frame.case.condition_id in keys:
        return str(frame.case.condition_id)
    usual = keys if len(keys) == 1 else [one.condition.pk for one in offers if one.condition.default]
    return str(usual[0]) if usual else ""


def _offer_note(frame: _Frame, one: Offer) -> str:
    limit = limit_words(one.condition.limits) or one.condition.limit_text
    if one.due_at is None:
        return _("%(limit)s，算不出期限，要手工定") % {"limit": limit or "—"}
    return _("%(limit)s，%(due)s 到期") % {"limit": limit, "due": _moment(frame, one.due_at)}


def _remedy(frame: _Frame) -> list[MoveField]:
    label = str(Need.REMEDY.label)
    return [
        *_reply(frame, Need.REMEDY, label),
        MoveField("remedy", label, "textarea", value=mask(frame.case.remedy), hint=_("要做什么，做到什么样。")),
    ]


def _deadline(_of: _Frame) -> list[MoveField]:
    hint = _("空着就用上面立案条件算出的期限；手工定要在说明里写理由。")
    return [MoveField("deadline", str(Need.DEADLINE.label), "datetime-local", hint=hint, optional=True)]


def _body(frame: _Frame) -> list[MoveField]:
    offers = unit_offers(frame.tenant, frame.case)
    named = _("责任清单指的是它")
    options = tuple((str(key), name, named if duty else "") for key, name, duty in offers)
    usual = next((str(key) for key, _name, duty in offers if duty), "")
    value = str(frame.case.body_id or "") if frame.verb == Verb.REOPEN else usual
    return [_choice("body", str(Need.BODY.label), options, value if frame.verb != Verb.REDISPATCH else "")]


def _person(frame: _Frame) -> list[MoveField]:
    people = people_of_unit(frame.tenant, frame.case.body_id)
    names = [str(one) for one in people]
    options = tuple((str(one.pk), str(one), one.username if names.count(str(one)) > 1 else "") for one in people)
    return [_choice("person", str(Need.PERSON.label), options, str(frame.case.person_id or ""))]


def _reason(frame: _Frame) -> list[MoveField]:
    label = str(Need.REASON.label)
    reasons = reason_options(frame.flow, frame.verb)
    if not reasons:
        return [MoveField("reason", label, "text")]
    hint = _("退单会计次，占用的时间记在案件上。") if frame.verb == Verb.REFUSE else ""
    return [replace(_choice("reason", label, reasons, ""), hint=hint)]


def _finding(_of: _Frame) -> list[MoveField]:
    return [MoveField("finding", str(Need.FINDING.label), "radios", options=finding_options())]


def _until(frame: _Frame) -> list[MoveField]:
    hint = _("到这一天恢复计时，最长 %(days)s 天。") % {"days": frame.flow.suspension_days}
    return [MoveField("until", str(Need.UNTIL.label), "date", hint=hint)]


def _target(frame: _Frame) -> list[MoveField]:
    hint = {
        Verb.MERGE: _("填保留下来的那个案件的编号，如 XH20261123000007。两边的报告人都留着。"),
        Verb.ATTACH: _("填主案的编号。"),
    }
    return [MoveField("target", str(Need.TARGET.label), "text", hint=hint.get(frame.verb, ""))]


def _demand(frame: _Frame) -> list[MoveField]:
    kinds = tuple((str(kind), str(kind.label), "") for kind in SupervisionKind)
    due = frame.at + timedelta(days=1)
    hint = _("对方看到的就是这句话。")
    return [
        MoveField("kind", _("督办种类"), "radios", value=str(SupervisionKind.KEY), options=kinds),
        MoveField("demand", str(Need.DEMAND.label), "textarea", hint=hint),
        MoveField(
            "deadline",
            _("回复期限"),
            "datetime-local",
            value=f"{due.astimezone(frame.zone):%Y-%m-%dT%H:%M}",
            optional=True,
        ),
    ]


def _changes(frame: _Frame) -> list[MoveField]:
    case = frame.case
    places = tuple((str(key), name, "") for key, name in place_offers(frame.tenant, case.territory_id))
    classes = tuple((str(key), name, "") for key, name in class_offers(frame.tenant))
    none = ("", _("未填"), "")
    stars = _("打 * 的地方是脱敏的个人信息，照样留着就不变。")
    hint = stars if MASKED.hides(case.description) else ""
    return [
        MoveField("title", _("标题"), value=mask(case.title)),
        MoveField("description", _("问题描述"), "textarea", value=mask(case.description), hint=hint),
        MoveField("address", _("地址"), value=mask(case.address)),
        MoveField("class", str(Need.CLASS.label), "select", value=_text(case.case_class_id), options=(none, *classes)),
        MoveField("territory", _("地域"), "select", value=_text(case.territory_id), options=(none, *places)),
        MoveField(
            "longitude",
            _("经度"),
            value=_text(case.longitude),
            hint=_("WGS-84。经纬度都填时，地域按坐标定。"),
            optional=True,
        ),
        MoveField("latitude", _("纬度"), value=_text(case.latitude), optional=True),
    ]


def _note(frame: _Frame, *, optional: bool) -> list[MoveField]:
    label = str(Need.NOTE.label)
    field = MoveField("note", label, "textarea", optional=optional)
    replies = [] if REPLY_INTO.get(frame.verb) else _reply(frame, Need.NOTE, label)
    return [*replies, field]


def _reply(frame: _Frame, into: Need, label: str) -> list[MoveField]:
    """Return the standard replies of a verb: one goes into the text below where that stays empty."""
    replies = reply_texts(frame.flow, frame.verb)
    if not replies or REPLY_INTO.get(frame.verb, Need.NOTE) != into:
        return []
    texts = tuple((text, text, "") for text in replies)
    hint = _("不写“%(label)s”就用选中的这句。") % {"label": label}
    return [MoveField("reply", _("常用语"), "select", options=(("", _("不用"), ""), *texts), hint=hint, optional=True)]


def unchosen() -> Option:
    """Return the option of a list that stands for no answer yet."""
    return "", _("请选择"), ""


def finding_options() -> tuple[Option, ...]:
    """Return what somebody who looked on the spot may have found."""
    return ("yes", _("属实"), ""), ("no", _("不属实"), "")


def reason_options(flow: Flow, verb: str) -> tuple[Option, ...]:
    """Return the office's reasons for a verb; empty where they are written freely."""
    return tuple((code, in_language(titles), "") for code, titles in flow.reasons.get(verb, ()))


def reply_texts(flow: Flow, verb: str) -> tuple[str, ...]:
    """Return the office's standard replies for a verb."""
    return tuple(in_language(titles) for _code, titles in flow.replies.get(verb, ()))


def _choice(name: str, label: str, options: tuple[tuple[str, str, str], ...], value: str) -> MoveField:
    """Return a question with few answers in sight, or a list of many."""
    if len(options) <= IN_SIGHT:
        return MoveField(name, label, "radios", value=value, options=options)
    return MoveField(name, label, "select", value=value, options=(unchosen(), *options))


_ASKED: Mapping[Need, Callable[[_Frame], list[MoveField]]] = {
    Need.PLACE: _nothing,
    Need.CLASS: _nothing,
    Need.CONDITION: _condition,
    Need.REMEDY: _remedy,
    Need.DEADLINE: _deadline,
    Need.BODY: _body,
    Need.PERSON: _person,
    Need.REASON: _reason,
    Need.FINDING: _finding,
    Need.PHOTO: _photo,
    Need.UNTIL: _until,
    Need.TARGET: _target,
    Need.DEMAND: _demand,
    Need.CHANGES: _changes,
}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _moment(frame: _Frame, value: datetime) -> str:
    return moment(value, frame.zone, get_language(), this_year=frame.at.astimezone(frame.zone).year)
