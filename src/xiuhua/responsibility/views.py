"""Answers and checks as JSON values, the same for the command and for the API."""

from __future__ import annotations

from typing import Any

from xiuhua.responsibility.phrases import answer_sentence, cautions, condition_words, loser_sentence
from xiuhua.responsibility.queries import Checkup, DutyBook, Names
from xiuhua.responsibility.rules.duty.blocks import Block
from xiuhua.responsibility.words import Answer, DutyRow, UnitMove


def answer_view(answer: Answer, book: DutyBook) -> dict[str, Any]:
    """Return an answer with its question, row, reason and everything that was weighed."""
    names, asked = book.names, answer.question
    version = book.version_on(asked.day)
    return {
        "question": {
            "territory": asked.territory or None,
            "sites": [{"code": site.code or None, "type": site.type} for site in asked.sites],
            "case_class": asked.case_class,
            "day": asked.day.isoformat(),
        },
        "unit": _unit(answer.unit, names) if answer.unit else None,
        "assisting": [_unit(code, names) for code in answer.assisting],
        "tier": str(answer.tier) if answer.tier else None,
        "pack": version.pack if version else None,
        "row": row_view(answer.row, names) if answer.row else None,
        "fallback": answer.fallback or None,
        "gap": answer.gap,
        "conflict": [row_view(row, names) for row in answer.conflict],
        "losers": [
            {**row_view(loser.row, names), "why": str(loser.why), "sentence": loser_sentence(loser, names)}
            for loser in answer.losers
        ],
        "sentence": answer_sentence(answer, names),
        "cautions": cautions(answer, book),
    }


def _unit(code: str, names: Names) -> dict[str, str]:
    return {"code": code, "name": names.units.get(code, code)}


def row_view(row: DutyRow, names: Names) -> dict[str, Any]:
    """Return a row: where it stands, who it names, under which conditions, on what basis."""
    return {
        "id": row.id,
        "line": row.line,
        "tier": str(row.tier),
        "unit": _unit(row.unit, names),
        "condition": condition_words(row, names),
        "basis": row.basis,
    }


def checkup_view(found: Checkup, book: DutyBook) -> dict[str, Any]:
    """Return a check of the whole space: exact numbers of cells, and what is behind each of them."""
    names = book.names
    numbers = ("cells", "clear", "by_row", "by_fallback", "gap_cells", "conflict_cells")
    return {
        "first": found.first.isoformat(),
        "until": found.end.isoformat(),
        "schemes": list(found.schemes),
        **{name: found.total(name) for name in numbers},
        "sound": found.sound,
        "sites_without_territory": found.homeless,
        "gaps": [_block(block, names) for _epoch, checked in found.parts for block in checked.gaps],
        "conflicts": [
            {
                "rows": [row_view(row, names) for row in conflict.rows],
                "cells": conflict.cells,
                "blocks": [_block(block, names) for block in conflict.blocks],
            }
            for _epoch, checked in found.parts
            for conflict in checked.conflicts
        ],
        "idle": [{**row_view(row, names), "why": str(why)} for row, why in found.idle],
    }


def _block(block: Block, names: Names) -> dict[str, Any]:
    return {
        "places": [
            {
                "territory": place.territory,
                "name": names.territories.get(place.territory, place.territory),
                "sites": [{"code": site.code or None, "type": site.type} for site in place.sites],
            }
            for place in block.places
        ],
        "classes": list(block.classes),
        "days": [
            {"first": span.first.isoformat(), "last": span.last.isoformat(), "weekdays": list(span.weekdays)}
            for span in block.days
        ],
        "cells": block.cells,
    }


def move_view(one: UnitMove, names: Names) -> dict[str, Any]:
    """Return what a change moves for a unit: how many cases before and after, and the numbers behind both."""
    return {
        "unit": one.unit or None,
        "name": names.units.get(one.unit, one.unit) or None,
        "before": one.before,
        "after": one.after,
        "gained": list(one.gained),
        "lost": list(one.lost),
        "kept": list(one.kept),
    }
