"""Several workers, each a process: nothing is delivered twice at once, and what killed a worker is tried again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
CREW = Path(__file__).with_name("crew.py")
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path, made: Callable[[Path], None]) -> Start:
    """Start a program of the crew on a database of the test's own: a new file, or the test database of PostgreSQL."""
    env = {**os.environ, "XIUHUA_HOME": str(tmp_path / "home"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    if connection.vendor == "postgresql":
        place = connection.settings_dict
        env["DATABASE_URL"] = f"postgresql://{place['USER']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    else:
        env.pop("DATABASE_URL", None)
        made(tmp_path / "home/xiuhua.sqlite3")
    return lambda *args: subprocess.Popen([sys.executable, CREW, *map(str, args)], env=env)


def test_workers_when_two_are_at_it_at_once_then_each_event_is_delivered_once_and_each_job_run_once(
    start: Start, tmp_path: Path
) -> None:
    assert start("emit", 120).wait() == 0
    file = tmp_path / "told"
    both = [start("work", file, 1), start("work", file, 1)]
    assert [one.wait() for one in both] == [0, 0]
    assert Counter(file.read_text(encoding="utf-8").split()) == {**{f"case:{n}": 1 for n in range(120)}, "job": 1}


def test_worker_when_a_delivery_kills_it_then_another_tries_again_after_the_lease(start: Start, tmp_path: Path) -> None:
    assert start("emit", 3).wait() == 0
    file, mark = tmp_path / "told", tmp_path / "mark"
    assert start("work", file, 0, mark).wait() == 9
    assert start("work", file, 0.1, mark).wait() == 0
    assert Counter(file.read_text(encoding="utf-8").split()) == {"case:0": 2, "case:1": 1, "case:2": 1, "job": 1}
