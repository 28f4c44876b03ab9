"""Plates, e-mail addresses and names of accounts in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiuhua.privacy.rules.numbers import Span
from xiuhua.privacy.words import Kind

#: Plates (GA 36-2018): province, letter, then five signs, six for new energy, or four and a sign of use.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-Za-z] ?[.·•・\- ]?"
    r"(?:[A-HJ-NP-Za-hj-np-z0-9]{4,5}[挂学警港澳]|[A-HJ-NP-Za-hj-np-z0-9]{5,6}(?![A-Za-z0-9]))"
)
_PLATE_DIGITS = 3
_MAIL_NAME = re.compile(r"[A-Za-z0-9._%+-]+$")
_MAIL_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MAIL_NAME_LONGEST, _MAIL_HOST_LONGEST = 64, 255
#: The word for a messenger, what may stand between, and a name that can be one of an account there.
_ACCOUNT = re.compile(
    r"(?P<word>微信|薇信|威信|vx|v信|wechat|qq|扣扣|[加+]v(?!ip))(?P<by>(?:联系|账号|号码|号|帐号| ?id| ?no\.?)?[:： 为是]{0,3})"
    r"(?P<name>[A-Za-z][A-Za-z0-9_-]{4,19}|\d{5,11})(?![A-Za-z0-9_@])",
    re.IGNORECASE,
)


def plates(text: str) -> Iterator[Span]:
    """Yield every plate of a vehicle."""
    for found in _PLATE.finditer(text):
        if sum(map(str.isdigit, found[0])) >= _PLATE_DIGITS:
            yield Kind.PLATE, found.start(), found.end()


def emails(text: str) -> Iterator[Span]:
    """Yield every e-mail address; a name is looked for 64 signs back at most, as long as it may be (RFC 5321)."""
    at = text.find("@")
    while at >= 0:
        begin = max(at - _MAIL_NAME_LONGEST, 0)
        name = _MAIL_NAME.search(text[begin:at])
        host = _MAIL_HOST.match(text, at + 1, at + 1 + _MAIL_HOST_LONGEST)
        if name and host:
            yield Kind.EMAIL, begin + name.start(), host.end()
        at = text.find("@", at + 1)


def accounts(text: str) -> Iterator[Span]:
    """Yield every name of an account that follows the word for its messenger."""
    for found in _ACCOUNT.finditer(text):
        name = found["name"]
        plain = name.isalpha()  # "WeChat account": a word, unless something says that it is a name
        if not plain or any(sign in found["by"] for sign in ":：号"):
            yield Kind.ACCOUNT, found.start("name"), found.end("name")
