"""Doors to duty: the matrix, one question with its reason, the map, and the lists behind every number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.phrases import (
    answer_sentence,
    cautions,
    condition_words,
    day_words,
    days_words,
)
from xiuhua.responsibility.queries import ClassUnclear, GridCell, Places, Share, class_of, grid_on, shares
from xiuhua.responsibility.rules.duty import resolve
from xiuhua.responsibility.rules.duty.matrix import leaves
from xiuhua.responsibility.rules.duty.reading import day_in, number_in
from xiuhua.responsibility.words import Answer
from xiuhua.ui.formats import thousands, tongue
from xiuhua.ui.maps import Drawn
from xiuhua.ui.scales import quantile_breaks
from xiuhua.web.desk import dutyfacts
from xiuhua.web.desk.dutyfacts import Duty
from xiuhua.web.desk.office import person

MAP = 640
#: Size of the map's labels in its pixels, at a desk and on a phone, where the whole map is smaller.
LETTER, PHONE_LETTER = 15, 24
#: What lists there are behind the numbers.
FOUND = ("gaps", "conflicts", "idle")
ASKED = ("class", "territory", "site", "lon", "lat", "day")


def _nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "web/duty_empty.html", {"section": "duty"})


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the matrix as territories × classes on a day, with what a year's check found."""
    duty = dutyfacts.duty_in(request)
    if duty is None:
        return _nothing(request)
    territory, main, unit = (request.GET.get(name, "") for name in ("territory", "main", "unit"))
    classes = _classes(duty, main)
    rows = dutyfacts.children(duty, territory)
    cells = grid_on(duty.book, duty.day, rows, classes)
    version = duty.book.version_on(duty.day)
    shown = {
        **_frame(request, duty, "duty"),
        "figures": dutyfacts.figures(duty, checked := duty.check()),
        "checked": days_words(checked.first, checked.end),
        "way": _way(duty, territory, main, unit),
        "columns": _columns(duty, classes, territory, main, unit),
        "rows": [_grid_row(duty, code, {key: cells[code, key] for key in classes}, main, unit) for code in rows],
        "given": {"territory": territory, "main": main, "unit": unit, "day": duty.day.isoformat()},
        "units": [("", _("全部")), *sorted(duty.book.names.units.items(), key=lambda one: one[1])],
        "by_site": sum(1 for row in version.rows if row.site != "*" or row.site_type != "*") if version else 0,
    }
    return render(request, "web/duty.html", shown)


def _frame(request: HttpRequest, duty: Duty, current: str) -> dict[str, Any]:
    version = duty.book.version_on(duty.day)
    return {
        "section": "duty",
        "sections": dutyfacts.sections(current, duty.day, person(request)),
        "day": duty.day,
        "day_words": day_words(duty.day),
        "pack": version.pack if version else "",
    }


def _classes(duty: Duty, main: str) -> list[str]:
    """Return the columns: the main classes, or the finest classes below one of them."""
    above = duty.book.office.class_above
    matrix = duty.book.matrix_on(duty.day)
    finest = duty.book.finest_classes(matrix)
    if main in above:
        return [key for key in finest if above[key] == main] or [main]
    return sorted({above[key] or key for key in finest})


def _query(duty: Duty, **given: str) -> str:
    return urlencode({"day": duty.day.isoformat(), **{name: value for name, value in given.items() if value}})


def _way(duty: Duty, territory: str, main: str, unit: str) -> list[tuple[str, str]]:
    """Return the way to what is shown: the whole office, the territories, the main class."""
    steps = [(_("全部"), {"unit": unit})]
    steps += [(_data(name), {"territory": code, "unit": unit}) for code, name in dutyfacts.way_to(duty, territory)]
    if main in duty.book.names.classes:
        steps.append((_data(duty.book.names.classes[main]), {"territory": territory, "main": main, "unit": unit}))
    made = [(name, f"?{_query(duty, **given)}") for name, given in steps]
    return [*made[:-1], (made[-1][0], "")]


def _data(name: str) -> SafeString:
    """Return a name of the office's own, marked with its language whatever the language of the page."""
    return format_html('<span lang="{}">{}</span>', tongue(name), name)


def _columns(duty: Duty, classes: list[str], territory: str, main: str, unit: str) -> list[dict[str, str]]:
    names = duty.book.names.classes
    heads = [{"label": _("地域")}]
    for key in classes:
        deeper = "" if main else f"?{_query(duty, territory=territory, main=key, unit=unit)}"
        heads.append({"label": _data(names.get(key, key)), "href": deeper})
    return heads


def _grid_row(duty: Duty, code: str, cells: dict[str, GridCell], main: str, unit: str) -> dict[str, Any]:
    """Return a territory with its cells; a cell asks who, or goes one step deeper while there is one."""
    names = duty.book.names
    ground = duty.book.matrix_on(duty.day).ground
    inner = code not in set(leaves(ground.above))
    deeper = f"?{_query(duty, territory=code, main=main, unit=unit)}"
    name = names.territories.get(code, code)
    head = format_html('<a href="{}">{}</a>', deeper, name) if inner else name
    finest = set(leaves(ground.class_above))
    made = []
    for key, one in cells.items():
        sure = key in finest and len(one.units) == 1 and not one.gaps and not one.conflicts
        asked = dutyfacts.who_href(duty.day, code, key)
        drill = f"?{_query(duty, territory=code if inner else '', main=main or key, unit=unit)}"
        made.append(dutyfacts.cell_words(duty, one, asked if sure or (not inner and main) else drill, unit))
    return {"cells": [head, *made]}


@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """Answer who is responsible for a class at a place on a day, and why; what was asked stands in the address."""
    duty = dutyfacts.duty_in(request)
    if duty is None:
        return _nothing(request)
    given = {name: request.GET.get(name, "").strip() for name in ASKED}
    given["class"] = _key(duty, given["class"])
    errors = _form_errors(given)
    answer = None
    if not errors and given["class"] and (given["territory"] or given["site"] or given["lon"]):
        answer, errors = _answer(duty, given)
    territory = answer.question.territory if answer else given["territory"]
    shown = {
        **_frame(request, duty, "duty-who"),
        "given": {
            **given,
            "day": given["day"] or duty.day.isoformat(),
        },
        "errors": errors,
        "error_list": [(f"id_{name}", text) for name, text in errors.items()],
        "classes": [("", _("请选择")), *_class_options(duty)],
        "territories": [("", _("请选择")), *_territory_options(duty)],
        **(_answered(duty, answer) if answer else {}),
        **_map(duty, given, territory),
    }
    return render(request, "web/duty_who.html", shown)


def _key(duty: Duty, text: str) -> str:
    """Return the class that a text means, so that the form shows it again; the text itself if it means none."""
    try:
        return class_of(duty.book, text)
    except ClassUnclear:
        return text


def _form_errors(given: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the form of the question, by field."""
    errors = {}
    limits = {"lon": 180, "lat": 90}
    for name, limit in limits.items():
        value = number_in(given[name]) if given[name] else 0.0
        if value is None or abs(value) > limit:
            errors[name] = _("“%(text)s”不是度数，请写成 123.0459 这样。") % {"text": given[name]}
    if bool(given["lon"]) != bool(given["lat"]):
        errors["lat" if given["lon"] else "lon"] = _("经度和纬度要一起写。")
    if given["day"] and day_in(given["day"]) is None:
        errors["day"] = _("“%(text)s”不是日期，请写成 2026-10-04 这样。") % {"text": given["day"]}
    return errors


def _answer(duty: Duty, given: dict[str, str]) -> tuple[Answer | None, dict[str, str]]:
    lon, lat = number_in(given["lon"]), number_in(given["lat"])
    point = (lon, lat) if lon is not None and lat is not None else None
    field = "class"
    try:
        key = class_of(duty.book, given["class"])
        field = "territory"
        places = Places(duty.tenant, duty.book)
        question = places.question(key, duty.day, territory=given["territory"], site=given["site"], point=point)
    except Refusal as refusal:
        return None, {field: str(refusal)}
    return resolve(duty.book.matrix_on(duty.day), question), {}


def _answered(duty: Duty, answer: Answer) -> dict[str, Any]:
    names = duty.book.names
    own = names.territories.get(answer.fallback, "")
    return {
        "answer": answer,
        "sentence": answer_sentence(answer, names),
        "unit": names.units.get(answer.unit, answer.unit),
        "assisting": [names.units.get(code, code) for code in answer.assisting],
        "chain": dutyfacts.chain(answer, duty),
        "fallback": own,
        "clash": [names.units.get(row.unit, row.unit) for row in answer.conflict],
        "row_href": dutyfacts.row_href(answer.row, duty.day) if answer.row else "",
        "cautions": cautions(answer, duty.book),
    }


def _class_options(duty: Duty) -> list[tuple[str, str]]:
    matrix = duty.book.matrix_on(duty.day)
    return [(key, duty.book.names.class_name(key)) for key in duty.book.finest_classes(matrix)]


def _territory_options(duty: Duty) -> list[tuple[str, str]]:
    above = duty.book.matrix_on(duty.day).ground.above
    names = duty.book.names.territories
    below: dict[str | None, list[str]] = {}
    for code in sorted(above):
        below.setdefault(above[code] if above[code] in above else None, []).append(code)
    made: list[tuple[str, str]] = []

    def add(code: str, depth: int) -> None:
        made.append((code, "　" * depth + names.get(code, code)))
        for child in below.get(code, ()):
            add(child, depth + 1)

    for root in below.get(None, ()):
        add(root, 0)
    return made


def _map(duty: Duty, given: dict[str, str], territory: str) -> dict[str, Any]:
    """Return the map whose areas ask the same question there; it shows what lies below the chosen territory."""
    drawn = dutyfacts.map_of(duty, territory, MAP)
    names = duty.book.names.territories
    above = duty.book.matrix_on(duty.day).ground.above
    keep = {"class": given["class"], "day": duty.day.isoformat()}
    way = [("", _("全部")), *dutyfacts.way_to(duty, territory)]
    return {
        "drawing": drawn,
        "areas": [
            {
                "shape": shape,
                "name": names.get(shape.code, shape.code),
                "href": f"?{urlencode({'territory': shape.code, **keep})}",
                "here": shape.code == territory,
                **_label(shape, names, above),
            }
            for shape in (drawn.shapes if drawn else ())
        ],
        "map_way": [(name, f"?{urlencode({'territory': code, **keep})}") for code, name in way],
    }


def _label(shape: Drawn, names: Mapping[str, str], above: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what is written into an area: its name without its parent's in front, "" where it has no room for it.

    `small` labels have room at a desk alone.
    """
    name = names.get(shape.code, shape.code)
    short = name.removeprefix(names.get(above.get(shape.code) or "", "")) or name
    return {
        "label": short if shape.holds(len(short), LETTER) else "",
        "small": not shape.holds(len(short), PHONE_LETTER),
    }


@require_safe
def duty_map(request: HttpRequest) -> HttpResponse:
    """Show on the map what share of a year's cells has exactly one unit, or how many are gaps or in conflict."""
    duty = dutyfacts.duty_in(request)
    if duty is None:
        return _nothing(request)
    value = request.GET.get("value", "clear")
    value = value if value in {"clear", "gaps", "conflicts"} else "clear"
    territory = request.GET.get("territory", "")
    checked = duty.check()
    codes = dutyfacts.children(duty, territory)
    found = shares(checked, codes)
    names = duty.book.names.territories
    values = {
        code: {
            "name": names.get(code, code),
            **_map_value(found[code], value),
            "href": f"{reverse('desk:duty')}?{_query(duty, territory=code)}",
        }
        for code in codes
    }
    offered = {"clear": _("责任明确的份额"), "gaps": _("空白"), "conflicts": _("冲突")}
    shown = {
        **_frame(request, duty, "duty-map"),
        "figures": dutyfacts.figures(duty, checked),
        "checked": days_words(checked.first, checked.end),
        "value": value,
        "title": offered[value],
        "unit": "%" if value == "clear" else _("格"),
        "offered": [
            (label, f"?{_query(duty, territory=territory, value=key)}", key == value) for key, label in offered.items()
        ],
        "drawing": dutyfacts.map_of(duty, territory, MAP),
        "values": values,
        "breaks": quantile_breaks([one["value"] for one in values.values() if one["value"] is not None]),
    }
    return render(request, "web/duty_map.html", shown)


def _map_value(share: Share, value: str) -> dict[str, Any]:
    if not share.total:
        return {"value": None, "text": _("没有格")}
    number = share.clear if value == "clear" else getattr(share, value)
    text = _("%(k)s / %(n)s 格") % {"k": thousands(number), "n": thousands(share.total)}
    return {"value": number * 100 // share.total if value == "clear" else number, "text": text}


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """List the rows of the matrix in force on a day, each with how many cells of a year it answers."""
    duty = dutyfacts.duty_in(request)
    if duty is None:
        return _nothing(request)
    checked = duty.check()
    answers: dict[str, int] = {}
    for _epoch, part in checked.parts:
        for key, cells in part.answers.items():
            answers[key] = answers.get(key, 0) + cells
    version = duty.book.version_on(duty.day)
    names = duty.book.names
    listed = [
        {
            "line": row.line,
            "tier": row.tier.label,
            "condition": condition_words(row, names),
            "unit": names.units.get(row.unit, row.unit),
            "assisting": "、".join(names.units.get(code, code) for code in row.assisting) or "—",
            "basis": row.basis,
            "cells": answers.get(row.id, 0),
        }
        for row in (version.rows if version else ())
    ]
    shown = {
        **_frame(request, duty, "duty-rows"),
        "rows": listed,
        "by_row": sum(answers.get(row.id, 0) for row in (version.rows if version else ())),
        "by_fallback": sum(part.by_fallback for epoch, part in checked.parts if version and epoch.pack == version.pack),
        "checked": days_words(checked.first, checked.end),
    }
    return render(request, "web/duty_rows.html", shown)


@require_safe
def found(request: HttpRequest, what: str) -> HttpResponse:
    """List what is behind a number of the check: gaps, conflicts or idle rows."""
    duty = dutyfacts.duty_in(request)
    if what not in FOUND:
        raise Http404
    if duty is None:
        return _nothing(request)
    checked = duty.check()
    titles = {"gaps": _("空白"), "conflicts": _("冲突"), "idle": _("用不上的行")}
    listed, total = dutyfacts.found_lines(duty, checked, what)
    shown = {
        **_frame(request, duty, ""),
        "what": what,
        "title": titles[what],
        "columns": dutyfacts.found_columns(what),
        "rows": listed,
        "total": total,
        "unit": _("行") if what == "idle" else _("格"),
        "checked": days_words(checked.first, checked.end),
    }
    return render(request, "web/duty_found.html", shown)
