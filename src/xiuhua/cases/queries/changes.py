"""What was changed with a case since somebody looked: for who comes too late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from xiuhua.cases.models import Case
from xiuhua.cases.queries.now import moves_since
from xiuhua.responsibility.models import Body, User
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.territory.models import Territory

#: Fields that hold keys: what they point to, and what that is called by.
_POINTS: dict[str, tuple[type[Model], str]] = {
    "body_id": (Body, "code"),
    "person_id": (User, "username"),
    "territory_id": (Territory, "code"),
    "condition_id": (FilingCondition, "number"),
    "merged_into_id": (Case, "number"),
    "parent_id": (Case, "number"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a case: what it was and what it is now, as people call it."""

    field: str
    before: Any
    after: Any


def changes_since(case: Case, version: int) -> list[Change]:
    """Return each field that differs from what it was at a version, by name. One query, and one for each kind of key."""
    found: dict[str, list[Any]] = {}
    for move in moves_since(case, version):
        for name, (before, after) in move.changes.items():
            was = found.get(name, [before])[0]
            found[name] = [was, after] if not move.undone else [was, was]
    changed = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    called = {name: _called(name, pair) for name, pair in changed.items()}
    return [
        Change(name.removesuffix("_id"), *(called[name].get(value, value) for value in changed[name]))
        for name in sorted(changed)
    ]


def _called(name: str, values: Iterable[Any]) -> dict[Any, Any]:
    """Return what keys are called, by key; nothing for fields that hold none."""
    keys = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    if name == "case_class_id":
        return {one.pk: one.key for one in CaseClass.objects.filter(pk__in=keys)}
    if name not in _POINTS:
        return {}
    model, field = _POINTS[name]
    return dict(model._default_manager.filter(pk__in=keys).values_list("pk", field))  # noqa: SLF001 - Django's own name
