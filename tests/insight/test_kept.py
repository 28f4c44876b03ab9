"""An analysis that was made once is read from beside its facts, and made anew whenever anything it depends on has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import shapely
from tests.insight.test_recurrence_facts import GATE, MONTH, OCTOBER, tell

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import folder_of, window_of
from xiuhua.analytics.words import Part, Where
from xiuhua.cases.models import Case
from xiuhua.insight import kept
from xiuhua.insight.kept import kept_analysis
from xiuhua.insight.rules.hotspots import Silent
from xiuhua.insight.rules.keeping import Kept, Recurring, read, written
from xiuhua.insight.words import Against, Analysis, Changes, Compared, Saying, Tally, Unsaid
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.models import Site, TerritoryVersion

Ask = Callable[..., Kept]


@pytest.fixture
def october(street: Tenant, home: Path, ana: Actor, at: datetime) -> Snapshot:
    """A small October, frozen."""
    tell(street, MONTH)
    kept.stored.cache_clear()
    return freeze(street, OCTOBER, by=ana, at=at)


def ask(snapshot: Snapshot, **more: Any) -> Kept:
    """Ask for October by community, as another process would: with nothing in memory."""
    kept.stored.cache_clear()
    fresh = Snapshot.objects.select_related("tenant").get(pk=snapshot.pk)
    given: dict[str, Any] = {"by": "community", "window": window_of(fresh), "previous": None, "last_year": None}
    return kept_analysis(fresh, **given | more)


def files(snapshot: Snapshot) -> dict[str, str]:
    """Return what is kept beside the snapshot, by name."""
    return {file.name: file.read_text(encoding="utf-8") for file in folder_of(snapshot).glob("*.json")}


def test_analysis_when_asked_for_again_then_is_read_and_equal(
    october: Snapshot, django_assert_max_num_queries: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "xiuhua.insight.kept")
    made = ask(october)
    assert [(record.levelname, record.args and record.args[1]) for record in caplog.records] == [
        ("INFO", "FileNotFoundError")
    ]
    assert {"recur.total", "recur.held"} <= {saying.code for saying in made.analysis.sayings}
    (name,) = files(october)
    for file in folder_of(october).glob("*.parquet"):  # what is read needs no facts any more
        file.unlink()
    with django_assert_max_num_queries(6):
        assert ask(october) == made
    assert (len(caplog.records), list(files(october))) == (1, [name])


#: Name of the damage, what it makes of the text of a file.
DAMAGE: dict[str, Callable[[str], str]] = {
    "cut off": lambda text: text[:-40],
    "another word": lambda text: text.replace("recur.held", "recur.hold"),
}


def test_analysis_when_its_file_is_damaged_then_is_made_anew(
    october: Snapshot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "xiuhua.insight.kept")
    made, whole = ask(october), files(october)
    ((name, text),) = whole.items()
    for called, damage in DAMAGE.items():
        (folder_of(october) / name).write_text(damage(text), encoding="utf-8")
        caplog.clear()
        assert (ask(october), files(october), len(caplog.records)) == (made, whole, 1), called


def rename_a_community(_snapshot: Snapshot) -> dict[str, Any]:
    TerritoryVersion.objects.update(name="新星社区")
    return {}


def open_a_site(snapshot: Snapshot) -> dict[str, Any]:
    Site.objects.create(
        tenant=snapshot.tenant, code="G1", name="北门", type="market", geometry=shapely.to_wkb(shapely.Point(121.5, GATE)),
        min_lon=121.5, max_lon=121.5, min_lat=GATE, max_lat=GATE, reach_m=20, crs="wgs84",
    )  # fmt: skip
    return {}


def read_by_report(snapshot: Snapshot) -> dict[str, Any]:
    return {"window": window_of(snapshot, month_by="reported")}


def test_analysis_when_what_it_rests_on_changes_then_is_kept_under_another_key(october: Snapshot) -> None:
    ask(october)
    before = files(october)
    for change in (rename_a_community, open_a_site, read_by_report):
        ask(october, **change(october))
        after = files(october)
        assert after.items() - before.items(), change.__name__
        before = after


def test_analysis_when_parameters_or_the_month_before_change_then_is_made_anew(
    october: Snapshot, street: Tenant, ana: Actor, at: datetime, tmp_path: Path, settings: Any
) -> None:
    first = ask(october)
    Case.objects.create(tenant=street, number="Y1", reported_at=datetime.fromisoformat("2026-09-02T00:00:00+00:00"))
    before = freeze(street, OCTOBER.shift(-1), by=ana, at=at)
    compared = ask(october, previous=before)
    assert compared.analysis.changes != first.analysis.changes
    pack = (Path(settings.PACKS) / "insight/basic.toml").read_text(encoding="utf-8")
    (tmp_path / "insight").mkdir()
    (tmp_path / "insight/basic.toml").write_text(pack.replace("days = 30", "days = 20"), encoding="utf-8")
    settings.PACKS = tmp_path
    told = [saying for saying in ask(october).analysis.sayings if saying.code == "recur.held"]
    assert {saying.facts["days"] for saying in told} == {20}


def test_analysis_when_written_and_read_then_is_the_same() -> None:
    where = Where(
        "on_time", Part.REST, "unit", None, {"sub_class": None}, ("A1",), {"channel": ("", "x")}, {"due_us": 3}
    )
    part = Saying("change.class.up", {"class": None, "now": 3, "share": "0.5", "sure": True}, "C1", where, 3)
    whole = Analysis(
        sayings=(Saying("change.up", {}, parts=(part, part)),),
        changes=(Changes("", Against.YEAR, Compared.OVERDUE, "2025-10", 4, why=Unsaid.MISSING),),
        overdue_units=(),
        overdue_causes=(),
        matrix=(Tally(None, "C1", due=2),),
        effort=(),
        names={"C1": "甲“\n"},
    )
    counts = {"repeats": (1, 2)}
    recurring = Recurring({"C1": counts, None: {}}, counts, {"C1": "甲"})
    for silent in (None, Silent.FEW_CASES):
        given = Kept(whole, recurring, silent, 7, ("8a",))
        assert read(written(given)) == given


@pytest.mark.parametrize("text", ["", "[]", '{"d":["Path","/"]}', '{"d":["Kept",1]}', '{"e":["Part","half"]}', "{}"])
def test_text_when_it_is_no_analysis_then_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
        read(text)


def test_value_when_nobody_said_how_to_write_it_then_is_refused() -> None:
    with pytest.raises(KeyError):
        written(
            Kept(
                Analysis((), (), (), (), (), (), {"C1": object()}),
                Recurring({}, {}, {}),
                None,
                0,
                (str(Fraction(1, 2)),),
            )
        )  # type: ignore[dict-item]
