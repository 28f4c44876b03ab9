"""Winners and losers of another outline, worked out by hand: the territory of a case changes, its point and sites do not."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner
from django.test import Client
from tests.responsibility.conftest import Read, office, read, write

from xiuhua.cases.models import Case
from xiuhua.cases.words import Stage
from xiuhua.cli.main import main
from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.responsibility.words import UnitMove
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Site, Territory
from xiuhua.web.desk.preview import foreseen

__all__ = ["office", "read", "write"]

#: A's compounds are V's by contract, the rest of A is U's, B is W's; nobody has what lies in neither.
ROWS = ("owner,A,P05,,*,,,,V,,合同", "territory,A,,,*,,,,U,,街规", "territory,B,,,*,,,,W,,街规")
#: Grid A2 lies from 0.0010 to 0.0020 and B1 from 0.0020 to 0.0030. Drawn anew, A2 is the smaller one from 0.0019 to 0.0023:
#: it takes B1's west, and leaves its own west to nobody's grid, which is still in community A.
STRIP = json.loads(shapely.to_geojson(shapely.box(0.0019, 0, 0.0023, 0.001)))
#: Number: (territory on record, longitude).
CASES: dict[str, tuple[str | None, float | None]] = {
    "K1": ("B1", 0.00225),  # from B1 to A2
    "K2": ("A2", 0.0015),  # from A2 to community A
    "K3": ("A1", 0.0005),  # at a compound of A, far from the change
    "K4": ("B1", None),  # no point: stays
    "K5": ("B", 0.00225),  # placed by name in the community: a grid's outline says nothing about it
    "K6": ("B1", 0.0021),  # from B1 to A2, and at a compound: the contract of A's compounds begins to speak
    "K7": (None, 0.0050),  # outside everything
    "V1": ("B1", 0.00225),  # void: not looked at
}


@pytest.fixture
def cases(office: Tenant, read: Read, ana: Actor, at: datetime) -> None:
    """The matrix, a compound in the strip, and eight cases of which one is void."""
    install_pack(office, read(*ROWS), by=ana, at=at)
    box = {"min_lon": 0.0021, "max_lon": 0.0021, "min_lat": 0.0005, "max_lat": 0.0005}
    point = shapely.to_wkb(shapely.Point(0.0021, 0.0005))
    where = Territory.objects.get(code="B1")
    own = {"tenant": office, "code": "P05-2", "name": "新小区", "type": "P05", "reach_m": 10, "crs": "wgs84"}
    Site.objects.create(**own, **box, geometry=point, territory=where)
    grids = {one.code: one for one in Territory.objects.filter(tenant=office)}
    for number, (code, lon) in CASES.items():
        Case.objects.create(
            tenant=office,
            number=number,
            reported_at=at - timedelta(days=30),
            case_class=CaseClass.objects.get(code="M1"),
            territory=grids[code] if code else None,
            longitude=lon,
            latitude=None if lon is None else 0.0005,
            stage=Stage.VOID if number == "V1" else Stage.OPEN,
        )


WORKED_OUT = (
    UnitMove("U", kept=("K2",), gained=("K1",), lost=()),
    UnitMove("V", kept=("K3",), gained=("K6",), lost=()),
    UnitMove("", kept=("K7",), gained=(), lost=()),
    UnitMove("W", kept=("K4", "K5"), gained=(), lost=("K1", "K6")),
)


def test_outline_when_drawn_anew_then_units_gain_and_lose_as_worked_out_by_hand(
    cases: None, office: Tenant, at: datetime
) -> None:
    seen = foreseen(office, "A2", STRIP, day=at.date(), now=at)
    assert seen.duty is not None
    effect, _names = seen.duty
    assert sorted(effect.units, key=lambda one: one.unit) == sorted(WORKED_OUT, key=lambda one: one.unit)
    assert (effect.cases, effect.moved, effect.conflicts) == (7, 2, 0)
    assert [one.after - one.before for one in effect.units] == [1, 1, 0, -2]
    # the same cases go from territory to territory, K5 too: its point does, though its record says only the community
    assert [(one.before, one.after, seen.numbers(one)) for one in seen.moves.points] == [
        ("B1", "A2", ["K1", "K5", "K6"]),
        ("A2", "", ["K2"]),
    ]


def test_outline_of_a_community_takes_what_is_placed_in_its_grids(cases: None, office: Tenant, at: datetime) -> None:
    # community A reaches to 0.0020; drawn anew it is the thin strip: B1's west becomes A's, A's own west is the street's
    seen = foreseen(office, "A", STRIP, day=at.date(), now=at)
    assert seen.duty is not None
    by_unit = {one.unit: one for one in seen.duty[0].units}
    assert by_unit["W"].lost == ("K1", "K5", "K6")
    assert by_unit["U"] == UnitMove("U", kept=(), gained=("K1", "K5"), lost=("K2",))
    assert by_unit["V"] == UnitMove("V", kept=(), gained=("K6",), lost=("K3",))
    assert by_unit[""].gained == ("K2", "K3")
    assert seen.finer == ("grid",)


def test_outline_page_and_command_say_the_same_as_the_list(
    cases: None, office: Tenant, ana: Actor, at: datetime, client: Client, tmp_path: Path
) -> None:
    Case.objects.all().update(reported_at=datetime.now(at.tzinfo))
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=office, by=ana, at=at))
    lines = LedgerLine.objects.count()
    shape = json.dumps(STRIP)
    form = {"geometry": shape, "effective": "2026-11-23", "reason": "", "mark": "", "do": "preview"}
    page = client.post("/territory/A2/outline/", form).content.decode()
    rows = re.findall(r'<tr><th scope="row" lang="zh"><a href="#effect-\d">(.*?)</a></th>(.*?)</tr>', page)
    found = [(name, re.findall(r">([+−]?\d+)<", cells)) for name, cells in rows]
    assert found == [
        ("单位U", ["1", "2", "+1", "0"]),
        ("单位V", ["1", "2", "+1", "0"]),
        ("单位W", ["4", "2", "0", "−2"]),
        ("没有人", ["1", "1", "0", "0"]),  # nothing changes: folded away
    ]
    listed = re.findall(r'<h4 id="effect-(\d-\w+)">.*?data-effect-count="(\d+)".*?</h4><ol>(.*?)</ol>', page)
    assert [(key, re.findall(r">(K\d)<", inner)) for key, _count, inner in listed if "kept" not in key] == [
        ("0-gained", ["K1"]),
        ("1-gained", ["K6"]),
        ("3-lost", ["K1", "K6"]),
    ]
    assert [int(count) for _key, count, _inner in listed] == [inner.count("<li>") for *_rest, inner in listed]
    assert f'href="/cases/{Case.objects.get(number="K6").pk}/">K6<' in page
    file = tmp_path / "strip.json"
    file.write_text(shape, encoding="utf-8")
    result = CliRunner().invoke(main, ["territory", "preview", str(file), "--code", "A2", "--json"])
    units = json.loads(result.stdout)["duty"]["units"]
    assert [(one["unit"], one["before"], one["after"], one["gained"], one["lost"], one["kept"]) for one in units] == [
        ("U", 1, 2, ["K1"], [], ["K2"]),
        ("V", 1, 2, ["K6"], [], ["K3"]),
        (None, 1, 1, [], [], ["K7"]),
        ("W", 4, 2, [], ["K1", "K6"], ["K4", "K5"]),
    ]
    assert LedgerLine.objects.count() == lines


def test_outline_without_a_matrix_says_that_nothing_tells_whose(office: Tenant, at: datetime) -> None:
    seen = foreseen(office, "A2", STRIP, day=at.date(), now=at)
    assert seen.duty is None
