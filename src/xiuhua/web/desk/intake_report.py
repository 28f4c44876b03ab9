"""The third step of an import: what the check of a file found, and what importing it would do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from xiuhua.exchange.health import Health, stored
from xiuhua.exchange.health.telling import part_name
from xiuhua.exchange.models import Intake
from xiuhua.exchange.words.health import Found, Gravity
from xiuhua.kernel.phrases import code_sentence
from xiuhua.ui.formats import month, percent, thousands
from xiuhua.web.desk.intake_words import SYSTEMS, failure_told, steps_of

_ORDER = {one.value: place for place, one in enumerate(Gravity)}
#: Parts of a check that are named beside its count.
_PARTS = 6
#: Frozen months that are named.
_MONTHS = 3


def report_page(request: HttpRequest, intake: Intake) -> HttpResponse:
    """Show the report of a checked file with the one thing to do next."""
    health = stored(intake.report)
    found = sorted(
        (one for one in health.checks if one.ran and one.count), key=lambda one: (_ORDER[one.gravity], -one.count)
    )
    groups = [
        {
            "gravity": one.value,
            "title": str(one.label),
            "checks": [_shown(each) for each in found if each.gravity == one],
        }
        for one in Gravity
    ]
    mapping_href = reverse("desk:intake-mapping", args=[intake.pk])
    context = {
        "intake": intake,
        "steps": steps_of(intake, 3, {2: mapping_href}),
        "mapping_href": mapping_href,
        "health": health,
        "groups": [one for one in groups if one["checks"]],
        "clean": [_title(one) for one in health.checks if one.ran and not one.count],
        "resting": [{"title": _title(one), "why": code_sentence(one.why, {})} for one in health.checks if not one.ran],
        "effect": _effect(health),
        "marked_href": reverse("desk:intake-marked", args=[intake.pk]) if groups else "",
        "failure": failure_told(intake),
        "frozen": _frozen(health),
        "span": _span(health),
    }
    return render(request, "web/intake_report.html", context)


def _title(one: Found) -> str:
    return code_sentence(f"check.{one.id}", {"n": 0})


def _shown(one: Found) -> dict[str, Any]:
    """Return a check as its line: the sentence, the share as a bar, its parts, its first rows."""
    parts = sorted(one.parts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "id": one.id,
        "sentence": code_sentence(f"check.{one.id}", {"n": thousands(one.count)}),
        "count": one.count,
        "of": one.of,
        "share": percent(one.count, one.of) if one.of else "",
        "width": max(0.5, 100 * one.share),
        "parts": [(_part(one.id, name), thousands(n)) for name, n in parts[:_PARTS]],
        "more": max(0, len(parts) - _PARTS),
        "examples": one.examples,
        "beyond": max(0, one.count - len(one.examples)),
    }


def _part(check: str, name: str) -> str:
    """Return what a part of a check's count is called: causes, months and systems by their names, words as they stand."""
    if check == "month.frozen":
        return month(name, get_language())
    return _(SYSTEMS[name][0]) if check == "coordinate.system" and name in SYSTEMS else part_name(check, name)


def _frozen(health: Health) -> str:
    """Return which months of the file are frozen and how many rows count in them, in words."""
    found = [one for one in health.months if one.frozen]
    if not found:
        return ""
    names = _("、").join(month(one.month, get_language()) for one in found[:_MONTHS])
    more = _("等 %(n)s 个月") % {"n": len(found)} if len(found) > _MONTHS else ""
    told = {"months": names + more, "n": thousands(sum(one.rows for one in found))}
    return _("%(months)s已经定格：其中 %(n)s 行的改动只列为待更正。") % told


def _effect(health: Health) -> list[tuple[str, int, str]]:
    """Return what an import would do: label, rows and a remark."""
    return [
        (_("新建"), health.created, _("变成新案件")),
        (_("更新"), health.updated, _("已有案件多一个版本")),
        (_("没变"), health.unchanged, _("库里已经是这样")),
        (_("重复"), health.repeated, _("和本表别的行一样，不重复入库")),
        (pgettext("rows", "不能导入"), health.bad, _("留在表里，改好再传")),
    ]


def _span(health: Health) -> str:
    """Return the months that a file spans."""
    months = [month(one.month, get_language()) for one in health.months]
    if not months:
        return ""
    return months[0] if len(months) == 1 else _("%(first)s 至 %(last)s") % {"first": months[0], "last": months[-1]}
