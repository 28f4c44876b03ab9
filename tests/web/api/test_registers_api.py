"""Registers and frozen figures by API: what the pages and commands show, as codes and whole numbers."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.living import Office, make_office
from tests.web.api.conftest import Programs

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.queries import snapshots, tallied, window_of
from xiuhua.cases.models import Case
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor

OCTOBER = Period(2026, 10)


def _october(living: Office) -> None:
    """Three cases due in October: two of the sweepers, of which one was late, and one of nobody."""
    rows = [("1", "sweepers", 9), ("2", "sweepers", 20), ("3", None, 9)]
    for number, body, closed in rows:
        Case.objects.create(
            tenant=living.tenant,
            number=number,
            stage="closed",
            body=living.bodies[body] if body else None,
            territory=living.places["A"],
            reported_at=datetime(2026, 10, 5, tzinfo=UTC),
            due_at=datetime(2026, 10, 10, tzinfo=UTC),
            closed_at=datetime(2026, 10, closed, tzinfo=UTC),
        )
    freeze(living.tenant, OCTOBER, by=Actor("shell:test"), at=datetime(2026, 11, 1, tzinfo=UTC))


def test_measures_are_the_frozen_ones_with_numerator_and_denominator(living: Office, program: Programs) -> None:
    _october(living)
    bo = program("bo")
    periods = bo.get("/facts/periods").json()["periods"]
    assert [(one["period"], one["cases"]) for one in periods] == [("2026-10", 3)]
    told = bo.get("/facts/periods/2026-10/measures?by=unit").json()
    counts = {
        one["code"]: {each["measure"]: (each["kept"], each["of"]) for each in one["counts"]} for one in told["subjects"]
    }
    snapshot = snapshots(living.tenant)[0]
    names = [one["name"] for one in told["measures"]]
    tally = tallied(snapshot, fact="case", measures=names, by="unit", window=window_of(snapshot))
    assert counts == {code: dict(each) for code, each in tally.groups.items()}
    assert counts["sweepers"]["on_time"] == (1, 2)
    assert {one["measure"]: (one["kept"], one["of"]) for one in told["total"]} == dict(tally.total)
    same = bo.get(f"/facts/periods/2026-10/measures?snapshot={periods[0]['snapshot'][:8]}")
    assert same.json() == told


def test_measures_when_nothing_was_frozen_or_it_is_another_offices_then_404(living: Office, program: Programs) -> None:
    _october(living)
    bo, other = program("bo"), program("bo", office=make_office("other"))
    digest = bo.get("/facts/periods").json()["periods"][0]["snapshot"]
    assert bo.get("/facts/periods/2026-09/measures").status_code == 404
    assert other.get(f"/facts/periods/2026-10/measures?snapshot={digest}").status_code == 404
    assert (other.get("/facts/periods").json(), other.get("/facts/periods/2026-10/measures").status_code) == (
        {"periods": []},
        404,
    )
    assert bo.get("/facts/periods/October/measures").status_code == 400
    assert bo.get("/facts/periods/2026-10/measures?by=nonsense").status_code == 400


def test_registers_are_the_offices_own(living: Office, program: Programs) -> None:
    cleo = program("cleo")
    assert [one["code"] for one in cleo.get("/territories").json()["territories"]] == ["A", "B", "S"]
    assert [one["code"] for one in cleo.get("/territories?level=street").json()["territories"]] == ["S"]
    assert [one["code"] for one in cleo.get("/units").json()["units"]] == ["repairs", "sweepers"]
    key = living.condition.case_class.key
    assert key in [one["key"] for one in cleo.get("/taxonomy/classes").json()["classes"]]
    found = cleo.get(f"/taxonomy/conditions?class={key}").json()
    assert living.condition.pk in [one["id"] for one in found["conditions"]]
    assert cleo.get("/taxonomy/conditions?class=nothing:event.1").status_code == 404


def test_flow_is_the_table_of_moves_with_the_offices_reasons(living: Office, program: Programs) -> None:
    told = program("hal").get("/flow", Accept_Language="en").json()
    flow = flow_of(living.tenant)
    assert [one["verb"] for one in told["moves"]] == list(Verb.values)
    refuse = next(one for one in told["moves"] if one["verb"] == "refuse")
    assert [(one["code"], one["title"]) for one in refuse["reasons"]] == [
        (code, titles["en"]) for code, titles in flow.reasons["refuse"]
    ]
