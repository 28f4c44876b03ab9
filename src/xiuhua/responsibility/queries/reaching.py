"""How far somebody reaches, by the codes that people and programs know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory


@dataclass(frozen=True, slots=True)
class Reach:
    """What the keys in an actor's grants are called."""

    territories: Mapping[int, str]
    units: Mapping[int, str]
    classes: Mapping[int, str]


def reach_named(actor: Actor) -> Reach:
    """Return the codes of all territories, units and classes that an actor's grants name. Three queries."""
    territories = frozenset().union(*(one.territories or () for one in actor.grants))
    classes = frozenset().union(*(one.classes or () for one in actor.grants))
    units = {one.body for one in actor.grants if one.body is not None}
    return Reach(
        dict(Territory.objects.filter(pk__in=territories).values_list("pk", "code")),
        dict(Body.objects.filter(pk__in=units).values_list("pk", "code")),
        {one.pk: one.key for one in CaseClass.objects.filter(pk__in=classes)},
    )
