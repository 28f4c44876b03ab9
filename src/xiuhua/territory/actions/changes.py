"""A file of changes, carried out whole or not at all."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.territory.actions.succeeding import succeed
from xiuhua.territory.rules.changes import changeovers, changes_in
from xiuhua.territory.words import Succeeded


class ChangesRefused(Refusal):
    """Something in the file of changes is wrong, so none of them was carried out; `faults` says what and where."""

    code = "territory.changes_refused"
    sentence = _("变更表有 %(count)s 处毛病，一项变更也没有执行。")


def apply_changes(
    tenant: Tenant, data: bytes, *, effective: date | None = None, pad: int = 0, by: Actor, at: datetime
) -> tuple[Succeeded, ...]:
    """Carry out a CSV of changes in one transaction, each change with its ledger line; return them by day.

    Raises ChangesUnreadable, and ChangesRefused with the faults of all rows and of the first change that is refused.
    """
    rows, faults = changes_in(data, effective, pad)
    if faults:
        raise ChangesRefused(faults, count=len(faults))
    done = []
    with transaction.atomic():
        for numbers, change in changeovers(rows):
            try:
                done.append(succeed(tenant, change, by=by, at=at))
            except Refusal as refusal:
                raise ChangesRefused([Fault(refusal.code, numbers[0], "", refusal.facts)], count=1) from refusal
    return tuple(done)
