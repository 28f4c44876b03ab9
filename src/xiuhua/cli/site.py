"""`xiuhua site`: markets, lanes, banks and all other places that inspectors know by name."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.tables import DRY_RUN, FILE, OUT, TENANT, counted, passed_over, some, written

if TYPE_CHECKING:
    from xiuhua.territory.models import Site
    from xiuhua.territory.words.sites import SiteReport


@click.group()
def site() -> None:
    """点位 · Sites: points, lines and areas that inspectors know by name."""


@site.command("import")
@FILE
@click.option("--crs", default="wgs84", show_default=True, type=click.Choice(["wgs84", "gcj02", "bd09"]))
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), default=None, help="停用日期 / day on which sites end")
@click.option("--end-absent", is_flag=True, help="表里没有的点位自该日停用 / sites not in the file end on that day")
@DRY_RUN
@TENANT
@command
def import_(
    file: Path,
    *,
    crs: str,
    effective: datetime | None,
    end_absent: bool,
    dry_run: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """导入点位（XLSX、CSV 或 GeoJSON）· Import sites."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.actions import import_sites
    from xiuhua.territory.words.sites import SiteOrder

    order = SiteOrder(crs, effective.date() if effective else None, end_absent)
    report = import_sites(tenant_named(tenant), file.read_bytes(), order, by=actor(), at=now(), dry_run=dry_run)
    emit(asdict(report), as_json=as_json, text="\n".join(_sentences(report)))


def _sentences(report: SiteReport) -> list[str]:
    from django.utils.translation import gettext as _

    told = (
        (_("不在任何地域里的 %(n)s 个：%(codes)s"), report.unplaced),
        (_("位置不在所填地域里的 %(n)s 个：%(codes)s"), report.elsewhere),
        (_("表里没有的点位 %(n)s 个：%(codes)s"), report.absent),
        (_("其中停用的 %(n)s 个：%(codes)s"), report.ended),
    )
    lines = [counted(asdict(report))]
    lines += ["  " + text % {"n": len(codes), "codes": some(codes)} for text, codes in told if codes]
    return lines + ["  " + line for line in passed_over(asdict(report))]


@site.command("list")
@click.option("--type", "kind", default="", help="只列这一类型 / only this type")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="只列这一天有效的 / only those valid then")
@TENANT
@command
def list_(kind: str, day: datetime | None, tenant: str | None, as_json: bool) -> None:
    """列出点位 · List sites."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.queries import sites_of

    found = sites_of(tenant_named(tenant), day.date() if day else None, type=kind)
    rows = [_row(one) for one in found]
    text = "\n".join("\t".join(str(cell or "—") for cell in _cells(row)) for row in rows) or "—"
    emit({"count": len(rows), "sites": rows}, as_json=as_json, text=text)


def _row(one: Site) -> dict[str, Any]:
    import shapely

    shape = shapely.from_wkb(bytes(one.geometry))
    return {
        "code": one.code,
        "name": one.name,
        "type": one.type,
        "territory": one.territory.code if one.territory else None,
        "shape": shape.geom_type,
        "wkt": shapely.to_wkt(shape, rounding_precision=7),
        "reach_m": one.reach_m,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "confirmed": one.confirmed,
        "aliases": one.aliases,
    }


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    days = f"{row['valid_from'] or ''}–{row['valid_to'] or ''}" if row["valid_from"] or row["valid_to"] else ""
    return (row["type"], row["code"], row["name"], row["territory"], row["shape"], f"{row['reach_m']} m", days)


@site.command("template")
@OUT
@TENANT
@command
def template_(out: Path | None, tenant: str | None, as_json: bool) -> None:
    """写一份带下拉表的 Excel 模板 · Write an Excel template with drop-downs."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.queries import site_template

    written(site_template(tenant_named(tenant)), out, "sites", as_json=as_json)
