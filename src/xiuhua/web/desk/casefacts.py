"""What the page of a case says of it: five facts in a row, who told of it, what was asked, suspended and supervised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case, Report
from xiuhua.cases.phrases import reason_words
from xiuhua.cases.queries.dossier import Dossier
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Channel, Flow
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.privacy.rules import Sight, hide
from xiuhua.privacy.words import Kind
from xiuhua.territory.queries import named
from xiuhua.ui.formats import NONE, duration, iso, moment
from xiuhua.ui.rendering import render as component
from xiuhua.web.desk.office import now
from xiuhua.web.desk.timing import due_words


def clock(tenant: Tenant, value: datetime | None) -> SafeString | str:
    """Return a moment on the office's clock; "—" for none."""
    if value is None or not tenant.zone:
        return NONE
    zone = zone_of(tenant)
    text = moment(value, zone, get_language(), this_year=now().astimezone(zone).year)
    return format_html('<time class="nw" datetime="{}">{}</time>', iso(value, zone), text)


def result(case: Case) -> SafeString:
    """Return how a case stands to its deadline; a void or contradictory one is not judged but says so."""
    if case.stage in {Stage.VOID, Stage.DECLINED, Stage.MERGED}:
        return component("mark", {"kind": "line", "label": case.get_stage_display()})
    if case.undetermined:
        return component("mark", {"kind": "warn", "label": case.get_undetermined_display()})
    return component("due", due_words(case.due_at, case.closed_at, now()))


def five(
    tenant: Tenant, case: Case, said: Mapping[str, Any], held: Dossier, *, own: bool, sight: Sight
) -> list[dict[str, Any]]:
    """Return what, where, who, by when, and how it stands; `own`: no platform told us of it."""
    where = named(case.territory_id) or _("未落图")
    main = str(case.case_class.parent or "") if case.case_class else ""
    return [
        {"label": _("什么"), "value": str(case.case_class or NONE), "note": main},
        {
            "label": _("哪里"),
            "value": sight.of(case.address) or where,
            "note": f"{where} · {case.get_place_method_display()}",
        },
        {
            "label": _("谁负责"),
            "value": case.body.name if case.body else NONE,
            "note": _who_note(case, said["whose"]),
        },
        {
            "label": _("何时到期"),
            "value": clock(tenant, case.due_at),
            "note": _due_note(tenant, case, said["why_due"], held, own=own),
        },
        {"label": _("结果"), "value": result(case), "note": _result_note(case, said["why_due"], own=own)},
    ]


def _who_note(case: Case, whose: dict[str, Any] | None) -> SafeString | str:
    person = _("责任人 %(person)s") % {"person": case.person} if case.person else ""
    if whose is None:
        return person or case.channel
    said = _("按责任清单归%(unit)s") % {"unit": whose["unit"]} if whose["elsewhere"] else _("与责任清单一致")
    said = _("责任清单没有人负责") if whose["gap"] else said
    said = said if case.body else _("按责任清单归%(unit)s") % {"unit": whose["unit"]}
    return format_html('{} <a href="#whose">{}</a>', f"{person} · {said}" if person else said, _("为什么"))


def _due_note(tenant: Tenant, case: Case, why: dict[str, Any] | None, held: Dossier, *, own: bool) -> SafeString | str:
    """Return the other deadline, where there is one: before an extension, or by our own reckoning."""
    link = format_html('<a href="#why-due">{}</a>', _("怎么来的")) if why and why["lines"] else ""
    if held.first_due is not None and held.first_due != case.due_at:
        return format_html("{} {} {}", _("原定"), clock(tenant, held.first_due), link)
    if own:
        return link
    if why is None or not why["lines"]:
        return _("平台给的期限") if case.due_at else ""
    return format_html("{} {} {}", _("自算"), clock(tenant, why["due"]), link)


def _result_note(case: Case, why: dict[str, Any] | None, *, own: bool) -> str:
    if case.undetermined:
        return _("时间自相矛盾，不进任何分母")
    if not own and why and why["verdict_sentence"]:
        return _("自算%(own)s，平台认定%(theirs)s") % {"own": why["own_verdict"], "theirs": why["their_verdict"]}
    counted = {
        _("返工 %(n)s 次"): case.reworks,
        _("退单 %(n)s 次"): case.refusals,
        _("重开 %(n)s 次"): case.reopened,
    }
    return " · ".join(text % {"n": n} for text, n in counted.items() if n)


def tellers(
    case: Case, held: Dossier, *, reporters: bool, revealed: Report | None, sight: Sight
) -> list[dict[str, Any]]:
    """Return who told of a case, each with his own clock; without `reporters` nobody is named, not even masked."""
    found = []
    for one in held.reports:
        open_ = revealed is not None and revealed.pk == one.pk
        called = (one.name if open_ else hide(Kind.NAME, one.name)) or str(one.user or _("未留姓名"))
        found.append(
            {
                "name": called if reporters else _("某市民"),
                "phone": (one.phone if open_ else hide(Kind.PHONE, one.phone)) if reporters else "",
                "reveal": reverse("desk:reveal-reporter", args=[case.pk, one.pk])
                if reporters and (one.name or one.phone) and not open_
                else "",
                "channel": Channel(one.channel).label,
                "at": one.received_at,
                "text": sight.of(one.text) if one.case_id != case.pk else "",
                "case": one.case if one.case_id != case.pk else None,
                "due": one.case.due_at if one.case and one.case_id != case.pk else case.due_at,
                "follow_up": one.follow_up and reporters,
            }
        )
    return found


def asked(held: Dossier, flow: Flow | None) -> list[dict[str, Any]]:
    """Return what a unit asked for, with both deadlines."""
    return [
        {
            "kind": one.get_kind_display(),
            "state": one.get_state_display(),
            "pending": one.decided_at is None,
            "reason": reason_words(flow, f"request_{one.kind}", one.reason),
            "note": one.note,
            "by": str(one.asked_by or ""),
            "at": one.asked_at,
            "until": one.until,
            "decided_by": str(one.decided_by or ""),
            "decided_at": one.decided_at,
            "due_before": one.due_before,
            "due_after": one.due_after,
        }
        for one in held.requests
    ]


def paused(held: Dossier, flow: Flow | None) -> list[dict[str, Any]]:
    """Return when the clock of a case stood still."""
    return [
        {
            "reason": reason_words(flow, "request_suspension", one.reason),
            "since": one.since,
            "until": one.until,
            "ended_at": one.ended_at,
        }
        for one in held.suspensions
    ]


def lost_words(case: Case) -> str:
    """Return how long a case lay with units that refused it; "" where it did not."""
    if not case.lost_seconds:
        return ""
    return _("退单共占用 %(span)s") % {"span": duration(timedelta(seconds=case.lost_seconds), get_language())}
