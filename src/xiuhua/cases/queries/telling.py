"""The history of a case: its ledger lines, with what the journal of moves knows besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.policies import sees_reporters
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor

#: Verbs whose actor may be who reported.
_REPORTERS = frozenset({"case.report", "evidence.add"})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a history. `by` is None where the asker may not know who reported."""

    at: datetime
    verb: str
    by: str | None
    post: str
    reason: str
    note: str
    stage_from: str
    stage_to: str
    version: int | None
    move: int | None
    undone: bool


def history(tenant: Tenant, case: Case, by: Actor) -> list[Told]:
    """Return what happened with a case, oldest first. Three queries."""
    lines = LedgerLine.objects.filter(tenant=tenant, about=f"case:{case.number}").order_by("at", "pk")
    moves = {move.line_id: move for move in CaseMove.objects.filter(case=case)}
    hidden = frozenset() if sees_reporters(by, case) else _reporters(case)
    return [_told(line, moves.get(line.pk), hidden) for line in lines]


def _reporters(case: Case) -> frozenset[str]:
    return frozenset(f"user:{name}" for name in case.reports.values_list("user__username", flat=True) if name)


def _told(line: LedgerLine, move: CaseMove | None, hidden: frozenset[str]) -> Told:
    shy = line.verb in _REPORTERS and line.actor in hidden
    return Told(
        at=line.at,
        verb=line.verb,
        by=None if shy else line.actor,
        post="" if shy else line.post,
        reason=line.reason,
        note=move.note if move else "",
        stage_from=str(line.facts.get("from") or ""),
        stage_to=str(line.facts.get("to") or ""),
        version=move.version if move else None,
        move=move.pk if move else None,
        undone=bool(move and move.undone),
    )
