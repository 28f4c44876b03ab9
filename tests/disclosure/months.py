"""A month told by hand: eight communities, two of them on top, three classes, nothing from a database."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from xiuhua.assessment.queries import scheme_named
from xiuhua.assessment.rules import changes, lists, sheet_bytes, sheets, view
from xiuhua.assessment.words import AssessmentView, CutOff, Header, Subject
from xiuhua.disclosure.rules.labels import read_labels
from xiuhua.disclosure.words import DraftTask, Labels, Missing, Office, Tallied, Told

PACKS = Path(__file__).parents[2] / "packs" / "documents"
NAMES = {
    "c1": "桂花社区",
    "c2": "望星桥社区",
    "c3": "柳汀社区",
    "c4": "梧桐苑社区",
    "c5": "石函社区",
    "c6": "南浦社区",
    "c7": "槐荫里社区",
    "c8": "青砖弄社区",
}
#: due, closed on time, closed late, overdue and open.
OCTOBER = {
    "c1": (60, 58, 1, 1),
    "c2": (52, 50, 1, 1),
    "c3": (48, 45, 2, 1),
    "c4": (44, 40, 2, 2),
    "c5": (70, 62, 4, 4),
    "c6": (38, 32, 3, 3),
    "c7": (66, 52, 8, 6),
    "c8": (50, 36, 6, 8),
}
SEPTEMBER = {code: (due, on_time - 2, late + 1, open_ + 1) for code, (due, on_time, late, open_) in OCTOBER.items()}


def labels(name: str = "demo-street") -> Labels:
    """Return labels as shipped."""
    return read_labels(tomllib.loads((PACKS / f"{name}.toml").read_text(encoding="utf-8")), "0" * 64)


def month(period: str, counted: dict[str, tuple[int, int, int, int]], end: str) -> AssessmentView:
    """Return a written month under the plain scheme: on time 60, closed 40."""
    scheme = scheme_named("basic")
    counts = {code: _counts(*four) for code, four in counted.items()}
    whole = tuple(map(sum, zip(*counted.values(), strict=True)))
    header = Header(period, "community", "due", end, CutOff.END, "ab" * 32, _counts(*whole), 3)
    return view(sheet_bytes(header, scheme, sheets(scheme, counts, [Subject(c, NAMES[c]) for c in counted])))


def _counts(due: int, on_time: int, late: int, open_: int) -> dict[str, tuple[int, int]]:
    return {
        "due": (due, due),
        "on_time": (on_time, due),
        "closed": (on_time + late, due),
        "late": (late, due),
        "overdue_open": (open_, due),
        "reported": (due + 2, due + 2),
        "median_close_seconds": (7260, on_time + late),
    }


MATRIX = (
    Tallied("暴露垃圾", 12, 5, 2, "c8", ("A01", "A02", "A03", "A04", "A05")),
    Tallied("占道经营", 9, 3, 1, "c8", ("A06", "A07", "A08")),
    Tallied("暴露垃圾", 20, 4, 3, "c7", ("A11", "A12", "A13", "A14")),
    Tallied("道路破损", 8, 2, 2, "c7", ("A15", "A16")),
    Tallied("占道经营", 6, 3, 0, "c6", ("A21", "A22", "A23")),
    Tallied("暴露垃圾", 11, 1, 0, "c1", ("A31",)),
    Tallied("道路破损", 7, 0, 1, "c2", ()),
)
CLASSES = (Tallied("暴露垃圾", 43, 10, 5), Tallied("占道经营", 15, 6, 1), Tallied("道路破损", 15, 2, 3))
TASKS = (
    DraftTask("“暴露垃圾”超期未结 5 件（应结案 12 件）", "逐件核查。", "2026-11-20", NAMES["c8"], "社区书记", ("A01",)),
    DraftTask("“暴露垃圾”超期未结 4 件（应结案 20 件）", "逐件核查。", "2026-11-20", NAMES["c7"], "社区书记", ("A11",)),
)
MISSING = (
    Missing("现场检查点位数", "现场检查记录", "inspected"),
    Missing("返工数", "核查退回记录", "rework"),
    Missing("市级扣分", "市级扣分明细", "city_off"),
)


def told(language: str = "zh-hans", **more: Any) -> Told:
    """Return October, told; `more` replaces fields."""
    now = month("2026-10", OCTOBER, "2026-10-31T16:00:00+00:00")
    before = month("2026-09", SEPTEMBER, "2026-09-30T16:00:00+00:00")
    listed = lists(now)
    made = Told(
        language=language,
        office=Office("demo", "星河街道", "Asia/Shanghai", made_up=True, level="社区"),
        labels=labels(),
        period="2026-10",
        made="2026-11-02T01:00:00+00:00",
        scheme_full=Fraction(100),
        weights=tuple((line.title, line.full) for line in now.subjects[0].lines),
        view=now,
        previous=before,
        last_year=None,
        changes=changes(now, before),
        listed=listed,
        classes=CLASSES,
        matrix=MATRIX,
        tasks=TASKS,
        pledges=listed.black,
        missing=MISSING,
        scheme=scheme_named("basic"),
    )
    return replace(made, **more)
