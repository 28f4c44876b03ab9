"""The made-up street as an office: everything through the front door, once."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import translation
from tests.disclosure.comparing import agree as agree_in_files
from tests.insight.agreeing import agree, all_of, lists_hold

from xiuhua.analytics.queries import snapshot_of, window_of
from xiuhua.assessment.models import Assessment
from xiuhua.cases.models import Case
from xiuhua.cases.words import PlaceMethod, Stage
from xiuhua.demo.actions.opening import RealOfficeHere, closed_months, moment, open_street
from xiuhua.demo.words import Step
from xiuhua.disclosure.queries.told import told_of
from xiuhua.exchange.models import Finding, ImportBatch
from xiuhua.insight.queries.analysis import Found, analysis_of
from xiuhua.insight.queries.hotspots import hotspots_of, last_day
from xiuhua.insight.queries.recurrence import recurrent_places, watch_of
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.words import Against
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.territory.models import Site

MAPPING = Path(django_settings.PACKS, "mappings", "demo-street.toml")


def _open(home: Path, ana: Actor, at: datetime) -> list[Step]:
    return list(open_street(home, MAPPING, by=ana, at=at, progress=None))


def _rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Case, ImportBatch, Finding, Assessment, LedgerLine))


def test_street_stands_when_opened_and_stays_as_it_is_when_opened_again(
    transactional_db: None, ana: Actor, at: datetime, home: Path, cases: list[dict[str, str]]
) -> None:
    """One long test: the import of a year is not worth doing once per assertion."""
    first = _open(home, ana, at)
    assert [(step.what, step.count) for step in first[1:8]] == [
        ("street", 1),
        ("community", 12),
        ("grid", 160),
        ("sites", 600),
        ("units", 25),
        ("packs", 9),
        ("cases", len(cases)),
    ]
    assert [step.what for step in first[8:]] == [str(period) for period in closed_months()]
    assert Assessment.objects.count() == 28
    _as_the_export_says(cases)
    _last_month_as_sql_says()
    _last_months_files_say_the_same(home)
    assert Body.objects.filter(confirmed=False).count() == 0
    assert Site.objects.filter(territory__level="grid").count() == 600
    before = _rows()
    again = _open(home, ana, at)
    assert {step.there for step in again[1:]} == {True}
    assert _rows() == before


def _as_the_export_says(cases: list[dict[str, str]]) -> None:
    """Hold the imported cases against the rows of the export."""
    piled = sum(1 for row in cases if row["X坐标"] and not row["单元网格"])
    pointed = sum(1 for row in cases if row["X坐标"]) - piled
    coded = sum(1 for row in cases if not row["X坐标"] and row["单元网格"])
    found = {method: Case.objects.filter(place_method=method).count() for method in PlaceMethod.values}
    assert (found["point"], found["code"]) == (pointed, coded)
    assert found["name"] + found["none"] == len(cases) - pointed - coded
    assert found["none"] == sum(
        1 for row in cases if not row["单元网格"] and row["所属社区"] in {"", "北埠社区", "铁函巷社区"}
    )
    assert Case.objects.filter(stage=Stage.VOID).count() == sum(1 for row in cases if row["当前阶段名称"] == "[作废]")
    assert Case.objects.filter(stage=Stage.CLOSED).count() == sum(1 for row in cases if row["结案时间"])


def _last_month_as_sql_says() -> None:
    """Hold the analysis of the last closed month against plain SQL, and each sentence against its list."""
    street, period = Tenant.objects.get(), closed_months()[-1]
    snapshot = snapshot_of(street, period)
    assert snapshot is not None
    others = {
        Against.MONTH: snapshot_of(street, period.shift(-1)),
        Against.YEAR: snapshot_of(street, period.shift(-12)),
    }
    settings = settings_of(street, last_day(snapshot))
    found = Found(
        recurrent_places(snapshot, by="community"),
        hotspots_of(snapshot, street, settings).spots,
        watch_of(snapshot, "community"),
    )
    analysis = analysis_of(
        snapshot,
        by="community",
        window=window_of(snapshot),
        previous=others[Against.MONTH],
        last_year=others[Against.YEAR],
        found=found,
    )
    agree(analysis, snapshot, "community", others, settings.least_change)
    assert lists_hold(analysis, snapshot) > 500
    assert {
        "recur.total",
        "recur.place",
        "recur.held",
        "recur.over",
        "recur.back",
        "recur.running",
        "hot.spots",
        "hot.spot",
    } <= {one.code for one in all_of(analysis.sayings)}


def _last_months_files_say_the_same(home: Path) -> None:
    """Read every file of the last closed month's pack: each shared number is the same in all of them."""
    if shutil.which("pdftotext"):
        with translation.override("zh-hans"):
            told = told_of(Tenant.objects.get(), closed_months()[-1], scheme="basic", by="community")
        assert agree_in_files(told, home) > 1000


def test_street_is_refused_where_a_real_office_is(street: Tenant, ana: Actor, at: datetime, home: Path) -> None:
    with pytest.raises(RealOfficeHere):
        _open(home, ana, at)


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 11, 22, 23, 30, tzinfo=UTC)),
    ],
    ids=["later than its export", "a clock that is behind"],
)
def test_street_is_never_opened_before_the_day_of_its_export(now: datetime, opened: datetime) -> None:
    assert moment(now) == opened


def test_closed_months_are_the_fourteen_before_the_running_one() -> None:
    months = [str(period) for period in closed_months()]
    assert (months[0], months[-1], len(months)) == ("2025-09", "2026-10", 14)
