"""Which condition is in force: by version, by day, by office, and never by guessing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from tests.taxonomy.conftest import CONDITIONS, Install, trial

from xiuhua.clock.words import Limit, LimitStage, Unit
from xiuhua.kernel.actions import create_tenant, install_pack, pack_faults, use_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackRefused
from xiuhua.kernel.words import Actor
from xiuhua.taxonomy.actions import observe_classes
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.taxonomy.queries import ConditionBook, condition_on
from xiuhua.taxonomy.words import Matched

LATER = CONDITIONS.replace("少量,4工作时", "少量,1工作日").replace("event,0102,1,有尘土,2工作时,,扫净,,,机扫,\n", "")
SPRING, SUMMER = date(2026, 3, 1), date(2026, 7, 1)


def _class(tenant: Tenant, code: str, kind: str = "event", scheme: str = "trial") -> CaseClass:
    return CaseClass.objects.get(tenant=tenant, scheme=scheme, kind=kind, code=code)


def _limit(found: FilingCondition | None) -> tuple[str, str] | None:
    return (found.limits[0]["amount"], found.limits[0]["unit"]) if found else None


@pytest.mark.parametrize(
    ("kind", "code", "number", "expected"),
    [
        pytest.param("event", "0101", "2", ("2", "urgent_hour"), id="named"),
        pytest.param("event", "0101", None, ("4", "work_hour"), id="unnamed-the-default"),
        pytest.param("event", "0102", None, ("2", "work_hour"), id="unnamed-the-only-one"),
        pytest.param("component", "0101", None, None, id="unnamed-of-two-without-default"),
        pytest.param("component", "0101", "2", ("2", "work_day"), id="the-same-code-among-components"),
        pytest.param("event", "0101", "9", None, id="no-such-number"),
        pytest.param("event", "01", None, None, id="main-class-without-conditions"),
    ],
)
def test_condition_when_asked_for_then_it_is_the_one_meant_or_none(
    install: Install, street: Tenant, kind: str, code: str, number: str | None, expected: tuple[str, str] | None
) -> None:
    install()
    assert _limit(condition_on(street, _class(street, code, kind), number, SPRING)) == expected


def test_version_when_a_later_one_is_installed_then_earlier_days_keep_their_conditions(
    install: Install, street: Tenant
) -> None:
    install()
    rows = list(FilingCondition.objects.order_by("pk").values())
    install(version="2", day="2026-06-01", conditions=LATER)
    waste, roads = _class(street, "0101"), _class(street, "0102")
    assert _limit(condition_on(street, waste, None, SPRING)) == ("4", "work_hour")
    assert _limit(condition_on(street, waste, None, date(2026, 5, 31))) == ("4", "work_hour")
    assert _limit(condition_on(street, waste, None, date(2026, 6, 1))) == ("1", "work_day")
    assert _limit(condition_on(street, roads, None, SPRING)) == ("2", "work_hour")
    assert condition_on(street, roads, None, SUMMER) is None
    assert condition_on(street, waste, None, date(2025, 12, 31)) is None
    assert list(FilingCondition.objects.order_by("pk").values())[: len(rows)] == rows
    assert CaseClass.objects.count() == 5


def test_book_when_asked_for_every_class_and_day_then_it_agrees_with_the_single_question(
    install: Install, street: Tenant
) -> None:
    install()
    install(version="2", day="2026-06-01", conditions=LATER)
    book = ConditionBook.load(street)
    for one in CaseClass.objects.all():
        for day in (date(2025, 12, 31), SPRING, date(2026, 6, 1), SUMMER):
            for number in (None, "1", "2", "3"):
                single = condition_on(street, one, number, day)
                found = book.find(one.pk, number, day)
                assert (found and found.condition.pk) == (single and single.pk)


def test_book_when_loaded_then_finding_costs_no_query(
    install: Install, street: Tenant, django_assert_num_queries: Callable[[int], object]
) -> None:
    install()
    key = _class(street, "0101").pk
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        book = ConditionBook.load(street)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        found = [book.find(key, None, SPRING) for _time in range(1000)]
    assert {one.condition.limits for one in found if one} == {(LimitStage(Limit(4, Unit.WORK_HOUR)),)}


def test_book_when_a_class_was_only_observed_then_it_is_found_by_name_and_says_so(
    install: Install, street: Tenant
) -> None:
    install()
    observed = observe_classes(street, "platform", [("市容环境", "暴露垃圾"), ("市容环境", "没有的"), ("市容环境", "")])
    book = ConditionBook.load(street)
    found = book.find(observed["市容环境", "暴露垃圾"].pk, None, SPRING)
    assert found is not None
    assert (found.by, found.condition.code, found.condition.number) == (Matched.NAME, "0101", "1")
    assert book.find(("市容环境", "暴露垃圾"), "2", SPRING) is not None
    assert book.find(observed["市容环境", "没有的"].pk, None, SPRING) is None
    assert book.find(("市容环境", ""), None, SPRING) is None
    by_key = book.find(_class(street, "0101").pk, None, SPRING)
    assert by_key is not None
    assert by_key.by is Matched.CODE


def test_book_when_names_fit_an_event_and_a_component_then_neither_is_taken(install: Install, street: Tenant) -> None:
    both = "kind,code,name,parent\nevent,01,设施,\nevent,0101,井盖,01\ncomponent,01,设施,\ncomponent,0101,井盖,01\n"
    one = "event,0101,1,缺失,2工作日,,补上,,,,\n"
    install(classes=both, conditions=CONDITIONS.splitlines(keepends=True)[0] + one)
    assert ConditionBook.load(street).find(("设施", "井盖"), None, SPRING) is None


def test_book_when_two_schemes_are_installed_then_names_go_through_the_chosen_one(
    install: Install, street: Tenant, ana: Actor, at: datetime
) -> None:
    install()
    install(code="other", conditions=LATER)
    undecided = ConditionBook.load(street)
    assert (undecided.scheme, undecided.find(("市容环境", "暴露垃圾"), None, SPRING)) == ("", None)
    use_pack(street, "taxonomy", "other", by=ana, at=at)
    found = ConditionBook.load(street).find(("市容环境", "暴露垃圾"), None, SPRING)
    assert found is not None
    assert (found.condition.scheme, found.condition.limits[0].limit.unit) == ("other", Unit.WORK_DAY)


def test_offices_when_each_has_its_own_pack_then_each_is_answered_from_its_own(
    install: Install, street: Tenant, ana: Actor, at: datetime
) -> None:
    other = create_tenant("other", "别处", by=ana, at=at)
    install()
    install(at_office=other, version="2", conditions=LATER)
    limits = [_limit(condition_on(one, _class(one, "0101"), None, SUMMER)) for one in (street, other)]
    assert limits == [("4", "work_hour"), ("1", "work_day")]
    assert condition_on(other, _class(other, "0102"), None, SUMMER) is None
    found = [ConditionBook.load(one).find(("市容环境", "暴露垃圾"), None, SUMMER) for one in (street, other)]
    assert [one and one.condition.version for one in found] == ["1", "2"]


def test_code_when_a_later_version_gives_it_another_meaning_then_the_version_is_refused(
    install: Install, street: Tenant, ana: Actor, at: datetime
) -> None:
    install()
    renamed = trial(version="2", day="2026-06-01", classes=trial().files["classes.csv"].replace("道路不洁", "焚烧"))
    with pytest.raises(PackRefused) as refused:
        install_pack(street, renamed, by=ana, at=at)
    assert [(fault.code, fault.file, fault.row, fault.column) for fault in refused.value.faults] == [
        ("taxonomy.code_taken", "classes.csv", 4, "name")
    ]
    assert FilingCondition.objects.count() == 5


FAULTY = [
    pytest.param({"classes": "kind,code,name,parent\nevent,1,甲,\n"}, [("taxonomy.code_form", 2, "code")], id="short"),
    pytest.param(
        {"classes": "kind,code,name,parent\nmatter,01,甲,\n"}, [("taxonomy.kind_unknown", 2, "kind")], id="kind"
    ),
    pytest.param(
        {"classes": "kind,code,name,parent\nevent,01,甲,\nevent,0201,乙,01\n"},
        [("taxonomy.parent_unknown", 3, "parent")],
        id="sub-class-of-another-main",
    ),
    pytest.param(
        {"classes": "kind,code,name,parent\nevent,01,甲,\nevent,01,乙,\n"},
        [("taxonomy.class_twice", 2, ""), ("taxonomy.class_twice", 3, "")],
        id="twice",
    ),
]
ONE = "kind,code,name,parent\nevent,01,甲,\nevent,0101,乙,01\n"
HEAD = CONDITIONS.splitlines(keepends=True)[0]
FAULTY_CONDITIONS = [
    pytest.param("event,0199,1,甲,1工作日,,,,,,\n", [("taxonomy.class_unknown", 2, "code")], id="class-unknown"),
    pytest.param("event,0101,1,甲,1天,,,,,,\n", [("limit.day_undeclared", 2, "limit")], id="a-pack-names-its-units"),
    pytest.param("event,0101,1,甲,,,,,,,\n", [("limit.empty", 2, "limit")], id="neither-limit-nor-text"),
    pytest.param("event,0101,1,甲,,及时,,,,,\n", [], id="an-unread-limit-with-its-text-is-kept"),
    pytest.param("event,0101,1,甲,1工作日,,,,,,x\n", [("taxonomy.default_form", 2, "default")], id="default"),
    pytest.param(
        "event,0101,1,甲,1工作日,,,,,,1\nevent,0101,2,乙,1工作日,,,,,,1\n",
        [("taxonomy.default_twice", 2, ""), ("taxonomy.default_twice", 3, "")],
        id="two-defaults",
    ),
    pytest.param(
        f"event,0101,1,{'长' * 1001},1工作日,,,,,,\n", [("taxonomy.text_long", 2, "text")], id="longer-than-the-table"
    ),
]


@pytest.mark.parametrize(("files", "expected"), FAULTY)
def test_pack_when_a_class_is_wrong_then_the_fault_names_line_and_column(
    files: dict[str, str], expected: list[tuple[str, int, str]]
) -> None:
    faults = pack_faults(trial(conditions=HEAD, **files))
    assert [(fault.code, fault.row, fault.column) for fault in faults] == expected


@pytest.mark.parametrize(("rows", "expected"), FAULTY_CONDITIONS)
def test_pack_when_a_condition_is_wrong_then_the_fault_names_line_and_column(
    rows: str, expected: list[tuple[str, int, str]]
) -> None:
    faults = pack_faults(trial(classes=ONE, conditions=HEAD + rows))
    assert [(fault.code, fault.row, fault.column) for fault in faults] == expected
