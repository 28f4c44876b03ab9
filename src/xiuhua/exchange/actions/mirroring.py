"""A case made after a source record: the one place that knows which field comes from where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from xiuhua.cases.models import Case
from xiuhua.cases.queries import ToRule
from xiuhua.exchange.actions.placing import Placed
from xiuhua.exchange.words import Parsed
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.actions import observe_bodies
from xiuhua.taxonomy.actions import observe_classes

#: What a mirroring case takes from its newest record.
MIRRORED = (
    *("stage", "reported_at", "due_at", "closed_at", "undetermined", "title", "description", "address", "channel"),
    *("filed_under", "extensions", "reworks", "platform_verdict"),
    *("case_class", "body", "territory", "place_method", "longitude", "latitude"),
)


class Observer:
    """Finds the classes and bodies that rows name, creating unconfirmed ones; remembers them for the next chunk."""

    def __init__(self, tenant: Tenant, scheme: str) -> None:
        """`scheme` numbers the classes: the code of the source."""
        self._tenant, self._scheme = tenant, scheme
        self._classes: dict[tuple[str, str], int] = {}
        self._bodies: dict[str, int] = {}

    def learn(self, rows: Iterable[Parsed]) -> None:
        """Look up, or create, every class and body that these rows name and that is not known yet."""
        rows = list(rows)
        pairs = {pair for row in rows if any(pair := pair_of(row))} - set(self._classes)
        if pairs:
            found = observe_classes(self._tenant, self._scheme, pairs)
            self._classes |= {pair: one.pk for pair, one in found.items()}
        names = {row.body for row in rows if row.body} - set(self._bodies)
        if names:
            self._bodies |= {name: body.pk for name, body in observe_bodies(self._tenant, names).items()}

    def class_of(self, row: Parsed) -> int | None:
        """Return the key of a learnt row's class, None if it names none."""
        return self._classes.get(pair_of(row))

    def body_of(self, row: Parsed) -> int | None:
        """Return the key of a learnt row's body, None if it names none."""
        return self._bodies.get(row.body)


def pair_of(row: Parsed) -> tuple[str, str]:
    """Return (main class, sub-class); a sub-class alone stands as a main class."""
    return (row.main_class, row.sub_class) if row.main_class else (row.sub_class, "")


def mirrored(row: Parsed, placed: Placed, observer: Observer) -> dict[str, Any]:
    """Return the fields of a case that follow from a row, its place and what it names."""
    return {
        "stage": row.stage,
        "reported_at": row.reported_at,
        "due_at": row.due_at,
        "closed_at": row.closed_at,
        "undetermined": row.undetermined,
        "title": row.title,
        "description": row.description,
        "address": row.address,
        "channel": row.channel,
        "filed_under": row.condition,
        "extensions": row.extensions,
        "reworks": row.reworks,
        "platform_verdict": row.platform_verdict,
        "case_class_id": observer.class_of(row),
        "body_id": observer.body_of(row),
        "territory_id": placed.territory_id,
        "place_method": placed.method.value,
        "longitude": placed.longitude,
        "latitude": placed.latitude,
    }


def to_rule(key: int, row: Parsed, placed: Placed, class_id: int | None, zone: ZoneInfo) -> ToRule:
    """Return what the rules need to know of a case made after a row: what they would read from the case itself.

    `zone` says on which day it was reported; `class_id` is the key of its class, 0 for one that is not on record.
    """
    return ToRule(
        case_id=key,
        class_id=class_id,
        observed=pair_of(row) if class_id is not None else None,
        filed_under=row.condition,
        day=row.reported_at.astimezone(zone).date(),
        reported_at=row.reported_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        extensions=row.extensions,
        platform_verdict=row.platform_verdict,
        territory_id=placed.territory_id,
        longitude=placed.longitude,
        latitude=placed.latitude,
    )


def follow(cases: Sequence[tuple[Case, dict[str, Any]]]) -> None:
    """Write new fields to cases that exist, in bulk."""
    for case, fields in cases:
        for name, value in fields.items():
            setattr(case, name, value)
    Case.objects.bulk_create(
        [case for case, _fields in cases], update_conflicts=True, unique_fields=["id"], update_fields=list(MIRRORED)
    )
