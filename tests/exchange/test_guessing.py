"""What a guess is worth on names it was not made from, what it asks, and what it never says."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.exchange.guesses import Proposal
from xiuhua.exchange.rules.aliases import Aliases, alias_faults, aliases_of, fold_name, meet
from xiuhua.exchange.rules.guessing import ChoiceUnknown, NotCases, guess

PACKS = Path(__file__).parents[2] / "packs"
TABLE = (PACKS / "aliases/platforms.toml").read_text(encoding="utf-8")
ALIASES = aliases_of([tomllib.loads(TABLE)])
PUBLISHED = tomllib.loads((Path(__file__).parent / "published_headers.toml").read_text(encoding="utf-8"))["set"]
#: Columns right of ten published sets together; a guess that falls below is no help.
LEAST = 0.9

COLUMNS_24 = [
    "上报时间",
    "任务号",
    "大类名称",
    "小类名称",
    "问题来源",
    "问题描述",
    "当前阶段名称",
    "处置部门",
    "捆绑处置截止时间",
    "结案时间",
    "所属片区",
    "问题类型",
    "地址描述",
    "所属街道",
    "所属社区",
    "监督员",
    "处置截止时间",
    "X坐标",
    "Y坐标",
    "延期理由",
    "处置意见",
    "单元网格",
    "延期次数",
    "所属区域",
]
ROW_24 = (
    "2026-10-03 08:00:00|SZ001|市容环境|暴露垃圾|监督员上报|垃圾|{stage}|环卫所|2026-10-03 12:00:00|2026-10-03 10:00:00|东片|事件|"
    "虚构路1号|样板街道|东河社区|甲|2026-10-03 11:00:00|{x}|{y}||已清|320000001001001|0|样板区"
)


@pytest.fixture(scope="module")
def aliases() -> Aliases:
    """The shipped table of names."""
    return ALIASES


def cells(text: str) -> list[str]:
    return text.split("|")


def verdicts(one: dict[str, Any], aliases: Aliases) -> dict[str, bool]:
    """Return for each column of a published set whether the guess at it is right."""
    found = guess(cells(one["header"]), [cells(row) for row in one["rows"]], aliases).fields
    by_column = {proposed.column: which for which, proposed in found.items()}
    may = {name: which for which, names in one["right"].items() for name in names}
    taken = {which for which, names in one["right"].items() if which in found and found[which].column in names}

    def right(name: str) -> bool:
        proposed = by_column.get(name, "")
        if proposed:
            return proposed in (may.get(name), one.get("free", {}).get(name))
        return name not in may or may[name] in taken

    return {name: right(name) for name in cells(one["header"])}


def test_guess_when_ten_published_headers_are_met_then_nine_in_ten_columns_are_right(
    aliases: Aliases, capsys: pytest.CaptureFixture[str]
) -> None:
    right = columns = fields = hit = 0
    lines = []
    for one in PUBLISHED:
        said = verdicts(one, aliases)
        found = guess(cells(one["header"]), [cells(row) for row in one["rows"]], aliases).fields
        mapped = sum(which in found and found[which].column in names for which, names in one["right"].items())
        exact = sum(any(meet(name, which, aliases)[0] == "exact" for which in one["right"]) for name in said)
        lines.append(
            f"{one['name']}: columns {sum(said.values())}/{len(said)}, fields {mapped}/{len(one['right'])}, names in the table {exact}"
            + "".join(f"; wrong: {name}" for name, well in said.items() if not well)
        )
        right, columns = right + sum(said.values()), columns + len(said)
        hit, fields = hit + mapped, fields + len(one["right"])
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, f"all: columns {right}/{columns}, fields {hit}/{fields}", ""]))
    assert len(PUBLISHED) == 10
    assert min(right / columns, hit / fields) >= LEAST


def test_aliases_when_shipped_then_without_fault_and_a_wrong_one_is_named() -> None:
    assert alias_faults(TABLE) == []
    wrong = TABLE.replace("[fields.number]", "[fields.numbr]")
    assert [fault.code for fault in alias_faults(wrong)] == ["pack.schema"]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("任务号", "任务号"),
        (" 任 务 号 ", "任务号"),
        ("经度（度）", "经度"),
        ("TASK_NUM", "tasknum"),
        ("taskNum", "tasknum"),
        ("Task Num.", "tasknum"),
        ("ＴＡＳＫ＿ＮＵＭ", "tasknum"),
        ("Service Request (SR) Number", "servicerequestnumber"),
        ("(编号)", "编号"),
    ],
)
def test_names_when_case_width_blanks_or_brackets_differ_then_folded_alike(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@pytest.mark.parametrize(
    ("name", "field", "how"),
    [
        ("任务号", "number", "exact"),
        ("所属小类名称", "sub_class", "filled"),
        ("系统结案时刻", "closed_at", "part"),
        ("创建人", "reported_at", "no"),
        ("CREATION TIME", "verdict", "no"),  # "on time" begins in the middle of a word
        ("NEW ADDED DATE", "verdict", "no"),
    ],
)
def test_names_when_met_with_a_field_then_exactly_in_part_or_not(
    name: str, field: str, how: str, aliases: Aliases
) -> None:
    assert meet(name, field, aliases)[0] == how


def rows_24(*pairs: tuple[str, str, str]) -> list[list[str]]:
    return [
        cells(ROW_24.format(stage=stage, x=x, y=y).replace("SZ001", f"SZ{at:03}"))
        for at, (stage, x, y) in enumerate(pairs)
    ]


def proposed(aliases: Aliases, *pairs: tuple[str, str, str]) -> Proposal:
    return guess(COLUMNS_24, rows_24(*pairs), aliases)


def test_guess_when_the_usual_export_is_met_then_every_field_is_named_and_the_bundled_deadline_counts(
    aliases: Aliases,
) -> None:
    found = proposed(aliases, ("[结案]", "13390000.5", "3700000.5"), ("[作废]", "13391000.5", "3701000.5"))
    assert {which: one.column for which, one in found.fields.items()} == {
        "number": "任务号",
        "reported_at": "上报时间",
        "due_at": "捆绑处置截止时间",
        "closed_at": "结案时间",
        "description": "问题描述",
        "address": "地址描述",
        "channel": "问题来源",
        "main_class": "大类名称",
        "sub_class": "小类名称",
        "body": "处置部门",
        "territory_code": "单元网格",
        "territory_name": "所属社区",
        "longitude": "X坐标",
        "latitude": "Y坐标",
        "stage": "当前阶段名称",
        "extensions": "延期次数",
    }
    assert found.left == (
        "所属片区",
        "问题类型",
        "所属街道",
        "监督员",
        "处置截止时间",
        "延期理由",
        "处置意见",
        "所属区域",
    )
    assert found.values == {"stage": (("[结案]", 1), ("[作废]", 1))}
    assert found.lacking == ()


@pytest.mark.parametrize(
    ("pair", "systems"),
    [
        (("120.30123", "31.56234"), ["gcj02", "wgs84", "bd09", "cgcs2000"]),
        (("-71.0587", "42.3594"), ["wgs84"]),
        (("13390000.5", "3700000.5"), ["bd09mc", "webmercator"]),
        (("-7910000.5", "5210000.5"), ["webmercator"]),
        (("40528479.5", "3494211.7"), ["cgcs2000-gk3"]),
        (("528479.5", "3494211.7"), ["cgcs2000-gk3"]),
        (("99999999.5", "99999999.5"), []),
    ],
)
def test_guess_when_coordinates_are_mapped_then_the_system_is_asked_with_what_their_range_allows(
    pair: tuple[str, str], systems: list[str], aliases: Aliases
) -> None:
    asked = {one.what: one for one in proposed(aliases, ("[结案]", *pair)).questions}
    found = asked.get("crs")
    assert ([one.value for one in found.candidates] if found else []) == systems
    assert found is None or found.proposed == ""


@pytest.mark.parametrize(
    ("x", "y"), [("3494211.7", "40528479.5"), ("3494211.7", "528479.5"), ("31.56234", "120.30123")]
)
def test_guess_when_x_must_point_north_then_the_axes_are_exchanged_and_it_is_said(
    x: str, y: str, aliases: Aliases
) -> None:
    fields = proposed(aliases, ("[结案]", x, y)).fields
    assert (fields["longitude"].column, fields["latitude"].column) == ("Y坐标", "X坐标")
    assert {reason.code for reason in fields["longitude"].reasons} >= {"axes"}


@pytest.mark.parametrize(
    ("dates", "possible", "proposed_order"),
    [
        (["03/04/2026", "05/06/2026"], ["mdy", "dmy"], ""),
        (["03/04/2026", "05/16/2026"], ["mdy"], "mdy"),
        (["03/04/2026", "25/06/2026"], ["dmy"], "dmy"),
        (["2026-03-04", "2026年3月4日 08:00"], ["ymd"], "ymd"),
        (["25/06/2026", "06/25/2026"], [], ""),
    ],
    ids=["either", "month first", "day first", "year first", "neither"],
)
def test_guess_when_dates_are_written_then_their_order_is_asked_and_proposed_only_where_proven(
    dates: list[str], possible: list[str], proposed_order: str, aliases: Aliases
) -> None:
    found = guess(["编号", "上报时间"], [[f"A{at}", day] for at, day in enumerate(dates)], aliases)
    asked = {one.what: one for one in found.questions}
    assert [one.value for one in asked["date_order"].candidates] == possible
    assert asked["date_order"].proposed == proposed_order
    assert (asked["date_order"].evidence in dates) == bool(proposed_order)
    assert [one.value for one in asked["zone"].candidates] == ["Asia/Shanghai"]


def test_guess_when_limits_stand_in_the_file_then_the_meaning_of_a_day_is_asked(aliases: Aliases) -> None:
    found = guess(
        ["编号", "上报时间", "处置时长"], [["1", "2026-10-01", "2天"], ["2", "2026-10-01", "4工作小时"]], aliases
    )
    asked = {one.what: one for one in found.questions}
    assert (asked["day"].columns, asked["day"].proposed) == (("处置时长",), "")
    assert [one.value for one in asked["day"].candidates] == ["work_day", "natural_day"]


#: Names of columns of further platforms as the domain's notes have them, and what they are.
OTHERS = {
    "library": {
        "TASK_NUM": "number",
        "CREATE_TIME": "reported_at",
        "ADDRESS": "address",
        "COMMUNITY_NAME": "territory_name",
        "EVENT_SRC_NAME": "channel",
        "MAIN_TYPE_NAME": "main_class",
        "SUB_TYPE_NAME": "sub_class",
        "EVENT_DESC": "description",
        "first_unit_name": "body",
    },
    "tasks": {"taskId": "number", "happenTime": "reported_at", "deadlineTime": "due_at"},
    "grid": {
        "executeDeptname": "body",
        "infobcname": "main_class",
        "infoscname": "sub_class",
        "communityname": "territory_name",
    },
}


@pytest.mark.parametrize("names", OTHERS.values(), ids=OTHERS)
def test_guess_when_a_platforms_names_stand_without_any_row_then_the_names_alone_tell(
    names: dict[str, str], aliases: Aliases
) -> None:
    header = [*names, "STREET_NAME", "syncTime", "recordNo2"]
    found = guess(header, [], aliases).fields
    assert {one.column: which for which, one in found.items() if one.column in names} == names


SCORES = {
    "marks by month": (["社区", *(f"{month}月" for month in range(1, 13))], ["东河", *(["95.5"] * 12)]),
    "marks by item": (["小区", "得分", "卫生得分", "秩序得分", "排名"], ["一", "91", "45", "46", "3"]),
    "observations": (
        ["Month", "Section", "Clean %", "Clean % - Previous Month", "Rating"],
        ["2026 / 10", "S1", "90.1", "91.2", "3"],
    ),
}


@pytest.mark.parametrize(("header", "row"), SCORES.values(), ids=SCORES)
def test_guess_when_the_table_holds_scores_then_it_is_refused_with_where_scores_come_from(
    header: list[str], row: list[str], aliases: Aliases
) -> None:
    with pytest.raises(NotCases) as caught:
        guess(header, [row, row], aliases)
    assert "xiuhua assess" in str(caught.value)


def test_guess_when_cases_carry_a_score_too_then_they_are_cases(aliases: Aliases) -> None:
    header = ["任务号", "上报时间", "得分", "评分一", "评分二"]
    found = guess(header, [["A1", "2026-10-01", "1", "2", "3"], ["A2", "2026-10-02", "1", "2", "3"]], aliases)
    assert {which: one.column for which, one in found.fields.items()} == {"number": "任务号", "reported_at": "上报时间"}


CELLS = (
    st.text(max_size=12) | st.datetimes() | st.dates() | st.floats(allow_nan=False).map(str) | st.integers().map(str)
)
NAMES = st.sampled_from([*COLUMNS_24, "id", "Latitude", "lon", "是否超时", "得分"]) | st.text(min_size=1, max_size=6)


@settings(deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), st.lists(st.lists(CELLS, max_size=9), max_size=6))
def test_guess_when_anything_is_in_the_file_then_each_column_serves_once_and_none_is_lost(
    header: list[str], rows: list[list[Any]]
) -> None:
    try:
        found = guess(header, rows, ALIASES)
    except NotCases:
        return
    used = [one.column for one in found.fields.values()]
    assert sorted([*used, *found.left]) == sorted(header)
    assert ("longitude" in found.fields) == ("latitude" in found.fields)
    assert all(0 < one.confidence <= 1 for one in found.fields.values())


def test_guess_when_a_person_names_columns_then_they_stand_and_their_other_fields_lose_them(aliases: Aliases) -> None:
    header = ["任务号", "上报时间", "业务键", "E", "N"]
    rows = [["A1", "2026-10-01", "K1", "120.3", "31.5"], ["A2", "2026-10-02", "K2", "120.31", "31.51"]]
    told = {"number": "业务键", "title": "任务号", "longitude": "E", "latitude": "N"}
    found = guess(header, rows, aliases, told)
    assert {which: one.column for which, one in found.fields.items()} == {"reported_at": "上报时间", **told}
    assert [one.what for one in found.questions] == ["crs", "zone", "date_order"]
    without = guess(header, rows, aliases, {"number": ""})
    assert (without.lacking, without.left) == (("number",), ("任务号", "业务键", "E", "N"))


@pytest.mark.parametrize("told", [{"nummer": "任务号"}, {"number": "没有"}])
def test_guess_when_a_person_names_what_there_is_not_then_refused(told: dict[str, str], aliases: Aliases) -> None:
    with pytest.raises(ChoiceUnknown):
        guess(["任务号", "上报时间"], [["A1", "2026-10-01"]], aliases, told)
