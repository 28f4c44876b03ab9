"""No track, no punch-in, no online time, no ranking of people: neither in a table, nor in a template, nor in a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

import xiuhua

SRC = Path(xiuhua.__file__).parent
#: Names of columns that would keep where or how long somebody is there, or how much he does.
FIELDS = re.compile(
    r"last_login|last_seen|online|punch|check_?in|clock_?in|attendance|track|steps$|points?$|rank|login_count"
)
#: Words of pages and calls of scripts that would do so.
WORDS = re.compile(r"watchPosition|打卡|签到|在线时长|积分|轨迹|步数|个人排名|last_login|last_seen")


def test_table_when_it_is_about_people_then_it_keeps_no_presence_and_no_score() -> None:
    users = [model for model in apps.get_models() if model.__module__.startswith("xiuhua.responsibility")]
    kept = [
        f"{model.__name__}.{one.name}" for model in users for one in model._meta.get_fields() if FIELDS.search(one.name)
    ]
    assert kept == []


@pytest.mark.parametrize("suffix", [".html", ".js", ".py", ".po"])
def test_source_when_scanned_then_nobody_is_watched(suffix: str) -> None:
    found = [
        f"{path.relative_to(SRC)}: {hit.group()}"
        for path in sorted(SRC.rglob(f"*{suffix}"))
        if "migrations" not in path.parts
        for hit in WORDS.finditer(path.read_text(encoding="utf-8"))
        if not (hit.group() == "last_login" and path.name == "models.py")
    ]
    assert found == []
