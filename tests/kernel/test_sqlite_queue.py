"""SQLite with a queue: threads of one process write one after the other, and whatever ends a transaction ends its turn."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections

from xiuhua.config.sqlite import base
from xiuhua.kernel.actions import without_waiting

Link = base.DatabaseWrapper


@pytest.fixture
def link(tmp_path: Path, django_db_blocker: Any) -> Iterator[Callable[[], Link]]:
    """Connections to one file, as the site opens them; SQLite itself waits for nobody."""
    with django_db_blocker.unblock():
        yield from _links(tmp_path)


def _links(tmp_path: Path) -> Iterator[Callable[[], Link]]:
    opened: list[Link] = []
    settings: dict[str, Any] = connections.settings["default"] | {
        "ENGINE": "xiuhua.config.sqlite",
        "NAME": str(tmp_path / "queue.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 60, "check_same_thread": False},
    }

    def one() -> Link:
        made = Link(settings, "default")
        made.inc_thread_sharing()
        made.cursor().execute("PRAGMA busy_timeout = 0")
        opened.append(made)
        return made

    one().cursor().execute("CREATE TABLE seen (who integer)")
    yield one
    for each in opened:
        each.close()


def _write(link: Link, who: int) -> None:
    link.set_autocommit(autocommit=False, force_begin_transaction_with_broken_autocommit=True)
    link.cursor().execute("INSERT INTO seen VALUES (%s)", [who])
    link.commit()
    link.set_autocommit(autocommit=True)


def test_threads_when_they_write_at_once_then_each_waits_its_turn_and_none_is_refused(
    link: Callable[[], Link],
) -> None:
    links = [link() for _thread in range(8)]

    def work(who: int) -> None:
        for _time in range(25):
            _write(links[who], who)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert links[0].cursor().execute("SELECT count(*), count(DISTINCT who) FROM seen").fetchone() == (200, 8)


@pytest.mark.parametrize("end", ["rollback", "close", "commit"])
def test_turn_when_a_transaction_ends_in_any_way_then_the_next_has_it(link: Callable[[], Link], end: str) -> None:
    first, second = link(), link()
    first.set_autocommit(autocommit=False, force_begin_transaction_with_broken_autocommit=True)
    getattr(first, end)()
    _write(second, 2)
    assert second.cursor().execute("SELECT count(*) FROM seen").fetchone() == (1,)


def test_turn_when_another_process_writes_then_sqlite_refuses_and_the_turn_is_free(
    link: Callable[[], Link], tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "queue.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        _write(link(), 1)
    other.execute("COMMIT")
    _write(link(), 1)
    other.close()


def test_writer_who_will_not_wait_when_another_has_the_turn_then_is_refused_at_once(link: Callable[[], Link]) -> None:
    first, second = link(), link()
    first.set_autocommit(autocommit=False, force_begin_transaction_with_broken_autocommit=True)
    with second.impatient(), pytest.raises(OperationalError, match="locked"):
        _write(second, 2)
    first.rollback()
    first.set_autocommit(autocommit=True)
    _write(second, 2)


@pytest.mark.django_db
def test_small_write_when_it_can_be_done_then_returns_what_it_returned_and_other_faults_pass() -> None:
    assert without_waiting(lambda: 7) == 7

    def broken() -> None:
        raise OperationalError("no such table")

    with pytest.raises(OperationalError, match="no such table"):
        without_waiting(broken)
