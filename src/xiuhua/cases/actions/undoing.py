"""Taking back the last move of a case within the seconds of grace."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from xiuhua.cases.actions.effects import bring_back
from xiuhua.cases.actions.moving import GRACE, KEPT, Moved, stale
from xiuhua.cases.actions.ruling import rule_cases
from xiuhua.cases.models import Case, CaseMove, Evidence, Hand
from xiuhua.cases.queries.now import CaseUnknown, case_keyed, last_move
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words.moves import UNDO, Verb
from xiuhua.kernel.actions import record, withdraw
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked


class TooLate(Refusal):
    """The move cannot be taken back any more, or could never be."""

    code = "case.undo_too_late"
    sentence = marked("已过撤回时间，或这一步不能撤回。")


def undo(tenant: Tenant, key: int, move: int, *, by: Actor, at: datetime) -> Moved:
    """Take back a move that the actor made within the last seconds and that nobody has built on; returns it.

    The case is as it was, its event was never handed on, and the ledger says both. Raises CaseUnknown, TooLate, Stale.
    """
    with transaction.atomic():
        case = case_keyed(tenant, key, lock=True)
        made = CaseMove.objects.filter(pk=move, case=case).first()
        if made is None or made.user_id != by.user:
            raise CaseUnknown
        _undoable(case, made, at)
        before = {name: _back(name, old) for name, (old, _new) in made.changes.items() if name in KEPT}
        version = case.version + 1
        changed = Case.objects.filter(pk=case.pk, version=case.version).update(**before, version=version, moved_at=at)
        if not changed:
            raise stale(case, made.version)
        if made.event_id is None or not withdraw(made.event_id):
            raise TooLate
        Hand.objects.filter(move=made).delete()
        Evidence.objects.filter(move=made).update(move=None)
        bring_back(made.put_away)
        CaseMove.objects.filter(pk=made.pk).update(undone=True)
        rule_cases(shelf_of(tenant).rules, [case.pk], at=at, reason=f"case.{UNDO}")
        facts = {"verb": made.verb, "version": version}
        record(f"case.{UNDO}", about=f"case:{case.number}", by=by, at=at, tenant=tenant, facts=facts)
        case.refresh_from_db()
        made.undone = True
    return Moved(made, case, created=True)


def _undoable(case: Case, made: CaseMove, at: datetime) -> None:
    if not MOVES[Verb(made.verb)].undoable or made.undone or at - made.at > GRACE:
        raise TooLate
    newest = last_move(case, standing=True)  # what was made after it and taken back does not stand in the way
    if newest is None or newest.pk != made.pk:
        raise stale(case, made.version)


def _back(name: str, value: Any) -> Any:
    """Return a journalled value as its field takes it: moments were kept as texts."""
    return datetime.fromisoformat(value) if name.endswith("_at") and value is not None else value
