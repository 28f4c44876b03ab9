"""Measures on DuckDB through Ibis: one pass over the Parquet for all measures of a grouping, integers out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from xiuhua.analytics.extraction import schema_of
from xiuhua.analytics.words import (
    Column,
    Count,
    FactTable,
    Grouping,
    Kind,
    Measure,
    OrderStatistic,
    Part,
    Predicate,
    Where,
    Window,
)

Pair = tuple[int, int]


def _ibis() -> Any:
    """Return Ibis: half a second of imports that most commands do not need."""
    import ibis  # noqa: PLC0415 - for that reason

    return ibis


@cache
def _quantile_disc() -> Any:
    """Return DuckDB's discrete quantile: of an even number, the lower of the two in the middle."""

    def quantile_disc(values: int, share: float) -> int:
        raise NotImplementedError  # the engine's own function; never called

    return _ibis().udf.agg.builtin(name="quantile_disc")(quantile_disc)


@dataclass(frozen=True, slots=True)
class Tables:
    """An open engine with the tables of one snapshot, by name."""

    engine: Any
    by_name: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.by_name[name]


@contextmanager
def opened(folder: Path, facts: Iterable[FactTable] = ()) -> Iterator[Tables]:
    """Give the Parquet files of `folder` as tables, by names of this opening only. The engine is told never to fetch an extension.

    Columns that a fact of `facts` has gained since the files were frozen are there and say nothing (null); a fact that
    was not frozen yet then, and its dimensions, are there without rows.
    """
    known = list(facts)
    gained = {fact.name: fact.columns for fact in known}
    engine = _ibis().duckdb.from_connection(_link(os.getpid()))
    try:
        files = sorted(folder.glob("*.parquet"))
        frozen = {file.stem: _table(engine, file, gained.get(file.stem, ())) for file in files}
        yield Tables(engine, {**_lacking(known, frozen), **frozen})
    finally:
        engine.disconnect()


def _link(process: int) -> Any:
    """Return a connection of its own to the engine of this process: what it calls its tables nobody else sees."""
    with _LINKING:
        return _engine(process).cursor()


@cache
def _engine(_process: int) -> Any:
    """Return the engine, started once in each process: to start it costs fifteen milliseconds, a connection a half."""
    import duckdb  # noqa: PLC0415 - as Ibis, not needed by most commands

    # a file that was written again is read again, however soon
    never = ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_file_cache")
    return duckdb.connect(config=dict.fromkeys(never, False))


_LINKING = Lock()


def _table(engine: Any, file: Path, columns: Sequence[Column]) -> Any:
    # the path says period=…, which the engine would otherwise add as a column
    table = engine.read_parquet(file, table_name=file.stem, hive_partitioning=False)
    lacking = {
        column.name: _ibis().null("string" if column.kind is Kind.TEXT else "int64")
        for column in columns
        if column.name not in table.columns
    }
    return table.mutate(**lacking) if lacking else table


def _lacking(facts: Iterable[FactTable], frozen: Mapping[str, Any]) -> dict[str, Any]:
    tables = {fact.name: schema_of(fact.columns) for fact in facts}
    for fact in facts:
        tables |= {one.name: schema_of([Column(column) for column in one.columns]) for one in fact.dimensions}
    return {name: _ibis().memtable(schema.empty_table()) for name, schema in tables.items() if name not in frozen}


def grouping_of(fact: FactTable, by: str) -> Grouping:
    """Return the grouping named `by`: a declared one, else the tree at that level."""
    return fact.groupings.get(by, fact.tree)


def members(tables: Tables, fact: FactTable, by: str) -> Any:
    """Return the frozen dimension of a grouping, cut to the level `by` if it has levels."""
    grouping = grouping_of(fact, by)
    table = tables[grouping.dimension]
    return table.filter(table[grouping.level] == by) if grouping.level else table


def placed(tables: Tables, fact: FactTable, by: str, table: Any) -> Any:
    """Return `table`, drawn from the fact, with the column `subject`: who answers in the grouping, null for nobody."""
    grouping, dimension = grouping_of(fact, by), members(tables, fact, by)
    pairs = dimension.select(member_=dimension[grouping.member], subject=dimension[grouping.subject])
    return table.left_join(pairs, table[grouping.column] == pairs.member_).drop("member_")


@dataclass(frozen=True, slots=True)
class _Pass:
    """One pass over a fact table for several measures: what is computed per row, and what is counted of it.

    Measures share most of their bases, so each base is computed and counted once.
    """

    measures: Sequence[Measure]
    window: Window

    def bases(self) -> list[Predicate]:
        """Return the different bases."""
        return list(dict.fromkeys(measure.of for measure in self.measures))

    def flagged(self, table: Any, *kept: str) -> Any:
        """Return for each row of `table` the columns `kept`, each base, and each measure's part of its base.

        Bases are a step of their own, so that the engine does not compute them again for every measure.
        """
        bases = self.bases()
        based = table.mutate(**{f"base{number}": base(table, self.window) for number, base in enumerate(bases)})
        made: dict[str, Any] = {}
        for measure in self.measures:
            if isinstance(measure, OrderStatistic):
                made[measure.name] = measure.value(based, self.window)
            elif measure.kept is not measure.of:
                made[measure.name] = based[f"base{bases.index(measure.of)}"] & measure.kept(based, self.window)
        return based.select(*kept, *[f"base{number}" for number in range(len(bases))], **made)

    def tallies(self, table: Any) -> dict[str, Any]:
        """Return the integer expressions over a table of flags: one for each base and each measure's kept part."""
        bases = self.bases()
        made = {f"base{number}": table.count(where=table[f"base{number}"]) for number in range(len(bases))}
        for measure in self.measures:
            if isinstance(measure, OrderStatistic):
                base = table[f"base{bases.index(measure.of)}"]
                made[measure.name] = _quantile_disc()(table[measure.name], 0.5, where=base)
            elif measure.kept is not measure.of:
                made[measure.name] = table.count(where=table[measure.name])
        return made

    def pairs(self, row: Mapping[str, Any]) -> dict[str, Pair]:
        """Return (kept, of) of each measure from a row of tallies; an order statistic of nothing is (0, 0)."""
        bases = self.bases()
        of = {m.name: int(row[f"base{bases.index(m.of)}"]) for m in self.measures}
        return {name: (int(row[name] or 0) if name in row else base, base) for name, base in of.items()}


def grouped(
    tables: Tables, fact: FactTable, measures: Sequence[Measure], by: str | None, window: Window
) -> dict[str | None, dict[str, Pair]]:
    """Return (kept, of) of each measure by subject; None are the rows without one, "" the total if `by` is None.

    An order statistic of no rows is (0, 0). Subjects of the frozen dimension without rows are there with zeros.
    """
    once = _Pass(measures, window)
    table = tables[fact.name]
    if by is None:
        flagged, known = once.flagged(table), [""]
        rows = flagged.aggregate(**once.tallies(flagged)).mutate(subject=_ibis().literal(""))
    else:  # judged first, placed after: the join then carries flags, not texts
        flagged = placed(tables, fact, by, once.flagged(table, grouping_of(fact, by).column))
        rows, known = flagged.group_by("subject").aggregate(**once.tallies(flagged)), [*subjects(tables, fact, by)]
    found = {row["subject"]: once.pairs(row) for row in tables.engine.to_pyarrow(rows).to_pylist()}
    return {**{code: {measure.name: (0, 0) for measure in measures} for code in known}, **found}


def stretched(
    tables: Tables, fact: FactTable, measures: Sequence[Count], by: str, window: Window, *, bounds: Sequence[int]
) -> dict[str, dict[tuple[str, int], Pair]]:
    """Return (kept, of) of each measure by subject and stretch of the month; what has no subject is left out.

    `bounds` (microseconds, ascending) begin the second stretch, the third and so on; the first is 0. A row lies in the
    stretch of the instant that its measure says (`Count.at`); a measure that says none has nothing.
    """
    found: dict[str, dict[tuple[str, int], Pair]] = {measure.name: {} for measure in measures}
    column = grouping_of(fact, by).column
    for instant in dict.fromkeys(measure.at for measure in measures if measure.at):
        once = _Pass([measure for measure in measures if measure.at is instant], window)
        table = tables[fact.name]
        dealt = table.mutate(stretch=_number(instant(table, window), bounds))
        flagged = placed(tables, fact, by, once.flagged(dealt, column, "stretch"))
        flagged = flagged.filter(flagged.subject.notnull() & flagged.stretch.notnull())
        rows = flagged.group_by("subject", "stretch").aggregate(**once.tallies(flagged))
        for row in tables.engine.to_pyarrow(rows).to_pylist():
            for name, pair in once.pairs(row).items():
                found[name][row["subject"], int(row["stretch"])] = pair
    return found


def _number(at: Any, bounds: Sequence[int]) -> Any:
    """Return how many of the bounds an instant has reached."""
    return sum(((at >= bound).cast("int64") for bound in bounds), _ibis().literal(0, "int64"))


def by_column(tables: Tables, fact: FactTable, where: Where, column: str, window: Window) -> dict[str, int]:
    """Return how many of the rows behind a number have each value of a text column; rows without one are left out."""
    table = behind(tables, fact, where, window)
    table = table.filter(table[column].notnull() & (table[column] != ""))
    counted = table.group_by(column).aggregate(rows=table.count()).order_by(column)
    return {row[column]: int(row["rows"]) for row in tables.engine.to_pyarrow(counted).to_pylist()}


def spread(
    tables: Tables, fact: FactTable, where: Where, columns: Sequence[str], window: Window, *, by: str, least: str
) -> list[dict[str, Any]]:
    """Return how the rows behind a number spread over the subjects of `by` and the values of some columns.

    Each row has "subject" (None without one), the columns, "rows" and "least": the smallest value of the column `least`.
    """
    table = placed(tables, fact, by, behind(tables, fact, where, window))
    keys = ["subject", *columns]
    counted = table.group_by(keys).aggregate(rows=table.count(), least=table[least].min()).order_by(keys)
    found: list[dict[str, Any]] = tables.engine.to_pyarrow(counted).to_pylist()
    return found


def total_of(
    tables: Tables,
    fact: FactTable,
    measures: Sequence[Measure],
    groups: Mapping[str | None, Mapping[str, Pair]],
    window: Window,
) -> dict[str, Pair]:
    """Return the total of a grouping: counts are summed, since each row is in one group; the rest is asked anew."""
    anew = [measure for measure in measures if isinstance(measure, OrderStatistic)]
    asked = grouped(tables, fact, anew, None, window)[""] if anew else {}
    return {
        measure.name: asked.get(measure.name)
        or (
            sum(pairs[measure.name][0] for pairs in groups.values()),
            sum(pairs[measure.name][1] for pairs in groups.values()),
        )
        for measure in measures
    }


def subjects(tables: Tables, fact: FactTable, by: str) -> dict[str, str]:
    """Return the names of all subjects of the grouping `by`, by code."""
    grouping, dimension = grouping_of(fact, by), members(tables, fact, by)
    chosen = dimension.select(code=dimension[grouping.subject], name=dimension[grouping.title]).distinct()
    rows = tables.engine.to_pyarrow(chosen.order_by("code", "name")).to_pylist()
    return {row["code"]: row["name"] for row in rows}


def behind(tables: Tables, fact: FactTable, where: Where, window: Window) -> Any:
    """Return the rows behind a number: the fact table filtered by the very predicates that count it."""
    table = tables[fact.name]
    if where.by:
        table = placed(tables, fact, where.by, table)
        table = table.filter(_same(table.subject, where.subject))
    for column, value in where.equal.items():
        table = table.filter(_same(table[column], value))
    for column, values in where.among.items():
        table = table.filter(table[column].isin(values))
    for column, most in where.at_most.items():
        table = table.filter(table[column] <= most)
    if where.keys is not None:
        table = table.filter(table[fact.key].isin(where.keys))
    return _part(table, fact.measures[where.measure], where.part, window) if where.measure else table


def _same(column: Any, value: str | int | None) -> Any:
    return column.isnull() if value is None else column == value


def _part(table: Any, measure: Measure, part: Part, window: Window) -> Any:
    table = table.filter(measure.of(table, window))
    if part is Part.OF or isinstance(measure, OrderStatistic):
        return table
    kept = measure.kept(table, window).fill_null(False)  # noqa: FBT003 - Ibis's own signature
    return table.filter(kept if part is Part.KEPT else ~kept)
