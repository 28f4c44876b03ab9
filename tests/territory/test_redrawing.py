"""Outlines changed by hand: from a day on, taken back exactly, and never over another hand's work."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.territory.ground import Importer, collection, square

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.territory.actions import StaleOutline, redraw_outline, undo_redraw
from xiuhua.territory.actions.redrawing import UndoLate
from xiuhua.territory.models import Redraw, Territory, TerritoryVersion
from xiuhua.territory.queries.drawings import canvas, last_redraw, newest_version, version_mark

START, DAY, LATER = date(2024, 1, 1), date(2026, 11, 23), date(2026, 12, 1)
WIDER = square(0, 0, 1.5)


@pytest.fixture
def ground(street: Tenant, bring: Importer) -> Tenant:
    """Two blocks side by side since 2024, and a third far away that nobody drew."""
    bring(
        collection(*(({"name": f"坊{code}", "code": code}, square(x, 0)) for code, x in (("1", 0), ("2", 1)))),
        effective=str(START),
    )
    bring(b"code,name\n3,x\n", effective=str(START))
    return street


def state() -> list[dict[str, Any]]:
    """Everything that versions say, byte for byte."""
    return [
        {**row, "outline": bytes(row["outline"] or b"")}
        for row in TerritoryVersion.objects.order_by("territory__code", "pk").values()
    ]


def redraw(tenant: Tenant, by: Actor, at: datetime, **more: Any) -> int:
    given = {"code": "1", "geometry": WIDER, "effective": DAY, "reason": "文7号", **more}
    code, geometry = given.pop("code"), given.pop("geometry")
    given.setdefault("mark", version_mark(newest_version(tenant, code)))
    return redraw_outline(tenant, code, geometry, by=by, at=at, **given).redraw_id


def test_redraw_when_a_later_day_then_a_new_version_and_the_old_one_stays(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    before = state()
    redraw(ground, ana, at)
    versions = list(TerritoryVersion.objects.filter(territory__code="1").order_by("pk"))
    assert [(one.valid_from, one.valid_to) for one in versions] == [(START, DAY), (DAY, None)]
    assert [round((one.max_lon or 0) - (one.min_lon or 0), 6) for one in versions] == [0.01, 0.015]
    assert bytes(versions[0].outline or b"") == before[0]["outline"]
    line = LedgerLine.objects.get(verb="territory.redraw")
    assert (line.about, line.reason, line.facts["was_m2"], line.facts["m2"]) == (
        "territory:1",
        "文7号",
        versions[0].area_m2,
        versions[1].area_m2,
    )


@pytest.mark.parametrize("day", [START, DAY], ids=["corrected in place", "a new version"])
def test_undo_when_nothing_happened_since_then_everything_is_as_before(
    ground: Tenant, ana: Actor, at: datetime, day: date
) -> None:
    before = state()
    key = redraw(ground, ana, at, effective=day)
    assert state() != before
    assert undo_redraw(ground, key, by=ana, at=at) == "1"
    assert state() == before
    verbs = list(LedgerLine.objects.order_by("pk").values_list("verb", flat=True))[-2:]
    assert verbs == ["territory.redraw", "territory.undo_redraw"]
    first, second = LedgerLine.objects.order_by("pk")[LedgerLine.objects.count() - 2 :]
    assert (second.before, second.after) == (first.after, first.before)
    assert last_redraw(ground, "1") is None


def test_undo_when_nobody_had_drawn_it_then_it_has_no_outline_again(ground: Tenant, ana: Actor, at: datetime) -> None:
    before = state()
    key = redraw(ground, ana, at, code="3", geometry=square(5, 5))
    undo_redraw(ground, key, by=ana, at=at)
    assert state() == before


def test_undo_when_done_in_reverse_order_then_both_go(ground: Tenant, ana: Actor, at: datetime) -> None:
    before = state()
    first = redraw(ground, ana, at)
    middle = state()
    second = redraw(ground, ana, at, geometry=square(0, 0, 1.2))  # the same day: in place
    with pytest.raises(Refusal) as caught:
        undo_redraw(ground, first, by=ana, at=at)
    assert caught.value.code == "territory.undo_late"
    undo_redraw(ground, second, by=ana, at=at)
    assert state() == middle
    undo_redraw(ground, first, by=ana, at=at)
    assert state() == before


@pytest.mark.parametrize("key", ["twice", "nowhere"])
def test_undo_when_there_is_nothing_to_take_back_then_refused(
    ground: Tenant, ana: Actor, at: datetime, key: str
) -> None:
    done = redraw(ground, ana, at)
    undo_redraw(ground, done, by=ana, at=at)
    with pytest.raises(Refusal) as caught:
        undo_redraw(ground, done if key == "twice" else done + 1, by=ana, at=at)
    assert caught.value.code == "territory.undo_late"


@pytest.mark.parametrize(
    "theirs", [{"name": "他人改的名"}, {"parent": None}, {"valid_to": date(2030, 1, 1)}], ids=["name", "parent", "end"]
)
def test_undo_when_somebody_corrected_the_version_that_began_then_refused_and_their_work_stays(
    ground: Tenant, ana: Actor, at: datetime, theirs: dict[str, Any]
) -> None:
    key = redraw(ground, ana, at)
    version = Redraw.objects.get(pk=key).version
    if "parent" in theirs:
        theirs = {"parent": Territory.objects.create(tenant=ground, code="88", level="street")}
    TerritoryVersion.objects.filter(pk=version.pk).update(**theirs)
    before = state()
    with pytest.raises(UndoLate):
        undo_redraw(ground, key, by=ana, at=at)
    assert state() == before


def test_redraw_when_two_hands_saw_the_same_then_the_second_is_refused_by_name(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    mark = version_mark(newest_version(ground, "1"))
    redraw(ground, Actor("user:ben"), at, mark=mark)
    with pytest.raises(StaleOutline) as caught:
        redraw(ground, ana, at, mark=mark, geometry=square(0, 0, 1.2))
    assert caught.value.facts == {"code": "1", "who": "ben"}
    assert Redraw.objects.count() == 1


BOWTIE = {"type": "Polygon", "coordinates": [[[10, 50], [10.01, 50.01], [10.01, 50], [10, 50.01], [10, 50]]]}
REFUSED = [
    ({"reason": " "}, "territory.reason_missing"),
    ({"reason": "x" * 501}, "territory.reason_missing"),
    ({"geometry": BOWTIE}, "territory.outline_crossing"),
    ({"geometry": {"type": "Point", "coordinates": [10, 50]}}, "territory.outline_unfit"),
    ({"geometry": {"type": "Polygon", "coordinates": []}}, "territory.outline_unfit"),
    ({"geometry": square(0, 0)}, "territory.redraw_unchanged"),
    ({"effective": date(2023, 12, 31)}, "territory.redraw_early"),
    ({"mark": "1-old"}, "territory.outline_stale"),
    ({"code": "9", "mark": ""}, "territory.unknown"),
]


@pytest.mark.parametrize(("given", "code"), REFUSED, ids=[code[10:] for _given, code in REFUSED])
def test_redraw_when_it_cannot_be_kept_then_refused_and_nothing_changes(
    ground: Tenant, ana: Actor, at: datetime, given: dict[str, Any], code: str
) -> None:
    before, lines = state(), LedgerLine.objects.count()
    with pytest.raises(Refusal) as caught:
        redraw(ground, ana, at, **given)
    assert caught.value.code == code
    assert str(caught.value)
    assert (state(), LedgerLine.objects.count()) == (before, lines)


def test_redraw_when_it_crosses_itself_then_the_sentence_says_where_and_nothing_in_another_language(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal) as caught:
        redraw(ground, ana, at, geometry=BOWTIE)
    assert str(caught.value) == "边界在经纬度（10.005, 50.005）处自己相交、重叠或内外圈套错，请先理顺。"


def test_redraw_when_the_territory_is_over_then_refused(ground: Tenant, ana: Actor, at: datetime) -> None:
    TerritoryVersion.objects.filter(territory__code="1").update(valid_to=DAY)
    with pytest.raises(Refusal) as caught:
        redraw(ground, ana, at, effective=LATER)
    assert caught.value.code == "territory.redraw_over"


def test_canvas_when_opened_then_it_has_the_outline_and_who_is_near(
    ground: Tenant, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        board = canvas(ground, "1", DAY)
    assert [code for code, _name, _shape in board.neighbours] == ["2"]
    assert board.mark == version_mark(newest_version(ground, "1"))
