"""The canonical bytes of a month's score sheets: what is hashed, stored and read again.

Sentences are not part of them, only their codes and numbers, so that the bytes do not depend on a reader's language.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from xiuhua.assessment.rules.rounding import plain, printed, telling_digits
from xiuhua.assessment.rules.sheets import ranked_on
from xiuhua.assessment.words import (
    Bar,
    Clustering,
    Header,
    Line,
    RankOn,
    Rounding,
    Scheme,
    SectionScore,
    Sheet,
    Title,
    Unranked,
)
from xiuhua.kernel.rules import canonical

#: Raised when the bytes of an unchanged month would change.
FORMAT = 1


def sheet_bytes(header: Header, scheme: Scheme, sheets: Iterable[Sheet]) -> bytes:
    """Return the canonical JSON of a month's sheets; equal input gives equal bytes (docs/scoring.md 11, 1 and 19)."""
    return canonical(body(header, scheme, sheets))


def digest_of(written: bytes) -> str:
    """Return the SHA-256 of the bytes of a body, as 64 hexadecimal digits."""
    return hashlib.sha256(written).hexdigest()


def body(header: Header, scheme: Scheme, sheets: Iterable[Sheet]) -> dict[str, Any]:
    """Return a month's sheets as JSON: decimals are texts printed with the scheme's digits, counts are integers."""
    made = list(sheets)
    exact = [value for sheet in made if (value := ranked_on(scheme, sheet)) is not None]
    digits = scheme.rounding.digits
    if scheme.rank_on is RankOn.EXACT:  # the reader must see why one is before the other
        digits = telling_digits(exact, digits, scheme.rounding.mode)
    written = {
        "format": FORMAT,
        "period": header.period,
        "by": header.by,
        "month_by": header.month_by,
        "as_of": header.as_of,
        "cut_off": header.cut_off,
        "snapshot": header.snapshot,
        "scheme": _scheme(scheme, digits),
        "totals": _pairs(header.totals),
        "unplaced": header.unplaced,
        "subjects": [_sheet(scheme, sheet, digits) for sheet in made],
    }
    # absent and not null in months of before: their bytes stay what they were
    return written | {"clustering": clustering_json(header.clustering)} if header.clustering else written


def clustering_json(one: Clustering) -> dict[str, Any]:
    """Return how cases clustered before a month as JSON: φ with up to 6 decimals, and from what it was read."""
    return {
        "pack": one.pack,
        "wanted": one.wanted,
        "least": one.least,
        "usual": plain(one.usual),
        "months": [{"period": period, "snapshot": snapshot} for period, snapshot in one.months],
        "measures": {
            name: {"phi": plain(each.phi), "cells": each.cells, "unit_months": each.unit_months}
            for name, each in one.by_measure.items()
        },
    }


def _pairs(counts: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    return {name: {"kept": kept, "of": of} for name, (kept, of) in sorted(counts.items())}


def _title(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def _optional(value: Fraction | None) -> str | None:
    return None if value is None else plain(value)


def _bar(bar: Bar) -> dict[str, Any]:
    limits = {"at_least": _optional(bar.at_least), "at_most": _optional(bar.at_most)}
    return {"measure": bar.measure, "share": bar.share, **limits}


def _scheme(scheme: Scheme, digits: int) -> dict[str, Any]:
    rounding, rule, minimum = scheme.rounding, scheme.lists, scheme.minimum
    return {
        "code": scheme.code,
        "version": scheme.version,
        "digest": scheme.digest,
        "title": _title(scheme.title),
        "full": plain(scheme.full),
        "deadline_month": scheme.deadline_month,
        "minimum": {"measure": minimum.measure, "least": minimum.least} if minimum else None,
        "rounding": {
            "digits": rounding.digits,
            "shown": digits,
            "mode": rounding.mode,
            "stage": rounding.stage,
            "carry": rounding.carry,
        },
        "rank": {"on": scheme.rank_on, "ties": scheme.ties},
        "lists": {
            "red": rule.red,
            "black": rule.black,
            "ties": rule.ties,
            "least_group": rule.least_group,
            "not_red": [_bar(bar) for bar in rule.not_red],
            "not_black": [_bar(bar) for bar in rule.not_black],
        },
        "groups": [{"code": group.code, "title": _title(group.title)} for group in scheme.groups],
    }


def _sheet(scheme: Scheme, sheet: Sheet, digits: int) -> dict[str, Any]:
    shown = None if sheet.total is None else printed(sheet.total, digits, scheme.rounding.mode)
    return {
        "code": sheet.subject.code,
        "name": sheet.subject.name,
        "group": sheet.group,
        "score": shown,
        "exact": _optional(sheet.total),
        "ranked_on": _optional(ranked_on(scheme, sheet)),
        "rank": rank_json(sheet.rank),
        "unranked": sheet.unranked,
        "small_sample": sheet.unranked is Unranked.SMALL_SAMPLE,
        "sample": sheet.sample,
        "coverage": plain(sheet.coverage),
        "counts": _pairs(sheet.counts),
        "sections": [_section(section, scheme.rounding) for section in sheet.sections],
        "lines": [_line(line, scheme.rounding) for line in sheet.lines],
    }


def rank_json(rank: Fraction | None) -> int | str | None:
    """Return a rank as JSON: an integer, or a text such as "2.5" for a mean of places."""
    if rank is None:
        return None
    return rank.numerator if rank.denominator == 1 else plain(rank)


def _points(points: Fraction | None, rounding: Rounding) -> str | None:
    return None if points is None else printed(points, rounding.digits, rounding.mode)


def _section(section: SectionScore, rounding: Rounding) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": _title(section.title),
        "points": _points(section.points, rounding),
        "full": _points(section.full, rounding),
    }


def _line(line: Line, rounding: Rounding) -> dict[str, Any]:
    interval = line.interval
    return {
        "section": line.section,
        "indicator": line.indicator,
        "title": _title(line.title),
        "measure": line.measure,
        "numerator": line.numerator,
        "denominator": line.denominator,
        "points": _points(line.points, rounding),
        "full": plain(line.full),
        "because": {"code": line.because.code, "facts": dict(line.because.facts)},
        "parts": [
            {"measure": measure, "count": count, "off": _points(off, rounding)} for measure, count, off in line.parts
        ],
        "interval": interval
        and {"low": f"{interval.low:.6f}", "high": f"{interval.high:.6f}", "phi": plain(interval.phi)},
    }
