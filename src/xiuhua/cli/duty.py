"""`xiuhua duty`: who is responsible and why, whether that is so everywhere, and what a change would move."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now

if TYPE_CHECKING:
    from xiuhua.kernel.models import Tenant
    from xiuhua.kernel.words import PackContent
    from xiuhua.responsibility.queries import Checkup, DutyBook
    from xiuhua.responsibility.rules.duty.blocks import Block
    from xiuhua.responsibility.words import Tried, UnitMove

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
    from xiuhua.responsibility.phrases import answer_sentence, loser_sentence
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
    lines = [answer_sentence(answer, book.names)]
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
    from xiuhua.responsibility.queries import DutyBook, checkup
    from xiuhua.responsibility.views import checkup_view

    office = tenant_named(tenant)
    book = DutyBook.load(office)
    begin = first.date() if first else _today(office)
    end = date.fromordinal(last.date().toordinal() + 1) if last else date.fromordinal(begin.toordinal() + YEAR)
    if end <= begin:
        raise click.BadParameter("--to", param_hint="--to")
    found = checkup(book, begin, end)
    emit(checkup_view(found, book), as_json=as_json, text="\n".join(_checkup_lines(found, book)))
    if not found.sound:
        raise SystemExit(1)


def _checkup_lines(found: Checkup, book: DutyBook) -> Iterable[str]:
    from django.utils.translation import gettext as _

    from xiuhua.responsibility.phrases import condition_words, days_words

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
    for _epoch, checked in found.parts:
        yield from (_("空白：%(block)s") % {"block": _block(block, book)} for block in checked.gaps[:SHOWN])
        for conflict in checked.conflicts[:SHOWN]:
            lines = "、".join(f"{row.line} {book.names.units.get(row.unit, row.unit)}" for row in conflict.rows)
            for block in conflict.blocks[:SHOWN]:
                yield _("冲突：第 %(lines)s 行，%(block)s") % {"lines": lines, "block": _block(block, book)}
    yield _("用不上的行 %(n)s 行。") % {"n": len(found.idle)}
    for row, why in found.idle[:SHOWN]:
        yield _("  第 %(line)s 行（%(what)s）：%(why)s") % {
            "line": row.line,
            "what": condition_words(row, book.names),
            "why": why.label,
        }


def _block(block: Block, book: DutyBook) -> str:
    from xiuhua.responsibility.phrases import block_words

    return block_words(block, book.names)


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
    content = _pack(office, name)
    rows, tests, book = _in_office(office, content)
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


def _pack(office: Tenant, name: str | None) -> PackContent:
    """Return the pack that is meant: a folder, one that is shipped, or the newest installed duty matrix."""
    from xiuhua.cli.pack import folder_of
    from xiuhua.kernel.queries import PackUnknown, chosen_code, content_of, newest_pack, read_pack
    from xiuhua.responsibility.queries import DUTY

    if name:
        content = read_pack(folder_of(name))
        if content.kind != DUTY:
            raise PackUnknown(name=name)
        return content
    newest = newest_pack(office, DUTY, chosen_code(office, DUTY))
    if newest is None:
        raise PackUnknown(name=DUTY)
    return content_of(newest)


def _in_office(office: Tenant, content: PackContent) -> tuple[list[Any], list[Any], DutyBook]:
    """Return a pack's rows and tests with the office's codes. Raises PackRefused with every fault."""
    from xiuhua.kernel.queries import PackRefused
    from xiuhua.responsibility.queries import DutyBook, in_office

    book = DutyBook.empty(office)
    rows, tests, faults = in_office(content, book)
    if faults:
        raise PackRefused(faults, name=content.name, count=len(faults))
    return rows, tests, book


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
    from xiuhua.cases.queries import duty_of, placed
    from xiuhua.kernel.queries import PackUndecided, tenant_named
    from xiuhua.responsibility.queries import DutyBook
    from xiuhua.responsibility.rules.duty.preview import moves

    office = tenant_named(tenant)
    begin, end = _span(office, quarter, first, last)
    content = _pack(office, name)
    rows, _tests, book = _in_office(office, content)
    try:
        now_book = DutyBook.load(office)
    except PackUndecided:
        now_book = book
    cases = placed(office, begin, end)
    before = duty_of(office, now_book, cases).unit
    after = duty_of(office, book.supposing(rows, content.name), cases)
    found = moves(cases.numbers, before, after.unit)
    body = {
        "pack": content.name,
        "from": begin.isoformat(),
        "to": date.fromordinal(end.toordinal() - 1).isoformat(),
        "cases": len(cases.numbers),
        "moved": sum(len(one.gained) for one in found),
        "conflicts": sum(after.conflict),
        "units": [_move(one, book) for one in found],
    }
    emit(body, as_json=as_json, text=_moves(body, found, book))


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


def _move(one: UnitMove, book: DutyBook) -> dict[str, Any]:
    return {
        "unit": one.unit or None,
        "name": book.names.units.get(one.unit, one.unit) or None,
        "before": one.before,
        "after": one.after,
        "gained": list(one.gained),
        "lost": list(one.lost),
    }


def _moves(body: dict[str, Any], found: Iterable[UnitMove], book: DutyBook) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.cli.columns import aligned

    head = _("%(from)s 至 %(to)s 的 %(cases)s 件：换了单位的 %(moved)s 件，新矩阵下有冲突的 %(conflicts)s 件。") % body
    rows = [(_("单位"), _("现在"), _("以后"), _("得到"), _("失去"))]
    rows += [
        (
            book.names.units.get(one.unit, one.unit) or _("没有人"),
            str(one.before),
            str(one.after),
            str(len(one.gained)),
            str(len(one.lost)),
        )
        for one in found
    ]
    return head + "\n" + aligned(rows, right=(1, 2, 3, 4))


@duty.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--pack", "name", default=None, help="数据包：文件夹或 kind/code；默认已装的 / a pack; default: the installed one"
)
@_TENANT
@command
def export(*, file: Path, name: str | None, tenant: str | None, as_json: bool) -> None:
    """把矩阵写成 Excel，编码带名称、有下拉表 · Write the matrix as a workbook with drop-downs."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.queries import duty_workbook, rows_written

    office = tenant_named(tenant)
    content = _pack(office, name)
    rows, _tests, book = _in_office(office, content)
    file.write_bytes(duty_workbook(book, rows_written(rows)))
    text = _("%(pack)s 的 %(rows)s 行已写到 %(file)s。") % {"pack": content.name, "rows": len(rows), "file": str(file)}
    emit({"pack": content.name, "rows": len(rows), "file": str(file)}, as_json=as_json, text=text)


@duty.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--version", "version", required=True, help="新版本号 / the new version")
@click.option("--effective", type=_DAY, required=True, help="自哪天生效 / first day on which it speaks")
@click.option("--code", default=None, help="包的代码，默认已装的那个 / default: the installed one's")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=None, help="写成数据包 / a folder"
)
@click.option("--install", is_flag=True, help="检查、试用例并装上 / check, try its tests, install")
@_TENANT
@command
def import_(
    *,
    file: Path,
    version: str,
    effective: datetime,
    code: str | None,
    folder: Path | None,
    install: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """把填好的 Excel 变成新版本的数据包；用例从已装的版本带过来 · Make a workbook a new version of the pack."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import install_pack
    from xiuhua.kernel.queries import tenant_named

    if not folder and not install:
        raise click.UsageError("--to … / --install")
    office = tenant_named(tenant)
    content, files = _from_table(office, file, code, version, effective.date())
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            (folder / path).write_text(text, encoding="utf-8")
    if install:
        install_pack(office, content, by=actor(), at=now())
    rows = files["matrix.csv"].count("\n") - 1
    said = {"pack": content.name, "rows": rows, "folder": str(folder) if folder else None, "installed": install}
    text = (
        _("%(pack)s：%(rows)s 行，已装上。") if install else _("%(pack)s：%(rows)s 行，已写到 %(folder)s，还没有装。")
    )
    emit(said, as_json=as_json, text=text % said)


def _from_table(
    office: Tenant, file: Path, code: str | None, version: str, effective: date
) -> tuple[PackContent, dict[str, str]]:
    """Return the pack that a workbook makes, with its files. Raises PackRefused with every fault, by row and column."""
    from xiuhua.kernel.queries import PackRefused, newest_pack
    from xiuhua.kernel.rules.packs import HEADER, pack_of
    from xiuhua.responsibility.packs import header_of
    from xiuhua.responsibility.queries import DUTY, DutyBook, in_office, installed_code, written_in

    book = DutyBook.empty(office)
    text, faults = written_in(file, book)
    if faults:
        raise PackRefused(faults, name=file.name, count=len(faults))
    code = code or installed_code(office)
    held = newest_pack(office, DUTY, code)
    tests = {path: one for path, one in held.files.items() if path != "matrix.csv"} if held else {}
    files = {HEADER: header_of(held, code, version, effective, file.name), "matrix.csv": text, **tests}
    content, faults = pack_of(files)
    if content is not None:
        faults = in_office(content, book)[2]
    if content is None or faults:
        raise PackRefused(faults, name=file.name, count=len(faults))
    return content, files
