"""What was done with a case since somebody looked: the sum of it by code for programs, step by step by name for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Model

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.queries.now import moves_since
from xiuhua.cases.words import Stage
from xiuhua.responsibility.models import Body, User
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.territory.models import Territory


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a case: what it was and what it is now, keys as they are called."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One move that was made meanwhile. In its changes moments are moments, "" is empty."""

    verb: str
    who: str
    at: datetime
    note: str
    undone: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Pointer:
    """What a field with a key points to: its code for programs, its name for people."""

    model: type[Model]
    code: Callable[[Any], str]
    name: Callable[[Any], str] = str


_NUMBER = _Pointer(Case, attrgetter("number"), attrgetter("number"))
_POINTS = {
    "body_id": _Pointer(Body, attrgetter("code")),
    "person_id": _Pointer(User, attrgetter("username")),
    "case_class_id": _Pointer(CaseClass, attrgetter("key")),
    "territory_id": _Pointer(Territory, attrgetter("code")),
    "condition_id": _Pointer(FilingCondition, attrgetter("number"), attrgetter("text")),
    "merged_into_id": _NUMBER,
    "parent_id": _NUMBER,
}
#: What a reader compares, in the order of the form; counters and marks of time follow from it.
_COMPARED = (
    *("stage", "case_class_id", "condition_id", "remedy", "due_at"),
    *("body_id", "person_id", "address", "description"),
)


def changes_since(case: Case, version: int) -> list[Change]:
    """Return each field that differs from what it was at a version, by name. One query, and one for each kind of key."""
    found: dict[str, list[Any]] = {}
    for move in moves_since(case, version):
        for name, (before, after) in move.changes.items():
            was = found.get(name, [before])[0]
            found[name] = [was, after] if not move.undone else [was, was]
    changed = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    called = {name: {key: _POINTS[name].code(one) for key, one in _held(name, pair)} for name, pair in changed.items()}
    return [_change(name, *(called[name].get(value, value) for value in changed[name])) for name in sorted(changed)]


def steps_since(case: Case, version: int) -> list[Step]:
    """Return what was done with a case after a version of it, oldest first. At most five queries."""
    moves = moves_since(case, version)
    values = {name: [value for one in moves for value in one.changes.get(name, ())] for name in _COMPARED}
    called = {name: {key: _POINTS[name].name(one) for key, one in _held(name, values[name])} for name in _COMPARED}
    return [
        Step(one.verb, str(one.user or ""), one.at, one.note, one.undone, tuple(_read(one, called))) for one in moves
    ]


def _change(column: str, before: Any, after: Any) -> Change:
    return Change(column.removesuffix("_id"), before, after)


def _held(column: str, values: Iterable[Any]) -> Iterable[tuple[Any, Model]]:
    """Return what the keys among the values of a field point to, by key; nothing for fields that hold none."""
    if column not in _POINTS:
        return ()
    keys = {value for value in values if isinstance(value, int)}
    return _POINTS[column].model._default_manager.in_bulk(keys).items()  # noqa: SLF001 - Django's own name


def _read(move: CaseMove, called: Mapping[str, Mapping[Any, str]]) -> Iterator[Change]:
    for column in _COMPARED:
        if column in move.changes:
            yield _change(column, *(_said(column, value, called[column]) for value in move.changes[column]))


def _said(column: str, value: Any, called: Mapping[Any, str]) -> Any:
    """Return a value as people read it."""
    if value is None or value == "":
        return ""
    if column in _POINTS:
        return called.get(value, "")
    if column == "stage":
        return Stage(value).label
    return datetime.fromisoformat(value) if column == "due_at" else value
