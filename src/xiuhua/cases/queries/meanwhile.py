"""What others did with a case since somebody read it: each move with what it changed, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.queries.now import moves_since
from xiuhua.cases.words import Stage
from xiuhua.responsibility.models import Body, User
from xiuhua.taxonomy.models import CaseClass, FilingCondition

#: What a reader compares, in the order of the form; counters and marks of time follow from it.
COMPARED = (
    "stage",
    "case_class_id",
    "condition_id",
    "remedy",
    "due_at",
    "body_id",
    "person_id",
    "address",
    "description",
)
_NAMED = {"body_id": Body, "person_id": User, "case_class_id": CaseClass, "condition_id": FilingCondition}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a move changed; keys are named, moments are moments, "" is empty."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One move that was made meanwhile."""

    verb: str
    who: str
    at: datetime
    note: str
    undone: bool
    changes: tuple[Change, ...]


def meanwhile(case: Case, version: int) -> list[Step]:
    """Return what was done with a case after a version of it, oldest first. At most five queries."""
    moves = moves_since(case, version)
    names = {field: _names(field, moves) for field in _NAMED}
    return [
        Step(one.verb, str(one.user or ""), one.at, one.note, one.undone, tuple(_changes(one, names))) for one in moves
    ]


def _names(field: str, moves: Iterable[CaseMove]) -> dict[int, str]:
    keys = {key for one in moves for key in one.changes.get(field, ()) if key is not None}
    model: Any = _NAMED[field]
    if not keys:
        return {}
    return {one.pk: one.text if field == "condition_id" else str(one) for one in model.objects.filter(pk__in=keys)}


def _changes(move: CaseMove, names: dict[str, dict[int, str]]) -> Iterable[Change]:
    for field in COMPARED:
        if field in move.changes:
            before, after = (_said(field, value, names) for value in move.changes[field])
            yield Change(field, before, after)


def _said(field: str, value: Any, names: dict[str, dict[int, str]]) -> Any:
    if value is None or value == "":
        return ""
    if field in names:
        return names[field].get(value, "")
    if field == "stage":
        return Stage(value).label
    return datetime.fromisoformat(value) if field == "due_at" else value
