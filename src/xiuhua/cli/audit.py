"""`xiuhua audit`: is the ledger still whole?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xiuhua.cli.door import command, emit, now

if TYPE_CHECKING:
    from xiuhua.kernel.queries import Proof

_NAMED = 20


@click.group()
def audit() -> None:
    """核对台账、留锚 · Check the ledger, and anchor its head outside the database."""


@audit.command()
@click.option("--from", "first", type=click.IntRange(min=1), default=1, help="从第几条起 / first chain number")
@click.option("--to", "last", type=click.IntRange(min=1), default=None, help="到第几条止 / last chain number")
@click.option(
    "--anchor",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="与锚文件对照：删尾、整本重写只有这样才看得出 / hold the chain against an anchor file",
)
@command
def verify(first: int, last: int | None, file: Path | None, as_json: bool) -> None:
    """逐条核对台账的链 · Recompute the chain of ledger lines."""
    from xiuhua.kernel.actions import seal
    from xiuhua.kernel.queries import prove
    from xiuhua.kernel.rules.anchors import read_anchors

    seal()
    anchors = read_anchors(file.read_text(encoding="utf-8")) if file else []
    proof = prove(anchors, first=first, last=last)
    emit({**asdict(proof), "whole": proof.whole}, as_json=as_json, text="\n".join(_told(proof)))
    if not proof.whole:
        sys.exit(1)


def _told(proof: Proof) -> list[str]:
    from django.utils.translation import gettext as _

    said = {
        "lines": proof.lines,
        "broken": len(proof.broken),
        "at": ", ".join(map(str, proof.broken[:_NAMED])),
        "anchors": proof.anchors,
        "torn": ", ".join(map(str, proof.torn[:_NAMED])),
        "back": ", ".join(map(str, proof.went_back[:_NAMED])),
        "unsealed": proof.unsealed,
    }
    told = [
        _("%(lines)s 条记录中有 %(broken)s 处断开：%(at)s")
        if proof.broken
        else _("%(lines)s 条记录首尾相连，未见改动。")
    ]
    if proof.anchors and not proof.torn:
        told.append(_("与 %(anchors)s 个锚都对得上。"))
    if not proof.anchors:
        told.append(_("没有对照锚文件：末尾被删或整本重写，单看链看不出来（xiuhua audit anchor）。"))
    if proof.torn:
        told.append(_("与锚对不上（末尾被删或整本重写）：%(torn)s"))
    if proof.went_back:
        told.append(_("这些记录的时间早于在它之前入链的记录，钟可能被拨回过：%(back)s"))
    if not proof.guarded:
        told.append(_("数据库里防改防删的触发器不在了。"))
    if proof.unsealed:
        told.append(_("还有 %(unsealed)s 条没有入链。"))
    return [one % said for one in told]


@audit.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="锚文件，只在末尾添一行 / the anchor file; one line is appended",
)
@command
def anchor(out: Path, as_json: bool) -> None:
    """把链首记到库外 · Append the head of the chain to a file outside the database."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import anchor as written

    made = written(out, now())
    result = {"chain_no": made.chain_no, "hash": made.hash, "at": made.at, "count": made.chain_no} if made else {}
    text = _("第 %(number)s 条 %(hash)s 已记入 %(file)s。") if made else _("台账里还没有记录。")
    said = {"number": made.chain_no, "hash": made.hash, "file": out} if made else {}
    emit(result, as_json=as_json, text=text % said)
