"""The only writers of snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from xiuhua.analytics import lake
from xiuhua.analytics.extraction import batches, schema_of
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.registry import facts
from xiuhua.analytics.rules import AsOfAhead, cut_of, microseconds
from xiuhua.analytics.words import Column, Cut, Dimension
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot and whether this freeze made it (False: the same rows had been frozen before)."""

    snapshot: Snapshot
    created: bool


def freeze(tenant: Tenant, period: Period, *, as_of: datetime | None = None, by: Actor, at: datetime) -> Snapshot:
    """Freeze the facts of `period` as they stood at `as_of` (its end, if None) and return the snapshot."""
    return freeze_once(tenant, period, as_of=as_of, by=by, at=at).snapshot


def freeze_once(tenant: Tenant, period: Period, *, as_of: datetime | None = None, by: Actor, at: datetime) -> Frozen:
    """Freeze as `freeze` does and say whether the snapshot is new.

    The snapshot is addressed by the digest of its canonical rows: freezing the same data again returns the one there
    is. Files are moved to their place before the row that names them is written. Raises AsOfAhead, ZoneUndecided.
    """
    cut = cut_of(period, zone_of(tenant), as_of)
    if cut.as_of > at:
        raise AsOfAhead(as_of=cut.as_of.astimezone(zone_of(tenant)).isoformat(timespec="minutes"), period=str(period))
    root = Path("lake", tenant.code, f"period={period}")
    with lake.draft(Path(settings.HOME, root)) as folder:
        digest, counts = _write(tenant, period, cut, folder)
        lake.settle(folder, Path(settings.HOME, root, digest))
    with transaction.atomic():
        snapshot, created = Snapshot.objects.get_or_create(
            tenant=tenant,
            period=str(period),
            as_of=cut.as_of,
            digest=digest,
            defaults={"frozen_at": at, "folder": str(root / digest), "rows": counts},
        )
        if created:
            told = {"period": str(period), "as_of": cut.as_of.isoformat(), "rows": counts}
            record("facts.freeze", about=f"period:{period}", by=by, at=at, tenant=tenant, after=digest, facts=told)
    return Frozen(snapshot, created)


def _write(tenant: Tenant, period: Period, cut: Cut, folder: Path) -> tuple[str, dict[str, int]]:
    a, b, as_of = (microseconds(moment) for moment in (cut.a, cut.b, cut.as_of))
    digest = lake.Digest({"format": 1, "period": str(period), "a": a, "b": b, "as_of": as_of})
    counts: dict[str, int] = {}
    dimensions = {dimension.name: dimension for fact in facts() for dimension in fact.dimensions}
    for name in sorted(dimensions):
        schema = schema_of([Column(column) for column in dimensions[name].columns])
        counts[name] = lake.write(folder, name, schema, _dimension(tenant, cut, dimensions[name], schema), digest)
    takers = [fact for fact in facts() if fact.taking]
    taken: dict[str, list[pa.RecordBatch]] = {fact.name: [] for fact in takers}
    for fact in facts():
        given = fact.rows(tenant, cut, *([taken.pop(fact.name)] if fact.taking else []))
        rows = batches(given, fact.columns) if isinstance(given, QuerySet) else given
        held = [(one.taking.of, taken[one.name]) for one in takers if one.taking and one.taking.fact == fact.name]
        counts[fact.name] = lake.write(folder, fact.name, schema_of(fact.columns), _passing(rows, held), digest)
    return digest.hex(), counts


def _passing(rows: Iterable[pa.RecordBatch], held: list[tuple[Any, list[pa.RecordBatch]]]) -> Iterator[pa.RecordBatch]:
    """Yield batches on their way to disk, leaving with each taker what it wants of them."""
    for batch in rows:
        for of, taken in held:
            taken.append(of(batch))
        yield batch


def _dimension(tenant: Tenant, cut: Cut, dimension: Dimension, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    rows = sorted(dimension.rows(tenant, cut), key=lambda row: tuple((value is not None, value or "") for value in row))
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    yield pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=schema)
