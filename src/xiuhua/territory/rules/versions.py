"""What a statement about a territory does to its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiuhua.territory.words import Span, Step


def starts(day: date | None) -> date:
    """Return a first day that can be compared: no day means since always."""
    return day or date.min


def in_force(span: Span, day: date | None) -> bool:
    """Return whether a version (first day inclusive, last exclusive) is in force on `day`; None is the dawn of time."""
    begun = starts(span.valid_from) <= starts(day)
    return begun and (span.valid_to is None or starts(day) < span.valid_to)


def step(spans: Sequence[Span], effective: date | None) -> Step:
    """Return what becomes of a territory with these versions, oldest first, when a file speaks from `effective` on.

    No version: create. The version in force says the same: unchanged. A later day than the newest version's first
    day: succeed it. The same day: correct it in place. An earlier day would rewrite history under the newest: early.
    """
    if not spans:
        return "create"
    if any(in_force(span, effective) and span.same for span in spans):
        return "unchanged"
    newest = spans[-1]
    if starts(effective) == starts(newest.valid_from):
        return "correct"
    return "succeed" if starts(effective) > starts(newest.valid_from) else "early"
