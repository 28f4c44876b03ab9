"""The page of rights says what the roles may do."""

from __future__ import annotations

import re
from pathlib import Path

from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.words import EVERY
from xiuhua.responsibility.rules.rights import OFFICE_WIDE, TITLES
from xiuhua.responsibility.rules.roles import VERBS
from xiuhua.responsibility.words import Role

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"


def _table() -> tuple[list[str], dict[str, tuple[str, list[str]]]]:
    rows = [
        line.strip("|").split("|")
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line[:3] in {"| r", "| `"}
    ]
    head = [cell.strip(" `") for cell in rows[0][2:]]
    return head, {row[0].strip(" `"): (row[1], [cell.strip() for cell in row[2:]]) for row in rows[1:]}


def test_table_of_rights_when_read_then_it_is_that_of_the_roles() -> None:
    head, table = _table()
    assert head == [str(role) for role in Role]
    said = {
        right: {head[place] for place, cell in enumerate(cells) if cell} for right, (_title, cells) in table.items()
    }
    held = {
        right: {str(role) for role, verbs in VERBS.items() if right in verbs or EVERY in verbs}
        for right in [*TITLES, *(f"case.{verb}" for verb in Verb)]
    }
    assert said == held
    assert {right for right, (title, _cells) in table.items() if "¹" in title} == OFFICE_WIDE


def test_right_that_a_role_has_when_it_is_no_move_then_it_has_a_name() -> None:
    moves = {f"case.{verb}" for verb in Verb}
    held = {right for verbs in VERBS.values() for right in verbs if not re.fullmatch(re.escape(EVERY), right)}
    assert held - moves - TITLES.keys() == set()
