"""Chinese numerals of layers and lists, and figures among Chinese characters."""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
TEN = 10


def ordinal(number: int) -> str:
    """Return 1 to 99 as it is written in 一、 and 一是: "一", "十", "十二", "二十"."""
    tens, ones = divmod(number, TEN)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


_HAN = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’]"
_APART = re.compile(rf"(?<={_HAN}) (?=[0-9])|(?<=[0-9%.]) (?={_HAN})")


def close(text: str) -> str:
    """Return a text without the spaces between figures and Chinese characters, as official documents are set."""
    return _APART.sub("", text)
