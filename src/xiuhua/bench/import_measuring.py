"""Measuring one import and its baseline: runs in a process of its own whose database is empty."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from xiuhua.bench.importing import outlines
from xiuhua.cases.models import Case
from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.models import Finding, SourceRecord
from xiuhua.exchange.queries import load_mapping
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions import import_territories
from xiuhua.territory.words import Order, Reading

#: Objects the baseline inserts at a time: as many as an import takes.
CHUNK = 2000


def measure(file: Path, mapping_file: Path) -> dict[str, Any]:
    """Return the measurement; runs in a process whose database is empty."""
    by, at = Actor("bench"), datetime.now(UTC)
    call_command("migrate", interactive=False, verbosity=0)
    tenant = create_tenant("bench", "bench", by=by, at=at)
    mapping = load_mapping(mapping_file)
    if mapping.code == "bench":
        order = Order(level="community", reading=Reading(name_field="name"))
        import_territories(tenant, outlines(), order, by=by, at=at)
    began, cpu = time.perf_counter(), time.process_time()
    report = import_cases(tenant, file, mapping, by=by, at=at)
    ours, ours_cpu = time.perf_counter() - began, time.process_time() - cpu
    baseline, baseline_cpu = _bare_bulk_create()
    return {
        "name": "import",
        "ours": round(report.rows / ours),
        "baseline": round(report.created / baseline),
        "ratio": round(report.rows / ours / (report.created / baseline), 3),
        "unit": "rows/s",
        "rows": report.rows,
        "findings": sum(report.warnings.values()),
        "placed": sum(report.placed.values()),
        "ours_seconds": round(ours, 2),
        "ours_cpu_seconds": round(ours_cpu, 2),
        "baseline_seconds": round(baseline, 2),
        "baseline_cpu_seconds": round(baseline_cpu, 2),
        "baseline_is": "Django bulk_create of the same cases and source records, objects built beforehand",
    }


def _bare_bulk_create() -> tuple[float, float]:
    """Return seconds, on the clock and of the processor, to insert again what the import has written."""
    records = list(SourceRecord.objects.order_by("pk").select_related("case"))
    SourceRecord.objects.all().delete()
    Finding.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_case")
        cursor.execute("VACUUM")
    for one in records:
        one.pk = one.case.pk = None
    began, cpu = time.perf_counter(), time.process_time()
    with transaction.atomic():
        for begin in range(0, len(records), CHUNK):
            part = records[begin : begin + CHUNK]
            Case.objects.bulk_create([one.case for one in part])
            for one in part:
                one.case_id = one.case.pk
            SourceRecord.objects.bulk_create(part)
    return time.perf_counter() - began, time.process_time() - cpu


def main() -> None:
    """Measure the import of the file with the mapping named on the command line and print JSON."""
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
