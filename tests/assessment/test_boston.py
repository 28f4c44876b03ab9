"""March 2015 in Boston assessed by neighbourhood, against the same scores worked out row by row."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xiuhua.analytics.actions import freeze
from xiuhua.assessment.actions import assess
from xiuhua.assessment.queries import read
from xiuhua.cases.models import Case
from xiuhua.cases.rules import contradiction
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.territory.models import Territory, TerritoryVersion

ZONE = ZoneInfo("America/New_York")
END = datetime(2015, 4, 1, tzinfo=ZONE)
pytestmark = [pytest.mark.real, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def local(text: str) -> datetime | None:
    """Return the moment of a cell like "01/05/2015 12:40:41 PM"."""
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE).astimezone(UTC) if text else None


@pytest.fixture
def rows(real_data: Path) -> list[tuple[str, str, datetime | None, datetime | None, datetime | None]]:
    """Number, neighbourhood and the three moments of each published case."""
    with gzip.open(real_data / "boston311/boston311_2015_H1_dev.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return [
            (
                row["CASE_ENQUIRY_ID"],
                row["neighborhood"],
                local(row["OPEN_DT"]),
                local(row["TARGET_DT"]),
                local(row["CLOSED_DT"]),
            )
            for row in csv.DictReader(file)
        ]


@pytest.fixture
def boston(
    transactional_db: None,
    home: Path,
    rows: list[tuple[str, str, datetime | None, datetime | None, datetime | None]],
    ana: Actor,
    at: datetime,
) -> Tenant:
    """An office in Boston's zone with the half-year's cases, each in the neighbourhood the file names."""
    tenant = create_tenant("boston", "Boston", by=ana, at=at, zone=ZONE.key)
    names = sorted({row[1] for row in rows if row[1].strip()})
    Territory.objects.bulk_create(Territory(tenant=tenant, code=name, level="neighbourhood") for name in names)
    places = {place.code: place for place in Territory.objects.all()}
    TerritoryVersion.objects.bulk_create(TerritoryVersion(territory=place, name=name) for name, place in places.items())
    Case.objects.bulk_create(
        (
            Case(
                tenant=tenant,
                number=number,
                reported_at=reported,
                due_at=due,
                closed_at=closed,
                territory=places.get(name),
                undetermined=contradiction(reported, due, closed) or "",
            )
            for number, name, reported, due, closed in rows
            if reported
        ),
        batch_size=2000,
    )
    return tenant


def test_months_when_assessed_by_neighbourhood_are_what_the_rows_say(
    boston: Tenant,
    rows: list[tuple[str, str, datetime | None, datetime | None, datetime | None]],
    ana: Actor,
    at: datetime,
) -> None:
    march_is_scored_as_the_rows_say(boston, rows, ana, at)
    july_has_the_dispersion_of_the_half_year_before(boston, rows, ana, at)


def july_has_the_dispersion_of_the_half_year_before(
    boston: Tenant,
    rows: list[tuple[str, str, datetime | None, datetime | None, datetime | None]],
    ana: Actor,
    at: datetime,
) -> None:
    """φ of the on-time rate, worked out from the published rows by calendar weeks without our code."""
    for month in range(1, 7):
        freeze(boston, Period(2015, month), by=ana, at=at)
    found = read(assess(boston, Period(2015, 7), scheme="basic", by_level="neighbourhood", by=ana, at=at)).clustering
    weeks: dict[tuple[int, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for _number, name, reported, due, closed in rows:
        contradicts = not due or not reported or due < reported or (closed and closed < reported)
        if contradicts or not name.strip():
            continue
        day = due.astimezone(ZONE) - timedelta(microseconds=1)
        end = datetime(2015, 1 + day.month % 12, 1, tzinfo=ZONE)
        if day.year == 2015 and day.month <= 6:
            cell = weeks[day.month, name.strip()][day.isocalendar().week]
            cell[0] += bool(closed and closed <= min(due, end))
            cell[1] += 1
    squares, cells, units = 0.0, 0, 0
    for month in weeks.values():
        rate = sum(k for k, _n in month.values()) / sum(n for _k, n in month.values())
        counted = [(k, n) for k, n in month.values() if n >= 5 and 0 < rate < 1]
        squares += sum((k - n * rate) ** 2 / (n * rate * (1 - rate)) for k, n in counted)
        cells, units = cells + len(counted), units + bool(counted)
    assert found is not None
    one = found.by_measure["on_time"]
    assert (one.cells, one.unit_months) == (cells, units)
    assert float(one.phi) == pytest.approx(squares / (cells - units), abs=1e-6)
    assert 1.5 < one.phi < 2.8


def march_is_scored_as_the_rows_say(
    boston: Tenant,
    rows: list[tuple[str, str, datetime | None, datetime | None, datetime | None]],
    ana: Actor,
    at: datetime,
) -> None:
    view = read(assess(boston, Period(2015, 3), scheme="basic", by_level="neighbourhood", by=ana, at=at))
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _number, name, _reported, due, closed in rows:
        if due and datetime(2015, 3, 1, tzinfo=ZONE) < due <= END:
            tally[name.strip()][0] += 1
            tally[name.strip()][1] += bool(closed and closed <= due)
            tally[name.strip()][2] += bool(closed and closed <= END)
    expected = {
        name: Fraction(60 * on_time + 40 * closed, due) for name, (due, on_time, closed) in tally.items() if name
    }
    assert {s.code: s.exact for s in view.subjects if s.exact is not None} == expected
    assert (view.totals["due"], view.totals["on_time"], view.totals["closed"]) == (
        (6008, 6008),
        (3335, 6008),
        (4438, 6008),
    )
    assert view.totals["overdue_open"] == (1570, 6008)
    assert view.unplaced == tally[""][0]
    small = {name for name, (due, *_rest) in tally.items() if name and due < 10}
    assert {s.code for s in view.subjects if s.small_sample} == small
