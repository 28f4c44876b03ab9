"""Forms that people fill in: what their columns are called, and what a cell means."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xiuhua.kernel.words import Fault
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import Cell, Column, ColumnMissing, ColumnTwice, Filled, Form, FormEmpty, FormRow, Row

#: What a spreadsheet makes of a long code that it took for a number; digits are lost, so it cannot be mended.
MANGLED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
#: A first cell that begins so marks an example, as the templates write it.
EXAMPLE = ("示例", "example")
#: Kinds of cells that are read as something else than text.
_MEASURES = ("whole", "number", "day")
_BROKEN = "\N{REPLACEMENT CHARACTER}"
_REMARK = re.compile(r"\(.*\)$|\*+$")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def form_of(text: str) -> Form:
    """Return the form that a TOML text describes. Raises KeyError, TypeError or ValueError: forms are ours, not input."""
    found = tomllib.loads(text)
    return Form(found["title"]["zh"], found["title"]["en"], tuple(_column(one) for one in found["column"]))


def _column(given: Mapping[str, Any]) -> Column:
    fields = dict(given)
    note = fields.pop("note", {"zh": "", "en": ""})
    fields["also"] = tuple(fields.get("also", ()))
    return Column(**fields, note_zh=note["zh"], note_en=note["en"])


def heading(text: str) -> str:
    """Return the form of a heading that is compared: width, case, spaces, a remark in brackets and stars do not count."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    while (shorter := _REMARK.sub("", plain)) != plain:
        plain = shorter
    return plain


def filled(form: Form, header: Sequence[str], rows: Iterable[Row], *, digest: str = "") -> tuple[Filled, list[Fault]]:
    """Return what a table says when read as `form`, and the faults of its cells.

    Texts are trimmed, line breaks within are spaces; codes and numbers lose their full width; days become ISO texts.
    Rows whose first column begins with a word of EXAMPLE are passed over and counted.
    Raises ColumnMissing, ColumnTwice, FormEmpty.
    """
    places = _places(form, header)
    made: list[FormRow] = []
    faults: list[Fault] = []
    examples = 0
    for number, cells in rows:
        texts = {key: cell_text(cells[place]) if place < len(cells) else "" for key, place in places.items()}
        if texts.get(form.columns[0].key, "").strip().casefold().startswith(EXAMPLE):
            examples += 1
            continue
        faults += _surplus(number, cells, header)
        row, wrong = _row(form, number, texts, header, places)
        made.append(row)
        faults += wrong
    if not made and not faults:
        raise FormEmpty(examples=examples)
    named = {key: header[place] for key, place in places.items()}
    ignored = tuple(name for place, name in enumerate(header) if place not in places.values() and name[:1] != "#")
    return Filled(tuple(made), named, examples, ignored, digest), faults


def _places(form: Form, header: Sequence[str]) -> dict[str, int]:
    """Return where each column of the form stands in the header."""
    known = {heading(name): one.key for one in form.columns for name in (one.key, one.zh, one.en, *one.also)}
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        key = known.get(heading(name))
        if key in places:
            raise ColumnTwice(first=header[places[key]], second=name)
        if key:
            places[key] = place
    missing = [one.zh for one in form.columns if one.required and one.key not in places]
    if missing:
        raise ColumnMissing(columns="、".join(missing), headings="、".join(header))
    return places


def _surplus(number: int, cells: Sequence[Cell], header: Sequence[str]) -> Iterator[Fault]:
    if any(cell_text(cell).strip() for cell in cells[len(header) :]):
        yield Fault("form.cells_many", row=number, facts={"cells": len(cells), "header": len(header)})


def _row(
    form: Form, number: int, texts: Mapping[str, str], header: Sequence[str], places: Mapping[str, int]
) -> tuple[FormRow, list[Fault]]:
    cells: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    for column in form.columns:
        cells[column.key], fault = _cell(column, texts.get(column.key, ""))
        if fault:
            name = header[places[column.key]] if column.key in places else column.zh
            faults[column.key] = Fault(fault.code, row=number, column=name, facts=fault.facts)
            cells[column.key] = "" if column.kind in _MEASURES else cells[column.key]
    return FormRow(number, cells, frozenset(faults)), list(faults.values())


def _cell(column: Column, text: str) -> tuple[str, Fault | None]:
    """Return the text of a cell as it is kept and what is wrong with it."""
    text = " ".join(text.split())
    if column.kind not in {"text", "list"}:
        text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return "", Fault("form.cell_missing") if column.required else None
    if any(sign == _BROKEN or unicodedata.category(sign) == "Cc" for sign in text):
        return text, Fault("form.text_unusable")
    text, fault = _KINDS[column.kind](column, text)
    if not fault and len(text) > column.limit:
        fault = Fault("form.cell_long", facts={"length": len(text), "limit": column.limit})
    return text, fault


def _plain(_column: Column, text: str) -> tuple[str, Fault | None]:
    return text, None


def _code(_column: Column, text: str) -> tuple[str, Fault | None]:
    return text, Fault("form.code_mangled", facts={"code": text}) if MANGLED.fullmatch(text) else None


def _whole(column: Column, text: str) -> tuple[str, Fault | None]:
    if not _WHOLE.fullmatch(text):
        return text, Fault("form.not_whole", facts={"text": text})
    return _bounded(column, str(int(text.split(".", maxsplit=1)[0])))


def _number(column: Column, text: str) -> tuple[str, Fault | None]:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        return text, Fault("form.not_number", facts={"text": text})
    return _bounded(column, text)


def _bounded(column: Column, text: str) -> tuple[str, Fault | None]:
    least = column.least is not None and float(text) < column.least
    most = column.most is not None and float(text) > column.most
    if least or most:
        return text, Fault("form.number_outside", facts={"text": text, "least": column.least, "most": column.most})
    return text, None


def _day(_column: Column, text: str) -> tuple[str, Fault | None]:
    match = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else _iso(text), None
    except ValueError:
        return text, Fault("form.not_day", facts={"text": text})


def _iso(text: str) -> str:
    return datetime.fromisoformat(text).date().isoformat()


_KINDS = {"text": _plain, "list": _plain, "code": _code, "whole": _whole, "number": _number, "day": _day}
