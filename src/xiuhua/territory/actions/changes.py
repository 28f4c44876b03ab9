"""A file of changes, carried out whole or not at all."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.tables.reading.filled import read_filled
from xiuhua.territory.actions.succeeding import succeed
from xiuhua.territory.queries.forms import form
from xiuhua.territory.rules.changes import changeovers, changes_in
from xiuhua.territory.words import Changeover, Succeeded


class ChangesRefused(Refusal):
    """Something in the file of changes is wrong, so none of them was carried out; `faults` says what and where."""

    code = "territory.changes_refused"
    sentence = _("变更表有 %(count)s 处毛病，一项变更也没有执行。")


class ChangesUnreadable(Refusal):
    """A column of the file is none of a table of changes: what it says would be lost."""

    code = "territory.changes_unreadable"
    sentence = _("变更表里有不认识的栏：%(columns)s；能用的是：%(known)s。")


def apply_changes(
    tenant: Tenant, data: bytes, *, effective: date | None = None, pad: int = 0, by: Actor, at: datetime
) -> tuple[Succeeded, ...]:
    """Carry out a table of changes (CSV, XLSX) in one transaction, each with its ledger line; return them by day.

    All of them or none. Raises ChangesUnreadable, the refusals of tables.words, and ChangesRefused: with the faults of
    all rows, or, where every row can be read, with every change that is refused. A change that needs what a refused one
    would have left is not tried: it may be right.
    """
    file, faults = read_filled(data, form("change"))
    if file.ignored:
        known = "、".join(column.zh for column in form("change").columns)
        raise ChangesUnreadable(columns="、".join(file.ignored), known=known)
    rows, wrong = changes_in(file, effective, pad)
    faults = sorted([*faults, *wrong], key=lambda fault: fault.row or 0)
    if faults:
        raise ChangesRefused(faults, count=len(faults))
    done, lost = [], set[str]()
    with transaction.atomic():
        for numbers, change in changeovers(rows):
            codes = _codes(change)
            if codes & lost:
                lost |= codes
                continue
            try:
                done.append(succeed(tenant, change, by=by, at=at))
            except Refusal as refusal:
                faults.append(Fault(refusal.code, numbers[0], "", refusal.facts))
                lost |= codes
        if faults:
            faults.sort(key=lambda fault: fault.row or 0)
            raise ChangesRefused(faults, count=len(faults))
    return tuple(done)


def _codes(change: Changeover) -> set[str]:
    """Return every code that a change speaks of."""
    told = [(unit.code, unit.parent) for unit in change.successors]
    return {*change.predecessors, *(code for pair in told for code in pair)} - {""}
