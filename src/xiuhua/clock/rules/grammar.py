"""Limits as people type them at a command or in a form: strict, never a guess."""

from __future__ import annotations

import re
from fractions import Fraction

from xiuhua.clock.words import Limit, Limits, LimitStage, Unit
from xiuhua.kernel.words import Refusal, marked

_UNITS = {
    "紧急工作时": Unit.URGENT_HOUR,
    "紧急小时": Unit.URGENT_HOUR,
    "工作时": Unit.WORK_HOUR,
    "工作小时": Unit.WORK_HOUR,
    "工作日": Unit.WORK_DAY,
    "自然日": Unit.CALENDAR_DAY,
    "紧急工作日": Unit.CALENDAR_DAY,
    "wd": Unit.WORK_DAY,
    "wh": Unit.WORK_HOUR,
    "h": Unit.URGENT_HOUR,
    "d": Unit.CALENDAR_DAY,
}
#: What reads differently from city to city.
_AMBIGUOUS = frozenset({"天", "日", "小时", "时", "个工作", "day", "days", "hour", "hours"})
_PART = re.compile(
    r"\s*(?:(?P<title>[^0-9:：]+)[:：])?\s*(?P<amount>\d+(?:\.\d+|/[1-9]\d*)?)\s*个?(?P<unit>[^\d\s]+?)\s*"
)


class LimitUnreadable(Refusal):
    """The text is not a limit."""

    code = "clock.limit_unreadable"
    sentence = marked(
        "“%(text)s”不是时限。写成 4工作时、2工作日、2紧急工作时、1紧急工作日、3自然日，或 4wh、2wd、2h、3d。"
    )


class LimitAmbiguous(Refusal):
    """天 and 小时 mean different things in different cities, so nobody may guess."""

    code = "clock.limit_ambiguous"
    sentence = marked(
        "“%(text)s”里的“%(unit)s”说不清是工作时间还是自然时间：请写 工作日 或 自然日、工作时 或 紧急工作时（wd、d、wh、h）。"
    )


def limits_of(text: str) -> Limits:
    """Return the limit that `text` writes: “2工作日”, “停工:4工作时+整改:7工作日” in stages, or 2wd, 4wh, 3h, 1d.

    Raises LimitAmbiguous for 天 and 小时, LimitUnreadable for anything else.
    """
    return tuple(_stage(part, text) for part in re.split(r"[+＋]", text))


def _stage(part: str, text: str) -> LimitStage:
    match = _PART.fullmatch(part)
    if not match:
        raise LimitUnreadable(text=text)
    unit = _UNITS.get(match["unit"].lower())
    if unit is None and match["unit"].lower() in _AMBIGUOUS:
        raise LimitAmbiguous(text=text, unit=match["unit"])
    amount = Fraction(match["amount"])
    if unit is None or amount <= 0:
        raise LimitUnreadable(text=text)
    return LimitStage(Limit(amount, unit), (match["title"] or "").strip())
