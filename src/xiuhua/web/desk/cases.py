"""Doors to cases: the live list with its filters in the address, and one case with both records and its story."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.cases.models import Case
from xiuhua.cases.queries import DEFAULT_SORT, SORTS, CaseFilter, CasePage, Choices, case_of, choices, filtered, page
from xiuhua.cases.words import Stage, Undetermined
from xiuhua.exchange.queries import records_of_case
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import lines_about, zone_of
from xiuhua.kernel.rules import Period, PeriodMalformed
from xiuhua.territory.queries import family, named, options
from xiuhua.ui.formats import NONE, iso, moment
from xiuhua.ui.rendering import render as component
from xiuhua.web.desk.maps import place_of
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.rulings import said_of
from xiuhua.web.desk.timing import due_words

#: Filters that stand in the address of the case list, in the order in which they are shown.
PARAMETERS = ("q", "month", "stage", "territory", "main", "sub", "body", "unplaced", "undetermined")


def _month(tenant: Tenant, text: str) -> dict[str, Any]:
    try:
        period, zone = Period.parse(text), zone_of(tenant)
    except PeriodMalformed:
        return {}
    return {"reported_from": period.start(zone), "reported_to": period.end(zone)}


def given_in(request: HttpRequest) -> dict[str, str]:
    """Return the filters that stand in the address, by name."""
    return {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)}


def sort_in(request: HttpRequest) -> str:
    """Return the order that the address asks for, the usual one if it asks for none that exists."""
    sort = request.GET.get("sort", DEFAULT_SORT)
    return sort if sort.lstrip("-") in SORTS else DEFAULT_SORT


def wanted(tenant: Tenant, given: dict[str, str]) -> CaseFilter:
    """Return the filter that these parameters mean; what means nothing narrows nothing."""
    return CaseFilter(
        text=given.get("q", "").strip(),
        stage=given.get("stage", ""),
        main_class=given.get("main", ""),
        sub_class=given.get("sub", ""),
        body=given.get("body", ""),
        territories=family(tenant, given["territory"]) if given.get("territory") else None,
        unplaced=given.get("unplaced") == "1",
        undetermined=given.get("undetermined", ""),
        **(_month(tenant, given["month"]) if given.get("month") and tenant.zone else {}),
    )


def _labels() -> dict[str, str]:
    return {
        "q": _("案号、标题、地址"),
        "month": _("上报月份"),
        "stage": _("状态"),
        "territory": _("地域"),
        "main": _("大类"),
        "sub": _("小类"),
        "body": _("责任单位"),
        "unplaced": _("未落图"),
        "undetermined": _("时间"),
    }


def _options(tenant: Tenant, offered: Choices) -> dict[str, list[tuple[str, str]]]:
    every = ("", _("全部"))
    return {
        "stage": [every, *((str(value), str(label)) for value, label in Stage.choices)],
        "territory": [every, *options(tenant, tenant.settings.get("by", ""))],
        "main": [every, *((name, name) for name in offered.main_classes)],
        "body": [every, *offered.bodies],
        "undetermined": [every, *((str(value), str(label)) for value, label in Undetermined.choices)],
    }


def _chips(
    given: dict[str, str], labels: dict[str, str], offered: dict[str, list[tuple[str, str]]]
) -> list[dict[str, str]]:
    """Return each condition with the address that takes it off."""
    made = []
    for name, value in given.items():
        said = dict(offered.get(name, ())).get(value, value)
        text = labels[name] if name == "unplaced" else f"{labels[name]}：{said}"
        left = urlencode({other: text for other, text in given.items() if other != name})
        made.append({"label": text, "href": f"?{left}"})
    return made


def _columns(given: dict[str, str], sort: str) -> list[dict[str, str]]:
    """Return the heads of the table; those that sort carry the address that does."""
    heads = (
        ("number", _("案号")),
        ("", _("类别")),
        ("", _("地域")),
        ("", _("责任单位")),
        ("reported", _("上报")),
        ("due", _("截止")),
        ("closed", _("结案")),
        ("", _("期限")),
    )
    return [_head(given, sort, key, label) for key, label in heads]


def _head(given: dict[str, str], sort: str, key: str, label: str) -> dict[str, str]:
    if not key:
        return {"label": label}
    head = {"label": label, "href": f"?{urlencode({**given, 'sort': key if sort == f'-{key}' else f'-{key}'})}"}
    if sort.lstrip("-") == key:
        head["sorted"] = "descending" if sort.startswith("-") else "ascending"
    return head


def _clock(tenant: Tenant, value: Any) -> SafeString | str:
    if value is None or not tenant.zone:
        return NONE
    zone = zone_of(tenant)
    text = moment(value, zone, get_language(), this_year=now().astimezone(zone).year)
    return format_html('<time class="nw" datetime="{}">{}</time>', iso(value, zone), text)


def _rows(tenant: Tenant, shown: CasePage) -> list[dict[str, Any]]:
    names = dict(options(tenant))
    return [
        {
            "cells": [
                format_html('<a href="{}">{}</a>', reverse("desk:case", args=[case.pk]), case.number),
                case.case_class.name if case.case_class else NONE,
                names.get(case.territory.code, case.territory.code) if case.territory else NONE,
                case.body.name if case.body else NONE,
                _clock(tenant, case.reported_at),
                _clock(tenant, case.due_at),
                _clock(tenant, case.closed_at),
                _result(case),
            ]
        }
        for case in shown.rows
    ]


def _result(case: Case) -> SafeString:
    """Return how a case stands to its deadline; a void or contradictory one is not judged but says so."""
    if case.stage == Stage.VOID:
        return component("mark", {"kind": "line", "label": case.get_stage_display()})
    if case.undetermined:
        return component("mark", {"kind": "warn", "label": case.get_undetermined_display()})
    return component("due", due_words(case.due_at, case.closed_at, now()))


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases that match the address, fifty at a time."""
    tenant = office(request)
    given, sort = given_in(request), sort_in(request)
    after = whole(request.GET.get("after"))
    shown = page(filtered(tenant, wanted(tenant, given), by=person(request)), sort=sort, after=after)
    labels, offered = _labels(), _options(tenant, choices(tenant))
    kept = {**given, "sort": sort}
    context: dict[str, Any] = {
        "page": shown,
        "given": given,
        "labels": labels,
        "options": offered,
        "chips": _chips(given, labels, offered),
        "clear": reverse("desk:cases"),
        "columns": _columns(given, sort),
        "rows": _rows(tenant, shown),
        "sheet_href": f"{reverse('desk:case-sheet')}?{urlencode(kept)}",
        "first_href": f"?{urlencode(kept)}" if after else "",
        "next_href": f"?{urlencode({**kept, 'after': shown.after})}" if shown.after else "",
    }
    return render(request, "web/cases.html", context)


def _due_note(tenant: Tenant, case: Case, why: dict[str, Any] | None) -> SafeString | str:
    if why is None or not why["lines"]:
        return _("平台给的期限") if case.due_at else ""
    return format_html('{} {} <a href="#why-due">{}</a>', _("自算"), _clock(tenant, why["due"]), _("怎么来的"))


def _result_note(case: Case, why: dict[str, Any] | None) -> str:
    if case.undetermined:
        return _("时间自相矛盾，不进任何分母")
    if why and why["verdict_sentence"]:
        return _("自算%(own)s，平台认定%(theirs)s") % {"own": why["own_verdict"], "theirs": why["their_verdict"]}
    return ""


def _whose_note(case: Case, whose: dict[str, Any] | None) -> SafeString | str:
    if whose is None:
        return case.channel
    said = _("按责任清单归%(unit)s") % {"unit": whose["unit"]} if whose["elsewhere"] else _("与责任清单一致")
    said = _("责任清单没有人负责") if whose["gap"] else said
    return format_html('{} <a href="#whose">{}</a>', said, _("为什么"))


def _facts(tenant: Tenant, case: Case, said: dict[str, Any]) -> list[dict[str, Any]]:
    where = named(case.territory_id) or _("未落图")
    return [
        {"label": _("哪里"), "value": case.address or where, "note": f"{where} · {case.get_place_method_display()}"},
        {
            "label": _("什么"),
            "value": str(case.case_class or NONE),
            "note": str(case.case_class.parent or "") if case.case_class else "",
        },
        {
            "label": _("谁负责"),
            "value": case.body.name if case.body else NONE,
            "note": _whose_note(case, said["whose"]),
        },
        {
            "label": _("何时到期"),
            "value": _clock(tenant, case.due_at),
            "note": _due_note(tenant, case, said["why_due"]),
        },
        {
            "label": _("结果"),
            "value": _result(case),
            "note": _result_note(case, said["why_due"]),
        },
    ]


def _own(tenant: Tenant, case: Case) -> list[tuple[str, Any]]:
    """Return our own record, field by field."""
    where = (
        f"{case.longitude:.6f}, {case.latitude:.6f}"
        if case.longitude is not None and case.latitude is not None
        else NONE
    )
    return [
        (_("案号"), case.number),
        (_("状态"), case.get_stage_display()),
        (_("上报"), _clock(tenant, case.reported_at)),
        (_("截止"), _clock(tenant, case.due_at)),
        (_("结案"), _clock(tenant, case.closed_at)),
        (_("经纬度（WGS-84）"), where),
    ]


#: What the verbs of the ledger are called in a case's story.
def _verb(line: LedgerLine) -> str:
    called = {
        "import.apply": _("从平台导入"),
        "import.undo": _("导入被撤销"),
    }
    return called.get(line.verb, line.verb)


def _story(case: Case, lines: list[LedgerLine]) -> list[dict[str, Any]]:
    told = [{"at": case.reported_at, "title": _("上报"), "text": case.title, "who": case.channel, "kind": "strong"}]
    if case.closed_at:
        told.append({"at": case.closed_at, "title": _("结案"), "text": "", "who": str(case.body or ""), "kind": "done"})
    told += [
        {"at": line.at, "title": _verb(line), "text": line.reason, "who": line.actor, "kind": "plain"} for line in lines
    ]
    return sorted(told, key=lambda one: one["at"])


def _duty_href(tenant: Tenant, case: Case) -> str:
    """Return the address that asks whose this case is by the duty matrix; "" where its class or place is not known."""
    if case.case_class is None or (case.longitude is None and case.territory is None) or not tenant.zone:
        return ""
    place = {"lon": case.longitude, "lat": case.latitude} if case.longitude is not None else {}
    asked = {
        "class": case.case_class.key,
        "territory": case.territory.code if case.territory else "",
        **place,
        "day": case.reported_at.astimezone(zone_of(tenant)).date().isoformat(),
    }
    return f"{reverse('desk:duty-who')}?{urlencode({name: value for name, value in asked.items() if value})}"


@require_safe
def case_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show one case: what, where, who, by when; our record beside theirs; its ledger lines."""
    tenant = office(request)
    case = case_of(tenant, key, by=person(request))
    if case is None:
        raise Http404
    records = records_of_case(case)
    for record in records:
        record.cells = json.loads(record.content).items()  # type: ignore[attr-defined]
    lines = lines_about(f"case:{case.pk}", *sorted({f"batch:{record.batch_id}" for record in records}))
    sealed = [line for line in lines if line.hash]
    said = said_of(tenant, case, zone_of(tenant)) if tenant.zone else {"ruling": None, "why_due": None, "whose": None}
    context: dict[str, Any] = {
        "case": case,
        "heading": case.title or str(case.case_class or case.number),
        "facts": _facts(tenant, case, said),
        **said,
        "own": _own(tenant, case),
        "records": records,
        "place": place_of(tenant, case),
        "duty_href": _duty_href(tenant, case),
        "story": _story(case, lines),
        "story_foot": _("%(count)s 条台账记录已入链，末条 %(hash)s。")
        % {"count": len(sealed), "hash": sealed[-1].hash[:12]}
        if sealed
        else "",
    }
    return render(request, "web/case.html", context)
