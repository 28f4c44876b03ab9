"""What becomes of rows that carry the same number in one file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from xiuhua.exchange.rules.times import Unreadable, WallClock
from xiuhua.exchange.words import Course, Repeat

_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
OrderKey = tuple[int, datetime, Decimal, str]
_DAWN = datetime(1, 1, 1, tzinfo=UTC)


def order_key(text: str, clock: WallClock) -> OrderKey | None:
    """Return what an order cell sorts by: as a time, else as a number, else as text; None for an empty one.

    Within one number the cells must be of one kind: `courses` refuses to compare others.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return (0, clock.read(text).utc, Decimal(0), "")
    except Unreadable:
        pass
    if _NUMBER.fullmatch(text):
        return (1, _DAWN, Decimal(text), "")
    return (2, _DAWN, Decimal(0), text)


def courses(repeats: Sequence[Repeat], *, ordered: bool, current: str = "") -> dict[int, Course]:
    """Return what becomes of each row, by row; `repeats` share a number and stand as in the file (3.3, two records).

    Not `ordered`: the first row counts, equal ones are the same, others are refused. Ordered: they are versions in
    their order, equal neighbours are one; what comes up to the version `current` on record (a digest) is known.
    Where an order cell is empty, of another kind, or the same on different rows, only the first row counts.
    """
    if not ordered or not _sortable(repeats):
        return _first_counts(repeats)
    line = sorted(repeats, key=lambda one: (one.order, one.row))
    found: dict[int, Course] = {}
    kept: list[Repeat] = []
    for one in line:
        if kept and kept[-1].digest == one.digest:
            found[one.row] = Course("equal", other=kept[-1].row)
        else:
            kept.append(one)
    known = max((at for at, one in enumerate(kept) if one.digest == current), default=-1)
    for at, one in enumerate(kept):
        found[one.row] = Course("known") if at < known else Course("apply", wave=at - max(known, 0))
    return found


def _sortable(repeats: Sequence[Repeat]) -> bool:
    if any(one.order is None for one in repeats) or len({one.order[0] for one in repeats}) > 1:
        return False
    digests: dict[OrderKey, str] = {}
    return all(digests.setdefault(one.order, one.digest) == one.digest for one in repeats)


def _first_counts(repeats: Sequence[Repeat]) -> dict[int, Course]:
    first = repeats[0]
    found = {first.row: Course("apply")}
    for one in repeats[1:]:
        found[one.row] = Course("equal" if one.digest == first.digest else "refused", other=first.row)
    return found
