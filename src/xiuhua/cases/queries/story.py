"""The story of a case: its ledger lines with what each of them did, ready to be put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from xiuhua.cases.models import Case, CaseMove, Evidence
from xiuhua.cases.words.moves import UNDO, Channel, EvidenceKind, Verb
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.queries import lines_about
from xiuhua.responsibility.models import Body, User
from xiuhua.responsibility.words import Role
from xiuhua.taxonomy.models import FilingCondition

#: Verbs of the ledger about a case that are moves.
_MOVE = "case."


@dataclass(frozen=True, slots=True)
class Tale:
    """One line of the ledger as the story needs it. `facts` are values as they are, empty ones left out."""

    line: LedgerLine
    at: datetime
    #: None for what is no move: photos, looks, imports.
    verb: Verb | None
    #: Name of the person, else what the ledger says ("system", "shell:root"); empty where the reader may not know.
    who: str
    #: Titles of his posts.
    posts: tuple[str, ...]
    #: Unit of the person.
    unit: str
    reason: str = ""
    note: str = ""
    undone: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the keys in a case's journal are called."""

    people: Mapping[str, User]
    by_key: Mapping[int, User]
    bodies: Mapping[int, str]
    conditions: Mapping[int, FilingCondition]
    cases: Mapping[int, str]


def told(case: Case, *, reporters: bool, also: Iterable[str] = ()) -> list[Tale]:
    """Return every ledger line about a case as a tale, oldest first; `also` names other things whose lines belong to it.

    Who reported is told only where `reporters`. At most eight queries.
    """
    lines = lines_about(f"case:{case.number}", *also)
    moves = {move.line_id: move for move in CaseMove.objects.filter(case=case).select_related("body")}
    photos: dict[int | None, int] = {}
    for move in Evidence.objects.filter(case=case).values_list("move_id", flat=True):
        photos[move] = photos.get(move, 0) + 1
    names = _names(lines, moves.values())
    return [_tale(line, moves.get(line.pk), names, photos, reporters=reporters) for line in lines]


def _tale(
    line: LedgerLine, move: CaseMove | None, names: _Names, photos: Mapping[int | None, int], *, reporters: bool
) -> Tale:
    hidden = not reporters and _by_reporter(line)
    person = names.people.get(line.actor.removeprefix("user:"))
    verb = line.verb.removeprefix(_MOVE) if line.verb.startswith(_MOVE) else ""
    facts = _facts(move, names) if move else dict(line.facts)
    if move is not None and photos.get(move.pk):
        facts["photos"] = photos[move.pk]
    if line.verb == "case.report":
        facts = {"channel": Channel(str(line.facts.get("channel"))).label} if line.facts.get("channel") else {}
    return Tale(
        line=line,
        at=line.at,
        verb=Verb(verb) if verb in Verb.values else None,
        who="" if hidden else str(person or line.actor),
        posts=tuple(_post(each) for each in line.post.split("、") if each),
        unit="" if hidden or person is None or person.body_id is None else names.bodies.get(person.body_id, ""),
        reason=line.reason,
        note=move.note if move else "",
        undone=move.undone if move else False,
        facts={name: value for name, value in facts.items() if value is not None and value != ""},
    )


def _by_reporter(line: LedgerLine) -> bool:
    """Return whether a line names whoever reported: the report itself, and the photos that came with it."""
    before = line.verb == "evidence.add" and line.facts.get("kind") == EvidenceKind.BEFORE.value
    return before or line.verb == "case.report"


def _post(text: str) -> str:
    return str(Role(text).label) if text in Role.values else text


def _facts(move: CaseMove, names: _Names) -> dict[str, Any]:
    """Return what a move changed, keys as names, moments as moments."""
    changes = move.changes
    after = {name: new for name, (_old, new) in changes.items()}
    was = {name: old for name, (old, _new) in changes.items()}
    condition = names.conditions.get(after.get("condition_id") or 0)
    return {
        "unit": names.bodies.get(after.get("body_id") or 0, ""),
        "unit_before": move.body.name if move.body else "",
        "person": str(names.by_key.get(after.get("person_id") or 0, "")),
        "condition": condition.text if condition else "",
        "remedy": after.get("remedy", ""),
        "due": _when(after.get("due_at")),
        "due_before": _when(was.get("due_at")),
        "arbitration_due": _when(after.get("arbitration_due_at")),
        "lost": _lost(changes.get("lost_seconds")),
        "times": after.get("refusals") or after.get("reworks") or after.get("reopened") or after.get("extensions"),
        "other": names.cases.get(
            after.get("merged_into_id") or after.get("parent_id") or was.get("parent_id") or 0, ""
        ),
        "finding": after.get("confirmed"),
        "changed": [name for name in _CORRECTED if name in changes] if move.verb == Verb.CORRECT else None,
    }


#: What a correction may have changed, by the field that shows it.
_CORRECTED = ("title", "description", "address", "case_class_id", "territory_id", "longitude")


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _lost(change: list[int] | None) -> timedelta | None:
    return timedelta(seconds=change[1] - change[0]) if change and change[1] > change[0] else None


def _names(lines: Iterable[LedgerLine], moves: Iterable[CaseMove]) -> _Names:
    """Look up in bulk what the journal's keys are called. Five queries."""
    values: dict[str, set[int]] = {}
    for move in moves:
        for name, (old, new) in move.changes.items():
            values.setdefault(name, set()).update(value for value in (old, new) if isinstance(value, int))
    actors = {line.actor.removeprefix("user:") for line in lines if line.actor.startswith("user:")}
    people = {one.username: one for one in User.objects.filter(username__in=actors)}
    bodies = values.get("body_id", set()) | {one.body_id for one in people.values() if one.body_id}
    others = values.get("merged_into_id", set()) | values.get("parent_id", set())
    return _Names(
        people=people,
        by_key=User.objects.in_bulk(values.get("person_id", set())),
        bodies=dict(Body.objects.filter(pk__in=bodies).values_list("pk", "name")),
        conditions=FilingCondition.objects.in_bulk(values.get("condition_id", set())),
        cases=dict(Case.objects.filter(pk__in=others).values_list("pk", "number")),
    )


def undone_by(line: LedgerLine) -> bool:
    """Return whether a line tells that a move was taken back."""
    return line.verb == f"{_MOVE}{UNDO}"
