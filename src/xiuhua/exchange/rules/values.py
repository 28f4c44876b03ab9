"""What the values of a column look like, from a sample of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiuhua.exchange.rules.coordinates import coordinate_value
from xiuhua.exchange.words import DateOrder
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import Cell

#: How many distinct values a column of words (a stage, a verdict) may have, and how many are shown.
FEW, SHOWN = 40, 30
#: What a platform writes where it has nothing to say.
NOTHING = frozenset({"-", "--", "—", "——", "/", "无", "null", "NULL", "None", "N/A", "n/a"})

_DATE = re.compile(r"\s*(?P<a>\d{1,4})[-/.年](?P<b>\d{1,2})[-/.月](?P<c>\d{1,4})日?(?:$|[\sT上下]|(?<=日))")
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/-]{2,}")
_LIMIT = re.compile(r"\d+(?:\.\d+)?\s*(?:个|紧急)?(?:工作)?(?:天|日|小时|时)(?:内)?(?:[^\d]{0,4})")
_PAIR = re.compile(r"\(?\s*[+-]?\d{1,3}\.\d+\s*[,;\s]\s*[+-]?\d{1,3}\.\d+\s*\)?")
_COUNT = re.compile(r"\d{1,3}(?:\.0+)?")
_YES_NO = re.compile(
    r"(?i)是|否|y|n|yes|no|true|false|[01]|(?:未|已|不)?(?:超时|超期|逾期|按期|按时)|on ?time|overdue|late|met|missed"
)
_MONTHS = 12
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Traits:
    """What a column's values look like; shares are of the filled cells, 0 to 1."""

    filled: int
    rows: int
    distinct: int
    times: float
    numbers: float
    low: float
    high: float
    decimals: float
    codes: float
    counts: float
    flags: float
    limits: float
    #: Two coordinates in one cell.
    pairs: float
    length: float
    #: Orders of day, month and year in which every date of the column can be read.
    orders: frozenset[DateOrder]
    #: A date that allows the fewest orders.
    proof: str
    common: tuple[tuple[str, int], ...]
    nothing: tuple[str, ...]

    @property
    def unique(self) -> bool:
        """Return whether no value occurs twice."""
        return self.filled > 0 and self.distinct == self.filled

    @property
    def binary(self) -> bool:
        """Return whether there is nothing but 0 and 1, and both."""
        return {text for text, _n in self.common} == {"0", "1"}

    @property
    def repeats(self) -> float:
        """Return the share of filled cells whose value another one has too."""
        return 1 - self.distinct / self.filled if self.filled else 0.0


def traits(cells: Sequence[Cell]) -> Traits:
    """Return what a column's cells look like."""
    native = [cell for cell in cells if isinstance(cell, date)]
    texts = [text for cell in cells if (text := cell_text(cell).strip())]
    nothing = tuple(sorted({text for text in texts if text in NOTHING}))
    texts = [text for text in texts if text not in NOTHING]
    parts = [found for text in texts if (found := _DATE.match(text))]
    numbers = [value for text in texts if (value := coordinate_value(text)) is not None]
    common = Counter(texts).most_common()
    return Traits(
        filled=len(texts),
        rows=len(cells),
        distinct=len(common),
        times=_share(len(native) or len(parts), texts),
        numbers=_share(len(numbers), texts),
        low=min(numbers, default=0.0),
        high=max(numbers, default=0.0),
        decimals=_share(sum(1 for one in numbers if one % 1), texts),
        codes=_matching(_CODE, texts),
        counts=_matching(_COUNT, texts),
        flags=_matching(_YES_NO, texts),
        limits=_matching(_LIMIT, texts),
        pairs=_matching(_PAIR, texts),
        length=sum(map(len, texts)) / len(texts) if texts else 0.0,
        orders=_orders(parts),
        proof=min(parts, key=lambda one: len(_orders([one]))).string if parts else "",
        common=tuple(common[:SHOWN]) if len(common) <= FEW else (),
        nothing=nothing,
    )


def _share(n: int, texts: Sequence[str]) -> float:
    return min(1.0, n / len(texts)) if texts else 0.0


def _matching(pattern: re.Pattern[str], texts: Sequence[str]) -> float:
    return _share(sum(1 for text in texts if pattern.fullmatch(text)), texts)


def _orders(parts: Sequence[re.Match[str]]) -> frozenset[DateOrder]:
    """Return the orders that every date allows: four digits are the year, above twelve is no month."""
    allowed: set[DateOrder] = {"ymd", "mdy", "dmy"}
    for part in parts:
        first, second = part["a"], part["b"]
        allowed &= {"ymd"} if len(first) == _DIGITS else {"mdy", "dmy"}
        if len(first) < _DIGITS:
            allowed -= {"mdy"} if int(first) > _MONTHS else set()
            allowed -= {"dmy"} if int(second) > _MONTHS else set()
    return frozenset(allowed)
