"""Saying "I am on it": a courtesy to colleagues that ends by itself, no right and no record of who sat where how long.

It changes nothing about the case, so it has no version, no ledger line and no event; what keeps edits from being lost is
the version that every move names.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from xiuhua.cases.models import Case
from xiuhua.cases.policies import visible
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor


def claim(tenant: Tenant, key: int, *, by: Actor, at: datetime) -> bool:
    """Take a case, or keep it for the flow's `claim` more, unless somebody else has it; return whether it is the actor's.

    False too for a case that the actor may not see. One statement: of two at once one wins.
    """
    if by.user is None:
        return False
    free = Q(claimed_by__isnull=True) | Q(claimed_until__lte=at) | Q(claimed_by=by.user)
    mine = Case.objects.filter(free, tenant=tenant, pk=key).filter(visible(by))
    return bool(mine.update(claimed_by=by.user, claimed_until=at + flow_of(tenant).claim))


def release(tenant: Tenant, key: int, *, by: Actor) -> bool:
    """Let go of a case; return whether the actor had it. One statement."""
    held = Case.objects.filter(tenant=tenant, pk=key, claimed_by=by.user)
    return by.user is not None and bool(held.update(claimed_by=None, claimed_until=None))
