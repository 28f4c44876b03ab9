"""The sentence of every fault a form that people fill in can have."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from xiuhua.kernel.phrases import sentences

sentences(
    {
        "form.cell_missing": _("不能空着。"),
        "form.text_unusable": _("含有控制字符或残缺的字符。"),
        "form.cell_long": _("有 %(length)s 个字，最多 %(limit)s 个。"),
        "form.code_mangled": _("编码“%(code)s”是被表格软件当成数字改写过的，请把这一栏设为文本后重新填写。"),
        "form.not_whole": _("“%(text)s”不是整数。"),
        "form.not_number": _("“%(text)s”不是数。"),
        "form.number_outside": _("%(text)s 超出范围（%(least)s 到 %(most)s）。"),
        "form.not_day": _("“%(text)s”不是日期，请写成 2026-10-03 这样。"),
        "form.formula_failed": _("这一格的公式没有结果（如 #N/A）：请改成文字或数，再导入。"),
        "form.cells_many": _("有 %(cells)s 格，表头只有 %(header)s 格。"),
    }
)
