"""A health report in sentences, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from xiuhua.cases.words import Cause
from xiuhua.exchange.words.health import Found, Health, Mark
from xiuhua.kernel.phrases import code_sentence

_CAUSES = frozenset({"verdict.differs", "deadline.differs"})


def check_sentence(found: Found) -> str:
    """Return what a check found, or why it did not run."""
    if not found.ran:
        return code_sentence(found.why, {})
    return code_sentence(f"check.{found.id}", {"n": found.count})


def part_name(check: str, part: str) -> str:
    """Return what people call one of the things a check tells apart."""
    return str(Cause(part).label) if check in _CAUSES and part in Cause.values else part


def parts_text(found: Found) -> str:
    """Return the parts of a check's count as "name 3, other 2", empty where it tells nothing apart."""
    return _("、").join(f"{part_name(found.id, part)} {n}" for part, n in found.parts.items())


def mark_sentence(mark: Mark) -> str:
    """Return what is said about a row, with the column in front: “上报时间”：…"""
    facts: dict[str, Any] = dict(mark.facts)
    if "cause" in facts:
        facts["cause"] = part_name(mark.check, str(facts["cause"]))
    text = code_sentence(mark.code, facts)
    return _("“%(column)s”：%(text)s") % {"column": mark.column, "text": text} if mark.column else text


def told(health: Health) -> dict[str, Any]:
    """Return the report's contract with the sentence of every check in the reader's language."""
    contract = health.contract()
    for one, found in zip(contract["checks"], health.checks, strict=True):
        one["sentence"] = check_sentence(found)
    return contract
