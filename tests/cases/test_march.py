"""March 2015 in Boston, against figures computed from the published file by other means."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.cases.conftest import Froze

from xiuhua.analytics.queries import grouped, window_of
from xiuhua.cases.models import Case
from xiuhua.cases.rules import contradiction
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period

ZONE = ZoneInfo("America/New_York")


def local(text: str) -> datetime | None:
    """Return the moment of a cell like "01/05/2015 12:40:41 PM"."""
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE).astimezone(UTC) if text else None


@pytest.fixture
def on_file(boston: Tenant, real_data: Path) -> Tenant:
    """The half-year's cases, each with its three moments."""
    cases = []
    with gzip.open(real_data / "boston311/boston311_2015_H1_dev.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            reported, due, closed = (local(row[name]) for name in ("OPEN_DT", "TARGET_DT", "CLOSED_DT"))
            assert reported is not None
            cases.append(
                Case(
                    tenant=boston,
                    number=row["CASE_ENQUIRY_ID"],
                    reported_at=reported,
                    due_at=due,
                    closed_at=closed,
                    stage="closed" if closed else "open",
                    undetermined=contradiction(reported, due, closed) or "",
                )
            )
    Case.objects.bulk_create(cases, batch_size=2000)
    return boston


@pytest.mark.real
def test_march_when_frozen_from_the_published_file_then_has_the_known_figures(on_file: Tenant, froze: Froze) -> None:
    names = ("due", "on_time", "closed", "overdue_open")
    found = []
    for as_of in (None, datetime(2026, 11, 23, tzinfo=UTC)):
        snapshot = froze(on_file, Period(2015, 3), as_of)
        total = grouped(snapshot, fact="case", measures=names, by=None, window=window_of(snapshot))[""]
        found.append({name: total[name] for name in names})
    assert found == [
        {"due": (6008, 6008), "on_time": (3335, 6008), "closed": (4438, 6008), "overdue_open": (1570, 6008)},
        {"due": (6008, 6008), "on_time": (3335, 6008), "closed": (5022, 6008), "overdue_open": (986, 6008)},
    ]
