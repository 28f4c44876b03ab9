"""From frozen facts to written score sheets, beside hand-written SQL on the same engine over the same files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import duckdb

from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import window_of
from xiuhua.analytics.words import MonthBy
from xiuhua.assessment.actions import sheets_of
from xiuhua.assessment.queries import scheme_named
from xiuhua.cases.facts import MEASURES
from xiuhua.kernel.models import Tenant

LEVEL = "community"
COMMUNITIES, GRIDS, UNITS = 12, 160, 25
SNAPSHOT = Snapshot(
    tenant=Tenant(code="bench", zone="Asia/Shanghai"),
    period="2026-10",
    as_of=datetime(2026, 10, 31, 16, tzinfo=UTC),
    digest="0" * 64,
)
SCHEME = "basic"

_CASES = """
COPY (
  SELECT printf('%010d', i) AS number, reported_us, due_us,
    CASE WHEN hash(i, 3) % 100 < 80 THEN reported_us + (hash(i, 4) % 864000)::BIGINT * 1000000 END AS closed_us,
    CASE WHEN hash(i, 5) % 200 = 0 THEN 'void' WHEN hash(i, 3) % 100 < 80 THEN 'closed' ELSE 'open' END AS stage,
    CASE WHEN hash(i, 6) % 500 = 0 THEN 'closed_before_reported' ELSE '' END AS undetermined,
    CASE WHEN hash(i, 7) % 50 > 0 THEN printf('G%03d', hash(i, 8) % {grids}) END AS territory,
    printf('U%02d', hash(i, 9) % {units}) AS body,
    'main ' || (hash(i, 10) % 8) AS main_class, 'sub ' || (hash(i, 10) % 40) AS sub_class, 'patrol' AS channel,
    CASE WHEN hash(i, 11) % 25 > 0 THEN due_us + (hash(i, 12) % 3 * 86400)::BIGINT * 1000000 END AS own_due_us,
    CASE hash(i, 13) % 10 WHEN 0 THEN '' WHEN 1 THEN 'overdue' ELSE 'on_time' END AS platform_verdict,
    CASE WHEN hash(i, 11) % 25 > 0 THEN CASE hash(i, 12) % 3 WHEN 0 THEN 'same' ELSE 'holiday' END ELSE '' END AS due_cause,
    CASE WHEN hash(i, 14) % 30 = 0 THEN 'holiday' ELSE '' END AS verdict_cause,
    CASE WHEN hash(i, 15) % 40 > 0 THEN printf('U%02d', hash(i, CASE WHEN hash(i, 16) % 20 > 0 THEN 9 ELSE 17 END) % {units}) END AS duty
  FROM (
    SELECT i, reported_us,
      CASE WHEN hash(i, 1) % 20 > 0 THEN reported_us + (1 + hash(i, 2) % 864000)::BIGINT * 1000000 END AS due_us
    FROM (SELECT i, {a} - 432000000000 + (hash(i) % 3110400)::BIGINT * 1000000 AS reported_us FROM range({rows}) r(i))
  )
) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)
"""
_TERRITORY = """
COPY (
  WITH grid AS (SELECT printf('G%03d', i) AS code, printf('C%02d', i % {communities}) AS parent FROM range({grids}) r(i)),
    place AS (
      SELECT code, 'grid' AS level, [code, parent, 'S'] AS line FROM grid
      UNION ALL SELECT DISTINCT parent, '{level}', [parent, 'S'] FROM grid
      UNION ALL SELECT 'S', 'street', ['S']
    )
  SELECT code, 'place ' || code AS name, level, up AS ancestor_code,
    CASE up[1] WHEN 'G' THEN 'grid' WHEN 'C' THEN '{level}' ELSE 'street' END AS ancestor_level,
    'place ' || up AS ancestor_name
  FROM (SELECT code, level, unnest(line) AS up FROM place)
) TO '{file}' (FORMAT parquet)
"""
_NAMED = "COPY (SELECT printf('U%02d', i) AS code, 'unit ' || i AS name FROM range({units}) r(i)) TO '{file}' (FORMAT parquet)"
_CLASS = "COPY (SELECT 'sub ' || i AS name FROM range(40) r(i)) TO '{file}' (FORMAT parquet)"

_COUNTED = """
  count(*) FILTER (reported) AS reported,
  count(*) FILTER (due) AS due,
  count(*) FILTER (due AND closed_us <= {c}) AS closed,
  count(*) FILTER (due AND closed_us <= {c} AND closed_us <= due_us) AS on_time,
  count(*) FILTER (due AND closed_us <= {c} AND closed_us > due_us) AS late,
  count(*) FILTER (due AND (closed_us IS NULL OR closed_us > {c})) AS overdue_open,
  count(*) FILTER (month AND judged AND due_us > {c} AND (closed_us IS NULL OR closed_us > {c})) AS open_not_due,
  count(*) FILTER (month AND judged) AS with_deadline,
  count(*) FILTER (month AND NOT void AND contradictory) AS undetermined,
  count(*) FILTER (month AND NOT void) AS not_void,
  count(*) FILTER (reported AND due_us IS NULL) AS no_deadline,
  count(*) FILTER (touched AND void) AS void,
  count(*) FILTER (touched) AS touched,
  count(*) FILTER (due AND own_due_us IS NOT NULL AND closed_us <= {c} AND closed_us <= own_due_us) AS own_on_time,
  count(*) FILTER (due AND own_due_us IS NULL) AS no_own_deadline,
  count(*) FILTER (due AND due_cause <> '' AND due_cause <> 'same') AS deadline_differs,
  count(*) FILTER (due AND own_due_us IS NOT NULL AND platform_verdict <> '' AND closed_us <= {c} AND verdict_cause <> '')
    AS verdict_differs,
  count(*) FILTER (due AND duty <> body) AS dispatched_elsewhere,
  quantile_disc((closed_us - reported_us) // 1000000, 0.5) FILTER (due AND closed_us <= {c}) AS median_close_seconds
"""
_FACTS = """
  SELECT territory, reported_us, due_us, closed_us, void, contradictory, judged, month,
    own_due_us, platform_verdict, due_cause, verdict_cause, duty, body,
    in_month AND NOT void AS reported, month AND judged AND due_us <= {c} AS due, in_month OR coalesce(month, false) AS touched
  FROM (
    SELECT territory, reported_us, due_us, closed_us, own_due_us, platform_verdict, due_cause, verdict_cause, duty, body,
      stage = 'void' AS void, undetermined <> '' AS contradictory,
      stage <> 'void' AND undetermined = '' AS judged,
      reported_us >= {a} AND reported_us < {b} AS in_month, due_us > {a} AND due_us <= {b} AS month
    FROM read_parquet('{folder}/case.parquet')
  )
"""
_BY_HAND = """
WITH f AS ({facts}), placed AS (
  SELECT f.*, t.ancestor_code AS subject FROM f
  LEFT JOIN (SELECT code, ancestor_code FROM read_parquet('{folder}/territory.parquet') WHERE ancestor_level = '{level}') t
    ON f.territory = t.code
), counted AS (SELECT subject, {counted} FROM placed GROUP BY subject),
scored AS (
  SELECT *, round(60 * on_time / nullif(due, 0) + 40 * closed / nullif(due, 0), 2) AS score FROM counted
)
SELECT *, CASE WHEN due >= 10 AND subject IS NOT NULL
  THEN rank() OVER (PARTITION BY due >= 10 AND subject IS NOT NULL ORDER BY score DESC) END AS place FROM scored ORDER BY subject
"""


def fill(folder: Path, rows: int) -> None:
    """Write made-up facts of one month and their dimensions into `folder` as a freeze would."""
    sizes = {
        "rows": rows,
        "a": window_of(SNAPSHOT).a_us,
        "communities": COMMUNITIES,
        "grids": GRIDS,
        "units": UNITS,
        "level": LEVEL,
    }
    with duckdb.connect() as link:
        for name, sql in (("case", _CASES), ("territory", _TERRITORY), ("body", _NAMED), ("class", _CLASS)):
            link.execute(sql.format(file=folder / f"{name}.parquet", **sizes))


def ours(folder: Path) -> dict[str, dict[str, int]]:
    """Count, score and write the sheets as an assessment does; returns the kept counts by subject."""
    SNAPSHOT.folder = str(folder)  # an absolute path stays itself below any state folder
    written = sheets_of(SNAPSHOT, scheme_named(SCHEME), by_level=LEVEL, month_by=MonthBy.DUE)
    (folder / "ours.json").write_bytes(written)
    return {
        subject["code"]: {name: pair["kept"] for name, pair in subject["counts"].items()}
        for subject in json.loads(written)["subjects"]
    }


def by_hand(folder: Path) -> dict[str, dict[str, int]]:
    """Do the same with SQL written for this one purpose; returns the kept counts by subject."""
    window = window_of(SNAPSHOT)
    values = {"a": window.a_us, "b": window.b_us, "c": window.as_of_us, "folder": folder, "level": LEVEL}
    facts, counted = _FACTS.format(**values), _COUNTED.format(**values)
    with duckdb.connect() as link:
        rows = _dicts(link.execute(_BY_HAND.format(facts=facts, counted=counted, **values)))
        (total,) = _dicts(link.execute(f"WITH f AS ({facts}) SELECT {counted} FROM f"))  # noqa: S608 - our own numbers
        sql = "SELECT DISTINCT ancestor_code, ancestor_name FROM read_parquet(?) WHERE ancestor_level = ?"
        names = dict(link.execute(sql, [str(folder / "territory.parquet"), LEVEL]).fetchall())
    sheets = [row | {"name": names.get(row["subject"])} for row in rows]
    (folder / "by_hand.json").write_text(json.dumps({"total": total, "subjects": sheets}, default=str))
    return {row["subject"]: {name: row[name] for name in MEASURES} for row in rows if row["subject"]}


def _dicts(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


#: Alternating, the baseline first.
ROADS = (("baseline", by_hand), ("ours", ours))


def run(*, rows: int, times: int = 3) -> dict[str, Any]:
    """Measure both roads alternating, `times` each, over the same files; returns medians in seconds.

    The two must count the same; a difference is a bug and raises AssertionError.
    """
    with TemporaryDirectory(prefix="xiuhua-bench-") as name:
        folder = Path(name)
        fill(folder, rows)
        taken: dict[str, list[float]] = {"ours": [], "baseline": []}
        for _turn in range(times):
            answers = []
            for road, work in ROADS:
                began = perf_counter()
                answers.append(work(folder))
                taken[road].append(perf_counter() - began)
            if answers[0] != answers[1]:
                raise AssertionError(answers)
    mine, other = median(taken["ours"]), median(taken["baseline"])
    return {
        "name": "assess",
        "ours": round(mine, 3),
        "baseline": round(other, 3),
        "ratio": round(mine / other, 2),
        "unit": "s",
        "rows": rows,
        "times": {road: [round(each, 3) for each in turns] for road, turns in taken.items()},
    }
