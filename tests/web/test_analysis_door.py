"""The page of the analysis without a browser: its parts, the matrix as a file, what it says without."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.insight.months import OCTOBER, write_months

from xiuhua.assessment.actions import assess
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user


@pytest.fixture
def lin(street: Tenant, home: Path, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, signed in to the made-up office, October and September assessed."""
    write_months(street, by=ana, at=at)
    for period in (OCTOBER.shift(-1), OCTOBER):
        assess(street, period, scheme="basic", by_level="community", by=ana, at=at)
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=street, by=ana, at=at))
    return client


def test_analysis_when_shown_then_has_its_parts_and_the_file_holds_the_matrix(lin: Client) -> None:
    page = lin.get("/analysis/?by=community").content.decode()
    main = page.split("<main")[1]
    for heading in ("变化", "超期", "复发", "热点", "力度"):
        assert f">{heading}</h2>" in main
    text = lin.get("/analysis/matrix.csv?by=community").getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "小类"
    whole = next(row for row in rows if row[0] == "合计")
    assert [sum(map(int, whole[start:-2:2])) for start in (1, 2)] == list(map(int, whole[-2:]))


def test_analysis_when_last_month_is_not_there_then_says_why_nothing_is_compared(lin: Client) -> None:
    main = lin.get(f"/analysis/?by=community&month={OCTOBER.shift(-1)}").content.decode().split("<main")[1]
    assert "上报与上月相比：— 2026-08 还没有定格，没有可比的数" in main
    assert "与去年同月相比：— 2025-09" in main


def test_analysis_when_nothing_is_assessed_then_says_what_to_do_first(lin: Client) -> None:
    page = lin.get("/analysis/?by=community&month=2019-01").content.decode()
    assert "还没有计分" in page
    assert lin.get("/analysis/matrix.csv?by=community&month=2019-01").status_code == 200
