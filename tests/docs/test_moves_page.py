"""docs/moves.md lists exactly the table of moves."""

from __future__ import annotations

from pathlib import Path

from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words import Stage
from xiuhua.responsibility.rules.roles import holders

PAGE = Path(__file__).parents[2] / "docs/moves.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]


def test_page_lists_every_move_of_the_table_and_no_other_in_its_order() -> None:
    told = [
        [
            f"`{move.verb.value}`",
            str(move.verb.label),
            "every"
            if len(move.sources) == len(Stage)
            else ", ".join(s for s in Stage.values if s in move.sources) or "—",
            move.to.value if move.to else "stays",
            ", ".join(role.value for role in holders(f"case.{move.verb.value}")),
            ", ".join(need.value for need in move.needs) or "—",
            move.clock.value,
            move.aloof.value,
            "yes" if move.undoable else "no",
        ]
        for move in MOVES.values()
    ]
    assert told == ROWS


def test_page_draws_every_stage() -> None:
    drawing = PAGE.read_text(encoding="utf-8").split("```")[1]
    imported = {Stage.OPEN}
    assert [stage.value for stage in Stage if stage not in imported and stage.value not in drawing] == []
