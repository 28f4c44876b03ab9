"""`xiuhua import`: another platform's cases come in, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.checking import check
from xiuhua.cli.declaring import declared
from xiuhua.cli.door import FAULTS_SHOWN, actor, command, emit, fault_json, now
from xiuhua.cli.progress import bar

if TYPE_CHECKING:
    from xiuhua.exchange.models import ImportBatch
    from xiuhua.exchange.words import ImportReport


_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")


@click.group()
def importing() -> None:
    """导入 · Bring other platforms' records in."""


importing.add_command(check)


@importing.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "mapping_name",
    default=None,
    help="映射文件（TOML）或现成映射的名字；不写就用记住的 / a file or the name of a shipped mapping; else the remembered one",
)
@declared
@click.option(
    "--marks",
    "marks_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="另一份延期、返工、超时清单（表或文本）/ a second list of extended, reworked, overdue numbers",
)
@click.option("--dry-run", is_flag=True, help="照做一遍再全部回退 / do everything, then roll it back")
@click.option("--whole", is_flag=True, help="有一行不能导入就整份不导 / one bad row refuses the whole file")
@_TENANT
@command
def cases(
    *,
    file: Path,
    mapping_name: str | None,
    marks_file: Path | None,
    dry_run: bool,
    whole: bool,
    tenant: str | None,
    as_json: bool,
    **answers: Any,
) -> None:
    """导入案件表（CSV、CSV.GZ 或 XLSX）· Import a platform's export of cases."""
    from dataclasses import replace

    from xiuhua.exchange.actions import import_cases
    from xiuhua.exchange.marklists import read_marks
    from xiuhua.exchange.shelf import mapping_for
    from xiuhua.kernel.phrases import fault_sentence
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.privacy.rules import mask, masked_facts

    office = tenant_named(tenant)
    mapping = mapping_for(office, file, mapping_name, answers)
    marks = read_marks(marks_file, mapping) if marks_file else None
    given = {"dry_run": dry_run, "only_good": not whole, "marks": marks}
    with bar() as told:
        report = import_cases(office, file, mapping, by=actor(), at=now(), progress=told, **given)  # type: ignore[arg-type]
    faults = [
        {**fault_json(replace(fault, facts=masked_facts(fault.facts))), "sentence": mask(fault_sentence(fault))}
        for fault in report.faults
    ]
    emit({**report.contract(), "faults": faults}, as_json=as_json, text="\n".join(_sentences(report)))


def _sentences(report: ImportReport) -> list[str]:
    from django.utils.translation import gettext as _

    from xiuhua.kernel.phrases import fault_sentence
    from xiuhua.privacy.rules import mask

    counts = report.contract()
    head = (
        _(
            "试导入，未入库：共 %(rows)s 行，新建 %(created)s，更新 %(updated)s，未变 %(unchanged)s，未导入 %(refused)s。"
        )
        if report.dry_run
        else _(
            "导入批次 %(batch)s：共 %(rows)s 行，新建 %(created)s，更新 %(updated)s，未变 %(unchanged)s，未导入 %(refused)s。"
        )
    )
    lines = [head % counts]
    places = {"unplaced": report.unplaced, **report.placed}
    lines.append(_("落图：按坐标 %(point)s，按编码 %(code)s，按名称 %(name)s，未落图 %(unplaced)s。") % places)
    if counts["verdicts"]["compared"]:
        lines.append(_("按期与否同平台比对：%(compared)s 行中 %(agree)s 行一致。") % counts["verdicts"])
    lines += _extras(report)
    lines += ["  " + mask(fault_sentence(fault)) for fault in report.faults[:FAULTS_SHOWN]]
    if report.refused > FAULTS_SHOWN:
        lines.append(f"  … +{report.refused - FAULTS_SHOWN}")
    return lines


def _extras(report: ImportReport) -> list[str]:
    """Return the lines that only some imports need."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.phrases import code_title

    lines = []
    if report.zone_declared:
        lines.append(_("本单位的时区由这次导入定为 %(zone)s。") % {"zone": report.zone})
    if any(report.observed.values()):
        lines.append(
            _("从表里看到、待确认：分类 %(classes)s，单位 %(bodies)s，地域 %(territories)s。") % report.observed
        )
    if report.placed_now:
        lines.append(_("原先未落图的案件这次落了 %(n)s 件。") % {"n": report.placed_now})
    for pile in report.piles:
        template = (
            _("堆积点（%(lon)s, %(lat)s）：%(rows)s 行，不用来落图。")
            if pile.withheld
            else _("较小的堆积点（%(lon)s, %(lat)s）：%(rows)s 行，照用。")
        )
        lines.append(template % {"lon": pile.lon, "lat": pile.lat, "rows": pile.rows})
    if report.rulings.get("ruled"):
        lines.append(_rulings(report.rulings))
    for code, times in sorted(report.warnings.items()):
        lines.append(_("提示：%(what)s（%(n)s 处，%(code)s）") % {"what": code_title(code), "n": times, "code": code})
    for period, times in sorted(report.corrections.items()):
        lines.append(_("%(period)s 已定格，%(n)s 处改动列为待更正。") % {"period": period, "n": times})
    return lines


def _rulings(told: dict[str, Any]) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.cases.words import Cause

    text = _("自算期限 %(ruled)s 件：") % told
    text += "，".join(
        f"{Cause(code).label} {n}" for code, n in sorted(told["deadlines"].items(), key=lambda one: -one[1])
    )
    differing = sum(told["verdicts"].values())
    return text + _("；认定不同 %(verdicts)s 件，派给别家 %(elsewhere)s 件。") % {**told, "verdicts": differing}


@importing.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="哪个来源的任务号 / whose task numbers name the photos")
@_TENANT
@command
def photos(archive: Path, source: str, tenant: str | None, as_json: bool) -> None:
    """按任务号收 ZIP 里的照片 · Take the photos of a ZIP in, by task number."""
    from django.utils.translation import gettext as _

    from xiuhua.exchange.actions.albums import import_photos
    from xiuhua.kernel.queries import tenant_named

    with archive.open("rb") as file:
        album = import_photos(tenant_named(tenant), file, by=actor(), at=now(), source=source)
    counts = {
        "added": len(album.added),
        "already": len(album.already),
        "unknown": len(album.unknown),
        "refused": len(album.not_photos),
        "large": len(album.too_large),
    }
    text = _(
        "收了 %(added)s 张，原先就有 %(already)s 张；编号不认识 %(unknown)s 个，不是照片 %(refused)s 个，太大 %(large)s 个。"
    )
    failed = [*album.unknown, *(f"{name}：{why}" for name, why in album.not_photos), *album.too_large]
    lines = [text % counts, *(f"  {one}" for one in failed[:FAULTS_SHOWN])]
    emit(album.contract(), as_json=as_json, text="\n".join(lines))


@importing.command()
@click.argument("batch", type=int)
@command
def undo(batch: int, as_json: bool) -> None:
    """撤销一批导入 · Take one import back."""
    from dataclasses import asdict

    from django.utils.translation import gettext as _

    from xiuhua.exchange.actions import undo_import

    report = asdict(undo_import(batch, by=actor(), at=now()))
    text = _("批次 %(batch)s 已撤销：删去 %(records)s 条来源记录、%(deleted)s 件案件，%(restored)s 件回到上一版。")
    emit(report, as_json=as_json, text=text % report)


@importing.command("list")
@_TENANT
@command
def list_(tenant: str | None, as_json: bool) -> None:
    """列出各批导入 · List imports, newest first."""
    from xiuhua.exchange.queries import batches
    from xiuhua.kernel.queries import tenant_named

    found = batches(tenant_named(tenant))
    emit(
        {"count": len(found), "batches": [_batch_json(one) for one in found]},
        as_json=as_json,
        text="\n".join(_batch_line(one) for one in found) or "—",
    )


def _batch_json(batch: ImportBatch) -> dict[str, Any]:
    from xiuhua.exchange.queries import batch_report

    return {
        **batch_report(batch),
        "source": batch.source.code,
        "state": batch.state,
        "file": batch.file_name,
        "applied_at": batch.applied_at.isoformat(),
        "undone_at": batch.undone_at.isoformat() if batch.undone_at else None,
        "merkle_root": batch.merkle_root,
    }


def _batch_line(batch: ImportBatch) -> str:
    cells = (
        batch.pk,
        f"{batch.applied_at:%Y-%m-%d %H:%MZ}",
        batch.get_state_display(),
        batch.source.code,
        batch.file_name,
        *(f"{key} {batch.counts.get(key)}" for key in ("rows", "created", "updated", "unchanged", "refused")),
    )
    return "\t".join(map(str, cells))
