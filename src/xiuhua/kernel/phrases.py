"""Sentences for faults: one template per code, filled from the fault's facts, in the reader's language.

Packages register theirs in their own `phrases.py`; a code without a sentence is a bug that a test finds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.words import Fault, Refusal

_SENTENCES: dict[str, str] = {}
_PLACE = re.compile(r"%\(\w+\)[sd]")


def sentences(table: dict[str, str]) -> None:
    """Register sentences by fault code; the values are gettext messages with %(name)s places."""
    _SENTENCES.update(table)


def known_codes() -> frozenset[str]:
    """Return every fault code that has a sentence."""
    return frozenset(_SENTENCES)


def code_sentence(code: str, facts: dict[str, object]) -> str:
    """Return the sentence of a fault code, without its place."""
    return gettext(_SENTENCES[code]) % facts


def code_title(code: str) -> str:
    """Return the sentence of a fault code with its facts left open: the heading of all faults of that code."""
    return _PLACE.sub("…", gettext(_SENTENCES[code])).replace("%%", "%")


def fault_sentence(fault: Fault) -> str:
    """Return the sentence of a fault with its place in front: "第 3 行“上报时间”：…"."""
    text = code_sentence(fault.code, dict(fault.facts))
    return f"{fault.file} {_placed(fault, text)}" if fault.file else _placed(fault, text)


def _placed(fault: Fault, text: str) -> str:
    if fault.row is not None and fault.column:
        return gettext("第 %(row)s 行“%(column)s”：%(text)s") % {"row": fault.row, "column": fault.column, "text": text}
    if fault.row is not None:
        return gettext("第 %(row)s 行：%(text)s") % {"row": fault.row, "text": text}
    return f"{fault.column}：{text}" if fault.column else text


#: How many faults of a refusal are kept with it.
_KEPT = 50


def refusal_kept(refusal: Refusal, step: str = "") -> dict[str, Any]:
    """Return why work in the background did not end well, as JSON values that can be worded in any language later."""
    faults = [
        {"code": one.code, "row": one.row, "column": one.column, "facts": one.facts} for one in refusal.faults[:_KEPT]
    ]
    told = {"code": refusal.code, "sentence": refusal.sentence, "facts": refusal.facts, "faults": faults}
    return {"step": step, **told}


def refusal_said(kept: Mapping[str, Any]) -> str:
    """Return the sentence of what `refusal_kept` kept, in the reader's language."""
    return str(gettext(kept["sentence"]) % kept["facts"])


sentences(
    {
        "pack.header_missing": _("没有这个文件；每个数据包都要有它。"),
        "pack.file_missing": _("没有这个文件。"),
        "pack.file_kind": _("数据包里只放 .toml、.csv 和 .md 文件，不放链接。"),
        "pack.file_unknown": _("这类数据包里没有叫这个名字的文件，没人会去读它；有：%(known)s。"),
        "pack.control": _("有控制字符，请删掉。"),
        "pack.large": _("数据包太大：最多 %(files)s 个文件、%(bytes)s 字节。"),
        "pack.not_utf8": _("不是 UTF-8 编码（第 %(position)s 字节处）。"),
        "pack.toml": _("读不成 TOML：%(reason)s"),
        "pack.schema": _("不合格式：%(reason)s"),
        "pack.day": _("“%(text)s”不是日期。"),
        "pack.csv": _("读不成 CSV 表：%(reason)s"),
        "pack.column_missing": _("缺这一栏。"),
        "pack.column_unknown": _("不认识这一栏。"),
        "pack.column_twice": _("这一栏出现了两次。"),
        "pack.cells": _("有 %(cells)s 格，表头有 %(header)s 格。"),
        "pack.cell_empty": _("不能空着。"),
    }
)
