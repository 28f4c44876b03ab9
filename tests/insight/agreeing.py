"""Hold an analysis against the one in SQL, and each sentence against the list behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import duckdb
from tests.insight.analysis_by_sql import Month

from xiuhua.analytics import engine
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import SnapshotTables, count, folder_of, open_snapshot, window_of
from xiuhua.analytics.registry import fact_of
from xiuhua.analytics.words import Where, Window
from xiuhua.insight.words import Against, Analysis, Move, Saying


def sql_of(link: duckdb.DuckDBPyConnection, snapshot: Snapshot, by: str) -> Month:
    """Return the month of a snapshot judged by SQL."""
    window = window_of(snapshot)
    return Month(link, folder_of(snapshot), window.a_us, window.b_us, window.as_of_us, by)


def all_of(sayings: Iterable[Saying]) -> Iterator[Saying]:
    """Yield sayings with their parts."""
    for saying in sayings:
        yield saying
        yield from all_of(saying.parts)


def agree(analysis: Analysis, snapshot: Snapshot, by: str, others: dict[Against, Snapshot | None], least: int) -> None:
    """Assert that everything counted is what SQL counts."""
    link = duckdb.connect()
    sql = sql_of(link, snapshot, by)
    assert {
        (t.class_name, t.subject, t.reported, t.due, t.overdue_open, t.late, t.no_deadline, t.undetermined)
        for t in analysis.matrix
    } == sql.matrix()
    assert {(u.unit, u.due, u.overdue_open, u.late) for u in analysis.overdue_units} == sql.units()
    for column, name in (("due_cause", "due_cause"), ("verdict_cause", "verdict_cause"), ("sub_class", "class")):
        found = {(cause.value, cause.count) for cause in analysis.overdue_causes if cause.column == column}
        assert found == sql.causes(name)
    for effort in analysis.effort:
        assert {(one.channel, one.count) for one in effort.channels} == sql.channels(effort.subject)
    earlier = {against: sql_of(link, other, by) for against, other in others.items() if other}
    for change in analysis.changes:
        assert change.now == sql.total(change.compared.value, change.subject)
        if change.before is None:
            continue
        then = earlier[change.against]
        assert change.before == then.total(change.compared.value, change.subject)
        for move, sign in ((change.up, 1), (change.down, -1)):
            rows = sql.named(then, change.compared.value, change.subject, sign)
            gross = rows[0][3] if rows else 0
            assert _told(move) == ([(*row[:3], gross) for row in rows] if gross >= least else [])


def _told(move: Move | None) -> list[tuple[str | None, int, int, int]]:
    return [(one.class_name, one.now, one.before, move.gross) for one in move.named] if move else []


def lists_hold(analysis: Analysis, snapshot: Snapshot) -> int:
    """Assert that each saying with a list says how many rows it has; return how many such sayings there are.

    The snapshot is opened once for all of them; every fortieth is asked of the named read as well.
    """
    window = window_of(snapshot)
    listed = [(saying.where, saying.count) for saying in all_of(analysis.sayings) if saying.where is not None]
    with open_snapshot(snapshot) as tables:
        lists = _Lists(tables, window)
        for where, said in listed:
            assert lists.count(where) == said, where
    for where, said in listed[::40]:
        assert count(snapshot, fact=fact_of(where.measure).name, where=where, window=window) == said, where
    return len(listed)


class _Lists:
    """The rows behind numbers, counted by the engine's own SQL: made once for all lists that differ by a text only.

    Making it takes ten times as long as counting, and a thousand lists have a few dozen shapes.
    """

    def __init__(self, tables: SnapshotTables, window: Window) -> None:
        self._tables, self._window = tables, window
        self._made: dict[str, str] = {}

    def count(self, where: Where) -> int:
        """Return how many rows a list has."""
        texts = [where.subject if where.by else None, *where.equal.values()]
        marks = [f"⟦{place}⟧" if isinstance(text, str) else text for place, text in enumerate(texts)]
        shape = replace(where, subject=marks[0], equal=dict(zip(where.equal, marks[1:], strict=True)))
        sql = self._made.get(repr(shape))
        if sql is None:
            rows = engine.behind(self._tables, fact_of(where.measure), shape, self._window)
            sql = self._made[repr(shape)] = str(self._tables.engine.compile(rows.count()))
        for mark, text in zip(marks, texts, strict=True):
            if isinstance(text, str):
                assert f"'{mark}'" in sql
                sql = sql.replace(f"'{mark}'", "'" + text.replace("'", "''") + "'")
        ((rows_of_it,),) = self._tables.engine.con.execute(sql).fetchall()
        return int(rows_of_it)
