"""Winners and losers of a change as a page shows them: each number with the list of cases behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.cases.policies import sees_all
from xiuhua.cases.queries import DutyEffect, numbers_seen
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.queries import Names


def openable(tenant: Tenant, numbers: Iterable[str], by: Actor) -> frozenset[str]:
    """Return those case numbers whose cases somebody may open. One query for who does not see all."""
    return frozenset(numbers) if sees_all(by) else frozenset(numbers) & numbers_seen(tenant, by=by)


def effect_shown(tenant: Tenant, effect: DutyEffect, names: Names, by: Actor) -> dict[str, Any]:
    """Return the units with cases now, then, gained and lost, those that gain most first, each with its lists of links.

    Units for which nothing changes stand apart as `same`; cases that `by` may not see are listed without a link.

    What a unit has now is what stays and what goes; what it would have is what stays and what comes.
    """
    open_to = openable(tenant, effect.keys, by)
    units = []
    for place, one in enumerate(effect.units):
        name = names.units.get(one.unit, one.unit)
        lists = (
            ("gained", _("得到"), one.gained),
            ("lost", _("失去"), one.lost),
            ("kept", _("不变"), one.kept),
        )
        units.append(
            {
                "id": f"effect-{place}",
                "name": name.removeprefix(tenant.name) or name or _("没有人"),
                "before": one.before,
                "after": one.after,
                "gained": len(one.gained),
                "lost": len(one.lost),
                "lists": [
                    {
                        "id": f"effect-{place}-{key}",
                        "label": label,
                        "cases": [
                            (number, reverse("desk:case", args=[effect.keys[number]]) if number in open_to else "")
                            for number in numbers
                        ],
                    }
                    for key, label, numbers in lists
                    if numbers
                ],
            }
        )
    return {
        "cases": effect.cases,
        "moved": effect.moved,
        "conflicts": effect.conflicts,
        "units": [one for one in units if one["gained"] or one["lost"]],
        "same": [one for one in units if not (one["gained"] or one["lost"])],
    }
