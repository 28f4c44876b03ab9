"""What the pages about duty stand on: the day asked about, the matrix, its check, and the words of their tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackUndecided, zone_of
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.phrases import block_words, condition_words
from xiuhua.responsibility.queries import Checkup, DutyBook, GridCell, kept_checkup
from xiuhua.responsibility.rules.duty.matrix import leaves, line_up
from xiuhua.responsibility.rules.duty.reading import day_in
from xiuhua.responsibility.words import Answer, DutyRow, Tier
from xiuhua.territory.queries import levels, outlines, territory_coded
from xiuhua.ui.formats import thousands
from xiuhua.ui.maps import Drawing, drawing
from xiuhua.web.access import may_enter
from xiuhua.web.desk.office import now, office

#: Days that the figures of the pages speak about, from the day asked about.
YEAR = 366
#: The last day that has a year after it to check.
LAST = date.max - timedelta(2 * YEAR)
#: Units named in a cell before it says how many more.
NAMED = 2


@dataclass(frozen=True, slots=True)
class Duty:
    """The matrix as a page reads it."""

    tenant: Tenant
    book: DutyBook
    day: date

    def check(self) -> Checkup:
        """Return the check of the year that begins on the day asked about."""
        return kept_checkup(self.tenant, self.book, self.day, self.day + timedelta(YEAR))

    def unit(self, code: str) -> str:
        """Return a unit's name without the office's own in front."""
        name = self.book.names.units.get(code, code)
        return name.removeprefix(self.tenant.name) or name


def duty_in(request: HttpRequest) -> Duty | None:
    """Return the matrix that a request is about; None if the office has none. Raises ZoneUndecided."""
    tenant = office(request)
    day = day_in(request.GET.get("day", ""))
    if day is None or day > LAST:
        day = now().astimezone(zone_of(tenant)).date()
    try:
        return Duty(tenant, DutyBook.load(tenant), day)
    except PackUndecided:
        return None


def sections(current: str, day: date, by: Actor) -> list[dict[str, Any]]:
    """Return the pages about duty that somebody may open as links that keep the day."""
    named = (
        ("duty", _("矩阵")),
        ("duty-who", _("谁负责、为什么")),
        ("duty-map", _("地图")),
        ("duty-rows", _("逐行")),
        ("duty-tests", _("用例")),
        ("duty-import", _("换矩阵")),
    )
    return [
        {"label": label, "href": f"{reverse(f'desk:{name}')}?day={day.isoformat()}", "current": name == current}
        for name, label in named
        if may_enter(by, f"desk:{name}")
    ]


def figures(duty: Duty, checked: Checkup) -> list[dict[str, Any]]:
    """Return the four numbers of a check, each with the address of what is behind it."""
    cells, clear = checked.total("cells"), checked.total("clear")
    listed = (
        (_("空白"), checked.total("gap_cells"), _("格"), "gaps", _("没有人负责")),
        (_("冲突"), checked.total("conflict_cells"), _("格"), "conflicts", _("不止一家有据")),
        (_("用不上的行"), len(checked.idle), _("行"), "idle", _("处处有更优先的，或没有这样的地方")),
    )
    first = {
        "label": _("责任明确"),
        "value": clear,
        "unit": _("格"),
        "note": _("共 %(all)s 格") % {"all": thousands(cells)},
        "href": f"{reverse('desk:duty-rows')}?day={duty.day.isoformat()}",
    }
    return [first] + [
        {"label": label, "value": value, "unit": unit, "note": note, "href": found_href(duty.day, what)}
        for label, value, unit, what, note in listed
    ]


def found_href(day: date, what: str) -> str:
    """Return the address of the list of gaps, conflicts or idle rows."""
    return f"{reverse('desk:duty-found', args=[what])}?day={day.isoformat()}"


def row_href(row: DutyRow, day: date) -> str:
    """Return the address at which a row of the matrix in force on a day stands."""
    return f"{reverse('desk:duty-rows')}?day={day.isoformat()}#line-{row.line}"


def children(duty: Duty, territory: str) -> list[str]:
    """Return the codes directly below a territory on the day; without one, those of the level the office starts from."""
    above = duty.book.matrix_on(duty.day).ground.above
    if territory in above:
        return sorted(code for code, parent in above.items() if parent == territory) or [territory]
    level = home_level(duty.tenant)
    return [one.code for one in outlines(duty.tenant, level, duty.day)] or list(leaves(above))


def home_level(tenant: Tenant) -> str:
    """Return the level of territories that the office's pages start from."""
    present = levels(tenant)
    return str(tenant.settings.get("by") or (present[0] if present else ""))


def way_to(duty: Duty, territory: str) -> list[tuple[str, str]]:
    """Return (code, name) of the territories above one and itself, coarse to fine."""
    above = duty.book.matrix_on(duty.day).ground.above
    names = duty.book.names.territories
    return [(code, names.get(code, code)) for code in reversed(line_up(territory, above))]


def map_of(duty: Duty, territory: str, width: int) -> Drawing | None:
    """Return the outlines below a territory, beside it if nothing is below; None where nobody drew any. Few queries."""
    above = duty.book.matrix_on(duty.day).ground.above
    wanted = set(children(duty, territory))
    if wanted == {territory}:
        wanted = {code for code, parent in above.items() if parent == above[territory]}
    if not wanted:
        return None
    level = territory_coded(duty.tenant, min(wanted)).level
    found = {
        one.code: one.geometry
        for one in outlines(duty.tenant, level, duty.day)
        if one.code in wanted and one.geometry is not None
    }
    return drawing(found, width=width)


def cell_words(duty: Duty, cell: GridCell, href: str, unit: str) -> SafeString:
    """Return a cell of the matrix: its units, with gaps and conflicts in words and a mark in front.

    With `unit`, cells in which that unit does not answer say nothing.
    """
    if unit and unit not in cell.units:
        return format_html('<span class="mute">{}</span>', "·")
    parts: list[tuple[str, str]] = []
    if cell.units:
        said = "、".join(duty.unit(code) for code in cell.units[:NAMED])
        more = len(cell.units) - NAMED
        parts.append(("xw-duty-unit", said + (_(" 等 %(n)s 家") % {"n": len(cell.units)} if more > 0 else "")))
    if cell.gaps:
        parts.append(("xw-duty-gap", _("□ 空白 %(n)s / %(of)s") % {"n": cell.gaps, "of": cell.total}))
    if cell.conflicts:
        parts.append(("xw-duty-clash", _("◆ 冲突 %(n)s / %(of)s") % {"n": cell.conflicts, "of": cell.total}))
    inner = format_html_join("", '<span class="{}">{}</span>', parts) if parts else format_html("{}", "—")
    return format_html('<a class="xw-duty-cell" href="{}">{}</a>', href, inner)


def who_href(day: date, territory: str, case_class: str) -> str:
    """Return the address that asks who is responsible there for a class."""
    asked = {"territory": territory, "class": case_class, "day": day.isoformat()}
    return f"{reverse('desk:duty-who')}?{urlencode(asked)}"


def chain(answer: Answer, duty: Duty) -> list[dict[str, Any]]:
    """Return the tiers in the order in which they are asked, each with the rows that applied and what became of them."""
    names = duty.book.names
    asked = ([(answer.row, "")] if answer.row else []) + [(loser.row, str(loser.why.label)) for loser in answer.losers]
    clashing = {row.id for row in answer.conflict}
    made = []
    for tier in Tier:
        rows = [
            {
                "href": row_href(row, duty.day),
                "line": row.line,
                "condition": condition_words(row, names),
                "unit": names.units.get(row.unit, row.unit),
                "basis": row.basis,
                "why": why,
                "answers": not why,
                "clash": row.id in clashing,
            }
            for row, why in asked
            if row.tier is tier
        ]
        made.append({"label": tier.label, "rows": rows, "answers": answer.tier is tier})
    return made


def found_columns(what: str) -> list[dict[str, Any]]:
    """Return the heads of a list behind a number."""
    where = {"label": _("地点 × 类别 × 日")}
    cells = {"label": _("格数"), "num": True}
    if what == "gaps":
        return [where, cells]
    if what == "conflicts":
        return [where, {"label": _("同样有据的行")}, cells]
    return [{"label": _("行")}, {"label": _("条件")}, {"label": _("单位")}, {"label": _("为什么用不上")}]


def found_lines(duty: Duty, checked: Checkup, what: str, *, linked: bool = True) -> tuple[list[dict[str, Any]], int]:
    """Return the lines of a list and what they add up to; rows that are not installed are not `linked`."""
    names = duty.book.names
    if what == "idle":
        made = [
            [
                _row_link(row.line, row_href(row, duty.day) if linked else ""),
                condition_words(row, names),
                duty.unit(row.unit),
                why.label,
            ]
            for row, why in checked.idle
        ]
        return [{"cells": cells} for cells in made], len(made)
    lines: list[list[Any]] = []
    total = 0
    for epoch, part in checked.parts:
        ground = epoch.matrix.ground
        if what == "gaps":
            lines += [[block_words(block, names, ground), thousands(block.cells)] for block in part.gaps]
            total += part.gap_cells
            continue
        total += part.conflict_cells
        for conflict in part.conflicts:
            said = "；".join(f"{row.line} {duty.unit(row.unit)}" for row in conflict.rows)
            lines += [[block_words(block, names, ground), said, thousands(block.cells)] for block in conflict.blocks]
    return [{"cells": cells} for cells in lines], total


def _row_link(line: int, href: str) -> Any:
    said = _("第 %(line)s 行") % {"line": line}
    return format_html('<a href="{}">{}</a>', href, said) if href else said
