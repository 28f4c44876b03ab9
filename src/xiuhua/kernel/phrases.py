"""Sentences for faults: one template per code, filled from the fault's facts, in the reader's language.

Packages register theirs in their own `phrases.py`; a code without a sentence is a bug that a test finds.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext

from xiuhua.kernel.words import Fault

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
