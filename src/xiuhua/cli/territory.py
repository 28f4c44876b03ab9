"""`xiuhua territory`: the tree of places."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.lineage import changes, comparable, history, preview, succeed, vanished
from xiuhua.cli.tables import DRY_RUN, OUT, written

if TYPE_CHECKING:
    from xiuhua.territory.words import ImportReport, Listed

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
#: Overlaps and gaps told to a person; --json has them all.
SHOWN = 10


@click.group()
def territory() -> None:
    """地域 · Territories: names, codes, outlines."""


def _pairs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in values:
        left, equals, right = value.partition("=")
        if not equals or not left:
            raise click.BadParameter(f"{value!r}: …=…")
        pairs.append((left, right))
    return tuple(pairs)


@territory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", required=True, help="层级，如 community / level, a word of your own")
@click.option("--name-field", default="", help="名称栏 / field with names")
@click.option("--code-field", default="", help="编码栏 / field with codes")
@click.option("--parent-field", default="", help="上级编码栏 / field with the parent's code")
@click.option("--alias-field", default="", help="别名栏，多个用 ; 或 、 分开 / field with other names")
@click.option(
    "--external",
    "externals",
    multiple=True,
    callback=_pairs,
    metavar="SYSTEM=FIELD",
    help="别的系统的编码栏 / field with another system's codes",
)
@click.option("--name", default="", help="只有图形的文件：名称 / name of a bare geometry")
@click.option("--code", default="", help="只有图形的文件：编码 / code of a bare geometry")
@click.option("--where", multiple=True, callback=_pairs, metavar="FIELD=TEXT", help="只取这些行 / keep only such rows")
@click.option("--parent", default="", help="上级编码 / code of the parent of all")
@click.option("--crs", default="wgs84", show_default=True, type=click.Choice(["wgs84", "gcj02", "bd09"]))
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), default=None, help="生效日 / first day in force")
@click.option("--end-absent", is_flag=True, help="文件里没有的同级地域自生效日终止 / siblings not in the file end")
@click.option("--code-pad", default=0, type=click.IntRange(0, 60), help="编码右补零到几位 / fill codes up with zeros")
@click.option(
    "--parent-by-prefix",
    default=0,
    type=click.IntRange(0, 59),
    metavar="N",
    help="编码的前 N 位是上级编码 / the parent is the first N characters of the code",
)
@click.option("--renumbered", is_flag=True, help="同名同上级的算同一处改了编码 / same name and parent: a new code")
@click.option("--sliver-m2", default=1, show_default=True, type=click.IntRange(min=0), help="更小的重叠与空隙不报 / m²")
@DRY_RUN
@_TENANT
@command
def import_(
    file: Path, tenant: str | None, as_json: bool, effective: datetime | None, *, dry_run: bool, **given: Any
) -> None:
    """导入地域（GeoJSON 或编码表 CSV、XLSX）· Import territories from GeoJSON or a table of codes.

    不写栏名时按表头认：编码、名称、上级编码、别名 · Without field names the headings of the template are recognised.
    """
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.actions import import_territories
    from xiuhua.territory.words import Order, Reading

    fields = ("name_field", "code_field", "parent_field", "alias_field", "name", "code", "externals", "where")
    reading = Reading(**{field: given.pop(field) for field in fields})
    order = Order(reading=reading, effective=effective.date() if effective else None, **given)
    data, office = file.read_bytes(), tenant_named(tenant)
    report = import_territories(office, data, order, by=actor(), at=now(), dry_run=dry_run)
    lines = [_("试运行，什么也没写：")] if dry_run else []
    emit({**asdict(report), "dry_run": dry_run}, as_json=as_json, text="\n".join([*lines, *_sentences(report)]))


def _sentences(report: ImportReport) -> list[str]:
    from django.utils.translation import gettext as _

    lines = [_("层级 %(level)s：新建 %(created)s，更新 %(updated)s，未变 %(unchanged)s。") % asdict(report)]
    if report.skipped:
        lines.append(_("按条件略去 %(skipped)s 行。") % {"skipped": report.skipped})
    repaired = _("已修复“%(name)s”：%(reason)s，面积 %(before_m2)s → %(after_m2)s m²")
    overlap = _("重叠：%(a)s 与 %(b)s，%(m2)s m²")
    gap = _("空隙：%(m2)s m²，在 %(lon)s, %(lat)s")
    for template, found in ((repaired, report.repaired), (overlap, report.overlaps), (gap, report.gaps)):
        lines += ["  " + template % asdict(one) for one in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"  … +{len(found) - SHOWN}")
    absent, ended = ", ".join(report.absent[:SHOWN]), len(report.ended)
    if report.absent:
        lines.append(_("文件里没有的同级地域 %(n)s 个：%(codes)s") % {"n": len(report.absent), "codes": absent})
    if ended:
        lines.append(_("其中 %(n)s 个自生效日终止。") % {"n": ended})
    if report.renumbered:
        pairs = "、".join(f"{old}→{new}" for old, new in report.renumbered[:SHOWN])
        lines.append(_("按名称认出编码变更 %(n)s 个：%(pairs)s") % {"n": len(report.renumbered), "pairs": pairs})
        if len(report.renumbered) < ended:
            lines.append(
                _("其余由谁承接请人来定：xiuhua territory vanished --level %(level)s") % {"level": report.level}
            )
    return lines


@territory.command("list")
@click.option("--level", default=None, help="只列这一层级 / only this level")
@_TENANT
@command
def list_(level: str | None, tenant: str | None, as_json: bool) -> None:
    """列出地域 · List territories."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.queries import listed

    found = listed(tenant_named(tenant), level)
    emit(
        {"count": len(found), "territories": [asdict(one) for one in found]},
        as_json=as_json,
        text="\n".join(_line(one) for one in found) or "—",
    )


def _line(one: Listed) -> str:
    from django.utils.translation import gettext as _

    days = f"{_day(one.valid_from)}–{_day(one.valid_to)}" if one.valid_from or one.valid_to else ""
    area = f"{one.area_m2} m²" if one.area_m2 is not None else "—"
    doubt = "" if one.confirmed else _("未确认")
    cells = (one.level, one.code, one.name, one.parent or "—", area, days, "; ".join(one.aliases), doubt)
    return "\t".join(cells).rstrip("\t")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


@territory.command()
@click.argument("code")
@click.argument("name")
@_TENANT
@command
def alias(code: str, name: str, tenant: str | None, as_json: bool) -> None:
    """给地域加一个别名 · Give a territory one more name."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.actions import add_alias

    added = add_alias(tenant_named(tenant), code, name, by=actor(), at=now())
    text = _("%(code)s 也叫“%(name)s”了。") if added else _("%(code)s 本来就叫“%(name)s”。")
    emit({"code": code, "name": name, "added": added}, as_json=as_json, text=text % {"code": code, "name": name})


@territory.command("template")
@click.option("--level", default="", help="层级，如 community / level")
@OUT
@_TENANT
@command
def template_(level: str, out: Path | None, tenant: str | None, as_json: bool) -> None:
    """写一份带下拉表的 Excel 模板 · Write an Excel template with drop-downs."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.queries import territory_template

    written(territory_template(tenant_named(tenant), level), out, "territories", as_json=as_json)


for _subcommand in (history, succeed, changes, vanished, comparable, preview):
    territory.add_command(_subcommand)
