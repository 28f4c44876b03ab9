"""Measures on DuckDB through Ibis: one pass over the Parquet for all measures of a grouping, integers out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis

from xiuhua.analytics.words import Count, FactTable, Grouping, Measure, OrderStatistic, Part, Where, Window

Pair = tuple[int, int]


@ibis.udf.agg.builtin(name="quantile_disc")  # type: ignore[untyped-decorator]
def _quantile_disc(values: int, share: float) -> int:
    """Return DuckDB's discrete quantile: of an even number, the lower of the two in the middle."""
    raise NotImplementedError  # the engine's own function; never called


@dataclass(frozen=True, slots=True)
class Tables:
    """An open engine with the tables of one snapshot, by name."""

    engine: Any
    by_name: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.by_name[name]


@contextmanager
def opened(folder: Path) -> Iterator[Tables]:
    """Give the Parquet files of `folder` as tables. The engine is told never to fetch an extension."""
    engine = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)
    try:
        files = sorted(folder.glob("*.parquet"))
        yield Tables(engine, {file.stem: _table(engine, file) for file in files})
    finally:
        engine.disconnect()


def _table(engine: Any, file: Path) -> Any:
    # the path says period=…, which the engine would otherwise add as a column
    return engine.read_parquet(file, table_name=file.stem, hive_partitioning=False)


def grouping_of(fact: FactTable, by: str) -> Grouping:
    """Return the grouping named `by`: a declared one, else the tree at that level."""
    return fact.groupings.get(by, fact.tree)


def members(tables: Tables, fact: FactTable, by: str) -> Any:
    """Return the frozen dimension of a grouping, cut to the level `by` if it has levels."""
    grouping = grouping_of(fact, by)
    table = tables[grouping.dimension]
    return table.filter(table[grouping.level] == by) if grouping.level else table


def placed(tables: Tables, fact: FactTable, by: str) -> Any:
    """Return the fact table with the column `subject`: who answers in the grouping `by`, null for nobody."""
    grouping, dimension = grouping_of(fact, by), members(tables, fact, by)
    pairs = dimension.select(member_=dimension[grouping.member], subject=dimension[grouping.subject])
    table = tables[fact.name]
    return table.left_join(pairs, table[grouping.column] == pairs.member_).drop("member_")


def tallies(table: Any, measures: Sequence[Measure], window: Window) -> dict[str, Any]:
    """Return the integer expressions of measures: "name.kept" and "name.of" each."""
    made: dict[str, Any] = {}
    for measure in measures:
        of = measure.of(table, window)
        made[f"{measure.name}.of"] = table.count(where=of)
        if isinstance(measure, Count):
            made[f"{measure.name}.kept"] = table.count(where=of & measure.kept(table, window))
        else:
            made[f"{measure.name}.kept"] = _quantile_disc(measure.value(table, window), 0.5, where=of)
    return made


def grouped(
    tables: Tables, fact: FactTable, measures: Sequence[Measure], by: str | None, window: Window
) -> dict[str | None, dict[str, Pair]]:
    """Return (kept, of) of each measure by subject; None are the rows without one, "" the total if `by` is None.

    An order statistic of no rows is (0, 0). Subjects of the frozen dimension without rows are there with zeros.
    """
    if by is None:
        table = tables[fact.name]
        rows = table.aggregate(**tallies(table, measures, window)).mutate(subject=ibis.literal(""))
        known = [""]
    else:
        table = placed(tables, fact, by)
        rows = table.group_by("subject").aggregate(**tallies(table, measures, window))
        known = sorted(subjects(tables, fact, by))
    none = {measure.name: (0, 0) for measure in measures}
    found = {row["subject"]: _pairs(row, measures) for row in tables.engine.to_pyarrow(rows).to_pylist()}
    return {**{code: dict(none) for code in known}, **found}


def _pairs(row: Mapping[str, Any], measures: Sequence[Measure]) -> dict[str, Pair]:
    return {m.name: (row[f"{m.name}.kept"] or 0, row[f"{m.name}.of"]) for m in measures}


def subjects(tables: Tables, fact: FactTable, by: str) -> dict[str, str]:
    """Return the names of all subjects of the grouping `by`, by code."""
    grouping, dimension = grouping_of(fact, by), members(tables, fact, by)
    chosen = dimension.select(code=dimension[grouping.subject], name=dimension[grouping.title]).distinct()
    rows = tables.engine.to_pyarrow(chosen.order_by("code", "name")).to_pylist()
    return {row["code"]: row["name"] for row in rows}


def behind(tables: Tables, fact: FactTable, where: Where, window: Window) -> Any:
    """Return the rows behind a number: the fact table filtered by the very predicates that count it."""
    table = placed(tables, fact, where.by) if where.by else tables[fact.name]
    if where.by:
        table = table.filter(_same(table.subject, where.subject))
    for column, value in where.equal.items():
        table = table.filter(_same(table[column], value))
    return _part(table, fact.measures[where.measure], where.part, window) if where.measure else table


def _same(column: Any, value: str | None) -> Any:
    return column.isnull() if value is None else column == value


def _part(table: Any, measure: Measure, part: Part, window: Window) -> Any:
    table = table.filter(measure.of(table, window))
    if part is Part.OF or isinstance(measure, OrderStatistic):
        return table
    kept = measure.kept(table, window).fill_null(False)  # noqa: FBT003 - Ibis's own signature
    return table.filter(kept if part is Part.KEPT else ~kept)
