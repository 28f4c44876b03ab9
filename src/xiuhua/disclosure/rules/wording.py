"""Chinese numerals of layers and lists."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
TEN = 10


def ordinal(number: int) -> str:
    """Return 1 to 99 as it is written in 一、 and 一是: "一", "十", "十二", "二十"."""
    tens, ones = divmod(number, TEN)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")
