"""The analysis of a month a second time, in plain SQL over the Parquet files.

Written from the regulation and from what the docstrings of the rules say; nothing of theirs is called. A case is reported
in [a, b), due in (a, b] and by the cut-off; late if closed after its deadline by the cut-off, overdue and open if not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

JUDGED = """
    create table {table} as
    select c.number, c.sub_class as class, c.body, c.channel, c.due_cause, c.verdict_cause, {subject} as subject,
      c.stage <> 'void' and c.reported_us >= {a} and c.reported_us < {b} as reported,
      c.stage <> 'void' and c.undetermined = '' and c.due_us > {a} and c.due_us <= {b} and c.due_us <= {cut} as due,
      c.closed_us is not null and c.closed_us <= {cut} as closed,
      c.closed_us is not null and c.closed_us <= {cut} and c.closed_us > c.due_us as after_it,
      c.due_us is null as endless,
      c.stage <> 'void' and c.undetermined <> '' and c.due_us > {a} and c.due_us <= {b} as contradictory
    from read_parquet('{folder}/case.parquet', hive_partitioning = false) c {join}
"""
PLACE = """
    left join (select distinct code, ancestor_code from read_parquet('{folder}/territory.parquet', hive_partitioning = false)
               where ancestor_level = '{by}') t on t.code = c.territory
"""
UNIT = "left join read_parquet('{folder}/body.parquet', hive_partitioning = false) t on t.code = c.body"
MATRIX = """
    select class, subject, count(*) filter (reported) as reported, count(*) filter (due) as due,
      count(*) filter (due and not closed) as overdue_open, count(*) filter (due and after_it) as late,
      count(*) filter (reported and endless) as no_deadline, count(*) filter (contradictory) as undetermined
    from {table} group by class, subject
    having count(*) filter (reported or coalesce(due, false) or coalesce(contradictory, false)) > 0
"""
#: Largest first, ties by name; one is named as long as those before it do not reach four fifths of the way's total.
NAMED = """
    with moved as (
      select coalesce(n.class, p.class) as class, coalesce(n.cases, 0) as now, coalesce(p.cases, 0) as before
      from (select class, count(*) as cases from {table} where {what} {which} group by class) n
      full join (select class, count(*) as cases from {earlier} where {what} {which} group by class) p
      on n.class is not distinct from p.class),
    way as (select *, {sign} * (now - before) as size from moved where {sign} * (now - before) > 0),
    told as (
      select *, sum(size) over () as gross,
        sum(size) over (order by size desc, class is null, class rows unbounded preceding) - size as before_it from way)
    select class, now, before, gross from told where 5 * before_it < 4 * gross order by size desc, class is null, class
"""
WHAT = {"reported": "reported", "overdue": "due and (not closed or after_it)"}


class Month:
    """One frozen month judged by SQL, a table of its own in `link`; `a`, `b` and `cut` are microseconds."""

    def __init__(self, link: duckdb.DuckDBPyConnection, folder: Path, a: int, b: int, cut: int, by: str) -> None:
        self.link, self.table = link, f"month_{abs(a)}_{by}"
        join = UNIT if by == "unit" else PLACE
        subject = "t.code" if by == "unit" else "t.ancestor_code"
        told: Mapping[str, Any] = {"folder": folder, "a": a, "b": b, "cut": cut, "subject": subject}
        link.execute(JUDGED.format(join=join.format(folder=folder, by=by), table=self.table, **told))

    def all(self, sql: str, **told: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query about this month."""
        return [tuple(row) for row in self.link.execute(sql.format(table=self.table, **told)).fetchall()]

    def matrix(self) -> set[tuple[Any, ...]]:
        """(class, subject, reported, due, overdue and open, late, without deadline, undetermined)."""
        return set(self.all(MATRIX))

    def units(self) -> set[tuple[Any, ...]]:
        """(unit, due, overdue and open, late) of units that had cases due."""
        counted = "count(*), count(*) filter (not closed), count(*) filter (after_it)"
        return set(self.all("select body, {counted} from {table} where due group by body", counted=counted))

    def causes(self, column: str) -> set[tuple[Any, ...]]:
        """(value, overdue cases)."""
        sql = "select {column}, count(*) from {table} where {what} group by 1"
        return set(self.all(sql, column=column, what=WHAT["overdue"]))

    def channels(self, subject: str) -> set[tuple[Any, ...]]:
        """(channel, reported) of a subject, "" for the office."""
        return set(
            self.all("select channel, count(*) from {table} where reported {which} group by 1", which=_which(subject))
        )

    def total(self, what: str, subject: str) -> int:
        """How many cases are reported, or overdue."""
        sql = "select count(*) from {table} where {what} {which}"
        return int(self.all(sql, what=WHAT[what], which=_which(subject))[0][0])

    def named(self, earlier: Month, what: str, subject: str, sign: int) -> list[tuple[Any, ...]]:
        """(class, now, before, gross) of the classes that make four fifths of the rise (sign 1) or the fall (−1)."""
        return self.all(NAMED, earlier=earlier.table, what=WHAT[what], which=_which(subject), sign=sign)


def _which(subject: str) -> str:
    return f"and subject = '{subject}'" if subject else ""
