"""What follows what among many cases, beside a hand-written query of the same definition on DuckDB.

Both start from one Parquet file of made-up cases. The query is given the plane in centimetres, which ours works out itself
from degrees; ours also finds the clusters, which SQL has no word for.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xiuhua.analytics.queries import window_of
from xiuhua.bench.assess import SNAPSHOT
from xiuhua.insight.facts import READ, slim
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.rules.linking import Linked, Span, linked
from xiuhua.insight.rules.points import plane
from xiuhua.insight.words import Settings

CLASSES = 100
#: A made-up town of 40 km by 40 km around 121.4° E, 31.2° N, in steps of 1e-7°; about 1 % lie at ten shared coordinates.
_CASES = """
COPY (
  SELECT printf('%010d', i) AS number, reported_us,
    CASE WHEN hash(i, 1) % 100 < 80 THEN reported_us + (hash(i, 2) % 864000)::BIGINT * 1000000 END AS closed_us,
    '' AS undetermined, 'main ' || (kind % 8) AS main_class, 'sub ' || kind AS sub_class, 'G1' AS territory, 'U1' AS body,
    1212000000 + CASE WHEN shared THEN hash(i % 1000, 3) % 10 WHEN gate < {gates} THEN hash(gate, 4) % 4200000
      ELSE hash(i, 5) % 4200000 END::BIGINT AS lon_e7,
    310200000 + CASE WHEN shared THEN 0 WHEN gate < {gates} THEN hash(gate, 6) % 3600000
      ELSE hash(i, 7) % 3600000 END::BIGINT AS lat_e7
  FROM (
    SELECT i, gate, shared, CASE WHEN gate < {gates} AND NOT shared THEN hash(gate, 8) ELSE hash(i, 9) END % {classes} AS kind,
      {a} - 2 * {within} + ((hash(i, 10) % {seconds})::BIGINT + 1) * 1000000 AS reported_us
    FROM (SELECT i, hash(i, 11) % (2 * {gates}) AS gate, hash(i, 12) % 100 = 0 AS shared FROM range({rows}) r(i))
  ) ORDER BY number
) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)
"""
_BY_HAND = """
WITH crowd AS (
  SELECT lon_e7, lat_e7 FROM '{cases}' GROUP BY ALL
  HAVING count(*) >= {shared_least} AND count(DISTINCT (main_class, sub_class)) >= {shared_classes}
), own AS (
  SELECT c.number, c.main_class, c.sub_class, c.reported_us, c.closed_us, p.x, p.y
  FROM '{cases}' c POSITIONAL JOIN '{plane}' p ANTI JOIN crowd USING (lon_e7, lat_e7)
), closing AS (
  SELECT *, x // {r} AS column_, y // {r} AS row_ FROM own WHERE closed_us <= {end} AND closed_us >= reported_us
), report AS (
  SELECT *, x // {r} + east AS column_, y // {r} + north AS row_
  FROM own, (VALUES (-1), (0), (1)) e(east), (VALUES (-1), (0), (1)) n(north)
  WHERE reported_us > {a} - {within} AND reported_us <= {end}
)
SELECT j.number, arg_min(i.number, {{'gap': j.reported_us - i.closed_us,
  'far': (j.x - i.x) * (j.x - i.x) + (j.y - i.y) * (j.y - i.y), 'number': i.number}}) AS follows
FROM report j JOIN closing i USING (main_class, sub_class, column_, row_)
WHERE j.reported_us > i.closed_us AND j.reported_us - i.closed_us <= {within}
  AND (j.x - i.x) * (j.x - i.x) + (j.y - i.y) * (j.y - i.y) <= {r} * {r}
GROUP BY j.number ORDER BY j.number
"""


def fill(folder: Path, rows: int, span: Span) -> None:
    """Write made-up cases, and beside them their places on the plane, into `folder`."""
    sizes = {"rows": rows, "a": span.a, "within": span.within, "classes": CLASSES, "gates": max(1, rows // 20)}
    seconds = (span.end - span.a + 2 * span.within) // 1_000_000
    with duckdb.connect() as link:
        link.execute(_CASES.format(file=folder / "cases.parquet", seconds=seconds, **sizes))
    degrees = pq.read_table(folder / "cases.parquet", columns=["lon_e7", "lat_e7"])
    x, y, _far = plane(*(np.asarray(degrees[name].to_numpy()) for name in ("lon_e7", "lat_e7")))
    pq.write_table(pa.table({"x": x, "y": y}), folder / "plane.parquet")


def ours(folder: Path, span: Span, settings: Settings) -> pa.Table:
    """Read and link the cases as a freeze does; returns (number, follows) of those that follow, by number."""
    file = pq.ParquetFile(folder / "cases.parquet")
    batches = [slim(batch) for batch in file.iter_batches(columns=[column.name for column in READ])]
    table = pa.Table.from_batches(batches).unify_dictionaries()
    found: Linked = linked(table, span, settings)
    later = np.flatnonzero(found.follows >= 0)
    numbers = table["number"].combine_chunks()
    return pa.table({"number": numbers.take(pa.array(later)), "follows": numbers.take(pa.array(found.follows[later]))})


def by_hand(folder: Path, span: Span, settings: Settings) -> pa.Table:
    """Do the same with SQL written for this one purpose."""
    values = {"a": span.a, "end": span.end, "within": span.within, "r": settings.radius_m * 100}
    least = {"shared_least": settings.shared_least, "shared_classes": settings.shared_classes}
    files = {"cases": folder / "cases.parquet", "plane": folder / "plane.parquet"}
    with duckdb.connect() as link:
        return link.sql(_BY_HAND.format(**values, **least, **files)).to_arrow_table()


def run(*, rows: int, times: int = 3) -> dict[str, Any]:
    """Measure both roads alternating, `times` each, the baseline first; returns medians in seconds and ours' peak in MB.

    The two must find the same; a difference is a bug and raises AssertionError.
    """
    settings = settings_of(SNAPSHOT.tenant, date(2026, 10, 31))
    window = window_of(SNAPSHOT)
    span = Span.of(window.a_us, window.b_us, window.as_of_us, settings.days)
    taken: dict[str, list[float]] = {"baseline": [], "ours": []}
    peaks: dict[str, list[int]] = {"baseline": [], "ours": []}
    with TemporaryDirectory(prefix="xiuhua-bench-") as name:
        fill(Path(name), rows, span)
        for _turn in range(times):
            answers = []
            for road, work in (("baseline", by_hand), ("ours", ours)):
                _forget_peak()
                began = perf_counter()
                answers.append(work(Path(name), span, settings))
                taken[road].append(perf_counter() - began)
                peaks[road].append(_peak_mb())
            if not answers[0].equals(answers[1].cast(answers[0].schema)):
                raise AssertionError(answers)
    mine, other = median(taken["ours"]), median(taken["baseline"])
    return {
        "name": "recurrence",
        "ours": round(mine, 3),
        "baseline": round(other, 3),
        "ratio": round(mine / other, 2),
        "unit": "s",
        "rows": rows,
        "following": answers[0].num_rows,
        "times": {road: [round(each, 3) for each in turns] for road, turns in taken.items()},
        "peak_mb": {road: max(each) for road, each in peaks.items()},
    }


def _forget_peak() -> None:
    """Let the process's peak begin anew, where the system can (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> int:
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return 0
