"""The golden rule on the pages of a month: each figure opens the list behind it, with the same count, in a page and in a file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.insight.months import OCTOBER, write_months
from tests.web.figures import figures, kind, one_of_each, total

from xiuhua.assessment.actions import assess, run_today
from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.taxonomy.models import CaseClass
from xiuhua.web.desk.layers import MOST_AGAIN

PAGES = ("/", "/ranking/", "/ranking/C2/", "/analysis/", "/analysis/map/", "/analysis/again/", "/warning/")
#: What the address of all that came back asks for.
WHOLE = ("deadline_month", "measure=repeats", "part=kept", "snapshot")


@pytest.fixture
def lin(street: Tenant, home: Path, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, signed in to the made-up office: October and September assessed, and the month that runs counted to now."""
    write_months(street, by=ana, at=at)
    for period in (OCTOBER.shift(-1), OCTOBER):
        assess(street, period, scheme="basic", by_level="community", by=ana, at=at)
    now = datetime.now(UTC)
    place, kind_of = Case.objects.filter(territory__code="C2").latest("pk").territory, CaseClass.objects.latest("pk")
    for number, due in enumerate((-1, 1, 2)):
        Case.objects.create(
            tenant=street, number=f"now-{number}", territory=place, case_class=kind_of,
            reported_at=now - timedelta(hours=2), due_at=now + timedelta(hours=due),
        )  # fmt: skip
    run_today(street, by=ana, at=now)
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=street, by=ana, at=at))
    return client


def test_figure_when_opened_then_its_list_has_the_same_count_on_every_page_of_the_month(lin: Client) -> None:
    found = {page: one_of_each(figures(lin.get(f"{page}?by=community").content.decode())) for page in PAGES}
    assert {page for page, some in found.items() if not some} == set()
    every = one_of_each(one for some in found.values() for one in some)
    asked = {part for href, _count in every for part in kind(href)}
    assert asked >= {
        *(f"measure={name}" for name in ("repeats", "recurred", "clustered", "left_out", "due", "overdue_open")),
        *(
            "measure=open_not_due",
            "again",
            "subject",
            "none=sub_class",
            "any",
            "sub_class",
            "/analysis/again/",
            "due_until",
        ),
    }
    assert [(href, total(lin, href)) for href, _count in every] == every


def test_recurrence_when_there_are_more_places_than_the_map_draws_then_every_case_is_listed_and_in_the_file(
    lin: Client,
) -> None:
    page = lin.get("/analysis/map/?by=community&layers=again").content.decode()
    (places,) = [one for one in figures(page) if one[0].startswith("/analysis/again/")]
    assert (places[1] > MOST_AGAIN, total(lin, places[0])) == (True, places[1])
    listed = figures(lin.get(places[0]).content.decode())
    whole = next(one for one in listed if kind(one[0]) == ("/frozen/", *WHOLE))
    rows = _rows(lin, whole[0].replace("/frozen/", "/frozen/table.csv"))
    assert (len(rows) - 1, rows[0][-3:]) == (whole[1], ["前一件", "前一件结案", "隔了多久又来"])
    assert all(cell for row in rows for cell in row[-3:])
    assert len(_rows(lin, places[0].replace("/again/", "/again/table.csv"))) - 1 == places[1]
    own = next(count for href, count in listed if kind(href) == ("/frozen/", *sorted({*WHOLE, "by", "subject"})))
    narrowed = figures(lin.get(f"{places[0]}&subject=C1&sort=where").content.decode())
    assert own == next(count for href, count in narrowed if "subject=C1" in href and "again=" not in href)


def test_list_when_it_narrows_what_its_fact_does_not_hold_then_it_is_not_there(lin: Client) -> None:
    href = next(href for href, _count in figures(lin.get("/analysis/again/").content.decode()) if "again=" not in href)
    assert [lin.get(f"{href}{more}").status_code for more in ("", "&channel=x", "&none=duty", "&any=due_cause:x")] == [
        *(200, 404, 404, 404)
    ]
    assert lin.get(href.replace("measure=repeats", "measure=none-such")).status_code == 404


def _rows(client: Client, address: str) -> list[list[str]]:
    """Return the rows of a file."""
    text = client.get(address).getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))
