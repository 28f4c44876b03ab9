"""What the tests of assessment may use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.assessment.trial_schemes import document, read

from xiuhua.assessment.words import Scheme
from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory, TerritoryVersion

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="session")
def scheme_of() -> Callable[..., Scheme]:
    """Build a scheme from sections of (weight, indicators)."""
    return lambda *sections, **more: read(document(*sections, **more))


#: Community → closed on time, closed late, late and open, and in how long the open ones fall due.
MONTH: dict[str, tuple[int, int, int, list[timedelta]]] = {
    "01": (10, 0, 0, []),
    "02": (9, 1, 0, []),
    "03": (8, 2, 0, []),
    "04": (8, 0, 2, []),
    "05": (7, 0, 3, [HOUR, 3 * DAY, 5 * DAY, 8 * DAY - 10 * HOUR]),
    "06": (6, 0, 4, [DAY, 2 * DAY]),
    "07": (5, 0, 5, []),
    "08": (3, 0, 0, []),
}


@pytest.fixture
def november(transactional_db: None, street: Tenant, home: Path, at: datetime) -> Tenant:
    """A street of eight communities on 23 November; the last has too few cases to be ranked."""
    street.settings = {"by": "community"}
    street.save()
    main = CaseClass.objects.create(tenant=street, code="M1", name="市容环境")
    kind = CaseClass.objects.create(tenant=street, code="S1", name="暴露垃圾", parent=main)
    due = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)
    for code, (on_time, late, left, ahead) in MONTH.items():
        place = Territory.objects.create(tenant=street, code=code, level="community")
        TerritoryVersion.objects.create(territory=place, name=f"第{code}社区")
        cases = [(due - 2 * DAY, due, closed) for closed in [due] * on_time + [due + HOUR] * late + [None] * left]
        cases += [(at - DAY, at + time, None) for time in ahead]
        if code == "05":  # due next month, without a deadline, and what came late in October
            cases += [(at - DAY, at + 12 * DAY, None), (at - DAY, None, None)]
            cases += [(at - 29 * DAY, at - 27 * DAY, at - 27 * DAY)] * 2
        Case.objects.bulk_create(
            Case(
                tenant=street,
                number=f"{code}-{number:02}",
                reported_at=reported,
                due_at=due_at,
                closed_at=closed,
                territory=place,
                case_class=kind,
            )
            for number, (reported, due_at, closed) in enumerate(cases, start=1)
        )
    return street
