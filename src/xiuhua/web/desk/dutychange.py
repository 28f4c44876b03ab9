"""Doors to a change of the duty matrix: its tests, the workbook out, and back in as a version that is tried before it is installed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiuhua.cases.queries import duty_effect, placed
from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import PackRefused, PackUndecided, chosen_code, content_of, installed_packs, zone_of
from xiuhua.kernel.rules.packs import HEADER
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.phrases import condition_words, day_words, days_words, place_words
from xiuhua.responsibility.queries import (
    DUTY,
    DutyBook,
    Naming,
    Overlaps,
    Proposal,
    checkup,
    duty_workbook,
    in_office,
    offered_naming,
    proposed,
    rows_written,
    tried,
)
from xiuhua.responsibility.rules.duty.preview import last_quarter
from xiuhua.responsibility.rules.duty.reading import TESTS, day_in
from xiuhua.responsibility.rules.duty.space import Place
from xiuhua.responsibility.words import Tier, Tried
from xiuhua.tables.words import FileNotTable
from xiuhua.web.desk import dutyfacts
from xiuhua.web.desk.dutyfacts import Duty
from xiuhua.web.desk.effects import effect_shown
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.registers import download, faults_shown, keep, kept, uploaded

#: What a check of a proposed matrix lists, with the heading of each list.
LISTS = ("gaps", "conflicts", "idle")


def _version_on(tenant: Tenant, day: date) -> InstalledPack | None:
    """Return the installed version that speaks on a day, the first one for a day before it, None without any."""
    try:
        packs = installed_packs(tenant, DUTY, chosen_code(tenant, DUTY))
    except PackUndecided:
        return None
    return next((pack for pack in reversed(packs) if pack.effective_from <= day), packs[0] if packs else None)


def _today(tenant: Tenant) -> date:
    return now().astimezone(zone_of(tenant)).date()


def _day(request: HttpRequest, tenant: Tenant) -> date:
    return day_in(request.GET.get("day", "")) or _today(tenant)


@require_safe
def tests(request: HttpRequest) -> HttpResponse:
    """Show each test of the matrix in force on a day: what was expected, what came, by which row, and whether it passed."""
    duty = dutyfacts.duty_in(request)
    pack = _version_on(duty.tenant, duty.day) if duty else None
    if duty is None or pack is None:
        return render(request, "web/duty_empty.html", {"section": "duty"})
    rows, asked, faults = in_office(content_of(pack), duty.book)
    outcome = tried(duty.tenant, duty.book.supposing(rows, str(pack)), asked)
    shown = {
        "section": "duty",
        "sections": dutyfacts.sections("duty-tests", duty.day, person(request)),
        "pack": str(pack),
        "day_words": day_words(duty.day),
        "tests": [_test(one, duty) for one in outcome],
        "passed": sum(one.passed for one in outcome),
        **faults_shown(PackRefused(faults, name=str(pack), count=len(faults))),
    }
    return render(request, "web/duty_tests.html", shown)


def _test(one: Tried, duty: Duty, *, linked: bool = True) -> dict[str, Any]:
    """Return a test as a line: the question, the expected and the given answer with its row, and the reason."""
    names, answer = duty.book.names, one.answer
    clash = "、".join(duty.unit(row.unit) for row in answer.conflict)
    tier = one.test.tier
    return {
        "line": one.test.line,
        "place": place_words(Place(answer.question.territory, answer.question.sites), names),
        "what": names.class_name(one.test.case_class),
        "day": day_words(one.test.day),
        "expected": duty.unit(one.test.unit) or _("没有人"),
        "tier": Tier(tier).label if tier else "",
        "got": clash or duty.unit(answer.unit) or _("没有人"),
        "got_tier": answer.tier.label if answer.tier else "",
        "clash": bool(clash),
        "row": condition_words(answer.row, names) if answer.row else "",
        "row_line": answer.row.line if answer.row else None,
        "row_href": dutyfacts.row_href(answer.row, duty.day) if answer.row and linked else "",
        "fallback": names.territories.get(answer.fallback, answer.fallback),
        "passed": one.passed,
        "why": one.test.why,
    }


@require_safe
def tests_table(request: HttpRequest) -> HttpResponse:
    """Return the tests of the matrix in force as the file that the import takes back."""
    tenant = office(request)
    pack = _version_on(tenant, _day(request, tenant))
    if pack is None or TESTS not in pack.files:
        raise Http404
    answer = HttpResponse(pack.files[TESTS], content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{TESTS}"'
    return answer


@require_safe
def sheet(request: HttpRequest) -> HttpResponseBase:
    """Return the matrix in force on a day as the workbook that the import takes back; without a matrix an empty one."""
    tenant = office(request)
    pack = _version_on(tenant, _day(request, tenant))
    book = DutyBook.empty(tenant)
    rows = in_office(content_of(pack), book)[0] if pack else []
    return download(_("责任矩阵"), duty_workbook(book, rows_written(rows)))


@require_http_methods(["GET", "HEAD", "POST"])
def bring_matrix(request: HttpRequest) -> HttpResponse:
    """Bring a changed matrix in: try the table on the last quarter's cases, name its version and first day, install it."""
    tenant = office(request)
    if request.method != "POST":
        return _page(request, tenant)
    if request.POST.get("confirm"):
        return _confirmed(request, tenant)
    try:
        name, data = uploaded(request)
        tests_name, tests_data = uploaded(request, "tests")
    except Refusal as refusal:
        return _page(request, tenant, errors=[("id_file", str(refusal))])
    if not name:
        return _page(request, tenant, errors=[("id_file", _("请选一个文件。"))])
    digests = {"matrix": keep(request, data), "tests": keep(request, tests_data) if tests_name else ""}
    return _tried(request, tenant, offered_naming(tenant, name, _today(tenant)), digests)


def _proposal(request: HttpRequest, tenant: Tenant, naming: Naming, digests: dict[str, str]) -> Proposal | None:
    """Return what the kept files propose, None if they are gone. Raises what `proposed` raises."""
    matrix = kept(request, digests["matrix"])
    given = kept(request, digests["tests"]) if digests["tests"] else None
    if matrix is None or (digests["tests"] and given is None):
        return None
    return proposed(tenant, matrix, naming, tests=_text(given) if given else None)


def _text(path: Path) -> str:
    """Return a table of tests as text. Raises FileNotTable for anything but UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileNotTable(reason=f"{TESTS}: UTF-8") from error


def _tried(
    request: HttpRequest,
    tenant: Tenant,
    naming: Naming,
    digests: dict[str, str],
    errors: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    try:
        found = _proposal(request, tenant, naming, digests)
    except Refusal as refusal:
        return _page(request, tenant, errors=[("id_file", str(refusal))], **faults_shown(refusal))
    if found is None:
        return _page(request, tenant, errors=[("id_file", _("试运行的文件已经不在了，请再选一次。"))])
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    shown = {"tried": _outcome(tenant, found, naming, person(request)), "digests": digests, "naming": naming}
    return _page(request, tenant, errors=errors or [], status=status, **shown)


def _outcome(tenant: Tenant, found: Proposal, naming: Naming, by: Actor) -> dict[str, Any]:
    """Return what a proposed matrix would do: its tests, the check of its first year, and the last quarter's cases."""
    book = found.book
    duty = Duty(tenant, book, naming.effective)
    outcome = tried(tenant, book, found.tests)
    checked = checkup(book, duty.day, duty.day + timedelta(dutyfacts.YEAR), Overlaps(tenant, book))
    first, end = last_quarter(_today(tenant))
    try:
        held = DutyBook.load(tenant)
    except PackUndecided:
        held = book
    effect = duty_effect(tenant, placed(tenant, first, end), held, book)
    titles = {"gaps": _("空白"), "conflicts": _("冲突"), "idle": _("用不上的行")}
    lists = []
    for what in LISTS:
        lines, total = dutyfacts.found_lines(duty, checked, what, linked=False)
        unit = _("行") if what == "idle" else _("格")
        columns = dutyfacts.found_columns(what)
        lists.append(
            {
                "id": what,
                "title": titles[what],
                "rows": lines,
                "total": total,
                "unit": unit,
                "columns": columns,
                "href": f"#{what}" if total else "",
            }
        )
    return {
        "name": naming.source,
        "rows": len(found.rows),
        "tests": [_test(one, duty, linked=False) for one in outcome],
        "passed": sum(one.passed for one in outcome),
        "failed": sum(not one.passed for one in outcome),
        "lists": lists,
        "cells": checked.total("cells"),
        "clear": checked.total("clear"),
        "checked": days_words(checked.first, checked.end),
        "quarter": days_words(first, end),
        "effect": effect_shown(tenant, effect, book.names, by),
    }


def _confirmed(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Install what was tried under the given version and day; what is wrong with either is said beside it."""
    digests = {"matrix": request.POST["confirm"], "tests": request.POST.get("confirm_tests", "")}
    offered = offered_naming(tenant, request.POST.get("name", "")[:200] or "table", _today(tenant))
    version = request.POST.get("version", "").strip()
    day = day_in(request.POST.get("effective", "").strip())
    if day is None:
        errors = [("id_effective", _("生效日请写成 2026-11-25 这样。"))]
        return _tried(request, tenant, offered, digests, errors)
    naming = replace(offered, version=version, effective=day)
    try:
        found = _proposal(request, tenant, naming, digests)
        if found is None:
            return _page(request, tenant, errors=[("id_file", _("试运行的文件已经不在了，请再选一次。"))])
        install_pack(tenant, found.content, by=person(request), at=now())
    except Refusal as refusal:
        if any(fault.file == HEADER for fault in refusal.faults):
            errors = [("id_version", _("版本号用字母、数字、点和横线，最多 40 个字。"))]
            return _tried(request, tenant, offered, digests, errors)
        field = {"pack.version_taken": "id_version", "pack.effective_early": "id_effective"}
        return _tried(request, tenant, naming, digests, [(field.get(refusal.code, "id_file"), str(refusal))])
    for digest in filter(None, digests.values()):
        path = kept(request, digest)
        if path is not None:
            path.unlink(missing_ok=True)
    facts = {"pack": found.content.name, "rows": len(found.rows), "day": day.isoformat()}
    messages.success(request, _("已装上 %(pack)s：%(rows)s 行，自 %(day)s 起生效。") % facts)
    return redirect(f"{reverse('desk:duty')}?day={day.isoformat()}")


def _page(
    request: HttpRequest,
    tenant: Tenant,
    *,
    errors: list[tuple[str, str]] | None = None,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    day = _today(tenant)
    pack = _version_on(tenant, day)
    shown = {
        "section": "duty",
        "sections": dutyfacts.sections("duty-import", day, person(request)),
        "pack": str(pack) if pack else "",
        "has_tests": pack is not None and TESTS in pack.files,
        "errors": errors or [],
        "wrong": dict(errors or []),
        **more,
    }
    return render(request, "web/duty_import.html", shown, status=status)
