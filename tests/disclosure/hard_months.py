"""Months under schemes that use every function, every way of rounding and every rule of ties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.assessment.trial_schemes import document, indicator, read
from tests.disclosure.months import told

from xiuhua.assessment.rules import changes, lists, sheet_bytes, sheets, view
from xiuhua.assessment.words import AssessmentView, CutOff, Header, Scheme, Subject
from xiuhua.disclosure.words import DraftTask, Recurrent, Spot, Tallied, Told
from xiuhua.insight.words import Against, Saying

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
#: Titles of lines, each its own: losses are told by them.
_TITLES = {
    "on_time": {"zh": "按期", "en": "In time"},
    "rework": {"zh": "返工", "en": "Redone"},
    "checked": {"zh": "检查", "en": "Checks"},
    "banded": {"zh": "分段", "en": "Banded"},
    "sloped": {"zh": "坡度", "en": "Sloped"},
    "pieces": {"zh": "退回", "en": "Returned"},
    "found": {"zh": "发现", "en": "Found"},
}


def _line(code: str, *function: str, **params: Any) -> dict[str, Any]:
    return indicator(code, *function, title=_TITLES[code], **params)


_EVERY = [
    (
        3,
        [
            _line("on_time", full=60),
            _line("rework", "complement", full=40, floor=10),
        ],
    ),
    (
        2,
        [
            _line(
                "checked", "threshold", full=30, measure="checks", threshold="0.7", each="0.3", step="started", floor=0
            ),
            _line(
                "banded",
                "bands",
                full=20,
                measure="on_time",
                bands=[{"from": 0, "points": 0}, {"from": "0.8", "points": 10}, {"from": "0.9", "points": 20}],
            ),
            _line(
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
            _line(
                "pieces",
                "deduction",
                full=20,
                items=[{"measure": "returned", "each": "0.5", "cap": 3}, {"measure": "returned_often", "each": 1}],
                limit=15,
            ),
            _line(
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


#: Cases due that belong to no subject, and of these closed on time and in all.
NOBODYS = (3, 1, 2)
CLASSES = ("暴露垃圾", "道路破损", "")


def _counts(row: tuple[int, ...]) -> dict[str, tuple[int, int]]:
    on_time, due, rework, returned, often, own, independent, checks, sites = row
    return {
        **_handled(due, on_time, _closed(on_time, due)),
        "rework": (rework, due),
        "returned": (returned, due),
        "returned_often": (often, due),
        "own_finds": (own, own),
        "independent_finds": (independent, independent),
        "checks": (checks, 25 if checks else 0),
        "sites": (sites, sites),
    }


def _closed(on_time: int, due: int) -> int:
    return on_time + (due - on_time) // 2


def _handled(due: int, on_time: int, closed: int) -> dict[str, tuple[int, int]]:
    """Return what every month counts of the cases due, and how many were reported."""
    return {
        "due": (due, due),
        "on_time": (on_time, due),
        "closed": (closed, due),
        "late": (closed - on_time, due),
        "overdue_open": (due - closed, due),
        "reported": (due + 2, due + 2),
    }


def _totals(rows: Iterable[tuple[int, ...]]) -> dict[str, tuple[int, int]]:
    """Return the counts of the whole office: those of its subjects and of cases that have none."""
    three = [(row[1], row[0], _closed(row[0], row[1])) for row in rows]
    due, on_time, closed = map(sum, zip(*three, NOBODYS, strict=True))
    return _handled(due, on_time, closed)


def _view(scheme: Scheme, period: str, end: str, counted: Mapping[str, tuple[int, ...]]) -> AssessmentView:
    subjects = [Subject(code, f"=1+1{code}") for code in counted]  # names as an attacker would write them
    counts = {code: _counts(row) for code, row in counted.items()}
    header = Header(period, "community", "due", end, CutOff.END, "cd" * 32, _totals(counted.values()), NOBODYS[0])
    return view(sheet_bytes(header, scheme, sheets(scheme, counts, subjects)))


def hard_month(scheme: Scheme, **more: Any) -> Told:
    """Return a month told under a scheme."""
    written = _view(scheme, "2026-10", "2026-10-31T16:00:00+00:00", COUNTED)
    listed = lists(written)
    return replace(
        told(),
        view=written,
        previous=None,
        changes=changes(written, None),
        listed=listed,
        pledges=listed.black,
        weights=tuple((line.title, line.full) for line in written.subjects[0].lines),
        scheme=scheme,
        **more,
    )


def whole(scheme: Scheme, language: str = "zh-hans") -> Told:
    """Return a month under a scheme with everything that a pack can tell: nothing has no source."""
    before = {code: (max(0, row[0] - 2), row[1], *row[2:]) for code, row in COUNTED.items()}
    month = hard_month(scheme, language=language, missing=())
    previous = _view(scheme, "2026-09", "2026-09-30T16:00:00+00:00", before)
    matrix = tuple(_matrix())
    called = [one.code for one in month.view.subjects if one.rank is not None][-2:]
    named = {one.code: one.name for one in month.view.subjects}
    return replace(
        month,
        previous=previous,
        changes=changes(month.view, previous),
        matrix=matrix,
        classes=tuple(_classes(matrix)),
        pledges=tuple(one for code in reversed(called) for one in month.view.subjects if one.code == code),
        recurrent=(
            Recurrent("道路破损", "d", 4, "青砖弄路口", ("A1", "A2", "A3", "A4", "A5")),
            Recurrent("暴露垃圾", "h", 3, "7号点", ("B1", "B2", "B3", "B4")),
            Recurrent("暴露垃圾", "h", 2, "7号点", ("C1", "C2", "C3")),
        ),
        hot=(
            Spot("桂雨里二号公交站台", 44, Fraction(163, 10), Fraction(1, 900)),
            Spot("东街", 31, Fraction(9), Fraction(1, 900)),
        ),
        sayings=(
            Saying(
                "change.overdue.up",
                {"against": Against.MONTH, "gross": 19, "covered": 16, "named": 6},
                parts=(Saying("change.class.up", {"class": "暴露垃圾", "now": 5, "change": 4}),),
            ),
            Saying("change.overdue.more", {"against": Against.YEAR, "now": 72, "before": 64, "change": 8}),
        ),
        tasks=tuple(
            DraftTask(
                f"“暴露垃圾”超期未结 {9 + at} 件（应结案 {12 + at} 件）",
                "逐件核查。",
                f"2026-11-2{at}",
                named[code],
                "社区书记",
            )
            for at, code in enumerate(called)
        ),
    )


def _matrix() -> Iterator[Tallied]:
    """Yield every subject's cases: of each class a third of those due, and of the rest in turn overdue and late."""
    for code, (on_time, due, *_rest) in COUNTED.items():
        closed = _closed(on_time, due)
        for at, name in enumerate(CLASSES):
            shares = [(number + at) // len(CLASSES) for number in (due, due - closed, closed - on_time)]
            if shares[0]:
                yield Tallied(name, *shares, code, tuple(f"{code}{at}{n}" for n in range(shares[1])))


def _classes(matrix: tuple[Tallied, ...]) -> Iterator[Tallied]:
    """Yield the classes of the office, the cases of no subject in the first."""
    due, on_time, closed = NOBODYS
    for at, name in enumerate(CLASSES):
        own = [one for one in matrix if one.class_name == name]
        more = (due, due - closed, closed - on_time) if not at else (0, 0, 0)
        sums = (sum(one.due for one in own), sum(one.overdue for one in own), sum(one.late for one in own))
        yield Tallied(name, *(one + other for one, other in zip(sums, more, strict=True)))
