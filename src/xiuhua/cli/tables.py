"""What the commands for people's tables share: options, writing a template, sentences of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xiuhua.cli.door import emit

TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DRY_RUN = click.option("--dry-run", is_flag=True, help="照做一遍再全部回退 / do everything, then roll it back")
OUT = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="写到哪里 / where to write it"
)
#: Codes told to a person; --json has them all.
SHOWN = 10


def written(data: bytes, out: Path | None, name: str, *, as_json: bool) -> None:
    """Write a template and say where; an existing file is replaced only if it was named."""
    from django.utils.translation import gettext as _

    path = out or Path(f"{name}.xlsx")
    if out is None and path.exists():
        raise click.UsageError(_("%(path)s 已有，请用 --out 指明写到哪里。") % {"path": path})
    path.write_bytes(data)
    emit({"file": str(path), "bytes": len(data)}, as_json=as_json, text=_("模板已写到 %(path)s。") % {"path": path})


def counted(report: dict[str, Any]) -> str:
    """Return the first sentence of a report: what was or would be done."""
    from django.utils.translation import gettext as _

    told = (
        _("试运行，什么也没写：会新建 %(created)s，更新 %(updated)s，未变 %(unchanged)s。")
        if report["dry_run"]
        else _("新建 %(created)s，更新 %(updated)s，未变 %(unchanged)s。")
    )
    return told % report


def passed_over(report: dict[str, Any]) -> list[str]:
    """Return sentences about example rows and columns that were not read."""
    from django.utils.translation import gettext as _

    lines = []
    if report["examples"]:
        lines.append(_("跳过示例行 %(n)s 行。") % {"n": report["examples"]})
    if report["ignored"]:
        lines.append(_("没有用到的栏：%(columns)s") % {"columns": "、".join(report["ignored"])})
    return lines


def some(codes: tuple[str, ...] | list[str]) -> str:
    """Return the first codes, and how many more there are."""
    more = f" … +{len(codes) - SHOWN}" if len(codes) > SHOWN else ""
    return ", ".join(codes[:SHOWN]) + more
