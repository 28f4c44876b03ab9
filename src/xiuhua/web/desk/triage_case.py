"""The middle pane of the desk: one case – what, where, who, by when, proof –, what it may repeat, and the one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case, Evidence, Request, Ruling, Supervision
from xiuhua.cases.phrases import reason_words
from xiuhua.cases.policies import may_move, sees
from xiuhua.cases.queries import ruling_of
from xiuhua.cases.queries.changes import Step
from xiuhua.cases.queries.nearby import Near, near, suggested
from xiuhua.cases.queries.now import case_now, last_move
from xiuhua.cases.queries.offers import Offer, condition_offers, people_of_unit, unit_offers
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.rules.deciding import ConflictOfInterest
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.rules.queues import NEXT
from xiuhua.cases.words import ENDED
from xiuhua.cases.words.moves import PENDING, CaseNow, Need, Verb
from xiuhua.clock.rules.limits import read
from xiuhua.files.queries import sign
from xiuhua.files.rules.addresses import audience_of
from xiuhua.files.words import Variant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.privacy.rules import mask
from xiuhua.responsibility.phrases import row_sentence
from xiuhua.taxonomy.models import FilingCondition
from xiuhua.taxonomy.phrases import limit_words
from xiuhua.ui.formats import day
from xiuhua.web.desk.desk_forms import (
    Frame,
    Here,
    Sheet,
    allowed,
    denial,
    label_of,
    more_moves,
    said,
    sheet,
    stopped,
    usual,
)
from xiuhua.web.desk.timing import due_words
from xiuhua.web.desk.triage_asked import Asked, Desk, channel_words, choices_of, what_of
from xiuhua.web.desk.triage_map import map_pane

#: How long the address of a photo on the desk lasts.
SHOWN = timedelta(hours=1)
#: Photos beside the first one.
SMALL = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: its verb, what was in it, what is wrong, and what others did meanwhile."""

    verb: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    meanwhile: Sequence[Step] = ()
    stale: bool = False


def case_opened(tenant: Tenant, key: int) -> Case | None:
    """Return a case with what its pane shows of other tables. One statement."""
    wanted = ("case_class__parent", "body", "person", "condition", "territory", "claimed_by", "merged_into", "tenant")
    return Case.objects.filter(tenant=tenant, pk=key).select_related(*wanted).first()


def case_pane(desk: Desk, asked: Asked, key: int | None, sent: Sent | None = None) -> dict[str, Any]:
    """Return the context of case and map; `case` is None where there is none or the actor may not see it."""
    case = case_opened(desk.tenant, key) if key is not None else None
    if case is None or not sees(desk.actor, case):
        return {"case": None, "gone": key is not None, "asked": asked}
    now, ruling = case_now(case), ruling_of(case)
    around = near(desk.tenant, desk.actor, case, desk.flow, reach=max(asked.zoom, desk.flow.duplicate_metres))
    here = Here(case, now, desk.flow, desk.actor, desk.at)
    verbs, back = usual(here), denial(here)
    frame = _frame(desk, here, ruling, sent, back)
    same = suggested(around) if MOVES[Verb.MERGE].sources >= {now.stage} else []
    photos = photos_of(desk, [case.pk, *(one.case.pk for one in same)])
    return {
        "case": case,
        "asked": asked,
        "gone": False,
        "heading": what_of(case),
        "channel": channel_words(case.channel),
        "place": choices_of(desk.tenant).names.get(case.territory.code, "") if case.territory else "",
        "due": due_words(_due(case, ruling), case.closed_at, desk.at),
        "waits_for": str(NEXT[now.stage][0].label) if now.stage in NEXT and now.stage not in ENDED else "",
        "photos": photos.get(case.pk, [])[: SMALL + 1],
        "last": _last(desk, case),
        "pending": _pending(case, now),
        "supervision": _supervision(case, now),
        "same": _same(desk, asked, same, photos),
        "may_merge": may_move(desk.actor, Verb.MERGE, case),
        "metres": desk.flow.duplicate_metres,
        "hours": desk.flow.duplicate_hours,
        "main": _main(frame, verbs, sent),
        "duties": said(frame) if not verbs else (),
        "back": _back(frame, back, sent),
        "elsewhere": _elsewhere(here, verbs),
        "more": _more(case, more_moves(frame, (*verbs, back))),
        "kept_off": _kept_off(here),
        "numbers": [str(uuid4()) for _n in range(3)],
        "busy": _busy(desk, case),
        "sent": sent,
        "meanwhile": [_told(one) for one in sent.meanwhile] if sent else [],
        **map_pane(desk, case, around, asked),
    }


def _due(case: Case, ruling: Ruling | None) -> datetime | None:
    return case.arbitration_due_at or case.due_at or (ruling.due_at if ruling else None)


def _busy(desk: Desk, case: Case) -> str:
    held = case.claimed_until is not None and case.claimed_until > desk.at
    return str(case.claimed_by) if held and case.claimed_by_id != desk.actor.user else ""


def _main(frame: Frame, verbs: Sequence[str], sent: Sent | None) -> Sheet | None:
    if not verbs:
        return None
    mine = sent is not None and sent.verb in verbs
    return sheet(frame if mine else _fresh(frame), verbs, duties=True)


def _back(frame: Frame, verb: str, sent: Sent | None) -> Sheet | None:
    if not verb:
        return None
    mine = sent is not None and sent.verb == verb
    return sheet(frame if mine else _fresh(frame), (verb,), duties=False)


def _fresh(frame: Frame) -> Frame:
    """A form that was not sent starts as new, beside one that came back."""
    return Frame(**{name: getattr(frame, name) for name in Frame.__slots__ if name not in {"sent", "errors"}})


def _frame(desk: Desk, here: Here, ruling: Ruling | None, sent: Sent | None, back: str) -> Frame:
    case, now = here.case, here.now
    needs = {need for verb in NEXT.get(now.stage, ()) for need in MOVES[verb].needs}
    if Verb.FILE in NEXT.get(now.stage, ()):
        needs.add(Need.BODY)  # filing and dispatching at once asks for both
    body, why = _whose(desk, case, ruling)
    due, how = _by_when(desk, case, ruling)
    return Frame(
        here=here,
        ruling=ruling,
        due_words=due,
        due_hint=how,
        body_words=body,
        body_hint=why,
        conditions=_conditions(desk, case) if Need.CONDITION in needs else (),
        units=_units(desk.tenant) if Need.BODY in needs or back == Verb.REDISPATCH else (),
        people=tuple((str(one.pk), str(one), "") for one in people_of_unit(desk.tenant, case.body_id))
        if Need.PERSON in needs
        else (),
        sent=sent.values if sent else {},
        errors=sent.errors if sent else {},
    )


def _by_when(desk: Desk, case: Case, ruling: Ruling | None) -> tuple[str, str]:
    """Return the deadline in words and what it was counted from."""
    due = case.due_at or (ruling.due_at if ruling else None)
    limit = limit_words(read(ruling.condition.limits)) if ruling and ruling.condition else ""
    if due is None:
        return _("还没有期限"), ruling.get_unruled_display() if ruling else ""
    if case.due_at is None:
        return moment_words(desk, due), _("%(limit)s；换立案条件会重算。") % {"limit": limit}
    return moment_words(desk, due), limit


def moment_words(desk: Desk, value: datetime) -> str:
    """Return "今天 15:26", "明天 9:00" or the date, on the office's clock."""
    zone = zone_of(desk.tenant)
    local, today = value.astimezone(zone), desk.at.astimezone(zone).date()
    near_days = {0: _("今天"), 1: _("明天"), -1: _("昨天")}
    name = near_days.get((local.date() - today).days) or day(local.date(), desk.language, this_year=today.year)
    return f"{name} {local:%H:%M}"


def _whose(desk: Desk, case: Case, ruling: Ruling | None) -> tuple[str, str]:
    """Return the unit that has the case, or else should have it, and why the matrix names the one it names. No query."""
    named, why = (ruling.body if ruling else None), _reason(desk, ruling)
    if case.body is None:
        return (named.name if named else _("还没有定")), why
    if named is not None and named.pk != case.body_id:
        why = _("责任清单指的是%(unit)s。") % {"unit": named.name} + why
    return case.body.name, why


def _reason(desk: Desk, ruling: Ruling | None) -> str:
    book = shelf_of(desk.tenant).rules.duty_book
    if book is None or ruling is None:
        return ""
    row = ruling.duty_row
    found = book.row(f"{row.pack.code}@{row.pack.version}:{row.line}") if row else None
    if found is not None:
        clash = _("但还有别的行同样有据，请改清单。") if ruling.conflict else ""
        return row_sentence(found, book.names) + clash
    return _("没有一行适用，由属地单位兜底。") if ruling.body else _("责任清单没有说归谁，请选一个单位。")


def _conditions(desk: Desk, case: Case) -> tuple[tuple[str, str, str], ...]:
    """Return the conditions of the case's class, each with the deadline it would give; those of all classes without one."""
    if case.case_class is not None:
        offers = condition_offers(desk.tenant, case, at=desk.at)
        return tuple((str(one.condition.pk), _offer(desk, one), "") for one in offers)
    rows = list(
        FilingCondition.objects.filter(case_class__tenant=desk.tenant)
        .select_related("case_class")
        .order_by("case_class__code", "pk")
    )
    newest = max((one.pack_id for one in rows), default=None)
    return tuple(
        (str(one.pk), f"{one.text}（{limit_words(read(one.limits)) or one.limit_text or '—'}）", str(one.case_class))
        for one in rows
        if one.pack_id == newest
    )


def _offer(desk: Desk, one: Offer) -> str:
    limit = limit_words(one.condition.limits) or one.condition.limit_text or "—"
    if one.due_at is None:
        return f"{one.condition.text}（{limit}）"
    until = _("%(limit)s，%(due)s 到期") % {"limit": limit, "due": moment_words(desk, one.due_at)}
    return f"{one.condition.text}（{until}）"


def _units(tenant: Tenant) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(key), name, "") for key, name, _duty in unit_offers(tenant))


def photos_of(desk: Desk, keys: Iterable[int]) -> dict[int, list[dict[str, str]]]:
    """Return the photos of some cases by case, oldest first, with addresses for the actor alone. One statement."""
    found: dict[int, list[dict[str, str]]] = {}
    audience, until = audience_of(desk.actor.user or 0), desk.at + SHOWN
    rows = Evidence.objects.filter(case__in=list(keys), file__kind="photo").select_related("file").order_by("at", "pk")
    for one in rows:
        about = f"evidence:{one.pk}"
        found.setdefault(one.case_id or 0, []).append(
            {
                "kind": one.get_kind_display(),
                "small": reverse("desk:photo", args=[sign(one.file, Variant.THUMB, until, audience, about)]),
                "large": reverse("desk:photo", args=[sign(one.file, Variant.SCREEN, until, audience, about)]),
            }
        )
    return found


def _same(
    desk: Desk, asked: Asked, found: Sequence[Near], photos: Mapping[int, list[dict[str, str]]]
) -> list[dict[str, Any]]:
    return [
        {
            "case": one.case,
            "what": what_of(one.case),
            "metres": one.metres,
            "when": moment_words(desk, one.case.reported_at),
            "channel": channel_words(one.case.channel),
            "stage": one.case.get_stage_display(),
            "photo": next(iter(photos.get(one.case.pk, [])), None),
            "query": asked.query(case=one.case.pk),
        }
        for one in found
    ]


def _last(desk: Desk, case: Case) -> dict[str, Any] | None:
    """Return what was last done with the case and why; None for a case that was only reported. One statement."""
    made = last_move(case, standing=True)
    if made is None or made.verb == Verb.REPORT:
        return None
    why = "，".join(text for text in (reason_words(desk.flow, made.verb, made.reason), made.note) if text)
    why = mask(why)
    return {"verb": label_of(made.verb), "who": str(made.user or _("系统")), "at": made.at, "why": why}


def _pending(case: Case, now: CaseNow) -> Request | None:
    if now.pending is None:
        return None
    return Request.objects.filter(case=case, state__in=PENDING).select_related("asked_by").first()


def _supervision(case: Case, now: CaseNow) -> Supervision | None:
    if not now.supervised:
        return None
    return Supervision.objects.filter(case=case, settled_at__isnull=True).select_related("by").order_by("-at").first()


def _next(here: Here) -> Verb | None:
    return next((one for one in NEXT.get(here.now.stage, ()) if may_move(here.actor, one, here.case)), None)


def _kept_off(here: Here) -> str:
    """Return why the actor's own part in the case keeps him off its next move, "" where it does not."""
    verb = _next(here)
    barred = stopped(verb, here) if verb else None
    return str(barred) if isinstance(barred, ConflictOfInterest) else ""


def _elsewhere(here: Here, verbs: Sequence[str]) -> dict[str, str] | None:
    """Return the usual move as a link where the desk has no form for it: it needs photos, on a page of its own."""
    verb = _next(here)
    if verbs or verb is None or not allowed(verb, here):
        return None
    return {"label": str(verb.label), "href": reverse("desk:move", args=[here.case.pk, verb.value])}


def _more(case: Case, moves: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"label": label, "href": reverse("desk:move", args=[case.pk, verb])}
        for verb, label in moves
        if verb != Verb.MERGE
    ]


def _fields() -> dict[str, str]:
    return {
        "stage": _("阶段"),
        "case_class": _("类别"),
        "condition": _("立案条件"),
        "remedy": _("整改措施"),
        "due_at": _("整改时限"),
        "body": _("责任单位"),
        "person": _("责任人"),
        "address": _("地址"),
        "description": _("问题描述"),
    }


def _told(step: Step) -> dict[str, Any]:
    return {
        "verb": label_of(step.verb),
        "who": step.who,
        "at": step.at,
        "note": mask(step.note),
        "undone": step.undone,
        "changes": [(_fields()[one.field], one.before, one.after) for one in step.changes],
    }
