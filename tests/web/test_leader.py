"""What the leader's month names: which classes are worst, where they are and whose, who is last."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils.translation import override

from xiuhua.analytics.queries import Heap
from xiuhua.web.desk.leader import _owner, _place, worst_first

NAMES = {"A": "柳岸社区", "B": "桥西社区"}


def _heap(rows: int, subject: str | None = "A", sub_class: str | None = "路灯", body: str | None = "U") -> Heap:
    return Heap(subject, (sub_class, body), rows, 0)


@pytest.mark.parametrize(
    ("heaps", "expected"),
    [
        pytest.param([], [], id="nothing is overdue"),
        pytest.param([_heap(1), _heap(2, sub_class="垃圾")], ["垃圾", "路灯"], id="most first"),
        pytest.param([_heap(2), _heap(1, "B", "垃圾"), _heap(1, "A", "垃圾")], ["垃圾", "路灯"], id="even: by name"),
        pytest.param([_heap(9, sub_class=None), _heap(1)], ["路灯"], id="without a class nothing can be named"),
        pytest.param([_heap(n, sub_class=str(n)) for n in range(1, 6)], ["5", "4", "3"], id="three at most"),
    ],
)
def test_worst_when_chosen_then_the_classes_with_most_overdue_open_cases(
    heaps: list[Heap], expected: list[str]
) -> None:
    assert [name for name, _some in worst_first(heaps, 3)] == expected


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        pytest.param({"A": 3}, "都在柳岸社区", id="all in one"),
        pytest.param({"A": 2, "B": 1}, "多在柳岸社区", id="most in one"),
        pytest.param({"A": 1, "B": 1}, "分在 2 家", id="nowhere mostly"),
        pytest.param({"A": 2, "B": 2}, "分在 2 家", id="even"),
        pytest.param({"A": 2, None: 1}, "", id="some lie nowhere: nothing is said"),
        pytest.param({"X": 2}, "", id="a subject the month does not know"),
    ],
)
def test_place_when_told_then_only_what_is_true_of_all(counted: dict[str | None, int], said: str) -> None:
    with override("zh-hans"):
        assert _place(Counter(counted), NAMES) == said


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        pytest.param({"U": 2}, "环卫队", id="one unit"),
        pytest.param({"U": 1, "V": 2}, "V等 2 家", id="the one with most, and how many there are"),
        pytest.param({"U": 2, None: 5}, "环卫队", id="what has no unit yet is nobody's"),
        pytest.param({None: 5}, "未派单位", id="none has a unit"),
    ],
)
def test_owner_when_told_then_the_unit_with_most(counted: dict[str | None, int], said: str) -> None:
    with override("zh-hans"):
        assert _owner(Counter(counted), {"U": "环卫队"}) == said
