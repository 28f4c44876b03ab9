"""A filled-in table as the next version of the office's duty matrix, before anything is installed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import PackRefused, newest_pack
from xiuhua.kernel.rules.packs import HEADER, pack_of
from xiuhua.kernel.words import Fault, PackContent
from xiuhua.responsibility.queries.books import DUTY, DutyBook, installed_code
from xiuhua.responsibility.queries.sheets import written_in
from xiuhua.responsibility.queries.trials import in_office
from xiuhua.responsibility.rules.duty.reading import MATRIX, TESTS
from xiuhua.responsibility.words import DutyRow, MatrixTest


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pack that could be installed: its files, rows and tests in the office's codes, and the book if it spoke always."""

    content: PackContent
    files: dict[str, str]
    rows: list[DutyRow]
    tests: list[MatrixTest]
    book: DutyBook


@dataclass(frozen=True, slots=True)
class Naming:
    """What a table does not say: version, first day, code ("" is the installed one's), and where it came from."""

    version: str
    effective: date
    source: str
    code: str = ""


def offered_naming(tenant: Tenant, source: str, today: date) -> Naming:
    """Return a version that is not taken and the first day that may be chosen, not before tomorrow. Three queries at most.

    Raises PackUndecided.
    """
    code = installed_code(tenant)
    taken = dict(
        InstalledPack.objects.filter(tenant=tenant, kind=DUTY, code=code).values_list("version", "effective_from")
    )
    day = max([today, *taken.values()]) + timedelta(1)
    number = len(taken) + 1
    while str(number) in taken:
        number += 1
    return Naming(str(number), day, source, code)


def proposed(tenant: Tenant, path: Path, naming: Naming, *, tests: str | None = None) -> Proposal:
    """Return what a workbook or a matrix.csv proposes; the tests of the version before come along unless `tests` are given.

    Raises PackRefused with every fault, those of the table by its own rows; what reading a table raises; PackUndecided.
    """
    book = DutyBook.empty(tenant)
    table = written_in(path, book)
    if table.faults:
        raise PackRefused(table.faults, name=naming.source, count=len(table.faults))
    code = naming.code or installed_code(tenant)
    held = newest_pack(tenant, DUTY, code)
    others = {name: text for name, text in held.files.items() if name != MATRIX} if held else {}
    if tests is not None:
        others[TESTS] = tests
    files = {HEADER: _header(held, code, naming), MATRIX: table.text, **others}
    content, faults = pack_of(files)
    rows: list[DutyRow] = []
    asked: list[MatrixTest] = []
    if content is not None:
        rows, asked, faults = in_office(content, book)
    if content is None or faults:
        raise PackRefused(_in_table(faults, table.lines), name=naming.source, count=len(faults))
    return Proposal(content, files, rows, asked, book.supposing(rows, content.name))


def _in_table(faults: Sequence[Fault], lines: Sequence[int]) -> list[Fault]:
    """Return faults of matrix.csv with the rows of the table that it was made from."""
    place = dict(enumerate(lines, start=2))
    return [replace(one, row=place.get(one.row or 0, one.row)) if one.file == MATRIX else one for one in faults]


def _header(held: InstalledPack | None, code: str, naming: Naming) -> str:
    """Return the pack.toml of a new version made from a table, with the title of the version before it."""
    title = held.title if held else {"zh": "责任矩阵", "en": "Duty matrix"}
    texts = {**title, "code": code, "version": naming.version, "source": naming.source}
    quoted = {key: json.dumps(text, ensure_ascii=False) for key, text in texts.items()}
    lines = [
        "schema = 1",
        f'kind = "{DUTY}"',
        f"code = {quoted['code']}",
        f"version = {quoted['version']}",
        f"title = {{ zh = {quoted['zh']}, en = {quoted['en']} }}",
        f"effective_from = {naming.effective.isoformat()}",
        *(["made_up = true"] if held and held.made_up else []),
        "",
        "[provenance]",
        f"source = {quoted['source']}",
        "",
    ]
    return "\n".join(lines)
