"""Months written down case by case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pytest

from xiuhua.analytics import lake
from xiuhua.analytics.actions import freeze
from xiuhua.analytics.extraction import schema_of
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Column
from xiuhua.cases.facts import CASE
from xiuhua.cases.models import Case
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor

#: number, reported, due, closed (UTC, "" for none) and what differs from a plain case.
Row = tuple[str, str, str, str, dict[str, Any]]
Fill = Callable[[Tenant, Iterable[Row]], None]


class Froze(Protocol):
    """Freezes a month of a tenant, as of its end if no cut-off is given."""

    def __call__(self, tenant: Tenant, period: Period, as_of: datetime | None = None) -> Snapshot:
        """Return the snapshot."""
        ...


def moment(text: str) -> datetime | None:
    """Return the UTC moment written "2026-10-01 00:00", or None for an empty text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


@pytest.fixture
def fill() -> Fill:
    """Write cases straight into the table: how they came there is not what these tests are about."""

    def write(tenant: Tenant, rows: Iterable[Row]) -> None:
        Case.objects.bulk_create(
            Case(
                tenant=tenant,
                number=number,
                reported_at=moment(reported),
                due_at=moment(due),
                closed_at=moment(closed),
                **more,
            )
            for number, reported, due, closed, more in rows
        )

    return write


@pytest.fixture
def froze(home: Path, ana: Actor, at: datetime) -> Froze:
    """Ana freezes."""

    def frozen(tenant: Tenant, period: Period, as_of: datetime | None = None) -> Snapshot:
        return freeze(tenant, period, as_of=as_of, by=ana, at=at)

    return frozen


@pytest.fixture
def boston(db: None, ana: Actor, at: datetime) -> Tenant:
    """An office in New York's zone."""
    return create_tenant("boston", "Boston", by=ana, at=at, zone="America/New_York")


def write_facts(folder: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write case facts and empty dimensions as Parquet, as a freeze would; what a row leaves out is plain."""
    plain = {"stage": "open", "undetermined": "", "channel": ""}
    schema = schema_of(CASE.columns)
    full = [{name: plain.get(name) for name in schema.names} | dict(row) for row in rows]
    digest = lake.Digest({})
    lake.write(folder, "case", schema, pa.Table.from_pylist(full, schema).to_batches(), digest)
    for dimension in CASE.dimensions:
        lake.write(folder, dimension.name, schema_of([Column(name) for name in dimension.columns]), [], digest)
