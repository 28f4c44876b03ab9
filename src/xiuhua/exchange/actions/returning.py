"""Sending a platform its own file back, filled in: in place where the file is at hand, else from what it said."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from xiuhua.exchange import shed
from xiuhua.exchange.filling import Change, FilledRow, Filler
from xiuhua.exchange.models import ImportBatch, SourceRecord
from xiuhua.exchange.opening import open_mapped
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.rules.rows import from_content
from xiuhua.kernel.actions import record
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.tables.patching import Patch, Unpatchable, patch_workbook
from xiuhua.tables.reading.texts import Text, open_text
from xiuhua.tables.words import LIMITS, WORKBOOKS, Cell, Row, Table
from xiuhua.tables.writing import Sheet, write_workbook

_WIDTH = 16


class NotThatFile(Refusal):
    """The file is another than the batch was read from."""

    code = "export.other_file"
    sentence = marked("这不是批次 %(batch)s 导入的那份文件（SHA-256 不同）。")


@dataclass(slots=True)
class Returned:
    """What went back: in which form, rows, cells that were filled, rows that could not be given back, and why."""

    form: str
    rows: int = 0
    changes: list[Change] = field(default_factory=list)
    #: Rows left out because the actor may not see their cases.
    hidden: int = 0
    #: Whether the file itself was at hand; without it rows of earlier batches and refused ones are not there.
    in_place: bool = False
    missing: int = 0


def kept_original(batch: ImportBatch) -> Path | None:
    """Return where the file of a batch lies, None where it was not kept: one read at the command line stays where it was."""
    intake = batch.intakes.order_by("-pk").first()
    return shed.place(intake) if intake is not None and shed.is_there(intake) else None


def return_batch(
    batch: ImportBatch, target: BinaryIO, *, by: Actor, at: datetime, original: Path | None = None
) -> Returned:
    """Write a batch's file back to an open file, our values filled in, and return what that did.

    With the file at hand (`original`, else as it was received) it is filled in place: a workbook keeps its sheets, looks and
    widths, a text file its encoding, separators and every line that did not change. Without it the rows that the batch
    brought are written as a workbook under the same headings. In workbooks a second sheet lists every filled cell. One
    ledger line. Raises NotThatFile and the refusals of `tables`.
    """
    place = original or kept_original(batch)
    if place is None:
        done = _anew(batch, target, by)
    elif _digest(place) != batch.file_digest:
        raise NotThatFile(batch=batch.pk)
    else:
        done = _in_place(batch, place, target, by)
    facts = {"rows": done.rows, "cells": len(done.changes), "hidden": done.hidden, "form": done.form}
    record("export.return", about=f"batch:{batch.pk}", by=by, at=at, tenant=batch.tenant, facts=facts)
    return done


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _in_place(batch: ImportBatch, path: Path, target: BinaryIO, by: Actor) -> Returned:
    mapping = parse_mapping(batch.mapping)
    table = open_mapped(path, mapping)
    filler = Filler(batch, table.header, table.rows(), by=by)
    if table.encoding == "xlsx":
        done = _workbook(path, table, filler, target)
    elif table.encoding in WORKBOOKS:
        done = _rewritten(table, filler, target)
    else:
        done = _text(path, table, filler, target)
    done.in_place = True
    done.hidden = filler.hidden
    return done


def _known_header(batch: ImportBatch) -> list[str]:
    """Return the columns of a batch from before headers were kept: what its records name, and what its mapping reads."""
    names: dict[str, None] = dict.fromkeys(parse_mapping(batch.mapping).columns.values())
    for content in SourceRecord.objects.filter(batch=batch).values_list("content", flat=True).iterator(chunk_size=2000):
        names |= dict.fromkeys(json.loads(content))
    return list(names)


def _changes_sheet(changes: Iterable[Change]) -> Sheet:
    heads = [_("行"), _("栏"), _("原来"), _("现在")]
    rows: Iterable[Sequence[str | int]] = ([one.row, one.column, one.was, one.now] for one in changes)
    return Sheet(_("改动"), heads, rows, (8, 18, 30, 30))


def _workbook(path: Path, table: Table, filler: Filler, target: BinaryIO) -> Returned:
    left = table.left
    done, patches, kept = Returned("xlsx"), [], []
    for row in filler.filled(table.rows()):
        done.rows += 1
        done.changes += filler.changes(row)
        kept.append(row.row)
        for column, value in row.changed.items():
            like = filler.like(column) if not isinstance(value, str) else None
            looked = (like[0], like[1] + left) if like else None
            patches.append(Patch(row.row, column + left, value, looked))
    if filler.hidden:
        return _rewritten(table, filler, target)
    begin = target.tell()
    try:
        patch_workbook(path, table.place, patches, _changes_sheet(done.changes), target)
    except Unpatchable:
        target.seek(begin)
        target.truncate()
        return _rewritten(table, filler, target)
    return done


def _rewritten(table: Table, filler: Filler, target: BinaryIO) -> Returned:
    """Write a table as a new workbook: for who sees a part of it only, and where its file cannot be changed in place."""
    filler.hidden = 0
    return _new_book(filler, table.rows(), target)


def _new_book(filler: Filler, rows: Iterable[Row], target: BinaryIO) -> Returned:
    done = Returned("xlsx")

    def told() -> Iterator[Sequence[Cell]]:
        for row in filler.filled(rows):
            done.rows += 1
            done.changes += filler.changes(row)
            yield _cells(row, len(filler.header))

    first = Sheet(filler.mapping.sheet or _("案件"), filler.header, told(), [_WIDTH] * len(filler.header))
    second = _changes_sheet(_later(done))  # read when the first sheet has been written
    write_workbook([first, second], target)
    return done


def _later(done: Returned) -> Iterator[Change]:
    yield from done.changes


def _cells(row: FilledRow, width: int) -> list[Cell]:
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    for place, value in row.changed.items():
        cells[place] = value
    return cells


def _anew(batch: ImportBatch, target: BinaryIO, by: Actor) -> Returned:
    """Write what the records of a batch say as a new workbook: texts, in the order of the file's rows."""
    header = batch.shape.get("header") or _known_header(batch)
    found = SourceRecord.objects.filter(batch=batch).order_by("row", "pk").values_list("row", "content")
    rows: Iterator[Row] = ((row, from_content(content, header)) for row, content in found.iterator(chunk_size=2000))
    first = list(_firsts(rows))
    filler = Filler(batch, header, first, by=by)
    done = _new_book(filler, chain(first, rows), target)
    done.hidden = filler.hidden
    done.missing = max(int(batch.counts.get("rows", 0)) - done.rows - done.hidden, 0)
    return done


def _firsts(rows: Iterator[Row]) -> Iterator[Row]:
    for _n, row in zip(range(500), rows, strict=False):
        yield row


def _text(path: Path, table: Table, filler: Filler, target: BinaryIO) -> Returned:
    """Write a text file back: lines that did not change as they came, others with their cells quoted where needed."""
    mapping, done = filler.mapping, Returned("csv")
    text = open_text(path, encoding=mapping.encoding, delimiter=mapping.delimiter, limits=LIMITS)
    out: BinaryIO = gzip.GzipFile(fileobj=target, mode="wb", mtime=0) if text.gzipped else target  # type: ignore[assignment]
    codec = _codec(path, text)
    raw: dict[int, str] = {}
    rows = filler.filled(_remembered(text, table, raw))
    above = "".join(_above(text, table.header_row))
    out.write(codec[1] + above.encode(codec[0]))
    for row in rows:
        done.rows += 1
        done.changes += filler.changes(row)
        line = raw.pop(row.row)
        for gone in [number for number in raw if number < row.row]:
            del raw[gone]
        out.write((_line(row, line, text.delimiter) if row.changed else line).encode(codec[0]))
    if text.gzipped:
        out.close()
        done.form = "csv.gz"
    return done


def _codec(path: Path, text: Text) -> tuple[str, bytes]:
    """Return the codec of the lines and the mark of order that stood before them."""
    with gzip.open(path) if text.gzipped else path.open("rb") as file:
        begin = file.read(4)
    if text.encoding == "utf-16":
        return ("utf-16-be", begin[:2]) if begin[:2] == b"\xfe\xff" else ("utf-16-le", b"\xff\xfe")
    mark = b"\xef\xbb\xbf"
    return ("utf-8", mark if begin[:3] == mark else b"") if text.encoding == "utf-8-sig" else (text.encoding, b"")


def _lined(text: Text) -> Iterator[tuple[int, list[str], str]]:
    """Yield (record number, cells, the record's text as it stands in the file, its line end included)."""
    taken: list[str] = []

    def lines(file: Iterable[str]) -> Iterator[str]:
        for line in file:
            taken.append(line)
            yield line

    with gzip.open(text.path) if text.gzipped else text.path.open("rb") as raw:
        file = io.TextIOWrapper(raw, encoding=text.encoding, errors="strict", newline="")
        for number, cells in enumerate(csv.reader(lines(file), delimiter=text.delimiter, strict=True), start=1):
            yield number, cells, "".join(taken)
            taken.clear()


def _above(text: Text, header_row: int) -> Iterator[str]:
    for number, _same, line in _lined(text):
        if number > header_row:
            return
        yield line


def _remembered(text: Text, table: Table, raw: dict[int, str]) -> Iterator[Row]:
    """Yield the rows of a table and keep the text of each until it has been written."""
    wanted = table.rows()
    lines = _lined(text)
    for row, cells in wanted:
        for number, _same, line in lines:
            if number == row:
                raw[row] = line
                break
        yield row, cells


def _line(row: FilledRow, line: str, delimiter: str) -> str:
    """Return a changed row as a line: quoted where needed, with the end that it came with."""
    end = line[len(line.rstrip("\r\n")) :]
    target = io.StringIO()
    cells = [cell if isinstance(cell, str) else str(cell) for cell in _cells(row, len(row.cells))]
    csv.writer(target, delimiter=delimiter, lineterminator=end or "").writerow(cells)
    return target.getvalue()
