"""Months written down case by case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant

#: (number, reported, due, closed, and what differs from an open placed case).
Row = tuple[str, str, str, str, dict[str, object]]
Fill = Callable[[Tenant, list[Row]], None]


def moment(text: str) -> datetime | None:
    """Return the UTC moment "2026-10-01 00:00:00", or None for an empty text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


@pytest.fixture
def fill() -> Fill:
    """Write cases straight into the table: how they came there is not what these tests are about."""

    def write(tenant: Tenant, rows: list[Row]) -> None:
        Case.objects.bulk_create(
            Case(
                tenant=tenant,
                number=number,
                reported_at=moment(reported) or datetime(2026, 10, 1, tzinfo=UTC),
                due_at=moment(due),
                closed_at=moment(closed),
                **more,  # type: ignore[misc]
            )
            for number, reported, due, closed, more in rows
        )

    return write
