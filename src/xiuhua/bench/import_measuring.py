"""Measuring one import and its baseline: runs in a process of its own whose database is empty."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from xiuhua.bench.exports import UNITS, outlines
from xiuhua.cases.models import Case, Ruling
from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.health import check_file
from xiuhua.exchange.models import Finding, SourceRecord
from xiuhua.exchange.queries import load_mapping
from xiuhua.exchange.words import Mapping
from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.tables.reading import open_table
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
        _furnish(tenant, by, at)
    check = _watched(lambda: check_file(tenant, file, mapping, at=at))
    done = _watched(lambda: import_cases(tenant, file, mapping, by=by, at=at))
    report = done.result
    parsing = _parsing(file, mapping)  # last: calamine alone would leave its memory as idle
    baseline, baseline_cpu = _bare_bulk_create()
    return {
        "name": "import",
        "ours": round(report.rows / done.seconds),
        "baseline": round(report.created / baseline),
        "ratio": round(report.rows / done.seconds / (report.created / baseline), 3),
        "unit": "rows/s",
        "rows": report.rows,
        "findings": sum(report.warnings.values()),
        "placed": sum(report.placed.values()),
        "ruled": report.rulings["ruled"],
        "ours_seconds": round(done.seconds, 2),
        "ours_cpu_seconds": round(done.cpu, 2),
        "ours_per_cpu_second": round(report.rows / done.cpu),
        "ours_peak_mib": done.peak_mib,
        "check_seconds": round(check.seconds, 2),
        "check_cpu_seconds": round(check.cpu, 2),
        "check_peak_mib": check.peak_mib,
        **parsing,
        "baseline_seconds": round(baseline, 2),
        "baseline_cpu_seconds": round(baseline_cpu, 2),
        "baseline_is": "Django bulk_create of the same cases, source records and rulings, objects built beforehand",
    }


def _furnish(tenant: Tenant, by: Actor, at: datetime) -> None:
    """Give the office outlines, units, a calendar and a filing standard, as the made-up street has them."""
    import_territories(tenant, outlines(), Order(level="community", reading=Reading(name_field="name")), by=by, at=at)
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street"):
        install_pack(tenant, read_pack(shipped_pack(Path(settings.PACKS), name)), by=by, at=at)
    for n in range(UNITS):
        Body.objects.create(tenant=tenant, code=f"u{n}", name=f"养护{n}队")


@dataclass(frozen=True, slots=True)
class _Watched:
    """What a piece of work returned, its seconds on the clock and of the processor, its peak of memory above the start."""

    result: Any
    seconds: float
    cpu: float
    peak_mib: int


def _watched(work: Callable[[], Any]) -> _Watched:
    gc.collect()
    with suppress(OSError):  # only Linux forgets a peak
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    idle = _memory("VmRSS")
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return _Watched(result, seconds, cpu, (_memory("VmHWM") - idle) // 1024)


def _memory(name: str) -> int:
    """Return a figure of this process in KiB, 0 where the system does not tell."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0


def _parsing(file: Path, mapping: Mapping) -> dict[str, Any]:
    """Return the seconds of reading every row of a workbook by ours and by calamine alone; nothing for a text file.

    Seconds of the clock: ours is done by two processes at once. Beside them the most that a parsing process held, in MiB.
    """
    if not zipfile.is_zipfile(file):
        return {}
    alone = _watched(lambda: _calamine(file))
    ours = _watched(lambda: sum(1 for _row in open_table(file, sheet=mapping.sheet).rows()))
    return {
        "parse_seconds": round(ours.seconds, 2),
        "calamine_seconds": round(alone.seconds, 2),
        "parse_ratio": round(ours.seconds / alone.seconds, 2),
        "parser_peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _calamine(file: Path) -> int:
    return sum(1 for _row in CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows())


def _bare_bulk_create() -> tuple[float, float]:
    """Return seconds, on the clock and of the processor, to insert again what the import has written."""
    records = list(SourceRecord.objects.order_by("pk").select_related("case"))
    rulings = Ruling.objects.in_bulk()
    Ruling.objects.all().delete()
    SourceRecord.objects.all().delete()
    Finding.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_case")
        cursor.execute("VACUUM")
    ruled = [rulings.get(one.case_id) for one in records]
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
            Ruling.objects.bulk_create(
                [
                    _again(ruling, one.case_id)
                    for ruling, one in zip(ruled[begin : begin + CHUNK], part, strict=True)
                    if ruling
                ]
            )
    return time.perf_counter() - began, time.process_time() - cpu


def _again(ruling: Ruling, case_id: int) -> Ruling:
    ruling.case_id = case_id
    return ruling


def main() -> None:
    """Measure the import of the file with the mapping named on the command line and print JSON."""
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
