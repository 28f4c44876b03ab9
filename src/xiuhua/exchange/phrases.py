"""The sentence of every fault and warning an import of cases can have."""

from __future__ import annotations

from xiuhua.kernel.phrases import sentences
from xiuhua.kernel.words import marked as _

sentences(
    {
        "mapping.toml": _("不是 TOML：%(reason)s"),
        "mapping.schema": _("不合格式：%(reason)s"),
        "mapping.zone": _("没有“%(zone)s”这个时区。"),
        "mapping.coordinate_half": _("经度和纬度要么都写，要么都不写。"),
        "mapping.crs": _("写了坐标栏就要写明坐标系。"),
        "mapping.way": _("按 %(way)s 落图需要这些栏：%(fields)s。"),
        "mapping.level": _("要从名称新建地域，就要写明层级。"),
        "mapping.verdict_both": _("“%(text)s”既算按期又算超期。"),
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
        "marks.number_missing": _("“%(text)s”里没有编号。"),
        "marks.number_unreadable": _("“%(text)s”不是编号。"),
        "marks.number_mangled": _("编号“%(text)s”是被表格软件当成数字改写过的，请把这一栏设为文本后重新导出。"),
        "marks.kind_unknown": _("“%(text)s”不是映射里写的标记。"),
        "marks.kind_missing": _("“%(text)s”前面没有写明是哪种标记。"),
        "marks.repeated": _("编号“%(text)s”的同一种标记写了两次，算一次。"),
        "error_cells": _("工作簿里有 %(cells)s 格是公式错误，按空格读。"),
    }
)
