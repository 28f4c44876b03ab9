"""What stands in a text instead of personal data, in the forms that official notices use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from xiuhua.privacy.words import Kind

#: Signs of an identity or card number that stay at either end: 3201**********1234.
_ENDS = 4
#: Numbers without an area code of which the first three signs stay: mobile ones, 400 and 800.
_HEAD_OF_THREE = frozenset({10, 11})
_SHORTEST_KEPT = 8
_COUNTED = re.compile(r"[0-9A-Za-z零〇一二三四五六七八九十百甲乙丙丁]")
_LATIN_WORD = re.compile(r"[A-Za-z][^\s,，.]*")
_LATIN_NUMBERED = re.compile(r"\b(?:[A-Za-z]?\d[\w-]*|[A-Z])\b|(?<=\d )[A-Z][a-z]+")


def masked(kind: Kind, text: str, *, surname: int = 1) -> str:
    """Return what stands instead of `text`; `surname` is how many signs of a Chinese name are its surname."""
    return _name(text, surname) if kind is Kind.NAME else _FORMS[kind](text)


def _starred(text: str, first: int, last: int, signs: Callable[[str], bool] = str.isalnum) -> str:
    """Return `text` with its signs starred but for the first and last so many; what separates them stays."""
    total, seen, out = sum(map(signs, text)), 0, []
    for char in text:
        if signs(char):
            seen += 1
            out.append(char if seen <= first or seen > total - last else "*")
        else:
            out.append(char)
    return "".join(out)


def _phone(text: str) -> str:
    """138****5678; of a landline the area code and the last four digits stay, an extension goes."""
    number = re.split(r"转|(?i:ext)|分机", text)[0]
    rest = re.sub(r"\d", "*", text[len(number) :])
    digits = [char for char in number if char.isdigit()]
    if len(digits) < _SHORTEST_KEPT:
        return _starred(number, 0, 2, str.isdigit) + rest
    head = 3 if len(digits) in _HEAD_OF_THREE and digits[0] != "0" else max(len(digits) - _SHORTEST_KEPT, 0)
    return _starred(number, head, _ENDS, str.isdigit) + rest


def _number(text: str) -> str:
    return _starred(text, _ENDS, _ENDS)


def _plate(text: str) -> str:
    """苏B·***12: the province, the letter of the city and the last two signs stay."""
    return _starred(text, 2, 2)


def _email(text: str) -> str:
    name, at, host = text.replace("＠", "@").partition("@")
    return f"{name[:1]}***{at}{host}"


def _account(text: str) -> str:
    return f"{text[:2]}****"


def _house(text: str) -> str:
    """*栋*单元***室: every number of the chain goes, so that the reader sees that there was a door."""
    if text.isascii():
        return _LATIN_NUMBERED.sub(lambda found: "*" * len(found[0]), text)
    return _COUNTED.sub("*", text)


def _name(text: str, surname: int) -> str:
    """张**: how long a name is stays hidden; of a name in Latin letters the initials stay."""
    if text.isascii() or text[0].isascii():
        return _LATIN_WORD.sub(lambda found: f"{found[0][0]}***", text)
    return f"{text[:surname]}**"


_FORMS: Mapping[Kind, Callable[[str], str]] = {
    Kind.PHONE: _phone,
    Kind.IDENTITY: _number,
    Kind.CARD: _number,
    Kind.PLATE: _plate,
    Kind.EMAIL: _email,
    Kind.ACCOUNT: _account,
    Kind.HOUSE: _house,
}
