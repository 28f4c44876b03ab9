"""Freezing a month of many cases: time and peak memory, beside a bare fetch written to Parquet.

Each measured part runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql as pgsql

from xiuhua.analytics.actions import freeze_once
from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import observe_bodies
from xiuhua.taxonomy.actions import observe_classes
from xiuhua.territory.actions import observe_territories

PERIOD = Period(2026, 10)
START = datetime(2026, 9, 30, 16, tzinfo=UTC)
#: The moment of the freeze: after the month, the same on every machine.
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
BENCH = Actor("bench")
MONTH_SECONDS = 31 * 86400
_BARE = """
SELECT c.number, c.reported_at, c.due_at, c.closed_at, c.stage, c.undetermined, t.code, b.code,
  coalesce(m.name, s.name), s.name, c.channel, r.due_at, c.platform_verdict, r.due_cause, r.verdict_cause, rb.code,
  c.longitude, c.latitude
FROM cases_case c
LEFT JOIN territory_territory t ON t.id = c.territory_id
LEFT JOIN responsibility_body b ON b.id = c.body_id
LEFT JOIN cases_ruling r ON r.case_id = c.id
LEFT JOIN responsibility_body rb ON rb.id = r.body_id
LEFT JOIN taxonomy_caseclass s ON s.id = c.case_class_id
LEFT JOIN taxonomy_caseclass m ON m.id = s.parent_id
"""
COLUMNS = (
    "tenant_id, number, mirrored, stage, reported_at, due_at, closed_at, undetermined, title, description, address, "
    "channel, filed_under, extensions, platform_verdict, case_class_id, body_id, territory_id, place_method, longitude, latitude, "
    "version, remedy, refusals, reworks, reopened, lost_seconds, arbitrated, stage_before"
)
#: What a case is that nobody here has moved.
UNMOVED = (0, "", 0, 0, 0, 0, False, "")


def cases(tenant: Tenant, rows: int) -> Iterator[tuple[Any, ...]]:
    """Return made-up cases of one month in the order of COLUMNS: spread by arithmetic, no two numbers alike.

    What they refer to is written at once; the rows are made as they are taken.
    """
    places = [each.pk for each in observe_territories(tenant, "community", [f"place {i}" for i in range(12)]).values()]
    bodies = [each.pk for each in observe_bodies(tenant, [f"unit {i}" for i in range(25)]).values()]
    named = observe_classes(tenant, "bench", [(f"main {i % 8}", f"sub {i}") for i in range(40)])
    return _cases(tenant.pk, rows, places, bodies, [each.pk for each in named.values()])


def _cases(
    tenant: int, rows: int, places: list[int], bodies: list[int], classes: list[int]
) -> Iterator[tuple[Any, ...]]:
    for i in range(rows):
        reported = START + timedelta(seconds=i * 7919 % MONTH_SECONDS)
        due = reported + timedelta(hours=1 + i * 31 % 240)
        closed = reported + timedelta(seconds=60 + i * 104729 % 864000) if i % 5 else None
        # a large prime step: the numbers come shuffled
        number, stage = f"X{i * 104729 % 10**9:09d}-{i}", "closed" if closed else "open"
        yield (
            *(tenant, number, False, stage, reported, due, closed, "", "", "", "", "patrol", "", 0, ""),
            *(classes[i % 40], bodies[i * 7 % 25], places[i * 5 % 12], "point", None, None),
            *UNMOVED,
        )


def fill(tenant: Tenant, rows: int) -> dict[str, Any]:
    """Put made-up cases into the empty database as fast as it takes them."""
    with transaction.atomic(), connection.cursor() as cursor:
        made = cases(tenant, rows)  # its queries come before the COPY, which holds the connection
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY cases_case ({COLUMNS}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(COLUMNS.split(",")))
            sql = f"INSERT INTO cases_case ({COLUMNS}) VALUES ({marks})"  # noqa: S608 - our own names
            while batch := [[_text(value) for value in row] for row in islice(made, 10_000)]:
                cursor.executemany(sql, batch)
    return {"rows": Case.objects.count()}


def _text(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value


def ours(tenant: Tenant) -> dict[str, Any]:
    """Freeze the month; returns seconds and rows."""
    began = perf_counter()
    frozen = freeze_once(tenant, PERIOD, by=BENCH, at=AT)
    return {"seconds": perf_counter() - began, "rows": frozen.snapshot.rows["case"]}


def bare(folder: Path) -> dict[str, Any]:
    """Fetch the same columns with a plain cursor and write them to Parquet as they come; returns seconds and rows."""
    began, rows, writer = perf_counter(), 0, None
    with connection.chunked_cursor() as cursor:
        cursor.execute(_BARE)
        while batch := cursor.fetchmany(20_000):
            values = zip(*batch, strict=True)
            table = pa.table([pa.array(column) for column in values], names=[f"c{i}" for i in range(18)])
            writer = writer or pq.ParquetWriter(folder / "bare.parquet", table.schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
            rows += table.num_rows
    if writer:
        writer.close()
    return {"seconds": perf_counter() - began, "rows": rows}


def part(name: str, tenant: Tenant, rows: int) -> dict[str, Any]:
    """Run one part of the measurement in this process."""
    if name == "fill":
        return fill(tenant, rows)
    return ours(tenant) if name == "ours" else bare(Path(settings.HOME))


def _started(arguments: list[str], env: dict[str, str]) -> dict[str, Any]:
    """Run a command of ours; returns its JSON with the peak memory of its process in MiB."""
    command = [sys.executable, "-m", "xiuhua", *arguments, "--json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as child:  # noqa: S603 - our own command
        out = child.stdout.read() if child.stdout else b""
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    answer: dict[str, Any] = json.loads(out)
    return answer | {"peak_mib": round(usage.ru_maxrss / 1024)}


@contextmanager
def _scratch(url: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database: a file, or a database made for this on the server of `url`."""
    if not url:
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    name = f"xiuhua_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(pgsql.SQL("CREATE DATABASE {}").format(pgsql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            link.execute(pgsql.SQL("DROP DATABASE {}").format(pgsql.Identifier(name)))


def run(*, rows: int, url: str = "") -> dict[str, Any]:
    """Fill a scratch database with `rows` cases of one month, freeze it and do the bare fetch.

    `url` is a PostgreSQL server on which a database may be made and dropped; without it SQLite is used. Returns
    seconds of both and the peak memory of their processes in MiB.
    """
    with TemporaryDirectory(prefix="xiuhua-bench-") as name, _scratch(url, Path(name)) as database:
        env = os.environ | {"XIUHUA_HOME": name, "DATABASE_URL": database}
        _started(["init", "--zone", "Asia/Shanghai"], env)
        done = {each: _started(["bench", "freeze", "--rows", str(rows), "--part", each], env) for each in PARTS}
    mine, other = done["ours"], done["bare"]
    return {
        "name": "freeze",
        "ours": round(mine["seconds"], 2),
        "baseline": round(other["seconds"], 2),
        "ratio": round(mine["seconds"] / other["seconds"], 2),
        "unit": "s",
        "rows": mine["rows"],
        "database": "postgresql" if url else "sqlite",
        "peak_mib": mine["peak_mib"],
        "baseline_peak_mib": other["peak_mib"],
    }


PARTS = ("fill", "bare", "ours")
