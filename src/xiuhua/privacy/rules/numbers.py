"""Numbers of persons in a text: telephones, identity numbers, bank cards – digits, however they are set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xiuhua.privacy.rules.checksums import card_valid, identity_valid
from xiuhua.privacy.words import Kind

Span = tuple[Kind, int, int]

_DIGITS = re.compile(r"\d+")
#: What may stand between two groups of one number.
_GAP = re.compile(r"[ \-–—.·/()]{1,3}")
#: What ties groups so closely that neither is a number of its own: dates, coordinates, codes of documents.
_TIGHT = frozenset("-–—._")
_GROUPS, _SHORTEST, _LONGEST = 7, 7, 23
_WITHIN = 14
_EXTENSION = re.compile(r"(?:转| ?(?:ext\.?|分机) ?|-)(\d{1,6})(?!\d)", re.IGNORECASE)
_UNITS = re.compile(r"\s?(?:元|度|吨|块|平方|㎡|米|千克|公斤|[万亿]|yuan|RMB|kWh|m²)", re.IGNORECASE)
_CALLING = re.compile(
    r"(?:电话|座机|固话|手机|号码|传真|分机号?|致电|拨打|联系方式|热线|客服|来电|区号|tel|phone|fax|landline|mobile|call|ring)"
    r"[^\d]{0,6}$",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?:卡|账[号户]|帐[号户]|account|card)[^\d]{0,12}$", re.IGNORECASE)
_IDENTITY = re.compile(r"(?:身份证|证件号|公民身份|\bID\b)[^\d]{0,10}$", re.IGNORECASE)
#: First digits of a mobile number, and of the cards that need no word before them to be known (UnionPay).
_MOBILE = re.compile(r"1[3-9]\d{9}")
_UNIONPAY = "62"
#: Area codes have three digits (010, 02x) or four; local numbers begin with 2 to 9.
_LANDLINE = re.compile(r"(?:010|02\d)[2-9]\d{7}|0[3-9]\d\d[2-9]\d{6,7}")
_ABROAD = re.compile(r"(?:10|2\d)[2-9]\d{7}|[3-9]\d\d[2-9]\d{6,7}")
_AMERICAN = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
_SERVICE = re.compile(r"[48]00\d{7}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")


@dataclass(frozen=True, slots=True)
class _Window:
    """Groups of digits that may be one number. `end` goes beyond the digits where an identity number ends in X."""

    text: str
    start: int
    end: int
    groups: tuple[str, ...]

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def decimal(self) -> bool:
        """Return whether it reads as a number with decimals: one point, between two groups."""
        return len(self.groups) == 2 and "." in self.text[self.start : self.end]  # noqa: PLR2004 - before and behind it

    @property
    def dotted(self) -> bool:
        """Return whether points set its groups apart."""
        return "." in self.text[self.start : self.end]

    def after(self, pattern: re.Pattern[str]) -> bool:
        """Return whether the words right before it end in `pattern`."""
        return pattern.search(self.text[max(self.start - _WITHIN - 12, 0) : self.start]) is not None

    @property
    def counted(self) -> bool:
        """Return whether it is an amount of something."""
        return _UNITS.match(self.text, self.end) is not None


def numbers(text: str) -> Iterator[Span]:
    """Yield (kind, start, end) of each number of a person; `text` has its digits in half width.

    Groups are looked at in windows of at most seven, so the time is linear in the length of the text.
    """
    groups = [found.span() for found in _DIGITS.finditer(text)]
    at = 0
    while at < len(groups):
        best = _best(text, groups, at)
        if best is None:
            at += 1
            continue
        span, used = best
        yield span
        at += used
        while at < len(groups) and groups[at][0] < span[2]:
            at += 1


def _best(text: str, groups: Sequence[tuple[int, int]], at: int) -> tuple[Span, int] | None:
    """Return the number that begins with the group `at`, the longest first, and how many groups it takes."""
    if not _begins(text, groups[at][0]):
        return None
    for window in reversed(list(_windows(text, groups, at))):
        if _ends(text, window.end) and (kind := _kind(window)):
            start, end = _widened(text, window, kind)
            return (kind, start, end), len(window.groups)
    return None


def _begins(text: str, start: int) -> bool:
    """Return whether a number can begin here: not within a word of Latin letters or a chain of digits."""
    if start == 0:
        return True
    before = text[start - 1]
    if before.isascii() and (before.isalnum() or before in "_*"):
        return False
    return not (start > 1 and _ties(before, text[start - 2]))


def _ends(text: str, end: int) -> bool:
    rest = text[end : end + 2]
    if not rest:
        return True
    if rest[0].isascii() and (rest[0].isalnum() or rest[0] in "_*"):
        return False
    return not _ties(rest[0], rest[1:]) or _extension(text, end)


def _ties(sign: str, beyond: str) -> bool:
    """Return whether a sign makes a number and what lies beyond one code: 2025-138, 31.58, but 12:30 only with digits."""
    return beyond.isascii() and ((sign in _TIGHT and beyond.isalnum()) or (sign == ":" and beyond.isdigit()))


def _extension(text: str, end: int) -> bool:
    return _EXTENSION.match(text, end) is not None


def _windows(text: str, groups: Sequence[tuple[int, int]], at: int) -> Iterator[_Window]:
    start, end = groups[at]
    parts: list[str] = []
    total = 0
    for place in range(at, min(at + _GROUPS, len(groups))):
        begin, stop = groups[place]
        if parts and not _GAP.fullmatch(text, end, begin):
            return
        end = stop
        parts.append(text[begin:stop])
        total += stop - begin
        if total > _LONGEST:
            return
        if total >= _SHORTEST:
            yield _Window(text, start, end, tuple(parts))
        if total == 17 and text[end : end + 1] in {"X", "x"}:  # noqa: PLR2004 - the check sign is the 18th
            yield _Window(text, start, end + 1, (*parts[:-1], parts[-1] + "X"))


def _kind(window: _Window) -> Kind | None:
    digits = window.digits
    if window.decimal:
        return None
    if not window.dotted and _is_identity(window, digits):
        return Kind.IDENTITY
    if not window.dotted and card_valid(digits) and (digits.startswith(_UNIONPAY) or window.after(_CARD)):
        return Kind.CARD
    return Kind.PHONE if _is_phone(window, digits) else None


def _is_identity(window: _Window, digits: str) -> bool:
    if len(digits) not in {15, 18}:
        return False
    #: A mistyped number after the word for it is still somebody's number.
    return identity_valid(digits) or window.after(_IDENTITY)


def _is_phone(window: _Window, digits: str) -> bool:
    if window.counted or not digits.isdigit():
        return False
    abroad = _without_country(window)
    if abroad is not None:
        return bool(_MOBILE.fullmatch(abroad) or _ABROAD.fullmatch(abroad))
    if _MOBILE.fullmatch(digits):
        return len(window.groups[0]) >= 3  # noqa: PLR2004 - "13-8001-2345" is a code
    return bool(_LANDLINE.fullmatch(digits)) or _is_american(window, digits) or _needs_a_word(window, digits)


def _is_american(window: _Window, digits: str) -> bool:
    """Return whether digits are set as North American numbers are: 617-555-0123."""
    return tuple(map(len, window.groups)) == (3, 3, 4) and bool(_AMERICAN.fullmatch(digits))


def _without_country(window: _Window) -> str | None:
    """Return the digits after +86, 86 or 0086; None where there is no such beginning."""
    first = window.groups[0]
    for code in ("0086", "86"):
        if first == code or (first.startswith(code) and window.text[window.start - 1 : window.start] == "+"):
            return window.digits[len(code) :].removeprefix("0")
    return None


def _needs_a_word(window: _Window, digits: str) -> bool:
    """Return whether digits are a telephone number by the word before them, or, 400 and 800, by how they are set."""
    if _SERVICE.fullmatch(digits):
        return len(window.groups) > 1 or window.after(_CALLING)
    return bool(_LOCAL.fullmatch(digits)) and len(window.groups) <= 2 and window.after(_CALLING)  # noqa: PLR2004


def _widened(text: str, window: _Window, kind: Kind) -> tuple[int, int]:
    """Return where a number begins and ends with its plus sign, brackets and extension."""
    start, end = window.start, window.end
    if kind is Kind.PHONE:
        if text[start - 1 : start] == "+":
            start -= 1
        if start and text[start - 1] == "(" and ")" in text[start:end]:
            start -= 1
        if not _MOBILE.fullmatch(window.digits) and (found := _EXTENSION.match(text, end)):
            end = found.end()
    return start, end
