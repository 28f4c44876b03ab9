"""Doors to cases: the live list with its filters in the address, and one case with both records and its story."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.cases.models import Case
from xiuhua.cases.policies import right
from xiuhua.cases.queries import DEFAULT_SORT, SORTS, CasePage, Choices, choices, filtered, page
from xiuhua.cases.queries.lists import PARAMETERS, filter_of
from xiuhua.cases.words import Stage, Undetermined
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.territory.queries import options
from xiuhua.ui.formats import NONE, iso, moment
from xiuhua.ui.rendering import render as component
from xiuhua.web.desk.downloads import buttons
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.timing import due_words


def given_in(request: HttpRequest) -> dict[str, str]:
    """Return the filters that stand in the address, by name."""
    return {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)}


def sort_in(request: HttpRequest) -> str:
    """Return the order that the address asks for, the usual one if it asks for none that exists."""
    sort = request.GET.get("sort", DEFAULT_SORT)
    return sort if sort.lstrip("-") in SORTS else DEFAULT_SORT


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


def _own_files(kept: dict[str, str]) -> list[dict[str, str]]:
    """Return the ways to the exchange table (every column, under headings that imports know), the photos, and every night."""
    query = urlencode(kept)
    return [
        {**buttons("desk:case-own", kept)[0], "label": _("导出交换表")},
        {"label": _("导出照片"), "href": f"{reverse('desk:case-photos')}?{query}"},
        {"label": _("每晚导出"), "href": f"{reverse('desk:exports')}?what=cases&{query}"},
    ]


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases that match the address, fifty at a time."""
    tenant = office(request)
    given, sort = given_in(request), sort_in(request)
    after = whole(request.GET.get("after"))
    shown = page(filtered(tenant, filter_of(tenant, given), by=person(request)), sort=sort, after=after)
    labels, offered = _labels(), _options(tenant, choices(tenant))
    kept = {**given, "sort": sort}
    context: dict[str, Any] = {
        "page": shown,
        "given": given,
        "labels": labels,
        "options": offered,
        "chips": _chips(given, labels, offered),
        "clear": reverse("desk:cases"),
        "may_report": person(request).may(right(Verb.REPORT)),
        "columns": _columns(given, sort),
        "rows": _rows(tenant, shown),
        "files": [*buttons("desk:case-sheet", kept), *_own_files(kept)],
        "first_href": f"?{urlencode(kept)}" if after else "",
        "next_href": f"?{urlencode({**kept, 'after': shown.after})}" if shown.after else "",
    }
    return render(request, "web/cases.html", context)
