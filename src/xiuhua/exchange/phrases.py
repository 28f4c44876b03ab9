"""The sentence of every fault and warning an import of cases can have."""

from __future__ import annotations

from django.utils.translation import gettext

from xiuhua.exchange.guesses import Reason
from xiuhua.exchange.rules.systems import Suspicion, SystemCheck
from xiuhua.exchange.words import Kind
from xiuhua.kernel.phrases import sentences
from xiuhua.kernel.words import Fault
from xiuhua.kernel.words import marked as _

sentences(
    {
        "mapping.toml": _("不是 TOML：%(reason)s"),
        "mapping.schema": _("不合格式：%(reason)s"),
        "mapping.zone": _("没有“%(zone)s”这个时区。"),
        "mapping.coordinate_half": _("经度和纬度要么都写，要么都不写。"),
        "mapping.crs": _("写了坐标栏就要写明坐标系。"),
        "mapping.asked": _("这是一份现成映射，还没有写明“%(what)s”：它推不出来，要由你来定。"),
        "mapping.lacking": _("没有哪一栏像是“%(what)s”，要由你来指定。"),
        "mapping.undeclared": _("没有写明“%(what)s”，也没有留着待问。"),
        "mapping.asked_and_told": _("“%(what)s”既写明了，又留着待问。"),
        "mapping.meridian_twice": _("中央经线和带号只写一个。"),
        "mapping.way": _("按 %(way)s 落图需要这些栏：%(fields)s。"),
        "mapping.level": _("要从名称新建地域，就要写明层级。"),
        "mapping.verdict_both": _("“%(text)s”既算按期又算超期。"),
        "compose.lacking": _("还没有指定哪一栏是这一项。"),
        "compose.twice": _("“%(first)s”已经是这一项了，一项只能来自一栏。"),
        "compose.open_crs": _("请选坐标系：选错了，点会偏出几百米，而表里看不出来。"),
        "compose.open_zone": _("请选时区。"),
        "compose.open_date_order": _("请选日期的写法。"),
        "compose.open_day": _("请选“天”指什么。"),
        "compose.unnamed": _("请写这份表从哪里来。"),
        "compose.meridian": _("中央经线要写成度数，例如 120。"),
        "import.number_missing": _("没有编号。"),
        "import.number_long": _("编号有 %(length)s 个字，最多 %(limit)s 个。"),
        "import.number_mangled": _("编号“%(text)s”是被表格软件当成数字改写过的，请把这一栏设为文本后重新导出。"),
        "import.number_taken": _("编号“%(number)s”已被别的案件占用。"),
        "import.reported_missing": _("没有上报时间。"),
        "import.time_unreadable": _("“%(text)s”不是按 %(order)s 次序写的时间。"),
        "import.coordinate_unreadable": _("“%(text)s”不是坐标。"),
        "import.extensions_unreadable": _("“%(text)s”不是延期次数。"),
        "import.name_long": _("名称有 %(length)s 个字，最多 %(limit)s 个。"),
        "import.cells_few": _("只有 %(cells)s 格，表头有 %(header)s 格，这一行可能不完整。"),
        "import.cells_many": _("有 %(cells)s 格，表头只有 %(header)s 格。"),
        "import.repeated_different": _("编号“%(number)s”与第 %(first)s 行重复而内容不同，映射又没有写明先后。"),
        "packs_undecided": _(
            "装了几个“%(kind)s”数据包而没有选定用哪个，没有按它们推算：请运行 xiuhua pack use 选定，再 xiuhua ruling renew。"
        ),
        "repeated_equal": _("编号“%(number)s”与第 %(first)s 行重复，内容相同，算一行。"),
        "closed_before_reported": _("结案早于上报，无法判定是否按期。"),
        "due_before_reported": _("截止早于上报，无法判定是否按期。"),
        "time_gap": _("“%(text)s”在调钟时被跳过，当作 UTC %(utc)s。"),
        "time_twice": _("“%(text)s”在调钟时出现两次，取第一次，即 UTC %(utc)s。"),
        "day_precision": _("有 %(rows)s 个时间只写到日：截止算到当天末，结案按日期比较。"),
        "coordinate_half": _("坐标只有一半（%(text)s），没有用。"),
        "coordinate_outside": _("坐标（%(text)s）不是经纬度，没有用。"),
        "coordinate_metres": _("坐标（%(text)s）不是所写坐标系里的米数，没有用。"),
        "coordinate_zone": _("坐标（%(text)s）没有带号，映射也没有写中央经线，没有用。"),
        "verdict_contradiction": _("既标了按期又标了超期，不参加比对。"),
        "coordinate_null": _("坐标（%(text)s）是零点，没有用。"),
        "coordinate_pile": _("有 %(rows)s 行落在同一点（%(lon)s, %(lat)s），不按它落图。"),
        "name_unknown": _("没有叫“%(name)s”的地域，未落图。"),
        "name_by_rule": _("“%(name)s”按称谓规则（如省去“社区”）认出来。"),
        "name_by_alias": _("“%(name)s”是别名，按它落图。"),
        "name_ambiguous": _("“%(name)s”对得上几个地域，未落图。"),
        "text_cut": _("有 %(length)s 个字，案件里只留前 %(limit)s 个，来源记录里是全文。"),
        "verdict_unknown": _("平台结论“%(text)s”不在映射里，不参加比对。"),
        "mapping_changed": _("有 %(rows)s 行内容未变，但当初是用另一份映射读的，案件仍照当初的读法。"),
        "mapping.mark_twice": _("“%(text)s”在标记的用词里为空或写了两次。"),
        "row_total": _("是合计（“%(text)s”），没有当作案件导入。"),
        "row_footer": _("不是案件（“%(text)s”），没有导入。"),
        "hidden_rows": _("工作簿里隐藏了 %(n)s 行，照常读取。"),
        "hidden_columns": _("工作簿里隐藏了 %(n)s 栏，照常读取。"),
        "formula_cells": _("表里有 %(n)s 格是公式，按公式的结果读取。"),
        "mark_unread": _("标记清单第 %(line)s 行没有收：%(text)s"),
        "mark_unmatched": _("标记清单里的编号“%(number)s”，表里没有。"),
        "marks.number_missing": _("“%(text)s”里没有编号。"),
        "marks.number_unreadable": _("“%(text)s”不是编号。"),
        "marks.number_mangled": _("编号“%(text)s”是被表格软件当成数字改写过的，请把这一栏设为文本后重新导出。"),
        "marks.kind_unknown": _("“%(text)s”不是映射里写的标记。"),
        "marks.kind_missing": _("“%(text)s”前面没有写明是哪种标记。"),
        "marks.repeated": _("编号“%(text)s”的同一种标记写了两次，算一次。"),
        "month_partial": _(
            "%(month)s 这个月在档 %(known)s 个编号，文件里只有 %(rows)s 行，不像是完整的一个月，没有拿它找“新文件里没有”的案件。"
        ),
        "own_differs": _("这是本单位自己的案件，表里改了%(columns)s：没有照改，请在案件里办。"),
        "crs_looks_like": _("按所写坐标系只有 %(share)s 的点在辖区内，按 %(system)s 有 %(other)s：像是 %(system)s。"),
        "crs_close": _(
            "按 %(system)s 读也有 %(other)s 的点在辖区内（所写的是 %(share)s），两种读法平均差 %(metres)s 米，从辖区轮廓分不出来，请向平台问明。"
        ),
        "crs_swapped": _("把两栏对调，在辖区内的点从 %(share)s 变成 %(other)s：经纬度像是写反了。"),
        "crs_decimals": _("小数点左移 %(digits)s 位，就有 %(other)s 的点在辖区内：像是丢了小数点。"),
        "crs_whole": _("有 %(percent)s%% 的坐标只剩整度数：小数像是丢了，落不到社区。"),
        "crs_zone_missing": _(
            "坐标没有带号。按三度带第 %(zone)s 带（中央经线 %(meridian)s 度）有 %(other)s 的点在辖区内。"
        ),
        "crs_other_zone": _(
            "按三度带第 %(zone)s 带（中央经线 %(meridian)s 度）有 %(other)s 的点在辖区内，按所写的只有 %(share)s。"
        ),
        "error_cells": _("工作簿里有 %(cells)s 格是公式错误，按空格读。"),
    }
)


def settling_note(kind: Kind, source: str, batch: int) -> str:
    """Return the remark of a move that follows what a platform says, where nobody wrote one."""
    facts = {"kind": kind.label, "source": source, "batch": batch}
    return gettext("对账（%(kind)s）：按%(source)s的记录办，导入批次 %(batch)s。") % facts


_REASONS = {
    "name_exact": _("名称就是“%(text)s”"),
    "name_filled": _("名称去掉虚词就是“%(text)s”"),
    "name_part": _("名称里有“%(text)s”"),
    "values_time": _("值是时间"),
    "values_degrees": _("值像度数（%(text)s）"),
    "values_metres": _("值像米数（%(text)s）"),
    "values_code": _("值像编号"),
    "values_count": _("值像次数"),
    "values_flag": _("值像是或否"),
    "values_few": _("只有 %(text)s 种值"),
    "values_text": _("值是文字"),
    "values_repeat": _("值反复出现"),
    "chosen": _("由你指定"),
    "axes": _("按值的大小，X 指北"),
}
_QUESTIONS = {
    "crs": _("坐标是什么坐标系"),
    "zone": _("时间是哪个时区的"),
    "date_order": _("日期按什么次序写"),
    "day": _("“天”和“小时”指什么"),
}
_WHYS = {
    "degrees_china": _("是中国境内的度数；同一处在几个坐标系里相差几百米，从数值上分不出来"),
    "degrees_abroad": _("是境外的度数，境外不加密"),
    "metres_china": _("中国在这个系统里正是这样的米数"),
    "metres_abroad": _("是境外的米数"),
    "zone_numbered": _("横坐标带着三度带带号"),
    "zone_bare": _("横坐标没有带号，还要写明中央经线或带号"),
    "zone_china": _("栏名是中文，或坐标在中国"),
    "order_proven": _("只有这样读才都是日期"),
    "order_possible": _("这样读也都是日期"),
    "day_work_day": _("天是工作日"),
    "day_natural_day": _("天是自然日"),
}


def reason_words(reason: Reason) -> str:
    """Return a reason of a guess in the reader's language."""
    return gettext(_REASONS[reason.code]) % {"text": reason.text}


def suspicion_fault(check: SystemCheck, one: Suspicion) -> Fault:
    """Return a suspicion about a coordinate system as a fault, for `kernel.phrases.fault_sentence`."""
    facts = {**one.facts, "share": f"{check.share:.1%}", "other": f"{one.share:.1%}"}
    return Fault(one.code, facts=facts)


def question_words(what: str) -> str:
    """Return what a guess asks, in the reader's language."""
    return gettext(_QUESTIONS[what])


def why_words(why: str) -> str:
    """Return why an answer is possible, in the reader's language."""
    return gettext(_WHYS[why])
