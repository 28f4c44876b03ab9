"""`xiuhua case`: the life of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import command, emit

if TYPE_CHECKING:
    from xiuhua.cases.words.moves import Move


@click.group()
def case() -> None:
    """案件 · Cases."""


@case.command()
@click.option("--markdown", is_flag=True, help="按 docs/moves.md 的表格 / as the table of docs/moves.md")
@command
def moves(*, markdown: bool, as_json: bool) -> None:
    """打印操作表：谁、从哪到哪、要出示什么、表怎么走 · Print the table of moves."""
    from xiuhua.cases.rules.moves import MOVES

    rows = [_row(move) for move in MOVES.values()]
    text = "\n".join(_markdown(rows) if markdown else (" · ".join(_cells(row)) for row in rows))
    emit({"moves": rows}, as_json=as_json, text=text)


def _row(move: Move) -> dict[str, Any]:
    """Return one row of the table: codes, and beside them what they are called."""
    from xiuhua.cases.words import Stage
    from xiuhua.responsibility.rules.roles import holders

    return {
        "verb": str(move.verb),
        "name": str(move.verb.label),
        "from": [str(stage) for stage in Stage if stage in move.sources],
        "to": str(move.to) if move.to else None,
        "posts": [str(role) for role in holders(f"case.{move.verb}")],
        "needs": [str(need) for need in move.needs],
        "clock": str(move.clock),
        "kept_off": str(move.aloof),
        "undoable": move.undoable,
        "step": str(move.step) if move.step else None,
    }


def _cells(row: dict[str, Any]) -> list[str]:
    stages = "every" if len(row["from"]) == _stages() else ", ".join(row["from"]) or "—"
    return [
        f"`{row['verb']}`",
        row["name"],
        stages,
        row["to"] or "stays",
        ", ".join(row["posts"]),
        ", ".join(row["needs"]) or "—",
        row["clock"],
        row["kept_off"],
        "yes" if row["undoable"] else "no",
    ]


def _stages() -> int:
    from xiuhua.cases.words import Stage

    return len(Stage)


def _markdown(rows: list[dict[str, Any]]) -> list[str]:
    heads = ("verb", "名称", "from", "to", "posts", "must be shown", "clock", "kept off", "undo")
    lines = [heads, ["---"] * len(heads), *(_cells(row) for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]
