"""Months under schemes that use every function, every way of rounding and every rule of ties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.assessment.trial_schemes import document, indicator, read
from tests.disclosure.months import told

from xiuhua.assessment.rules import changes, lists, sheet_bytes, sheets, view
from xiuhua.assessment.words import CutOff, Header, Scheme, Subject
from xiuhua.disclosure.words import Told

#: on time, due, rework, returned, returned_often, own finds, independent finds, checks, sites.
COUNTED = {
    "a": (61, 64, 3, 2, 1, 4, 7, 21, 30),
    "b": (50, 56, 0, 0, 0, 0, 0, 13, 9),
    "c": (50, 56, 9, 7, 5, 1, 19, 17, 0),
    "d": (20, 33, 1, 1, 0, 2, 3, 0, 12),
    "e": (7, 9, 0, 1, 1, 0, 2, 11, 8),
    "f": (0, 0, 0, 0, 0, 0, 0, 0, 0),
    "g": (40, 50, 2, 2, 0, 1, 5, 19, 14),
    "h": (0, 12, 12, 30, 30, 0, 60, 6, 5),
}
_EVERY = [
    (
        3,
        [
            indicator("on_time", full=60),
            indicator("rework", "complement", full=40, floor=10),
        ],
    ),
    (
        2,
        [
            indicator(
                "checked", "threshold", full=30, measure="checks", threshold="0.7", each="0.3", step="started", floor=0
            ),
            indicator(
                "banded",
                "bands",
                full=20,
                measure="on_time",
                bands=[{"from": 0, "points": 0}, {"from": "0.8", "points": 10}, {"from": "0.9", "points": 20}],
            ),
            indicator(
                "sloped",
                "bands",
                full=10,
                measure="on_time",
                interpolate=True,
                bands=[{"from": 0, "points": 0}, {"from": "0.5", "points": 3}, {"from": "0.95", "points": 10}],
            ),
        ],
    ),
    (
        1,
        [
            indicator(
                "pieces",
                "deduction",
                full=20,
                items=[{"measure": "returned", "each": "0.5", "cap": 3}, {"measure": "returned_often", "each": 1}],
                limit=15,
            ),
            indicator(
                "found",
                "per_exposure",
                full=15,
                sources=[
                    {"measure": "own_finds", "finder": "self", "weight": 0},
                    {"measure": "independent_finds", "finder": "independent"},
                ],
                base="sites",
                each="0.7",
                unit=10,
                on_empty="full",
            ),
        ],
    ),
]
_GROUPS = [
    {"code": "one", "title": {"zh": "一类", "en": "first"}, "members": ["a", "b", "c"]},
    {"code": "two", "title": {"zh": "二类", "en": "second"}},
]


def scheme(**more: Any) -> Scheme:
    """Return a scheme of all six functions; `more` are its other tables."""
    return read(document(*_EVERY, minimum={"measure": "due", "least": 10}, **more))


SCHEMES = {
    "halves up, printed totals, 1224": scheme(),
    "lines rounded and carried": scheme(
        rounding={"digits": 1, "mode": "half_even", "stage": "line", "carry": "printed"}
    ),
    "sections cut and carried, dense": scheme(
        rounding={"digits": 1, "mode": "truncate", "stage": "section", "carry": "printed"},
        rank={"on": "printed", "ties": "dense"},
    ),
    "exact totals, mean places, groups": scheme(rank={"on": "exact", "ties": "average"}, groups=_GROUPS),
    "whole points, last places": scheme(
        rounding={"digits": 0, "mode": "half_even"}, rank={"on": "printed", "ties": "modified"}
    ),
}


def _counts(row: tuple[int, ...]) -> dict[str, tuple[int, int]]:
    on_time, due, rework, returned, often, own, independent, checks, sites = row
    return {
        "due": (due, due),
        "on_time": (on_time, due),
        "rework": (rework, due),
        "returned": (returned, due),
        "returned_often": (often, due),
        "own_finds": (own, own),
        "independent_finds": (independent, independent),
        "checks": (checks, 25 if checks else 0),
        "sites": (sites, sites),
    }


def hard_month(scheme: Scheme, **more: Any) -> Told:
    """Return a month told under a scheme."""
    subjects = [Subject(code, f"=1+1{code}") for code in COUNTED]  # names as an attacker would write them
    counts = {code: _counts(row) for code, row in COUNTED.items()}
    header = Header("2026-10", "community", "due", "2026-10-31T16:00:00+00:00", CutOff.END, "cd" * 32, {}, 0)
    written = view(sheet_bytes(header, scheme, sheets(scheme, counts, subjects)))
    listed = lists(written)
    return replace(
        told(),
        view=written,
        previous=None,
        changes=changes(written, None),
        listed=listed,
        pledges=listed.black,
        scheme=scheme,
        **more,
    )
