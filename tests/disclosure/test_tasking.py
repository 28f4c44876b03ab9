"""Which problems become drafts of the task list, what is to be done about each, and by when."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from tests.disclosure.months import MATRIX, NAMES, told

from xiuhua.disclosure.queries.tasking import RemediesUnknown, remedies_of, tasks_of, worded
from xiuhua.disclosure.rules.tasking import Draft, Remedies, Source, drafts, read_remedies, remedies_faults, worst
from xiuhua.disclosure.words import Recurrent, Spot, Tallied
from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.words import Actor

PACKS = Path(__file__).parents[2] / "packs" / "remedies"
BASIC = (PACKS / "basic.toml").read_text(encoding="utf-8")
PLACES = tuple(Recurrent("暴露垃圾", code, 4, "桂花路口", (f"R{code}",)) for code in ("c1", "c2", "c3", "c4"))
SPOTS = tuple(Spot(name, 12, 4, 0) for name in ("菜场北", "站前", "河边"))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def remedies() -> Remedies:
    """Return the remedies as shipped."""
    return read_remedies(tomllib.loads(BASIC))


@pytest.mark.parametrize("name", sorted(path.stem for path in PACKS.glob("*.toml")))
def test_remedies_that_are_shipped_have_no_fault(name: str) -> None:
    assert remedies_faults((PACKS / f"{name}.toml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        pytest.param("worst = 5", "worst = 0.5", "days.worst", id="half a day"),
        pytest.param('classes = ["私搭乱建"]', "classes = []", "remedy[7].classes", id="a remedy of nothing"),
        pytest.param('classes = ["私搭乱建"]', 'classes = ["暴露垃圾"]', "remedy[7].classes", id="a class twice"),
        pytest.param("[default]", "[defualt]", "", id="a misspelt cause"),
    ],
)
def test_remedies_when_wrong_say_in_which_field(before: str, after: str, column: str) -> None:
    assert before in BASIC
    assert column in [fault.column for fault in remedies_faults(BASIC.replace(before, after))]


def test_worst_of_a_subject_is_what_is_overdue_first_and_never_what_went_well() -> None:
    own = (
        Tallied("d", 50, 0, 0, "x"),
        Tallied("c", 9, 0, 7, "x"),
        Tallied("b", 4, 2, 0, "x"),
        Tallied("a", 4, 2, 1, "x"),
        Tallied("a", 4, 9, 1, "y"),
    )
    assert [one.class_name for one in worst(own, "x", 9)] == ["a", "b", "c"]
    assert [one.class_name for one in worst(own, "x", 1)] == ["a"]


def test_drafts_are_the_called_up_units_worst_then_places_then_spots(remedies: Remedies) -> None:
    found = drafts(["c8", "c7"], MATRIX, PLACES, SPOTS, remedies)
    assert [(one.source, one.subject or one.where, one.class_name, one.days) for one in found] == [
        (Source.WORST, "c8", "暴露垃圾", 5),
        (Source.WORST, "c8", "占道经营", 5),
        (Source.WORST, "c7", "暴露垃圾", 5),
        (Source.WORST, "c7", "道路破损", 5),
        (Source.RECURRENT, "c1", "暴露垃圾", 10),
        (Source.RECURRENT, "c2", "暴露垃圾", 10),
        (Source.RECURRENT, "c3", "暴露垃圾", 10),
        (Source.HOT, "菜场北", "", 15),
        (Source.HOT, "站前", "", 15),
    ]


def test_a_draft_carries_the_cases_that_are_overdue(remedies: Remedies) -> None:
    first = drafts(["c8"], MATRIX, (), (), remedies)[0]
    assert (first.overdue, first.due, first.cases) == (5, 12, ("A01", "A02", "A03", "A04", "A05"))
    assert first.remedies[0].zh == "逐件核查 5 件超期未结案件，处置到位并反馈"


def test_a_class_that_no_pack_knows_has_the_general_remedy(remedies: Remedies) -> None:
    draft = drafts(["x"], [Tallied("没听说过的类别", 3, 1, 0, "x")], (), (), remedies)[0]
    assert draft.remedies[1] == remedies.causes["default"]


def test_tasks_in_words_name_problem_remedy_day_unit_and_post(remedies: Remedies) -> None:
    found: tuple[Draft, ...] = drafts(["c8"], MATRIX[:1], PLACES[:1], SPOTS[:1], remedies)
    tasks = worded(told(), found, lambda days: f"2026-11-{days + 2:02d}")
    assert [(one.problem, one.due, one.unit, one.person) for one in tasks] == [
        ("“暴露垃圾”超期未结 5 件（应结案 12 件）", "2026-11-07", NAMES["c8"], "社区书记"),
        ("“暴露垃圾”在桂花路口反复发生 4 次", "2026-11-12", NAMES["c1"], "社区书记"),
        ("菜场北一带案件集中，本月 12 件", "2026-11-17", "待会议明确", "待会议明确"),
    ]
    assert tasks[0].remedy == (
        "逐件核查 5 件超期未结案件，处置到位并反馈；核对清运频次与投放量，调整收运时间，破损容器当日更换。"
    )


def test_tasks_are_due_after_working_days_where_the_office_has_a_calendar(
    street: Tenant, ana: Actor, at: datetime
) -> None:
    month = told(made="2026-09-28T01:00:00+00:00")
    without = {one.due for one in tasks_of(street, month)}
    for name in ("holidays/cn", "calendar/demo-street"):
        install_pack(street, read_pack(shipped_pack(Path(settings.PACKS), name)), by=ana, at=at)
    # after Monday 28 September 2026: 29, 30, then the National Day until the 7th, 8, 9 and the Saturday that makes up for it
    assert (without, {one.due for one in tasks_of(street, month)}) == ({"2026-11-20"}, {"2026-10-10"})


@pytest.mark.parametrize("name", ["../basic", "gone", ""])
def test_remedies_of_a_name_that_no_pack_has_are_refused(name: str) -> None:
    with pytest.raises(RemediesUnknown):
        remedies_of(Tenant(code="x", settings={"remedies": name}))
