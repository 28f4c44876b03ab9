"""The table of what a file does to a territory's history."""

from __future__ import annotations

from datetime import date

import pytest

from xiuhua.territory.rules.versions import step
from xiuhua.territory.words import Span

OLD, NEW = date(2020, 1, 1), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("spans", "effective", "answer"),
    [
        ([], None, "create"),
        ([], NEW, "create"),
        ([Span(None, None, same=True)], None, "unchanged"),
        ([Span(None, None, same=True)], NEW, "unchanged"),
        ([Span(None, None, same=False)], None, "correct"),
        ([Span(None, None, same=False)], NEW, "succeed"),
        ([Span(NEW, None, same=False)], NEW, "correct"),
        ([Span(NEW, None, same=False)], OLD, "early"),
        ([Span(NEW, None, same=True)], None, "early"),
        ([Span(None, NEW, same=True), Span(NEW, None, same=False)], OLD, "unchanged"),
        ([Span(None, NEW, same=True), Span(NEW, None, same=False)], NEW, "correct"),
        ([Span(None, OLD, same=True)], NEW, "succeed"),
    ],
    ids=[
        "new since always",
        "new since a day",
        "same again",
        "same later",
        "corrected since always",
        "changed later",
        "corrected on its day",
        "changed earlier",
        "known only later",
        "an old version says it",
        "the newest is corrected",
        "ended and back",
    ],
)
def test_step_when_a_file_speaks_then(spans: list[Span], effective: date | None, answer: str) -> None:
    assert step(spans, effective) == answer
