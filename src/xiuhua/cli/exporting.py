"""`xiuhua export`: lists, and platforms' own files filled in, go out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

import click

from xiuhua.cli.door import actor, command, emit, now

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
_OUT = click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪里；.csv 是文本，其余是工作簿 / where to write it; .csv is text, anything else a workbook",
)


def _written(out: Path, write: Callable[[BinaryIO], Any]) -> Any:
    """Write a file beside its place and move it there when it is whole."""
    with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as target:
        draft = Path(target.name)
        try:
            done = write(target)  # type: ignore[arg-type]
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    draft.chmod(0o600)
    draft.replace(out)
    return done


@click.command()
@click.argument("name", required=False)
@click.option("--batch", type=int, default=None, help="按这批导入的原格式导回 / a batch's own file, filled in")
@click.option(
    "--original",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="这批导入的原文件 / the file that the batch was read from",
)
@click.option("--month", default="", help="上报月份 / month of the reports")
@click.option("--filter", "filters", multiple=True, metavar="NAME=VALUE", help="清单的条件 / a filter of the list")
@click.option("--sort", default="", help="次序 / order")
@_OUT
@_TENANT
@command
def export(
    *,
    name: str | None,
    batch: int | None,
    original: Path | None,
    month: str,
    filters: tuple[str, ...],
    sort: str,
    out: Path,
    tenant: str | None,
    as_json: bool,
) -> None:
    """导出清单，或把一批导入的原表填好导回 · Write a list (cases, own, people …), or a batch's own file filled in."""
    if (name is None) == (batch is None):
        raise click.UsageError("NAME | --batch")
    if batch is not None:
        _batch(batch, original, out, as_json=as_json)
        return
    given = dict(one.partition("=")[::2] for one in filters)
    _list(name or "", {**given, **({"month": month} if month else {})}, sort, out, tenant=tenant, as_json=as_json)


def _list(name: str, given: dict[str, str], sort: str, out: Path, *, tenant: str | None, as_json: bool) -> None:
    from django.utils.translation import gettext as _

    from xiuhua.exchange.actions import export_list
    from xiuhua.exchange.lists import Asked, FileForm
    from xiuhua.kernel.queries import tenant_named

    form = FileForm.CSV if out.suffix.lower() == ".csv" else FileForm.XLSX
    asked = Asked(tenant_named(tenant), actor(), now(), given, sort)
    done = _written(out, lambda target: export_list(name, form, asked, target))
    facts = {"file": str(out), "form": form.value, "rows": done.rows, "left_out": done.left_out, "cut": done.cut}
    text = _("已写到 %(file)s：%(rows)s 行。") % facts
    if done.left_out:
        text += _("工作簿装不下，还有 %(left_out)s 行没有写。") % facts
    emit(facts, as_json=as_json, text=text)


def _batch(key: int, original: Path | None, out: Path, *, as_json: bool) -> None:
    from django.utils.translation import gettext as _

    from xiuhua.exchange.actions import return_batch
    from xiuhua.exchange.queries import batch_numbered

    batch = batch_numbered(key)
    done = _written(out, lambda target: return_batch(batch, target, by=actor(), at=now(), original=original))
    facts = {
        "batch": key,
        "file": str(out),
        "form": done.form,
        "rows": done.rows,
        "changed": len(done.changes),
        "in_place": done.in_place,
        "missing": done.missing,
        "hidden": done.hidden,
    }
    text = _("已写到 %(file)s：%(rows)s 行，填了 %(changed)s 格。") % facts
    if done.missing:
        text += _("原文件不在，缺 %(missing)s 行；用 --original 给出原文件就全。") % facts
    emit(facts, as_json=as_json, text=text)
