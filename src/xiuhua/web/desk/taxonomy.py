"""Doors to the standard: classes with their filing conditions, the old scheme beside the new, the table to edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.clock.rules.limits import read
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import PackUndecided, chosen_code
from xiuhua.tables.writing import Cell, Sheet
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.taxonomy.phrases import limit_words
from xiuhua.taxonomy.queries import (
    StandardFilter,
    StandardPage,
    SwapRow,
    scheme_on,
    schemes,
    standard_in,
    standard_page,
    swapped,
)
from xiuhua.taxonomy.rules.limits import limit_text
from xiuhua.taxonomy.words import KIND, CaseKind, SchemeKind
from xiuhua.web.desk.office import now, office
from xiuhua.web.desk.sheets import download

ALL = "all"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for."""

    scheme: str
    day: date
    main: str
    text: str
    unread: bool
    #: The day as the address has it, "" where it has none.
    day_given: str

    def href(self, **changes: str) -> str:
        """Return the address of the page with `changes`."""
        return f"{reverse('desk:standards')}?{self.query(**changes)}"

    def query(self, **changes: str) -> str:
        """Return the address's parameters with `changes`; empty ones are left out."""
        given = {
            "scheme": self.scheme,
            "day": self.day_given,
            "main": self.main,
            "q": self.text,
            "unread": "1" if self.unread else "",
        }
        return urlencode({name: value for name, value in {**given, **changes}.items() if value})


def _day(request: HttpRequest, tenant: Tenant) -> tuple[date, str]:
    """Return the day that is asked about, today on the office's clock if none; what is no day asks for none."""
    text = request.GET.get("day", "")
    try:
        return date.fromisoformat(text), text
    except ValueError:
        return now().astimezone(ZoneInfo(tenant.zone) if tenant.zone else UTC).date(), ""


def _asked(request: HttpRequest, tenant: Tenant, installed: list[InstalledPack]) -> _Asked | None:
    """Return what is asked for, None where no standard is installed: the office's own unless the address names one."""
    codes = [pack.code for pack in installed]
    wanted = request.GET.get("scheme", "")
    if wanted and wanted not in codes:
        raise Http404
    try:
        code = wanted or chosen_code(tenant, KIND)
    except PackUndecided:
        code = codes[0] if codes else ""
    if code not in codes:
        return None
    day, given = _day(request, tenant)
    text = request.GET.get("q", "").replace("\0", "").strip()
    main = request.GET.get("main", "")
    return _Asked(code, day, main, text, request.GET.get("unread") == "1", given)


def _filter(asked: _Asked, mains: list[tuple[str, str]]) -> StandardFilter:
    """Return the conditions that are wanted: of the first main class where nothing narrows them."""
    kind, _dash, code = asked.main.partition("-")
    if asked.main == ALL or (not asked.main and (asked.text or asked.unread)):
        kind, code = "", ""
    elif (kind, code) not in mains:
        kind, code = mains[0] if mains else ("", "")
    return StandardFilter(kind, code, asked.text, asked.unread)


def _page(tenant: Tenant, asked: _Asked) -> tuple[StandardPage, StandardFilter]:
    _pack, standard = scheme_on(tenant, asked.scheme, asked.day)
    rows = [row.key for row in standard.classes if not row.parent]
    mains = [(key.kind, key.code) for key in sorted(rows, key=lambda key: (key.kind != CaseKind.EVENT, key.code))]
    wanted = _filter(asked, mains)
    return standard_page(tenant, asked.scheme, asked.day, wanted), wanted


def _titled(title: dict[str, str]) -> str:
    english = (get_language() or "").startswith("en")
    return title.get("en" if english else "zh") or next(iter(title.values()), "")


def _tabs(asked: _Asked, page: StandardPage, wanted: StandardFilter) -> list[dict[str, Any]]:
    """Return the ways to the main classes of each half, with how many conditions each has."""
    halves = []
    for kind in CaseKind:
        items = [
            {
                "code": one.key.code,
                "name": one.name,
                "count": one.count,
                "href": asked.href(main=f"{kind.value}-{one.key.code}", q="", unread=""),
                "current": (one.key.kind, one.key.code) == (wanted.kind, wanted.main),
            }
            for one in page.mains
            if one.key.kind == kind
        ]
        if items:
            halves.append({"label": kind.label, "items": items})
    return halves


def _schemes(asked: _Asked, installed: list[InstalledPack]) -> list[dict[str, Any]]:
    """Return the way to each scheme, by the title of its newest version."""
    newest = {pack.code: pack for pack in installed}  # oldest first within a code
    return [
        {
            "label": _titled(pack.title),
            "href": f"{reverse('desk:standards')}?{urlencode({'scheme': code})}",
            "current": code == asked.scheme,
        }
        for code, pack in newest.items()
    ]


def _versions(asked: _Asked, page: StandardPage) -> list[dict[str, Any]]:
    return [
        {
            "version": pack.version,
            "day": pack.effective_from,
            "href": asked.href(day=pack.effective_from.isoformat()),
            "current": pack.pk == page.pack.pk,
        }
        for pack in page.versions
    ]


def _groups(page: StandardPage) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "name": one.name,
            "main": one.parent.name if one.parent else "",
            "kind": one.get_kind_display(),
            "basis": _basis(conditions),
            "conditions": [_condition(each) for each in conditions],
        }
        for one, conditions in page.groups
    ]


def _basis(conditions: list[FilingCondition]) -> str:
    """Return the legal basis that the conditions of a class name, each once."""
    return "；".join(dict.fromkeys(one.basis for one in conditions if one.basis))


def _condition(one: FilingCondition) -> dict[str, Any]:
    """Return a condition with its stages in words and, where it differs from ours, the limit as it was written."""
    limits = read(one.limits)
    stages = [{"words": limit_words((replace(stage, title=""),)), "title": stage.title} for stage in limits]
    original = one.limit_text if one.limit_text not in {"", limit_text(limits)} else ""
    return {"row": one, "stages": stages, "original": original, "unread": one.unread}


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """Show the standard in force: main classes, and the conditions of one of them or those with a text."""
    tenant = office(request)
    installed = schemes(tenant)
    asked = _asked(request, tenant, installed)
    if asked is None:
        return render(request, "web/standards.html", {"page": None})
    page, wanted = _page(tenant, asked)
    context: dict[str, Any] = {
        "page": page,
        "asked": asked,
        "title": _titled(page.pack.title),
        "schemes": _schemes(asked, installed),
        "versions": _versions(asked, page),
        "halves": _tabs(asked, page, wanted),
        "all_href": asked.href(main=ALL, q="", unread=""),
        "all_current": not wanted.main and not asked.text and not asked.unread,
        "many_mains": not wanted.main,
        "narrowed": bool(asked.text or asked.unread),
        "kept": [("scheme", asked.scheme), ("day", asked.day_given)],
        "clear": asked.href(q="", unread=""),
        "unread_href": asked.href(main="", q="", unread="1"),
        "groups": _groups(page),
        "sheet_href": f"{reverse('desk:standards-sheet')}?{asked.query()}",
        "swap_href": reverse("desk:standards-swap") if _pair(installed) else "",
    }
    return render(request, "web/standards.html", context)


def _pair(installed: list[InstalledPack]) -> tuple[str, str] | None:
    """Return an old scheme and the national one that replaced it, if both are installed."""
    codes = {pack.code for pack in installed}
    for code in sorted(codes):
        scheme = standard_in([pack for pack in installed if pack.code == code][-1]).scheme
        if scheme.kind == SchemeKind.NATIONAL and scheme.predecessor in codes:
            return scheme.predecessor, code
    return None


def _swap_row(row: SwapRow) -> dict[str, Any]:
    return {
        "kind": CaseKind(row.meaning.old.kind).label,
        "old": row.meaning.old.code,
        "old_name": row.meaning.old_name,
        "new": row.meaning.new.code if row.meaning.new else "",
        "new_name": row.meaning.new_name,
        "note": row.meaning.note,
        "same_code": row.same_code,
        "trap": row.trap,
    }


@require_safe
def old_and_new(request: HttpRequest) -> HttpResponse:
    """Show the old scheme class by class beside what it is today, and what its bare code would mean today."""
    tenant = office(request)
    pair = _pair(schemes(tenant))
    if pair is None:
        return render(request, "web/standards_swap.html", {"rows": []})
    old, new = pair
    day, _given = _day(request, tenant)
    rows = [_swap_row(row) for row in swapped(tenant, old, new, day)]
    only = request.GET.get("only") == "traps"
    traps = sum(row["trap"] for row in rows)
    context = {
        "rows": [row for row in rows if row["trap"] or not only],
        "total": len(rows),
        "traps": traps,
        "only": only,
        "old_title": _titled(scheme_on(tenant, old, day)[0].title),
        "new_title": _titled(scheme_on(tenant, new, day)[0].title),
    }
    return render(request, "web/standards_swap.html", context)


def _sheet_rows(page: StandardPage) -> Iterator[list[Cell]]:
    digits = page.standard.scheme.main_digits
    for one, conditions in page.groups:
        head = _class_cells(one, digits)
        if not conditions:
            yield [*head, *[""] * 9]
        for each in conditions:
            yield [*head, *_condition_cells(each)]


def _class_cells(one: CaseClass, digits: int) -> list[Cell]:
    main = one.parent.name if one.parent else ""
    return [one.get_kind_display(), one.code[:digits], main, one.code[digits:], one.name]


def _condition_cells(one: FilingCondition) -> list[Cell]:
    limit = limit_text(read(one.limits)) or one.limit_text
    default = _("是") if one.default else ""
    texts = [one.text, limit, one.limit_text, one.closing, one.thresholds, one.basis, one.remedy]
    return [one.number, *texts, default]


@require_safe
def standards_sheet(request: HttpRequest) -> HttpResponseBase:
    """Return what the page shows as a workbook that `xiuhua taxonomy import` reads back to the same."""
    tenant = office(request)
    asked = _asked(request, tenant, schemes(tenant))
    if asked is None:
        raise Http404
    page, _wanted = _page(tenant, asked)
    columns = [_("类型"), _("大类代码"), _("大类名称"), _("小类代码"), _("小类名称"), _("条件序号"), _("立案条件")]
    columns += [
        _("处置时限"),
        _("时限原文"),
        _("结案条件"),
        _("不立案情形"),
        _("法规依据"),
        _("处置提示"),
        _("默认条件"),
    ]
    widths = (8, 10, 16, 10, 20, 10, 44, 24, 16, 32, 32, 24, 32, 10)
    title = _titled(page.pack.title)
    note = f"{title} {page.pack.version} {page.pack.effective_from.isoformat()}"
    return download(title, Sheet(title, columns, _sheet_rows(page), widths, note))
