"""`xiuhua duty export|import`: the matrix as a workbook, and which pack a command means."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now

if TYPE_CHECKING:
    from xiuhua.cases.queries import DutyEffect
    from xiuhua.kernel.models import Tenant
    from xiuhua.kernel.words import PackContent
    from xiuhua.responsibility.queries import DutyBook, Names

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
_DAY = click.DateTime(["%Y-%m-%d"])


def meant(office: Tenant, name: str | None) -> PackContent:
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


def in_its_office(office: Tenant, content: PackContent) -> tuple[list[Any], list[Any], DutyBook]:
    """Return a pack's rows and tests with the office's codes. Raises PackRefused with every fault."""
    from xiuhua.kernel.queries import PackRefused
    from xiuhua.responsibility.queries import DutyBook, in_office

    book = DutyBook.empty(office)
    rows, tests, faults = in_office(content, book)
    if faults:
        raise PackRefused(faults, name=content.name, count=len(faults))
    return rows, tests, book


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--pack", "name", default=None, help="数据包：文件夹或 kind/code；默认已装的 / a pack; default: the installed one"
)
@_TENANT
@command
def export(*, file: Path, name: str | None, tenant: str | None, as_json: bool) -> None:
    """把矩阵写成 Excel，编码带名称、有下拉表；还没有矩阵时是空表 · Write the matrix as a workbook with drop-downs."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import installed_packs, tenant_named
    from xiuhua.responsibility.queries import DUTY, DutyBook, duty_workbook, rows_written

    office = tenant_named(tenant)
    if name is None and not installed_packs(office, DUTY):
        file.write_bytes(duty_workbook(DutyBook.empty(office), ()))
        text = _("还没有责任矩阵：带下拉表的空表已写到 %(file)s。") % {"file": str(file)}
        emit({"pack": None, "rows": 0, "file": str(file)}, as_json=as_json, text=text)
        return
    content = meant(office, name)
    rows, _tests, book = in_its_office(office, content)
    file.write_bytes(duty_workbook(book, rows_written(rows)))
    text = _("%(pack)s 的 %(rows)s 行已写到 %(file)s。") % {"pack": content.name, "rows": len(rows), "file": str(file)}
    emit({"pack": content.name, "rows": len(rows), "file": str(file)}, as_json=as_json, text=text)


@click.command(name="import")
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
    from xiuhua.responsibility.queries import Naming, proposed

    if not folder and not install:
        raise click.UsageError("--to … / --install")
    office = tenant_named(tenant)
    naming = Naming(version, effective.date(), file.name, code or "")
    found = proposed(office, file, naming)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in found.files.items():
            (folder / path).write_text(text, encoding="utf-8")
    if install:
        install_pack(office, found.content, by=actor(), at=now())
    said = {
        "pack": found.content.name,
        "rows": len(found.rows),
        "folder": str(folder) if folder else None,
        "installed": install,
    }
    text = (
        _("%(pack)s：%(rows)s 行，已装上。") if install else _("%(pack)s：%(rows)s 行，已写到 %(folder)s，还没有装。")
    )
    emit(said, as_json=as_json, text=text % said)


def winners(found: DutyEffect, names: Names) -> str:
    """Return a table of what every unit has now, would have, gains and loses."""
    from django.utils.translation import gettext as _

    from xiuhua.cli.columns import aligned

    rows = [(_("单位"), _("现在"), _("以后"), _("得到"), _("失去"))]
    rows += [
        (
            names.units.get(one.unit, one.unit) or _("没有人"),
            str(one.before),
            str(one.after),
            str(len(one.gained)),
            str(len(one.lost)),
        )
        for one in found.units
    ]
    return aligned(rows, right=(1, 2, 3, 4))
