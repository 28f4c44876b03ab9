"""The standards that come with the software: complete, in our own words, and the trap between old and new."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from xiuhua.kernel.actions import install_pack, pack_faults
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack
from xiuhua.kernel.words import Actor
from xiuhua.taxonomy.queries import SchemeUnnamed, TranslationMissing, class_named, local_code, swapped, translated
from xiuhua.taxonomy.rules.limits import limit_text, read_limit
from xiuhua.taxonomy.rules.packs import standard_of
from xiuhua.taxonomy.words import Means, Standard

ROOT = Path(settings.PACKS) / "taxonomy"
SHIPPED = ("cn-national/2013-1", "cn-old/2007-1", "demo-street/1")
DAY = date(2026, 11, 1)


def _standard(name: str) -> Standard:
    return standard_of(read_pack(ROOT / name))[0]


@pytest.fixture
def both(street: Tenant, ana: Actor, at: datetime) -> Tenant:
    """An office with the old and the present national standard."""
    for name in SHIPPED[:2]:
        install_pack(street, read_pack(ROOT / name), by=ana, at=at)
    return street


@pytest.mark.parametrize("name", SHIPPED)
def test_standard_when_checked_then_it_has_no_fault_and_every_condition_is_whole(name: str) -> None:
    assert pack_faults(read_pack(ROOT / name)) == []
    for one in _standard(name).conditions:
        assert all((one.limits, one.closing, one.remedy, one.text)), one


@pytest.mark.parametrize("name", SHIPPED)
def test_standard_when_a_class_has_several_conditions_then_one_is_the_default(name: str) -> None:
    conditions = _standard(name).conditions
    classes = {one.key for one in conditions if sum(other.key == one.key for other in conditions) > 1}
    assert classes == {one.key for one in conditions if one.default and one.key in classes}


def test_old_standard_when_counted_then_it_has_the_sub_classes_of_its_list() -> None:
    events = [row for row in _standard(SHIPPED[1]).classes if row.parent and row.key.kind == "event"]
    by_main = {main: sum(row.parent == main for row in events) for main in ("01", "02", "03", "04", "05")}
    assert by_main == {"01": 19, "02": 5, "03": 6, "04": 10, "05": 14}


def test_demo_standard_when_held_against_the_street_then_it_has_exactly_its_classes_and_limits() -> None:
    path = Path(__file__).parents[2] / "src/xiuhua/demo/data/problems.toml"
    problems = tomllib.loads(path.read_text(encoding="utf-8"))["problem"]
    standard = _standard(SHIPPED[2])
    names = {row.key: row.name for row in standard.classes}
    mains = {row.key: names[type(row.key)(row.key.kind, row.parent)] for row in standard.classes if row.parent}
    default = {one.key: limit_text(one.limits) for one in standard.conditions if one.default}
    assert sorted((mains[key], names[key], default[key]) for key in mains) == sorted(
        (one["main"], one["name"], limit_text(read_limit(one["limit"], Means()).limits)) for one in problems
    )


def test_demo_standard_when_it_extends_the_national_one_then_its_own_codes_go_from_99_down() -> None:
    national = {row.key for row in _standard(SHIPPED[0]).classes}
    own = sorted(row.key.code for row in _standard(SHIPPED[2]).classes if row.key not in national)
    assert own == ["0197", "0198", "0199", "0298", "0299", "0398", "0399", "0498", "0499"]


def test_code_when_its_scheme_is_not_named_then_it_is_refused_with_all_its_meanings(both: Tenant) -> None:
    with pytest.raises(SchemeUnnamed) as refused:
        class_named(both, "", "0405")
    assert refused.value.facts["meanings"] == (
        "cn-national 部件 花钵花架；cn-national 事件 机动车乱停放；cn-old 事件 热力管道破裂"
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "kind", "expected"),
    [
        pytest.param("cn-old", "cn-national", "0405", "event", [("0505", "热力管道破裂")], id="0405-then-is-0505-now"),
        pytest.param("cn-old", "cn-national", "0505", "event", [("0405", "机动车乱停放")], id="0505-then-is-0405-now"),
        pytest.param("cn-national", "cn-old", "0405", "event", [("0505", "机动车乱停放")], id="and-back"),
        pytest.param("cn-old", "cn-national", "0102", "event", [("0102", "暴露垃圾")], id="unmoved"),
        pytest.param("cn-old", "cn-national", "05", "component", [("", "")], id="gone"),
        pytest.param(
            "cn-old", "cn-national", "0117", "component", [("0130", "电力立杆"), ("0131", "通信立杆")], id="split"
        ),
    ],
)
def test_class_when_translated_then_by_table_and_never_by_equal_code(
    both: Tenant, old: str, new: str, code: str, kind: str, expected: list[tuple[str, str]]
) -> None:
    found = translated(both, old, new, DAY, code=code, kind=kind)
    assert [(one.new.code if one.new else "", one.new_name) for one in found] == expected


def test_events_when_every_moved_code_is_looked_at_then_each_would_be_taken_for_another_thing(both: Tenant) -> None:
    rows = [row for row in swapped(both, "cn-old", "cn-national", DAY) if row.meaning.old.kind == "event"]
    moved = [row for row in rows if row.meaning.old.code[:2] in {"04", "05"}]
    assert len(moved) == 26
    assert all(row.meaning.old_name == row.meaning.new_name for row in moved)
    assert all(row.same_code != row.meaning.old_name for row in moved)
    assert {row.meaning.old.code for row in rows if row.trap} <= {row.meaning.old.code for row in moved}


def test_schemes_when_there_is_no_table_between_them_then_nothing_is_translated(
    both: Tenant, ana: Actor, at: datetime
) -> None:
    install_pack(both, read_pack(ROOT / SHIPPED[2]), by=ana, at=at)
    with pytest.raises(TranslationMissing):
        translated(both, "cn-old", "demo-street", DAY)


def test_local_code_when_the_standard_has_some_then_the_next_free_one_is_offered(both: Tenant) -> None:
    assert local_code(both, "cn-national", "event", "01") == "0198"
    assert local_code(both, "cn-national", "component", "01") == "0199"
