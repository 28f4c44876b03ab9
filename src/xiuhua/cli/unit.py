"""`xiuhua unit`: who can be responsible."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.tables import DRY_RUN, FILE, OUT, TENANT, counted, passed_over, some, written

if TYPE_CHECKING:
    from xiuhua.responsibility.models import Body
    from xiuhua.responsibility.words import UnitReport


@click.group()
def unit() -> None:
    """单位 · Units: teams, companies, departments, community offices."""


@unit.command("import")
@FILE
@DRY_RUN
@TENANT
@command
def import_(file: Path, dry_run: bool, tenant: str | None, as_json: bool) -> None:
    """导入单位（XLSX 或 CSV）；确认案件里见过的同名单位 · Import units; confirms those seen in cases by name."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import import_units

    report = import_units(tenant_named(tenant), file.read_bytes(), by=actor(), at=now(), dry_run=dry_run)
    emit(asdict(report), as_json=as_json, text="\n".join(_sentences(report)))


def _sentences(report: UnitReport) -> list[str]:
    from django.utils.translation import gettext as _

    lines = [counted(asdict(report))]
    if report.confirmed:
        lines.append(_("确认了案件里见过的单位 %(n)s 个。") % {"n": report.confirmed})
    if report.absent:
        told = _("表里没有的单位 %(n)s 个：%(codes)s")
        lines.append(told % {"n": len(report.absent), "codes": some(report.absent)})
    return lines + passed_over(asdict(report))


@unit.command("list")
@TENANT
@command
def list_(tenant: str | None, as_json: bool) -> None:
    """列出单位 · List units."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.queries import bodies_of

    rows = [_row(one) for one in bodies_of(tenant_named(tenant))]
    lines = [
        "\t".join(
            (row["code"], row["name"], row["kind"] or "—", row["territory"] or "—", "、".join(row["aliases"]))
            + (() if row["confirmed"] else (_("未确认"),))
        ).rstrip("\t")
        for row in rows
    ]
    emit({"count": len(rows), "units": rows}, as_json=as_json, text="\n".join(lines) or "—")


def _row(one: Body) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        "territory": one.territory.code if one.territory else None,
        "aliases": one.aliases,
        "confirmed": one.confirmed,
    }


@unit.command("template")
@OUT
@TENANT
@command
def template_(out: Path | None, tenant: str | None, as_json: bool) -> None:
    """写一份带下拉表的 Excel 模板 · Write an Excel template with drop-downs."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.queries import unit_template

    written(unit_template(tenant_named(tenant)), out, "units", as_json=as_json)
