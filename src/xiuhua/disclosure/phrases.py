"""Sentences of disclosure: what is wrong with the text of a bulletin."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from xiuhua.kernel.phrases import sentences

sentences(
    {
        "bulletin.field_unknown": _("没有叫“%(title)s”的锁定数字。"),
        "bulletin.field_changed": _("“%(title)s”是锁定的，应为 %(value)s，不能改成“%(typed)s”。"),
        "bulletin.field_broken": _("“%(text)s”这里的锁定标记残缺：恢复成〔名称：数值〕，或整个删掉。"),
        "bulletin.no_title": _("请写标题。"),
        "bulletin.no_text": _("正文是空的。"),
        "bulletin.long": _("太长：标题最多 %(title)s 字，正文最多 %(blocks)s 段、%(signs)s 字。"),
        "bulletin.personal": _("有个人信息：%(text)s。"),
        "bulletin.colleague": _("有本单位人员的姓名：%(text)s。"),
        "bulletin.number": _("“%(text)s”与系统里“%(what)s”的数都不符。"),
        "bulletin.typed": _("“%(text)s”是手打的，可换成锁定的“%(what)s”。"),
    }
)
