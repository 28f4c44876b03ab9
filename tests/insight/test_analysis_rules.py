"""What analysis names, and when it keeps silent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.analytics.words import Part, Where
from xiuhua.insight.phrases import READ, clause, codes, pieces, sentence, unsaid_sentence
from xiuhua.insight.rules.changes import change_sayings, changes_of, moves
from xiuhua.insight.rules.effort import effort_of, effort_sayings, note
from xiuhua.insight.rules.named import shortest
from xiuhua.insight.rules.overdue import cause_sayings, causes_of, subject_sayings, unit_sayings, units_of
from xiuhua.insight.rules.places import hot_sayings, recurrence_sayings
from xiuhua.insight.words import Against, Changes, Compared, Holding, OverdueUnit, Place, Settings, Tally, Unsaid, Watch

SETTINGS = Settings(
    code="basic",
    version="1",
    effective_from="2000-01",
    shared_least=10,
    shared_classes=3,
    radius_m=50,
    days=30,
    cluster_least=3,
    resolution=10,
    alpha=Fraction(1, 20),
    least_cases=20,
    pareto=Fraction(4, 5),
    least_change=5,
    least_overdue=5,
    least_reported=10,
    own_channels=("监督员上报", "视频"),
    citizen_channels=("电话",),
)
FRAME = Changes("", Against.MONTH, Compared.REPORTED, "2026-09", 0)


@pytest.mark.parametrize(
    ("sizes", "share", "expected"),
    [
        pytest.param({"a": 8, "b": 2}, "4/5", ["a"], id="exactly the share is enough"),
        pytest.param({"a": 79, "b": 21}, "4/5", ["a", "b"], id="just below is not"),
        pytest.param({"b": 5, "a": 5}, "1/2", ["a"], id="ties by name"),
        pytest.param({"a": 5, None: 5}, "1/2", ["a"], id="who has no name comes after his equals"),
        pytest.param({"a": 0}, "4/5", [], id="nothing is never named"),
        pytest.param({"a": 1, "b": 1, "c": 0}, "1", ["a", "b"], id="all of it leaves out what is 0"),
    ],
)
def test_shortest_when_sizes_are_so_then_names_these(
    sizes: dict[str | None, int], share: str, expected: list[str]
) -> None:
    named = shortest(sizes.items(), lambda one: one[1], lambda one: one[0], Fraction(share))
    assert [name for name, _size in named] == expected


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 50)),
    st.fractions(Fraction(1, 20), 1, max_denominator=20),
)
def test_shortest_is_no_longer_than_any_other_list_that_reaches_the_share(
    sizes: dict[str, int], share: Fraction
) -> None:
    named = shortest(sizes.items(), lambda one: one[1], lambda one: one[0], share)
    whole, made = sum(sizes.values()), sum(size for _name, size in named)
    assert made >= share * whole
    largest = sorted(sizes.values(), reverse=True)[: max(len(named) - 1, 0)]
    assert sum(largest) < share * whole or not named


def test_moves_when_classes_rise_and_fall_then_each_way_has_its_own_list() -> None:
    now = {"垃圾": 20, "路灯": 3, "道路": 5, "摊贩": 4, None: 6}
    before = {"垃圾": 8, "路灯": 13, "道路": 4, "摊贩": 4, "树木": 1, None: 4}
    up, down = moves(now, before, SETTINGS)
    assert up
    assert down
    assert (up.gross, [one.class_name for one in up.named], up.covered, up.others) == (15, ["垃圾"], 12, 2)
    assert (down.gross, [one.class_name for one in down.named], down.others) == (11, ["路灯"], 1)


def test_moves_when_a_way_moved_less_than_the_least_then_it_is_not_told() -> None:
    assert moves({"a": 9}, {"a": 5}, SETTINGS) == (None, None)
    assert changes_of(FRAME, {"a": 9}, {"a": 5}, SETTINGS).why is Unsaid.SMALL


def test_change_sayings_when_there_is_a_reason_not_to_then_say_nothing() -> None:
    for why in Unsaid:
        silent = Changes("", Against.YEAR, Compared.OVERDUE, "2025-10", 7, why=why)
        assert list(change_sayings(silent, by="community", name="", period="2026-10")) == []
        assert unsaid_sentence(silent).startswith("— ")


def test_change_sayings_read_like_a_report() -> None:
    changes = changes_of(FRAME, {"垃圾": 20, "路灯": 3}, {"垃圾": 8, "路灯": 13}, SETTINGS)
    said = [sentence(one) for one in change_sayings(changes, by="community", name="", period="2026-10")]
    assert said == [
        "上报 23 件，比上月（21 件）多 2 件。",
        "与上月相比，上报增加的各类共多 12 件，其中 100.0% 来自 1 类：垃圾 20 件（多 12 件）。",
        "与上月相比，上报减少的各类共少 10 件，其中 100.0% 来自 1 类：路灯 3 件（少 10 件）。",
    ]


def test_overdue_sayings_when_few_are_overdue_then_nothing_is_said() -> None:
    few = [Tally("垃圾", "C1", due=9, overdue_open=2, late=2)]
    assert list(subject_sayings("C1", few, by="community", name="甲", period="2026-10", settings=SETTINGS)) == []
    units = units_of([OverdueUnit("U1", "环卫所", 9, 2, 2)])
    assert list(unit_sayings(units, period="2026-10", settings=SETTINGS)) == []
    causes = causes_of(few, {"due_cause": {"holiday": 4}, "verdict_cause": {}})
    assert list(cause_sayings(causes, period="2026-10", settings=SETTINGS)) == []


def test_causes_add_up_to_all_that_are_overdue_and_cases_beside_them_have_no_share() -> None:
    tallies = [
        Tally("垃圾", "C1", due=9, overdue_open=2, late=2, no_deadline=3),
        Tally(None, None, due=4, overdue_open=1, late=3, undetermined=1),
    ]
    causes = causes_of(tallies, {"due_cause": {"same": 5, "holiday": 3}, "verdict_cause": {None: 8, "": 0}})
    assert [(one.column, one.value, one.count, one.of) for one in causes] == [
        ("due_cause", "same", 5, 8),
        ("due_cause", "holiday", 3, 8),
        ("verdict_cause", None, 8, 8),
        ("sub_class", "垃圾", 4, 8),
        ("sub_class", None, 4, 8),
        ("no_deadline", None, 3, None),
        ("undetermined", None, 1, None),
    ]


def test_effort_when_channels_are_known_then_sides_are_told_and_the_rest_is_other() -> None:
    effort = effort_of("C1", {"监督员上报": 6, "视频": 2, "电话": 3, "": 1, "领导": 0}, SETTINGS)
    assert (effort.reported, effort.own, effort.citizens, effort.others) == (12, 8, 3, 1)
    told = list(effort_sayings(effort, by="community", name="甲", period="2026-10", settings=SETTINGS))
    assert [sentence(one) for one in told] == [
        "甲：上报 12 件：自己发现 8 件，占 66.7%、群众反映 3 件，占 25.0%、其他来源 1 件，占 8.3%。"
    ]
    assert [part.where.among for part in told[0].parts if part.where] == [
        {"channel": ("监督员上报", "视频")},
        {"channel": ("电话",)},
        {"channel": ("",)},
    ]


@pytest.mark.parametrize(
    "channels",
    [pytest.param({"监督员上报": 9}, id="too few"), pytest.param({"领导": 50}, id="no channel is known")],
)
def test_effort_when_its_sample_does_not_hold_then_no_share_is_said(channels: dict[str | None, int]) -> None:
    effort = effort_of("", channels, SETTINGS)
    assert list(effort_sayings(effort, by="community", name="", period="2026-10", settings=SETTINGS)) == []
    assert [one.code for one in note([effort], period="2026-10")] == ["effort.note"]


def test_sentence_when_there_are_many_parts_then_reads_out_the_first_and_so_on() -> None:
    tallies = [Tally(f"类{n}", "C1", due=5, late=5) for n in range(9)]
    (said,) = subject_sayings("", tallies, by="community", name="", period="2026-10", settings=SETTINGS)
    assert len(said.parts) == 8
    assert clause(said).count("类") == READ
    assert clause(said).endswith("类4 5 件等。")
    head, tail = pieces(said)
    assert (head[:3], tail) == ("应结案", "。")


def test_sentences_have_their_english() -> None:
    (said,) = subject_sayings(
        "C1", [Tally(None, "C1", due=7, late=6)], by="community", name="A", period="2026-10", settings=SETTINGS
    )
    with override("en"):
        assert sentence(said) == (
            "A: Of 7 cases due, 6 were overdue (85.7%): 0 still open at the end of the month, 6 closed late. "
            "Most of them: without sub-class 6."
        )
    assert said.code in codes()


def test_places_when_found_then_each_is_told_with_its_cases() -> None:
    places = [
        Place("垃圾", "C1", 3, ("A1", "A3", "A2", "A4"), ("C1", "C2", "C1", "C1"), "一村", 0, 0),
        Place("摊贩", None, 1, ("B1", "B2"), (None, None), "", 0, 0),
    ]
    names = {"C1": "甲", "C2": "乙", "C3": "丙"}
    told = list(recurrence_sayings(places, names, by="community", period="2026-10", settings=SETTINGS))
    assert [(one.subject, one.count, one.where) for one in told] == [
        ("", 4, Where("repeats")),
        ("C1", 2, Where("repeats", by="community", subject="C1")),
        ("C2", 1, Where("repeats", by="community", subject="C2")),
    ]
    assert [(part.count, part.where) for part in told[2].parts] == [
        (1, Where("repeats", by="community", subject="C2", keys=("A3", "A2", "A4")))
    ]
    assert sentence(told[0]).endswith("在 2 处：“一村”垃圾 3 件、“没有名字的地方”摊贩 1 件。")
    assert list(recurrence_sayings([], names, by="community", period="2026-10", settings=SETTINGS)) == []


def test_closings_when_their_days_are_over_then_are_told_beside_those_that_still_run() -> None:
    held = Holding(210, 0.883, (0.82, 0.92), None, 27.3 * 86_400_000_000)
    watch = {"": Watch(14, 120, 90, held), "C1": Watch(1, 2, None), "C2": Watch(0, 0, 3)}
    called = {"C1": "甲", "C2": "乙"}
    told = list(recurrence_sayings([], called, watch, by="community", period="2026-10", settings=SETTINGS))
    days = SETTINGS.days
    beyond, told = told[1], [told[0], *told[2:]]
    assert sentence(beyond) == (
        f"连没满期的在内 210 件结案，到第 {days} 天还没有再来的占 88.3%（95% 区间 82.0% 到 92.0%），期内平均管住 27.3 天；"
        "少去看的地方，也会显得管得久。"
    )
    assert [sentence(one) for one in told] == [
        f"结案后满 {days} 天才看得出管没管住：本月满期的结案 120 件、其中期内又来的 14 件（11.7%）、期未满、不算在内的 90 件。",
        f"甲：结案后满 {days} 天才看得出管没管住：本月满期的结案 2 件、其中期内又来的 1 件（50.0%）。",
    ]
    assert [(one.where, one.count) for one in told[0].parts] == [
        (Where("recurred", Part.OF), 120),
        (Where("recurred"), 14),
        (Where("running"), 90),
    ]
    assert told[1].parts[0].where == Where("recurred", Part.OF, "community", "C1")
    with override("en"):
        assert sentence(told[0]) == (
            f"A closing is judged once its {days} days are over: 120 whose days are over, of these 14 came back (11.7%), "
            "90 still running and not counted."
        )


def test_hot_spots_when_found_then_are_told_with_what_was_to_be_expected() -> None:
    (told,) = hot_sayings([Spot("8a", "公园", ("A1", "A2"), 0.25)], period="2026-10", settings=SETTINGS)
    assert sentence(told) == "案件明显扎堆的有 1 处（允许其中误报 5%）：公园一带 2 件（平均摊开应有 0.2 件）。"
    assert [(one.count, one.where and one.where.keys) for one in told.parts] == [(2, ("A1", "A2"))]
    assert list(hot_sayings([], period="2026-10", settings=SETTINGS)) == []


@dataclass(frozen=True)
class Spot:
    """A hot spot as far as it is told."""

    cell: str
    name: str
    cases: tuple[str, ...]
    expected: float
