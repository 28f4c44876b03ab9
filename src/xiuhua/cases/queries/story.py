"""The story of a case: its ledger lines, what the journal of moves knows besides, and whose name is kept from whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from xiuhua.cases.models import Case, CaseMove, Evidence
from xiuhua.cases.words.moves import UNDO, Channel, EvidenceKind, Verb
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.queries import lines_about
from xiuhua.responsibility.models import ApiToken, Body, User
from xiuhua.responsibility.words import Role
from xiuhua.taxonomy.models import FilingCondition

#: Verbs of the ledger about a case that are moves.
_MOVE = "case."


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the ledger about a case with its move, if it is one. `hidden`: the reader may not know who it was."""

    line: LedgerLine
    move: CaseMove | None
    hidden: bool

    @property
    def actor(self) -> str | None:
        """Return what the ledger calls who did it, None where the reader may not know."""
        return None if self.hidden else self.line.actor

    @property
    def post(self) -> str:
        """Return the posts under which it was done, "" where they might tell who it was."""
        return "" if self.hidden else self.line.post

    @property
    def via(self) -> str:
        """Return the program through which it was done ("token:7"), "" where there was none or it might tell who it was."""
        return "" if self.hidden else str(self.line.facts.get("via", ""))

    @property
    def note(self) -> str:
        """Return the remark of the move."""
        return self.move.note if self.move else ""

    @property
    def undone(self) -> bool:
        """Return whether it is a move that was taken back."""
        return self.move is not None and self.move.undone


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
    #: What the program is called through which he did it.
    via: str = ""
    reason: str = ""
    note: str = ""
    undone: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the keys in a case's journal are called."""

    #: By what the ledger calls them.
    people: Mapping[str, User]
    by_key: Mapping[int, User]
    bodies: Mapping[int, str]
    conditions: Mapping[int, FilingCondition]
    cases: Mapping[int, str]
    #: By what the ledger calls them.
    programs: Mapping[str, str]


def history(case: Case, *, reporters: bool, also: Iterable[str] = ()) -> list[Told]:
    """Return every ledger line about a case, oldest first; `also` names other things whose lines belong to it.

    Who reported is told only where `reporters`. Three queries, two where `reporters`.
    """
    lines = lines_about(case.tenant_id, f"case:{case.number}", *also)
    moves = {move.line_id: move for move in CaseMove.objects.filter(case=case).select_related("body")}
    names = () if reporters else case.reports.values_list("user__username", flat=True)
    shy = {f"user:{name}" for name in names if name}
    return [Told(line, moves.get(line.pk), hidden=not reporters and _by_reporter(line, shy)) for line in lines]


def _by_reporter(line: LedgerLine, shy: Collection[str]) -> bool:
    """Return whether a line names whoever reported: the report, photos that came with it, and other photos of his."""
    if line.verb != "evidence.add":
        return line.verb == "case.report"
    return line.facts.get("kind") == EvidenceKind.BEFORE.value or line.actor in shy


def told(case: Case, *, reporters: bool, also: Iterable[str] = ()) -> list[Tale]:
    """Return the history of a case as tales: keys as names, moments as moments. At most nine queries."""
    lines = history(case, reporters=reporters, also=also)
    photos: dict[int | None, int] = {}
    for move in Evidence.objects.filter(case=case).values_list("move_id", flat=True):
        photos[move] = photos.get(move, 0) + 1
    names = _names(lines)
    return [_tale(one, names, photos) for one in lines]


def _tale(one: Told, names: _Names, photos: Mapping[int | None, int]) -> Tale:
    line, move = one.line, one.move
    person = None if one.hidden else names.people.get(line.actor)
    verb = line.verb.removeprefix(_MOVE) if line.verb.startswith(_MOVE) else ""
    facts = _facts(move, names) if move else {name: value for name, value in line.facts.items() if name != "via"}
    if move is not None and photos.get(move.pk):
        facts["photos"] = photos[move.pk]
    if line.verb == "case.report":
        facts = {"channel": Channel(str(line.facts.get("channel"))).label} if line.facts.get("channel") else {}
    return Tale(
        line=line,
        at=line.at,
        verb=Verb(verb) if verb in Verb.values else None,
        who=str(person or one.actor or ""),
        posts=tuple(_post(each) for each in one.post.split("、") if each),
        unit=names.bodies.get(person.body_id, "") if person and person.body_id else "",
        via=names.programs.get(one.via, one.via),
        reason=line.reason,
        note=one.note,
        undone=one.undone,
        facts={name: value for name, value in facts.items() if value is not None and value != ""},
    )


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


def _names(lines: Collection[Told]) -> _Names:
    """Look up in bulk what the journal's keys are called. Four queries, and one where programs acted."""
    values: dict[str, set[int]] = {}
    actors = set()
    for one in lines:
        kind, _colon, username = one.line.actor.partition(":")
        actors |= {username} if kind == "user" else set()
        for name, pair in one.move.changes.items() if one.move else ():
            values.setdefault(name, set()).update(value for value in pair if isinstance(value, int))
    users = User.objects.filter(Q(username__in=actors) | Q(pk__in=values.get("person_id", set())))
    by_key = {one.pk: one for one in users}
    people = {f"user:{one.username}": one for one in by_key.values()}
    bodies = values.get("body_id", set()) | {one.body_id for one in people.values() if one.body_id}
    others = values.get("merged_into_id", set()) | values.get("parent_id", set())
    return _Names(
        people=people,
        by_key=by_key,
        bodies=dict(Body.objects.filter(pk__in=bodies).values_list("pk", "name")),
        conditions=FilingCondition.objects.in_bulk(values.get("condition_id", set())),
        cases=dict(Case.objects.filter(pk__in=others).values_list("pk", "number")),
        programs=_programs({one.via for one in lines if one.via}),
    )


def _programs(called: Collection[str]) -> dict[str, str]:
    """Return the names of programs by what the ledger calls them. One query, none where nothing is called."""
    keys = [int(key) for kind, _colon, key in (one.partition(":") for one in called) if kind == "token"]
    return (
        {f"token:{key}": name for key, name in ApiToken.objects.filter(pk__in=keys).values_list("pk", "name")}
        if keys
        else {}
    )


def undone_by(line: LedgerLine) -> bool:
    """Return whether a line tells that a move was taken back."""
    return line.verb == f"{_MOVE}{UNDO}"
