"""Reading what programs send: strictly, within bounds, and saying which field is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja.parser import Parser

from xiuhua.kernel.words import Fault

#: Bytes of a JSON body at most.
JSON_BYTES = 1 << 20
#: Lists and objects within each other at most.
DEPTH = 16
#: What a database keeps as a whole number.
WHOLE = 2**63


class Malformed(Exception):
    """The request cannot be read; the faults say where and why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)


class TooLarge(Exception):
    """The body has more bytes than are read here."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(most)


#: What is said of a value by the code of its fault; places are `name` and `most`.
SAID = {
    "request.unreadable": _("正文读不懂：没有传完，不是 UTF-8 编码，或不是请求头说的格式。"),
    "request.deep": _("JSON 嵌套超过 %(most)s 层。"),
    "request.not_text": _("%(name)s 里有不能用的字符。"),
    "request.not_number": _("%(name)s 须是通常大小的数。"),
    "request.unknown": _("没有 %(name)s 这一项，请去掉它。"),
    "request.header_missing": _("缺少请求头 %(name)s。"),
    "request.header_wrong": _("请求头 %(name)s 写得不对。"),
    "request.cursor": _("%(name)s 不是上一页给的那个。"),
    "request.one_of": _("%(name)s 要选一个填，而且只填一个。"),
    "request.class_unknown": _("没有 %(name)s 说的这个类别，写成“体系:event.代码”。"),
    "request.place_unknown": _("没有 %(name)s 说的这个地域，请写它的编码。"),
}


def fault(code: str, name: str, **facts: str | int) -> Fault:
    """Return a fault of a request about the field `name`."""
    return Fault(code, column=name, facts={"name": name, **facts})


class StrictParser(Parser):
    """JSON in UTF-8 without what no database can keep: NaN, endless numbers, lone surrogates, NUL."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body. Raises Malformed, TooLarge."""
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """Return what a JSON text says. Raises Malformed, TooLarge."""
    if len(body) > JSON_BYTES:
        raise TooLarge(JSON_BYTES)
    try:
        found = json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed([fault("request.unreadable", "")]) from error
    if faults := list(_wrong(found, "", 1)):
        raise Malformed(faults[:20])
    return found


def _refuse(_constant: str) -> Any:
    raise ValueError


def _wrong(value: Any, name: str, depth: int) -> Iterator[Fault]:
    if depth > DEPTH:
        yield fault("request.deep", name, most=DEPTH)
    elif isinstance(value, dict):
        for key, one in value.items():
            told = f"{name}.{key}" if name else key
            yield from _wrong(one, told, depth + 1) if plain(key) else [fault("request.not_text", name)]
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _wrong(one, f"{name}[{number}]", depth + 1)
    else:
        yield from _wrong_itself(value, name)


def _wrong_itself(value: Any, name: str) -> Iterator[Fault]:
    if isinstance(value, str) and not plain(value):
        yield fault("request.not_text", name)
    if _endless(value):
        yield fault("request.not_number", name)


def _endless(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and not -WHOLE <= value < WHOLE


def plain(text: str) -> bool:
    """Return whether a text can be kept: no NUL, nothing that UTF-8 cannot write."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
