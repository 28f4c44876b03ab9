"""How fast cases are imported, beside Django's bare `bulk_create` of the same columns, in the same run.

Measured in a process and a fresh SQLite database of their own, in an office with outlines, calendar, holidays and filing
standard. Ours is the whole import: looking through the workbook, parsing, placing, versions, rulings, findings, ledger,
commit. The baseline starts from objects already built and does nothing but `bulk_create` cases and source records and
commit; calamine alone, reading every cell, is the baseline of parsing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from xiuhua.bench.exports import MAPPING, write_export
from xiuhua.exchange.shelf import ready_mappings
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.reading import open_table

_CHILD = "from xiuhua.config.setup import ready; ready(); from xiuhua.bench.import_measuring import main; main()"


class NoMapping(Refusal):
    """No mapping of the packs knows the file's columns."""

    code = "bench.no_mapping"
    sentence = marked("mappings 里没有一份映射认得 %(file)s 的栏。")


def run(rows: int = 50_000, file: Path | None = None) -> dict[str, Any]:
    """Return {name, ours, baseline, ratio, unit, rows, …}: rows a second of an import and of bare `bulk_create`.

    Imports a generated workbook of `rows` rows, or `file` with the mapping of the packs that knows its columns. Raises
    NoMapping. `ratio` is ours / baseline: above 1, the whole import is faster than Django's bare insert. `parse_ratio` is
    seconds of reading every row / of calamine alone (workbooks); memory is the peak above that of the idle office.
    """
    with tempfile.TemporaryDirectory(prefix="xiuhua-bench-") as home:
        folder = Path(home)
        mapping = _mapping_for(file) if file else folder / "bench.toml"
        if file is None:
            file = folder / "bench.xlsx"
            mapping.write_text(MAPPING, encoding="utf-8")
            write_export(file, rows)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "SECRET_KEY"))}
        env["XIUHUA_HOME"] = home
        env["DJANGO_SETTINGS_MODULE"] = "xiuhua.config.settings"
        command = [sys.executable, "-c", _CHILD, str(file), str(mapping)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _mapping_for(file: Path) -> Path:
    """Return the first mapping of the packs whose columns the file has. Raises NoMapping."""
    header = set(open_table(file).header)
    for ready in ready_mappings():
        if not ready.ask and ready.columns <= header:
            return Path(settings.PACKS) / "mappings" / f"{ready.name}.toml"
    raise NoMapping(file=file.name)
