"""The month's bulletin: the order of its parts, and sentences that stand only where their numbers exist."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.disclosure.months import OCTOBER, labels, month, told

from xiuhua.assessment.rules import changes, lists
from xiuhua.assessment.words import CutOff
from xiuhua.disclosure.official.words import Layer, Official, Table
from xiuhua.disclosure.report import report
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.words import Missing, Recurrent, Told


def heads(made: Official) -> list[str]:
    """Return the heads of the first layer."""
    return [one.text for one in made.body if one.layer is Layer.ONE]


def text(made: Official) -> str:
    """Return the text, a line for each paragraph."""
    return "\n".join(one.text for one in made.body)


def table(made: Official, number: int) -> Table:
    """Return the table of an annex."""
    return next(block for block in made.attachments[number].blocks if isinstance(block, Table))


def over(counted: dict[str, tuple[int, int, int, int]]) -> Told:
    """Return October with other counts and nothing to compare with."""
    now = month("2026-10", counted, "2026-10-31T16:00:00+00:00")
    return replace(told(), view=now, previous=None, listed=lists(now), changes=changes(now, None))


def test_report_has_the_parts_of_a_bulletin_in_their_order() -> None:
    made = report(told())
    assert heads(made) == ["一、考核排名", "二、检查量和案件办理情况", "三、存在的主要问题", "四、下一步工作要求"]
    assert made.body[0].text == (
        "根据《星河街道城市精细化管理考核办法（试行）》（演街发〔2026〕4号），现将10月份考核情况通报如下。"
    )
    assert made.title == ("关于10月份城市精细化管理", "考核情况的通报")
    assert made.addressee == "各社区，各有关单位"
    assert [one.title for one in made.attachments] == ["10月份考核成绩表", "10月份问题整改任务清单"]


def test_report_names_the_first_and_the_last_and_what_moved() -> None:
    said = text(report(told()))
    assert "前3名依次为：桂花社区（97.33分）、望星桥社区（96.92分）、柳汀社区（95.42分）" in said
    assert "后3名由低到高依次为：青砖弄社区（76.80分）、槐荫里社区（83.64分）、南浦社区（87.37分）" in said
    assert "10月份应结案428件，结案402件，结案率93.9%；按期结案375件，按期结案率87.6%，比9月份提高3.7个百分点" in said
    assert "超期未结26件，比9月份减少8件" in said


def test_report_names_each_problem_with_unit_class_and_number() -> None:
    problems = [one.text for one in report(told()).body if one.text[1:2] == "是"]
    assert problems == [
        "一是青砖弄社区超期未结8件，其中“暴露垃圾”5件、“占道经营”3件，按期结案率72.0%，排第8名。",
        "二是槐荫里社区超期未结6件，其中“暴露垃圾”4件、“道路破损”2件，按期结案率78.8%，排第7名。",
        "三是石函社区超期未结4件，按期结案率88.6%，排第5名。",
        "四是南浦社区超期未结3件，其中“占道经营”3件，按期结案率84.2%，排第6名。",
        "五是“暴露垃圾”问题集中，全月应结案43件，超期未结10件，逾期结案5件。",
    ]


@pytest.mark.parametrize(
    ("change", "said", "unsaid"),
    [
        pytest.param({"previous": None}, "按期结案率87.6%；", "比9月份", id="no comparable month"),
        pytest.param({"labels": labels("basic")}, "现将10月份城市精细化管理", "根据", id="no basis"),
        pytest.param({"tasks": ()}, "（三）", "附件2所列", id="no tasks"),
        pytest.param(
            {"recurrent": (Recurrent("道路破损", "c8", 4, "青砖弄路口", ("A", "B", "C", "D")),)},
            "青砖弄路口（青砖弄社区）“道路破损”结案后又发生4次；全月重复点位共1处。",
            "案件在空间上",
            id="a recurrent place",
        ),
        pytest.param({"missing": ()}, "超期未结26件", "暂缺", id="nothing missing"),
    ],
)
def test_report_says_only_what_the_month_has(change: dict[str, object], said: str, unsaid: str) -> None:
    made = text(report(replace(told(), **change)))  # type: ignore[arg-type]
    assert said in made
    assert unsaid not in made


def test_report_of_a_running_month_has_no_lists() -> None:
    running = replace(told(), view=replace(told().view, cut_off=CutOff.RUNNING))
    made = report(running)
    assert "本月未完，不出红黑榜。" in text(made)
    assert {row[-1] for row in table(made, 0).rows} == {""}


def test_report_of_a_month_without_cases_says_so() -> None:
    made = text(report(over(dict.fromkeys(OCTOBER, (0, 0, 0, 0)))))
    assert "本月没有达到排名条件的社区" in made
    assert "10月份没有应结案件。" in made


def test_report_where_few_are_ranked_names_nobody_at_both_ends() -> None:
    few = {code: OCTOBER[code] for code in ("c1", "c2", "c8")}
    made = text(report(over(few)))
    assert "前1名依次为：桂花社区（97.33分）；后1名由低到高依次为：青砖弄社区（76.80分）" in made


def test_table_of_scores_has_the_numbers_of_the_month_and_says_on_what_they_rest() -> None:
    month_ = told()
    scores = table(report(month_), 0)
    assert len(scores.rows) == len(month_.view.subjects) + 1
    for subject, row in zip(month_.view.subjects, scores.rows, strict=False):
        assert row[:3] == (printing.place(subject.rank), subject.name, printing.score(subject))
        assert row[6] == str(subject.counts["due"][0])
    notes = "\n".join(scores.notes)
    for said in (
        "按期结案率 60 分、结案率 40 分，满分 100 分",
        "四舍五入到 2 位小数",
        "同分同名次",
        "后 3 名为黑榜",
        "数据截至 2026年11月1日 00:00（月末）；由系统于 2026年11月2日 09:00 依据快照 abababab 生成。",
        "返工数缺核查退回记录；市级扣分缺市级扣分明细",
    ):
        assert said in notes


def test_column_that_has_a_source_is_not_called_missing() -> None:
    month_ = replace(told(), missing=(Missing("返工数", "核查退回记录", "rework"),))
    notes = "\n".join(table(report(month_), 0).notes)
    assert "返工数缺核查退回记录。" in notes
    assert "市级扣分缺" not in notes


def test_draft_leaves_room_for_number_and_day_and_an_issued_one_has_both() -> None:
    draft, issued = report(told()), report(told(), number="31", date="2026年11月5日")
    assert (draft.number, draft.date) == ("演街发〔2026〕\u3000号", "2026年11月\u3000日")
    assert (issued.number, issued.date) == ("演街发〔2026〕31号", "2026年11月5日")
    assert issued.imprint is not None
    assert issued.imprint.printed_on == "2026年11月5日"


def test_report_in_english_has_no_chinese_of_ours() -> None:
    month_ = told("en")
    ours = text(report(month_))
    for name in [*(one.name for one in month_.view.subjects), *(one.class_name for one in month_.classes)]:
        ours = ours.replace(name, "")
    # names of places, classes and the office are its own data
    ours = (
        ours.replace(month_.office.name, "")
        .replace(month_.office.level, "")
        .replace("现场检查点位数", "")
        .replace("现场检查记录", "")
    )
    assert [sign for sign in ours if "\u4e00" <= sign <= "\u9fff"] == []
