"""Labels of official documents: what a pack may say."""

from __future__ import annotations

import pytest
from tests.disclosure.months import PACKS, labels

from xiuhua.disclosure.rules.labels import labels_faults


@pytest.mark.parametrize("name", sorted(path.stem for path in PACKS.glob("*.toml")))
def test_labels_that_are_shipped_have_no_fault(name: str) -> None:
    assert labels_faults((PACKS / f"{name}.toml").read_text(encoding="utf-8")) == []


def test_labels_of_the_made_up_street_say_that_it_is_made_up() -> None:
    found = labels("demo-street")
    assert found.made_up
    assert "虚构" in found.note.zh


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        pytest.param("{office}办事处文件", "{street}办事处文件", "mark", id="a place nobody fills"),
        pytest.param("{office}办事处文件", "{office", "mark", id="a brace left open"),
        pytest.param("most = 8", "most = 0", "tasks.most", id="no task at all"),
        pytest.param("made_up = true", "made_up = 1", "made_up", id="not a yes or no"),
    ],
)
def test_labels_when_wrong_say_in_which_field(before: str, after: str, column: str) -> None:
    text = (PACKS / "demo-street.toml").read_text(encoding="utf-8")
    assert before in text
    assert [fault.column for fault in labels_faults(text.replace(before, after))] == [column]
