"""Doors behind which somebody lives, in a text: what is one and what is the place of a problem says docs/privacy.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiuhua.privacy.rules.numbers import Span
from xiuhua.privacy.words import Kind

_NUMBER = r"(?:[A-Za-z]?\d{1,5}|[零〇一二三四五六七八九十百]{1,5}|[A-Za-z甲乙丙丁])"
_MEASURE = r"(?:号楼|#楼|号院|单元|弄|栋|幢|座|区|门|层|楼|号|#)"
#: "3栋2单元": a number with its measure, after which may come "后楼".
_STEP = rf"{_NUMBER}{_MEASURE}(?:[前后]楼)?"
_ROOM = r"(?:\d{2,5}|[零〇一二三四五六七八九十百]{2,5})"
_CHAIN = re.compile(
    rf"(?<![0-9A-Za-z])(?P<steps>(?:{_STEP}){{1,5}})(?P<dash>\d{{1,2}}-)?"
    rf"(?P<room>{_ROOM})(?P<sign>号?[室户房](?![外内型屋]{{2}}))?(?![0-9A-Za-z.])"
)
#: A bare number behind "单元" is a room; behind it may not come what is counted, and not the next measure.
_COUNTED = re.compile(r"[ ]?(?:平|米|人|件|元|个|年|月|日|路|号|栋|幢|座|弄|层|楼|辆|吨|[-~至到]\d|单元)")
_ALONE = re.compile(r"(?<![0-9A-Za-z.\-])\d{3,4}室")
#: Rooms of bodies: the word for the body stands right before the number.
_OFFICES = re.compile(r"(?:委|会|中心|站|所|院|校|厅|局|办|队|司|馆|店|部|处|大厦|办公楼|办公室|教学楼|综合楼|学)$")
_DASHED = re.compile(r"(?<![0-9A-Za-z.\-/])(\d{1,3})-(\d{1,2}-)?(\d{3,4})(?![0-9A-Za-z\-]|\.\d|/\d)")
_PLACES = re.compile(r"(?:苑|园|村|里|小区|公寓|城|庭|府|湾|坊|期|居|墅|巷)$")
_CODES = re.compile(r"(?:编号|附件|条件|条款|标准|图|表|代码|文号|第|型号|编码|批次)[^，。；]{0,4}$")
_DWELLERS = re.compile(r"(?:业主|住户|居民|租户|户主|室|户)")
_YEARS, _MONTHS, _DAYS = range(1990, 2036), 12, 31
#: Words of residence; then the number of a house on a road or a building alone is somebody's home.
_HOME = re.compile(
    r"(?:家住|住在|我住|住址|居住地址|居住于|现居|家庭地址|户籍地址|户籍地|常住地址)[:：为是在于 ]{0,2}"
    rf"[^，。；,;\n\d]{{0,24}}?(?P<home>[甲乙丙]?{_NUMBER}(?:-\d{{1,3}})?(?:号院|号楼|号|栋|幢|弄|座))"
)
_TERM = r"(?:apartment|apt|flat|unit|suite|room|rm|building|bldg|block|tower)"
_LATIN_STEP = rf"{_TERM}\.?\s?(?:no\.?\s?)?(?:#?\d{{1,5}}(?:-\d{{1,4}})?[A-Z]?|[A-Z])(?![\w.]\d|\w)"
_LATIN = re.compile(rf"\b{_LATIN_STEP}(?:(?:,\s?|\s(?:of\s)?){_LATIN_STEP}){{0,3}}", re.IGNORECASE)
_LATIN_ROOM = re.compile(r"(?:apartment|apt|flat|unit|suite|room|rm)\b", re.IGNORECASE)
_LATIN_HOME = re.compile(
    r"(?:\b(?:lives?|living|resid(?:es?|ing))\s(?:at|in|on)|\bhome address)\s?[:：]?\s?"
    r"(?P<home>(?:No\.?\s?)?\d{1,5}[A-Z]?\s(?:[A-Z][A-Za-z]+\s){1,3}"
    r"(?:Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Drive|Way|Alley|Close|Court)\b)",
    re.IGNORECASE,
)
_FEW = 3


def houses(text: str) -> Iterator[Span]:
    """Yield every door of a dwelling; where two readings overlap, both are given and the finder joins them."""
    for start, end in (*_chains(text), *_rooms(text), *_dashes(text), *_homes(text), *_latin(text)):
        yield Kind.HOUSE, start, end


def _chains(text: str) -> Iterator[tuple[int, int]]:
    for found in _CHAIN.finditer(text):
        if (found["sign"] or _bare_room(text, found)) and not _of_office(text, found.start()):
            yield found.span()


def _bare_room(text: str, found: re.Match[str]) -> bool:
    """Return whether a number without 室 behind a chain is a room: 12号楼1203, 3单元402, but not 88号120平方米."""
    if not found["room"].isdigit() or len(found["room"]) < _FEW or _COUNTED.match(text, found.end()):
        return False
    steps = found["steps"]
    plain = steps.endswith("号") and not any(sign in steps for sign in ("弄", "栋", "幢", "号楼"))
    return (not plain and not steps.endswith(("区", "门"))) or found["dash"] is not None or "号楼" in steps


def _rooms(text: str) -> Iterator[tuple[int, int]]:
    for found in _ALONE.finditer(text):
        if not _of_office(text, found.start()):
            yield found.span()


def _of_office(text: str, start: int) -> bool:
    """Return whether the rooms that begin at `start` are those of a body, whose name stands right before."""
    return _OFFICES.search(text[max(start - 4, 0) : start]) is not None


def _dashes(text: str) -> Iterator[tuple[int, int]]:
    """Yield 6-2-301 and, right after the name of an estate, 9-304."""
    for found in _DASHED.finditer(text):
        before = text[max(found.start() - 8, 0) : found.start()]
        alone = found[2] is not None and not _CODES.search(before) and not _day(found)
        if alone or _PLACES.search(before) or _DWELLERS.match(text, found.end()):
            yield found.span()


def _day(found: re.Match[str]) -> bool:
    """Return whether three numbers are a day, month and year."""
    first, second, third = int(found[1]), int(found[2][:-1]), int(found[3])
    return third in _YEARS and min(first, second) <= _MONTHS and max(first, second) <= _DAYS


def _homes(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_HOME, _LATIN_HOME):
        for found in pattern.finditer(text):
            yield found.span("home")


def _latin(text: str) -> Iterator[tuple[int, int]]:
    for found in _LATIN.finditer(text):
        if _LATIN_ROOM.search(found[0]):
            yield found.span()
