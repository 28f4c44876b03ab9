"""March 2015 in Boston analysed by neighbourhood and by department, against plain SQL."""

from __future__ import annotations

import csv
import gzip
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from tests.disclosure.comparing import agree as agree_in_files
from tests.insight.agreeing import agree, all_of, lists_hold

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.queries import window_of
from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.cases.rules import contradiction
from xiuhua.disclosure.queries.told import told_of
from xiuhua.insight.queries.analysis import analysis_of
from xiuhua.insight.words import Against
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory, TerritoryVersion

ZONE = ZoneInfo("America/New_York")
MARCH = Period(2015, 3)
#: What comes in a month after March, and later, is in no number of February and March.
MAY = datetime(2015, 5, 1, tzinfo=ZONE)
pytestmark = [pytest.mark.real, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def _moment(text: str) -> datetime | None:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE).astimezone(UTC) if text else None


@pytest.fixture
def boston(transactional_db: None, home: Path, real_data: Path, ana: Actor, at: datetime) -> Tenant:
    """An office in Boston's zone with the cases of January to April: neighbourhood, department, reason and type as the file has them."""
    with gzip.open(real_data / "boston311/boston311_2015_H1_dev.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tenant = create_tenant("boston", "Boston", by=ana, at=at, zone=ZONE.key)
    places, bodies, classes = {}, {}, {}
    for name in sorted({row["neighborhood"].strip() for row in rows} - {""}):
        places[name] = Territory.objects.create(tenant=tenant, code=name, level="neighbourhood")
        TerritoryVersion.objects.create(territory=places[name], name=name)
    for name in sorted({row["Department"] for row in rows}):
        bodies[name] = Body.objects.create(tenant=tenant, code=name, name=name)
    for number, (reason, kind) in enumerate(sorted({(row["REASON"], row["TYPE"]) for row in rows})):
        if reason not in classes:
            classes[reason] = CaseClass.objects.create(tenant=tenant, scheme="b", code=reason, name=reason)
        made = CaseClass.objects.create(
            tenant=tenant, scheme="b", code=str(number), name=kind[:100], parent=classes[reason]
        )
        classes[reason, kind] = made
    Case.objects.bulk_create(
        (
            Case(
                tenant=tenant,
                number=row["CASE_ENQUIRY_ID"],
                reported_at=reported,
                due_at=(due := _moment(row["TARGET_DT"])),
                closed_at=(closed := _moment(row["CLOSED_DT"])),
                territory=places.get(row["neighborhood"].strip()),
                body=bodies[row["Department"]],
                case_class=classes[row["REASON"], row["TYPE"]],
                channel=row["Source"],
                undetermined=contradiction(reported, due, closed) or "",
            )
            for row in rows
            if (reported := _moment(row["OPEN_DT"])) and reported < MAY
        ),
        batch_size=2000,
    )
    return tenant


def test_march_when_analysed_then_is_what_sql_counts_and_all_files_of_its_pack_say_the_same(
    boston: Tenant, ana: Actor, at: datetime, tmp_path: Path
) -> None:
    march, february = (freeze(boston, period, by=ana, at=at) for period in (MARCH, MARCH.shift(-1)))
    for by in ("neighbourhood", "unit"):  # in one test: writing the cases takes longer than counting them
        analysis = analysis_of(march, by=by, window=window_of(march), previous=february, last_year=None)
        agree(analysis, march, by, {Against.MONTH: february, Against.YEAR: None}, 5)
        assert lists_hold(analysis, march) > 100
        # this pack knows no channel of Boston's platform: no share of own finds is said, only the warning
        assert {one.code for one in all_of(analysis.sayings) if one.code.startswith("effort.")} == {"effort.note"}
        assess(boston, MARCH, scheme="basic", by_level=by, by=ana, at=at)
        if shutil.which("pdftotext"):
            with translation.override("en"):
                told = told_of(boston, MARCH, scheme="basic", by=by)
            assert agree_in_files(told, tmp_path) > 1000
