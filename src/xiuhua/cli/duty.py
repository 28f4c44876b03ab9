"""`xiuhua duty`: who is responsible and why, whether that is so everywhere, and what a change would move."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import command, emit, now
from xiuhua.cli.dutytables import export, import_, in_its_office, meant, winners

if TYPE_CHECKING:
    from xiuhua.kernel.models import Tenant
    from xiuhua.responsibility.queries import Checkup, DutyBook
    from xiuhua.responsibility.words import Tried

#: Blocks and rows printed for a person; --json has them all.
SHOWN = 20
#: Days that a check looks at unless it is told otherwise: any year.
YEAR = 366
_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def duty() -> None:
    """责任：谁负责、为什么，有没有空白和冲突 · Duty: who is responsible and why, and where nobody or two are."""


def _today(tenant: Tenant) -> date:
    from xiuhua.kernel.queries import zone_of

    return now().astimezone(zone_of(tenant)).date()


class _Point(click.ParamType[tuple[float, float]]):
    name = "LON,LAT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*", value)
        if not match or abs(float(match[1])) > 180 or abs(float(match[2])) > 90:  # noqa: PLR2004 - the globe
            self.fail(value, param, ctx)
        return float(match[1]), float(match[2])


duty.add_command(export)
duty.add_command(import_)


@duty.command()
@click.option("--at", "point", type=_Point(), default=None, help="WGS-84 经度,纬度 / longitude,latitude")
@click.option("--territory", default="", help="地域编码 / code of a territory")
@click.option("--site", default="", help="点位编码 / code of a site")
@click.option("--class", "case_class", required=True, help="类别：编码、名称或“体系:编码” / a class")
@click.option("--day", type=_DAY, default=None, help="哪一天，默认今天 / default: today")
@_TENANT
@command
def who(
    *,
    point: tuple[float, float] | None,
    territory: str,
    site: str,
    case_class: str,
    day: datetime | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """这里的这类问题归谁，为什么 · Who is responsible here for this, and why."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.phrases import answer_sentence, cautions, loser_sentence
    from xiuhua.responsibility.queries import DutyBook, Places, class_of
    from xiuhua.responsibility.rules.duty import resolve
    from xiuhua.responsibility.views import answer_view

    office = tenant_named(tenant)
    book = DutyBook.load(office)
    on = day.date() if day else _today(office)
    question = Places(office, book).question(
        class_of(book, case_class), on, territory=territory, site=site, point=point
    )
    answer = resolve(book.matrix_on(on), question)
    lines = [answer_sentence(answer, book.names), *cautions(answer, book)]
    lines += [f"  {loser_sentence(loser, book.names)}" for loser in answer.losers]
    emit(answer_view(answer, book), as_json=as_json, text="\n".join(lines))


@duty.command()
@click.option("--from", "first", type=_DAY, default=None, help="第一天，默认今天 / default: today")
@click.option("--to", "last", type=_DAY, default=None, help="最后一天，默认一年后 / default: a year later")
@_TENANT
@command
def check(*, first: datetime | None, last: datetime | None, tenant: str | None, as_json: bool) -> None:
    """全空间检查：空白、冲突、用不上的行；有空白或冲突时退出码 1 · Gaps, conflicts, idle rows over the whole space."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.queries import DutyBook, Overlaps, checkup
    from xiuhua.responsibility.views import checkup_view

    office = tenant_named(tenant)
    book = DutyBook.load(office)
    begin = first.date() if first else _today(office)
    end = date.fromordinal(last.date().toordinal() + 1) if last else date.fromordinal(begin.toordinal() + YEAR)
    if end <= begin:
        raise click.BadParameter("--to", param_hint="--to")
    found = checkup(book, begin, end, Overlaps(office, book))
    emit(checkup_view(found, book), as_json=as_json, text="\n".join(_checkup_lines(found, book)))
    if not found.sound:
        raise SystemExit(1)


def _checkup_lines(found: Checkup, book: DutyBook) -> Iterable[str]:
    from django.utils.translation import gettext as _

    from xiuhua.responsibility.phrases import block_words, condition_words, days_words

    facts = {
        name: found.total(name) for name in ("cells", "by_row", "by_fallback", "gap_cells", "conflict_cells", "clear")
    }
    yield _("%(days)s：共 %(cells)s 格（地点 × 类别 × 日），责任明确 %(clear)s 格。") % {
        **facts,
        "days": days_words(found.first, found.end),
    }
    yield (
        _(
            "按行回答 %(by_row)s 格，属地自己的单位兜底 %(by_fallback)s 格，空白 %(gap_cells)s 格，冲突 %(conflict_cells)s 格。"
        )
        % facts
    )
    if found.homeless:
        yield _("另有 %(n)s 个点位不在任何地域里，没有查。") % {"n": found.homeless}
    for epoch, checked in found.parts:
        ground = epoch.matrix.ground
        for block in checked.gaps[:SHOWN]:
            said = {"block": block_words(block, book.names, ground), "cells": block.cells}
            yield _("空白：%(block)s（%(cells)s 格）") % said
        for conflict in checked.conflicts[:SHOWN]:
            lines = "、".join(f"{row.line} {book.names.units.get(row.unit, row.unit)}" for row in conflict.rows)
            for block in conflict.blocks[:SHOWN]:
                said = {"lines": lines, "block": block_words(block, book.names, ground), "cells": block.cells}
                yield _("冲突：第 %(lines)s 行，%(block)s（%(cells)s 格）") % said
    yield _("用不上的行 %(n)s 行。") % {"n": len(found.idle)}
    for row, why in found.idle[:SHOWN]:
        yield _("  第 %(line)s 行（%(what)s）：%(why)s") % {
            "line": row.line,
            "what": condition_words(row, book.names),
            "why": why.label,
        }


@duty.command()
@click.option(
    "--pack", "name", default=None, help="数据包：文件夹或 kind/code；默认已装的 / a pack; default: the installed one"
)
@_TENANT
@command
def test(*, name: str | None, tenant: str | None, as_json: bool) -> None:
    """试矩阵自带的用例；有一条不过时退出码 1 · Try the tests that a matrix brings."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.queries import tried

    office = tenant_named(tenant)
    content = meant(office, name)
    rows, tests, book = in_its_office(office, content)
    outcome = tried(office, book.supposing(rows, content.name), tests)
    failed = [one for one in outcome if not one.passed]
    lines = [
        _("%(pack)s：%(passed)s / %(all)s 条用例通过。")
        % {"pack": content.name, "passed": len(outcome) - len(failed), "all": len(outcome)}
    ]
    lines += [f"  {_failed(one, book)}" for one in failed]
    body = {
        "pack": content.name,
        "tests": len(outcome),
        "passed": len(outcome) - len(failed),
        "results": [_result(one) for one in outcome],
    }
    emit(body, as_json=as_json, text="\n".join(lines))
    if failed:
        raise SystemExit(1)


def _failed(one: Tried, book: DutyBook) -> str:
    from xiuhua.kernel.phrases import fault_sentence
    from xiuhua.responsibility.packs import failed

    return fault_sentence(failed(one, book))


def _result(one: Tried) -> dict[str, Any]:
    return {
        "line": one.test.line,
        "passed": one.passed,
        "why": one.test.why,
        "expected": {"unit": one.test.unit or None, "tier": one.test.tier or None},
        "got": {"unit": one.answer.unit or None, "tier": one.answer.tier, "conflict": bool(one.answer.conflict)},
        "row": one.answer.row.line if one.answer.row else None,
    }


@duty.command()
@click.option("--pack", "name", required=True, help="改过的矩阵：文件夹或 kind/code / the changed matrix")
@click.option("--quarter", default=None, metavar="2026Q3", help="哪个季度，默认上个季度 / default: the last one")
@click.option("--from", "first", type=_DAY, default=None, help="第一天 / first day")
@click.option("--to", "last", type=_DAY, default=None, help="最后一天 / last day")
@_TENANT
@command
def preview(
    *,
    name: str,
    quarter: str | None,
    first: datetime | None,
    last: datetime | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """拿过去的案件试新矩阵：谁多了、谁少了，是哪些案件 · Dry run of a changed matrix on past cases."""
    from django.utils.translation import gettext as _

    from xiuhua.cases.queries import duty_effect, placed
    from xiuhua.kernel.queries import PackUndecided, tenant_named
    from xiuhua.responsibility.queries import DutyBook
    from xiuhua.responsibility.views import move_view

    office = tenant_named(tenant)
    begin, end = _span(office, quarter, first, last)
    content = meant(office, name)
    rows, _tests, book = in_its_office(office, content)
    try:
        now_book = DutyBook.load(office)
    except PackUndecided:
        now_book = book
    found = duty_effect(office, placed(office, begin, end), now_book, book.supposing(rows, content.name))
    body = {
        "pack": content.name,
        "from": begin.isoformat(),
        "to": date.fromordinal(end.toordinal() - 1).isoformat(),
        "cases": found.cases,
        "moved": found.moved,
        "conflicts": found.conflicts,
        "units": [move_view(one, book.names) for one in found.units],
    }
    head = _("%(from)s 至 %(to)s 的 %(cases)s 件：换了单位的 %(moved)s 件，新矩阵下有冲突的 %(conflicts)s 件。") % body
    emit(body, as_json=as_json, text=f"{head}\n{winners(found, book.names)}")


def _span(office: Tenant, quarter: str | None, first: datetime | None, last: datetime | None) -> tuple[date, date]:
    """Return the days that are meant, the end exclusive: given days, a quarter, or the last quarter that is over."""
    from xiuhua.responsibility.rules.duty.preview import last_quarter, quarter_named

    if first or last:
        if not (first and last) or last < first:
            raise click.UsageError("--from … --to …")
        return first.date(), date.fromordinal(last.date().toordinal() + 1)
    if quarter is None:
        return last_quarter(_today(office))
    found = quarter_named(quarter)
    if found is None:
        raise click.BadParameter(quarter, param_hint="--quarter")
    return found
