"""Intake and lists are measured as told: small, so that a change of the doors cannot leave the measurement behind."""

from __future__ import annotations

import os

import pytest

from xiuhua.bench import intake, listing

URL = os.environ.get("DATABASE_URL", "")
#: Statements of one report at most (issue: 14).
MOST = 14


def test_intake_takes_reports_whole_and_with_few_statements() -> None:
    found = intake.run(clients=(2,), seconds=1.0, url=URL)
    (row,) = found["runs"]
    assert (found["whole"], found["stored"] > 0, row["per_s"] > 0, row["bare"]["per_s"] > 0) == (True, True, True, True)
    assert found["statements"] <= MOST


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="statements are counted once, in the run on SQLite")
def test_list_pages_need_a_constant_number_of_statements() -> None:
    # fewer cases and some word stands nowhere in its queue: a page that has no keys asks for no rows
    small, large = (listing.run(cases=cases, times=1, url=URL)["pages"] for cases in (2000, 4000))
    assert {name: page["statements"] for name, page in small.items()} == {
        name: page["statements"] for name, page in large.items()
    }
    assert (large["queue"]["rows"], large["deep"]["rows"] > 0) == (100, True)
