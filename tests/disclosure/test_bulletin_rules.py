"""The text of a bulletin by hand: locked numbers, findings, differences, who may take which step."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.months import OCTOBER, told

from xiuhua.analytics.words import Part, Where
from xiuhua.cases.facts import MEASURES
from xiuhua.disclosure.bulletin import (
    ApprovalKind,
    Block,
    BlockKind,
    BulletinState,
    FindingKind,
    Said,
    Taken,
    Template,
    where_read,
    where_stored,
)
from xiuhua.disclosure.rules.approval import MAY, may, next_step, why_not
from xiuhua.disclosure.rules.comparing import difference, runs
from xiuhua.disclosure.rules.drafting import draft
from xiuhua.disclosure.rules.findings import findings, is_name, masked
from xiuhua.disclosure.rules.numbers import fields_of, printed, read_back, shown, used
from xiuhua.disclosure.rules.templates import read_template, template_faults
from xiuhua.disclosure.rules.texts import read_text

PACK = Path(__file__).parents[2] / "packs" / "bulletins" / "monthly.toml"
TITLES = {name: (str(one.title), str(one.unit)) for name, one in MEASURES.items()}
FIELDS = {one.name: one for one in fields_of(told(), TITLES)}
P = BlockKind.PARAGRAPH


def template(**approval: object) -> Template:
    document = tomllib.loads(PACK.read_text(encoding="utf-8"))
    document["approval"] |= approval
    return read_template(document, "0" * 64)


def kinds(text: str, **more: object) -> list[tuple[FindingKind, str]]:
    found = findings("标题", [Block(P, text)], FIELDS, **more)  # type: ignore[arg-type]
    return [(one.kind, one.text) for one in found]


# -- locked numbers ---------------------------------------------------------------------------------------------------


def test_fields_when_of_a_month_then_values_are_those_of_the_sheets_and_titles_are_unique() -> None:
    due, on_time = (sum(four[place] for four in OCTOBER.values()) for place in (0, 1))
    assert (FIELDS["due"].value, FIELDS["on_time"].value) == (str(due), str(on_time))
    assert FIELDS["on_time.rate"].value == "87.6%"
    assert (FIELDS["due.c1"].title, FIELDS["due.c1"].value) == ("桂花社区·应结案数", "60")
    assert len({one.title for one in FIELDS.values()}) == len(FIELDS)


def test_fields_when_they_count_cases_then_each_knows_its_list() -> None:
    where = FIELDS["overdue_open.c8"].where
    assert where is not None
    assert (where.measure, where.by, where.subject) == ("overdue_open", "community", "c8")
    assert {name for name, one in FIELDS.items() if one.where is None} == {
        name for name in FIELDS if name.split(".")[0] in {"score", "rank", "ranked"} or name.endswith(".change")
    }


@pytest.mark.parametrize(
    "where",
    [
        *(FIELDS[name].where for name in ("due", "due.c1", "class.1.due", "ranked")),
        Where("on_time", Part.REST, equal={"sub_class": None}, among={"due_cause": ("paused", "late_report")}),
    ],
)
def test_where_when_kept_and_read_then_it_is_the_same(where: Where | None) -> None:
    assert where_read(where_stored(where)) == where


@given(st.lists(st.one_of(st.sampled_from(sorted(FIELDS)), st.text("甲乙 1，。", max_size=8))))
def test_text_when_shown_and_read_back_then_it_is_the_same(parts: list[str]) -> None:
    stored = "".join(f"{{{{{part}}}}}" if part in FIELDS else part for part in parts)
    assert read_back(shown(stored, FIELDS), FIELDS) == (stored, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("应结案〔应结案数：429〕件", "bulletin.field_changed"),
        ("应结案〔应结案数：〕件", "bulletin.field_changed"),
        ("应结案〔应结数：428〕件", "bulletin.field_unknown"),
        ("应结案〔应结案数：428件", "bulletin.field_broken"),
        ("应结案{{due}}件", "bulletin.field_broken"),
    ],
    ids=["other value", "no value", "other name", "half a mark", "the stored form"],
)
def test_locked_number_when_changed_then_a_fault_says_so(typed: str, code: str) -> None:
    assert FIELDS["due"].value == "428"
    assert [one.code for one in read_back(typed, FIELDS)[1]] == [code]


def test_locked_number_when_untouched_or_moved_or_removed_then_nothing_is_said() -> None:
    for text in ("应结案〔应结案数：428〕件", "〔应结案数：428〕", "无", "见〔2026〕3号文"):
        assert read_back(text, FIELDS)[1] == ()


def test_text_when_printed_then_numbers_are_plain() -> None:
    assert printed("应结案{{due}}件", FIELDS) == "应结案428件"


# -- text of a form ---------------------------------------------------------------------------------------------------


def test_form_when_paragraphs_have_blank_lines_then_they_part_and_headings_are_told() -> None:
    title, blocks, faults = read_text(" 通报 ", ["一、考核排名", "甲。\r\n\r\n乙\n丙。", "  "], FIELDS)
    assert (title, faults) == ("通报", ())
    assert blocks == (
        Block(BlockKind.HEADING, "一、考核排名"),
        Block(P, "甲。"),
        Block(P, "乙 丙。"),
    )


@pytest.mark.parametrize(
    ("title", "texts", "code", "row"),
    [
        ("", ["甲"], "bulletin.no_title", 0),
        ("甲", [" ", ""], "bulletin.no_text", 1),
        ("甲", ["乙", "〔应结案数：1〕"], "bulletin.field_changed", 2),
        ("〔应结案数：1〕", ["乙"], "bulletin.field_changed", 0),
        ("长" * 121, ["乙"], "bulletin.long", 0),
    ],
    ids=["no title", "no text", "changed below", "changed in the title", "long"],
)
def test_form_when_wrong_then_the_fault_names_the_place(title: str, texts: list[str], code: str, row: int) -> None:
    assert [(one.code, one.row) for one in read_text(title, texts, FIELDS)[2]] == [(code, row)]


# -- findings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全月应结案600件", [(FindingKind.NUMBER, "600")]),
        ("全月应结案428件", [(FindingKind.TYPED, "428")]),
        ("全月应结案４２９件", [(FindingKind.NUMBER, "４２９")]),
        ("按期结案率为99.9%", [(FindingKind.NUMBER, "99.9%")]),
        ("按期结案率为87.6%", [(FindingKind.TYPED, "87.6%")]),
        ("共600件应结案", [(FindingKind.NUMBER, "600")]),
        ("全月应结案{{due}}件", []),
        ("应结案{{due}}件，共去了600处", []),
        ("超期未结的要在3日内处置", []),
        ("第600号文件", []),
        ("总分排前3名", []),
        ("道路长600米", []),
        ("应结案数{{due}}和600", []),
    ],
)
def test_number_when_typed_beside_the_words_of_a_locked_one_then_it_is_found(
    text: str, expected: list[tuple[FindingKind, str]]
) -> None:
    assert kinds(text) == expected


def test_typed_number_when_it_is_the_systems_own_then_one_click_locks_it() -> None:
    (found,) = findings("标题", [Block(P, "结案率为87.6%，列入排名8个")], FIELDS)[-1:]
    assert (found.text, found.instead, found.blocks) == ("8", "{{ranked}}", False)
    assert masked("列入排名8个", findings("t", [Block(P, "列入排名8个")], FIELDS)) == "列入排名{{ranked}}个"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("桂花社区应结案60件", "{{due.c1}}"),
        ("某社区应结案60件", ""),
        ("应结案428件", "{{due}}"),
    ],
    ids=["a subject named", "nobody named", "the office"],
)
def test_typed_number_when_several_have_its_value_then_the_clause_decides_which_is_meant(
    text: str, instead: str
) -> None:
    (found,) = findings("标题", [Block(P, text)], FIELDS)
    assert (found.kind, found.instead) == (FindingKind.TYPED, instead)


@pytest.mark.parametrize(
    ("text", "instead"),
    [("联系电话13812345678。", "138****5678"), ("车牌苏B12345", "苏B***45")],
    ids=["telephone", "plate"],
)
def test_personal_data_when_in_a_text_then_it_is_found_with_its_mask(text: str, instead: str) -> None:
    (found,) = findings("标题", [Block(P, text)], FIELDS)
    assert (found.kind, found.instead, found.blocks) == (FindingKind.PERSONAL, instead, True)
    assert findings("标题", [Block(P, masked(text, [found]))], FIELDS) == ()


def test_name_of_the_offices_people_when_in_title_or_text_then_it_is_found_whole() -> None:
    found = findings(
        "致王小明", [Block(P, "由王小明和李四负责，联系电话13812345678")], {}, names=["王小明", "李四", "网格长"]
    )
    assert [(one.kind, one.block, one.text) for one in found] == [
        (FindingKind.COLLEAGUE, -1, "王小明"),
        (FindingKind.COLLEAGUE, 0, "王小明"),
        (FindingKind.COLLEAGUE, 0, "李四"),
        (FindingKind.PERSONAL, 0, "13812345678"),
    ]
    assert found[0].instead == "王**"


@pytest.mark.parametrize(
    ("name", "person"),
    [("王小明", True), ("欧阳修", True), ("Ann Lee", True), ("受理员", False), ("x", False), ("王小明二三", False)],
)
def test_name_when_of_an_account_then_only_persons_names_count(name: str, person: bool) -> None:
    assert is_name(name) is person


def test_finding_when_waived_then_it_stays_and_bars_no_more() -> None:
    blocks = [Block(P, "联系电话13812345678")]
    (before,) = findings("标题", blocks, {})
    (after,) = findings("标题", blocks, {}, waived={before.key})
    assert (before.blocks, after.blocks, after.key) == (True, False, before.key)


def test_finding_when_a_locked_number_stands_within_then_places_are_those_of_the_stored_text() -> None:
    text = "应结案{{due}}件，联系电话13812345678"
    (found,) = findings("标题", [Block(P, text)], FIELDS)
    assert text[found.start : found.end] == "13812345678"


# -- drafting ---------------------------------------------------------------------------------------------------------


def test_draft_when_of_a_month_then_every_number_of_cases_is_locked_and_nothing_is_found() -> None:
    made = draft(told(), template(), TITLES)
    fields = {one.name: one for one in made.fields}
    assert findings(made.title, made.blocks, fields) == ()
    headings = [one.text for one in made.blocks if one.kind is BlockKind.HEADING]
    assert headings == ["一、考核排名", "二、案件办理", "三、存在问题", "四、下一步工作要求"]
    text = "\n".join(one.text for one in made.blocks)
    assert {"due", "on_time.rate", "overdue_open", "score.c1", "rank.c8", "overdue_open.c8"} <= set(used(text))
    assert "{" not in printed(text, fields)
    assert "超期未结26件" in printed(text, fields)
    assert "一是青砖弄社区应结案50件，超期未结8件；二是槐荫里社区" in printed(text, fields)


def test_draft_when_the_months_do_not_compare_then_it_compares_nothing() -> None:
    texts = [one.text for one in draft(told(previous=None), template(), TITLES).blocks]
    assert [one for one in texts if "上月" in one] == []
    assert len(texts) == len(draft(told(), template(), TITLES).blocks) - 1


def test_draft_when_the_analysis_says_something_then_every_number_of_it_is_locked_and_one_has_the_list() -> None:
    said = Said("上报增加的各类共多30件，其中86.7%来自暴露垃圾，计12件。", 12, Where("reported"))
    made = draft(told(), template(), TITLES, [said])
    fields = {one.name: one for one in made.fields}
    text = "上报增加的各类共多{{said.1.1}}件，其中{{said.1.2}}来自暴露垃圾，计{{said.1.3}}件。"
    assert text in [one.text for one in made.blocks]
    assert printed(text, fields) == said.text
    assert [fields[f"said.1.{place}"].where for place in (1, 2, 3)] == [None, None, Where("reported")]
    assert findings(made.title, made.blocks, fields) == ()


# -- the template -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('code = "leader"', 'code = "department"'),
        ("several = false\n", ""),
        ('items = "top"', 'items = "best"'),
        (
            '[[approval.steps]]\ncode = "leader"\ntitle = { zh = "分管领导审核", en = "Leader in charge" }\nroles = ["staff", "leader"]\n',
            "",
        ),
    ],
    ids=["a step twice", "nothing said", "unknown list", "two steps only"],
)
def test_template_when_wrong_then_faults(before: str, after: str) -> None:
    text = PACK.read_text(encoding="utf-8").replace("several = false     # ", "several = false\n# ")
    assert template_faults(text) == []
    assert before in text
    assert template_faults(text.replace(before, after)) != []


# -- approval ---------------------------------------------------------------------------------------------------------

STEPS = template().steps


def taken(*people: int) -> list[Taken]:
    return [Taken(step.code, by, ApprovalKind.PASSED) for step, by in zip(STEPS, people, strict=False)]


@pytest.mark.parametrize(
    ("passed", "code"),
    [((), "department"), ((1,), "leader"), ((1, 2), "confidentiality"), ((1, 2, 3), None)],
)
def test_steps_when_some_are_passed_then_the_next_one_waits(passed: tuple[int, ...], code: str | None) -> None:
    waiting = next_step(STEPS, taken(*passed))
    assert (waiting.code if waiting else None) == code


def test_steps_when_one_was_sent_back_then_it_counts_as_not_passed() -> None:
    assert next_step(STEPS, [Taken("department", 1, ApprovalKind.SENT_BACK)]) == STEPS[0]


@pytest.mark.parametrize(
    ("person", "roles", "several", "expected"),
    [
        (5, {"leader"}, False, ""),
        (9, {"leader"}, False, "bulletin.own_text"),
        (9, {"leader", "staff"}, True, "bulletin.own_text"),
        (None, {"leader"}, True, "bulletin.own_text"),
        (1, {"leader"}, False, "bulletin.step_twice"),
        (1, {"leader"}, True, ""),
        (5, {"supervisor"}, False, "bulletin.not_your_step"),
        (5, {"admin"}, True, "bulletin.not_your_step"),
        (5, set(), True, "bulletin.not_your_step"),
    ],
)
def test_step_when_somebody_wants_to_take_it_then_the_rule_decides(
    person: int | None,
    roles: set[str],
    several: bool,
    expected: str,
) -> None:
    leader = STEPS[1]
    assert why_not(leader, person, roles, authors={9}, taken=taken(1), several=several) == expected


def test_states_when_listed_then_issued_allows_a_correction_only_and_issuing_needs_all_steps() -> None:
    assert MAY[BulletinState.ISSUED] == {"correct"}
    assert [state for state in BulletinState if may(state, "issue")] == [BulletinState.APPROVED]
    assert [state for state in BulletinState if may(state, "approve")] == [BulletinState.REVIEW]


# -- differences ------------------------------------------------------------------------------------------------------


@given(st.text("甲乙丙 12a。", max_size=30), st.text("甲乙丙 12a。", max_size=30))
def test_runs_when_put_together_again_then_they_are_both_texts(before: str, after: str) -> None:
    found = runs(before, after)
    assert "".join(text for kind, text in found if kind != "new") == before
    assert "".join(text for kind, text in found if kind != "gone") == after


def test_difference_when_a_word_a_block_and_an_order_change_then_each_is_told() -> None:
    before = [Block(P, "按期结案率上升"), Block(P, "第二段保持不变"), Block(P, "要删的一段话")]
    after = [Block(P, "按期结案率下降"), Block(P, "第二段保持不变"), Block(P, "Quite another text")]
    assert [(one.change, one.runs) for one in difference(before, after)] == [
        ("changed", (("same", "按期结案率"), ("gone", "上升"), ("new", "下降"))),
        ("same", (("same", "第二段保持不变"),)),
        ("added", (("new", "Quite another text"),)),
        ("removed", (("gone", "要删的一段话"),)),
    ]


_BLOCKS = st.lists(st.text("甲乙丙丁12", min_size=1, max_size=6).map(lambda text: Block(P, text)), max_size=6)


@given(_BLOCKS, _BLOCKS)
def test_difference_when_read_for_either_side_then_no_word_is_lost(before: list[Block], after: list[Block]) -> None:
    found = difference(before, after)
    old = "".join(text for one in found for kind, text in one.runs if kind != "new")
    new = "".join(text for one in found for kind, text in one.runs if kind != "gone")
    assert (sorted(old), new) == (sorted("".join(one.text for one in before)), "".join(one.text for one in after))
