"""`xiuhua import check`: what a received file looks like, before anything of it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.declaring import declared
from xiuhua.cli.door import command, emit, now, say
from xiuhua.cli.progress import bar

if TYPE_CHECKING:
    from xiuhua.exchange.health import Health
    from xiuhua.exchange.words.health import Found

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--mapping",
    "mapping_name",
    default=None,
    help="映射文件（TOML）或现成映射的名字；不写就用记住的 / a file or the name of a shipped mapping; else the remembered one",
)
@declared
@click.option(
    "--back",
    default=None,
    type=click.Path(dir_okay=False, path_type=Path),
    help="把标出问题的原表写到这里（XLSX）/ write the file back with its problems marked",
)
@click.option("--tenant", default=None, help="单位代码 / code of the office")
@command
def check(
    *, file: Path, mapping_name: str | None, back: Path | None, tenant: str | None, as_json: bool, **answers: Any
) -> None:
    """导入前体检，什么也不写入 · Check a file before importing it; nothing is written."""
    from xiuhua.exchange.health import check_file
    from xiuhua.exchange.health.telling import told
    from xiuhua.exchange.marked import mark_file
    from xiuhua.exchange.shelf import mapping_for
    from xiuhua.kernel.queries import tenant_named

    office = tenant_named(tenant)
    mapping = mapping_for(office, file, mapping_name, answers)
    with bar() as progress:
        health = check_file(office, file, mapping, at=now(), progress=progress)
    if back is not None:
        back.write_bytes(mark_file(office, file, mapping, health))
        say(str(back))
    emit(told(health), as_json=as_json, text="\n".join(_lines(health)))


def _lines(health: Health) -> list[str]:
    """Return the report for a person: the sum, what was found by gravity, the months, what did not run."""
    from django.utils.translation import gettext as _

    from xiuhua.exchange.words.health import Gravity

    counts = {"rows": health.rows, "good": health.good, "bad": health.bad}
    counts |= {"created": health.created, "updated": health.updated, "unchanged": health.unchanged}
    lines = [
        _(
            "共 %(rows)s 行：可导入 %(good)s，不能导入 %(bad)s。导入会新建 %(created)s，更新 %(updated)s，未变 %(unchanged)s。"
        )
        % counts
    ]
    for gravity in Gravity:
        found = [one for one in health.checks if one.gravity == gravity.value and one.ran and one.count]
        if found:
            lines.append(str(gravity.label))
            lines += [line for one in found for line in _found(one)]
    frozen = _("（已定格）")
    months = [f"{one.month} {one.rows}{frozen if one.frozen else ''}" for one in health.months]
    lines.append(_("各月行数：%(months)s") % {"months": _("、").join(months) or "—"})
    idle = [one.id for one in health.checks if not one.ran]
    if idle:
        lines.append(
            _("没有运行的检查 %(n)s 项（用 --json 看原因）：%(ids)s") % {"n": len(idle), "ids": ", ".join(idle)}
        )
    return lines


def _found(one: Found) -> list[str]:
    from xiuhua.exchange.health.telling import check_sentence, parts_text

    lines = [f"  {one.id:<24} {one.count:>7} {one.share:>7.1%}  {check_sentence(one)}"]
    if parts := parts_text(one):
        lines.append(f"{'':<43}{parts}")
    rows = [str(example.row) for example in one.examples if example.row is not None]
    if rows:
        lines.append(f"{'':<43}# {', '.join(rows)}{' …' if one.count > len(rows) else ''}")
    return lines
