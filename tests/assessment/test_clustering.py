"""φ of a month: measured on the frozen months before it, written with it, never changed afterwards (docs/scoring.md 4.2)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from django.utils import translation

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import folder_of, snapshots_at_ends
from xiuhua.analytics.rules import weeks_of
from xiuhua.assessment.actions import assess
from xiuhua.assessment.models import Assessment
from xiuhua.assessment.phrases import dispersion_sentence
from xiuhua.assessment.queries import interval, read
from xiuhua.assessment.rules import plain, wilson
from xiuhua.assessment.words import AssessmentView, Dispersion
from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.territory.models import Territory, TerritoryVersion

OCTOBER = Period(2026, 10)
BEFORE = [OCTOBER.shift(-ago) for ago in range(6, 0, -1)]
ZONE = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None, street: Tenant, home: Path) -> Tenant:
    """Two communities and a unit with some forty cases a month each, whole days of which are late; some belong nowhere."""
    places = [Territory.objects.create(tenant=street, code=code, level="community") for code in ("01", "02")]
    for place in places:
        TerritoryVersion.objects.create(territory=place, name=f"{place.code}社区")
    body = Body.objects.create(tenant=street, code="b1", name="市政队")
    cases = []
    for period in [*BEFORE, OCTOBER]:
        start, end = period.start(ZONE), period.end(ZONE)
        for n in range(84):
            # at 24:00 of some day, so that Mondays' and the month's own border are among the deadlines
            due = start + timedelta(days=1 + n * 5 % (end - start).days)
            late = (n * 5 % 31 // 3 + period.month) % 4 == 0 or n % 17 == 3
            done = due + timedelta(hours=1) if late else due
            cases.append(
                Case(
                    tenant=street,
                    number=f"{period}-{n:02}",
                    reported_at=due - timedelta(days=3),
                    due_at=due,
                    closed_at=None if n % 19 == 1 else done,
                    stage="void" if n % 23 == 7 else "closed",
                    undetermined="closed_before_reported" if n % 29 == 11 else "",
                    territory=places[n % 2] if n % 13 else None,
                    body=body if n % 3 else None,
                )
            )
    Case.objects.bulk_create(cases)
    return street


def frozen(tenant: Tenant, periods: list[Period], by: Actor, at: datetime) -> list[Snapshot]:
    """Freeze months at their ends."""
    return [freeze(tenant, period, by=by, at=at) for period in periods]


def october(
    tenant: Tenant, by: Actor, at: datetime, by_level: str = "community", month_by: str = "due"
) -> AssessmentView:
    """Assess October by the plain scheme and read it."""
    return read(assess(tenant, OCTOBER, scheme="basic", by_level=by_level, month_by=month_by, by=by, at=at))


#: Squares, cells and unit-months of the on-time and the closed rate, by definition: docs/scoring.md 1.3, 1.4, 4.2.
BY_HAND = """
WITH judged AS (
  SELECT {subject} AS subject, '{period}' AS month, date_trunc('week', make_timestamp({at} + 28800000000)) AS week,
    closed_us IS NOT NULL AND closed_us <= {b} AND (closed_us <= due_us OR NOT {on_time}) AS good
  FROM '{folder}/case.parquet'
  WHERE stage <> 'void' AND undetermined = '' AND due_us <= {b} AND {month} AND {subject} IS NOT NULL
), weeks AS (SELECT subject, month, week, count(*) AS n, count(*) FILTER (good) AS k FROM judged GROUP BY ALL
), told AS (SELECT *, sum(k) OVER (PARTITION BY subject) / sum(n) OVER (PARTITION BY subject) AS p FROM weeks)
SELECT sum((k - n * p) ^ 2 / (n * p * (1 - p))), count(*), count(DISTINCT subject) FROM told WHERE n >= 5 AND p > 0 AND p < 1
"""


def by_hand(snapshots: list[Snapshot], *, subject: str, on_time: bool, month_by: str) -> tuple[float, int, int]:
    """Return φ, weeks and unit-months with SQL and no code of ours, in a zone that is always eight hours ahead."""
    squares, cells, units = 0.0, 0, 0
    for one in snapshots:
        start, end = (
            int(moment.timestamp()) * 1_000_000
            for moment in (
                datetime.fromisoformat(f"{one.period}-01T00:00:00+08:00"),
                (datetime.fromisoformat(f"{one.period}-28T00:00:00+08:00") + timedelta(days=4)).replace(day=1),
            )
        )
        due = month_by == "due"
        month = f"due_us > {start}" if due else f"reported_us >= {start} AND reported_us < {end}"
        at = "due_us - 1" if due else "reported_us"
        said = {"at": at, "month": month, "b": end, "on_time": on_time, "subject": subject, "period": one.period}
        with duckdb.connect() as link:
            row = link.execute(BY_HAND.format(folder=folder_of(one), **said)).fetchone()
        assert row is not None
        squares, cells, units = squares + row[0], cells + row[1], units + row[2]
    return max(1.0, squares / (cells - units)), cells, units


def test_phi_is_what_plain_sql_finds_in_the_six_months_before(town: Tenant, ana: Actor, at: datetime) -> None:
    snapshots = frozen(town, BEFORE, ana, at)
    for by_level, subject, month_by in (("community", "territory", "due"), ("unit", "body", "reported")):
        found = october(town, ana, at, by_level, month_by).clustering
        assert found is not None
        assert found.months == tuple((one.period, one.digest) for one in snapshots)
        for measure, on_time in (("on_time", True), ("closed", False)):
            phi, cells, units = by_hand(snapshots, subject=subject, on_time=on_time, month_by=month_by)
            one = found.by_measure[measure]
            assert (float(one.phi), one.cells, one.unit_months) == (pytest.approx(phi, abs=1e-6), cells, units)
    assert found.by_measure["on_time"].phi > 1


def test_month_keeps_its_phi_when_an_earlier_month_is_frozen_anew(town: Tenant, ana: Actor, at: datetime) -> None:
    frozen(town, BEFORE, ana, at)
    first = october(town, ana, at)
    body = Assessment.objects.get().body
    assert first.clustering is not None
    phi = first.clustering.by_measure["on_time"].phi
    found, (kept, of) = interval(first.subjects[0]), first.subjects[0].counts["on_time"]
    expected = wilson(kept, of, phi)
    assert found is not None
    assert expected is not None
    assert (found.low, found.high, found.phi) == (f"{expected.low:.6f}", f"{expected.high:.6f}", plain(phi))
    Case.objects.filter(number__startswith="2026-09").update(closed_at=datetime(2026, 9, 1, tzinfo=UTC))
    later = at + timedelta(hours=1)
    frozen(town, BEFORE[-1:], ana, later)
    assert october(town, ana, later) == first
    assert Assessment.objects.get().body == body
    # frozen anew itself, the month is another one and is measured on what is known now
    Case.objects.filter(number="2026-10-02").update(closed_at=None)
    freeze(town, OCTOBER, by=ana, at=later)
    second = october(town, ana, later)
    assert second.clustering is not None
    assert second.clustering.months[:-1] == first.clustering.months[:-1]
    assert second.clustering.months[-1] != first.clustering.months[-1]
    assert second.clustering.by_measure["on_time"].phi != phi


def test_phi_is_the_usual_value_and_says_why_when_a_month_is_missing(town: Tenant, ana: Actor, at: datetime) -> None:
    frozen(town, BEFORE[1:], ana, at)
    freeze(town, BEFORE[0], as_of=datetime(2026, 4, 20, tzinfo=UTC), by=ana, at=at)  # a running month is no closed one
    view = october(town, ana, at)
    assert view.clustering is not None
    assert view.clustering.by_measure == dict.fromkeys(("closed", "on_time"), Dispersion(Fraction(2)))
    assert [period for period, _digest in view.clustering.months] == [str(period) for period in BEFORE[1:]]
    with translation.override("en"):
        assert dispersion_sentence(view) == "φ = 2, no history of 6 months – the usual value"
    with translation.override("zh-hans"):
        assert dispersion_sentence(view) == "φ = 2，以前的数据不满 6 个月，用通常值"


def test_month_written_before_phi_was_measured_reads_two_and_keeps_its_bytes(
    town: Tenant, ana: Actor, at: datetime
) -> None:
    frozen(town, BEFORE, ana, at)
    measured = october(town, ana, at)
    assert measured.clustering is not None
    with translation.override("en"):
        weeks = measured.clustering.by_measure["on_time"].cells
        assert dispersion_sentence(measured).endswith(f", measured on 6 months, {weeks} weeks")
    row = Assessment.objects.get()
    Assessment.objects.all().delete()
    old = json.loads(row.body)
    del old["clustering"]
    for subject in old["subjects"]:
        for line in subject["lines"]:
            again = wilson(line["numerator"], line["denominator"])
            assert again is not None
            line["interval"] = {"low": f"{again.low:.6f}", "high": f"{again.high:.6f}", "phi": "2"}
    row.body = json.dumps(old, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row.digest = read(row).digest
    row.save(force_insert=True)
    view = october(town, ana, at + timedelta(days=1))
    assert (view.clustering, Assessment.objects.get().body) == (None, row.body)
    with translation.override("en"):
        assert dispersion_sentence(view) == "φ = 2, not measured when the month was assessed – the usual value"


def test_months_at_their_ends_are_the_newest_of_each(town: Tenant, ana: Actor, at: datetime) -> None:
    first = frozen(town, BEFORE[:2], ana, at)
    Case.objects.filter(number="2026-04-00").update(closed_at=None)
    again = freeze(town, BEFORE[0], by=ana, at=at + timedelta(hours=1))
    assert snapshots_at_ends(town, BEFORE) == [again, first[1]]


@pytest.mark.parametrize(
    ("period", "days"),
    [
        pytest.param(Period(2026, 6), (8, 15, 22, 29), id="a month that begins on a Monday"),
        pytest.param(Period(2026, 11), (2, 9, 16, 23, 30), id="a month that ends on a Monday"),
        pytest.param(Period(2026, 3), (2, 9, 16, 23, 30), id="a month that ends on a Tuesday"),
    ],
)
def test_weeks_begin_on_the_mondays_of_the_month(period: Period, days: tuple[int, ...]) -> None:
    for zone in (ZONE, ZoneInfo("America/New_York")):
        expected = [datetime(period.year, period.month, day, tzinfo=zone).timestamp() for day in days]
        assert [week / 1_000_000 for week in weeks_of(period, zone)] == expected
