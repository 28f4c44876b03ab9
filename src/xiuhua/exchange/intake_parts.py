"""A received file as its readers see it: its sheets, its first rows, and the mapping from which a person starts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from xiuhua.exchange import shed
from xiuhua.exchange.guesses import Proposal
from xiuhua.exchange.models import Intake, KnownMapping
from xiuhua.exchange.rules.aliases import Aliases
from xiuhua.exchange.rules.guessing import SAMPLE, fingerprint, guess
from xiuhua.exchange.rules.mappings import read_mapping
from xiuhua.exchange.shelf import aliases, fitting, known_mapping
from xiuhua.kernel.models import Tenant
from xiuhua.tables.reading import look, open_table
from xiuhua.tables.words import Cell


@dataclass(frozen=True, slots=True)
class Sample:
    """A look at one sheet of a file: the names of all its sheets, this one's header and first rows."""

    sheets: tuple[str, ...]
    sheet: str
    header: tuple[str, ...]
    header_row: int
    encoding: str
    rows: list[tuple[int, list[Cell]]]
    #: The row that a person said the header is in, 0 where it was found.
    said_row: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """Where a person starts from: a mapping's document, and whose it is.

    `kind` is known (confirmed for these columns before, by whom and when), ready (shipped, `name` says which) or guess.
    """

    kind: str
    document: dict[str, Any]
    proposal: Proposal
    name: str = ""
    by: str = ""
    at: datetime | None = None


def look_at(path: Path, sheet: str = "", row: int = 0) -> Sample:
    """Return a look at a file: one sheet of it, the first without a name; its header in `row`, found where that is 0.

    Raises the refusals of `tables`.
    """
    table = open_table(path, sheet=sheet, header_row=row)
    rows = [(number, list(cells)) for number, cells in islice(table.rows(), SAMPLE)]
    names = _sheets(path)
    chosen = sheet or (names[0] if names else "")
    return Sample(names, chosen, table.header, table.header_row, table.encoding, rows, row)


def _sheets(path: Path) -> tuple[str, ...]:
    return tuple(one.name for one in look(path).sheets if one.name)


def sample_of(intake: Intake, sheet: str = "", row: int = 0) -> Sample:
    """Return the look at a received file, kept from the first time that somebody asked for this sheet and header.

    Raises the refusals of `tables`.
    """
    if kept := shed.sample_kept(intake):
        found = _understood(kept)
        if sheet in {"", found.sheet} and row == found.said_row:
            return found
    sample = look_at(shed.place(intake), sheet, row)
    shed.keep_sample(intake, _spelled(sample))
    return sample


def _spelled(sample: Sample) -> str:
    rows = [[number, [_cell_out(cell) for cell in cells]] for number, cells in sample.rows]
    head = [sample.sheets, sample.sheet, sample.header, sample.header_row, sample.encoding, sample.said_row]
    return json.dumps([*head, rows], ensure_ascii=False)


def _understood(text: str) -> Sample:
    sheets, sheet, header, header_row, encoding, said, rows = json.loads(text)
    made = [(number, [_cell_in(cell) for cell in cells]) for number, cells in rows]
    return Sample(tuple(sheets), sheet, tuple(header), header_row, encoding, made, said)


def _cell_out(cell: Cell) -> str | list[str]:
    if isinstance(cell, str):
        return cell
    return ["moment" if isinstance(cell, datetime) else "day", cell.isoformat()]


def _cell_in(cell: str | list[str]) -> Cell:
    if isinstance(cell, str):
        return cell
    kind, text = cell
    return datetime.fromisoformat(text) if kind == "moment" else date.fromisoformat(text)


def propose(tenant: Tenant, sample: Sample, *, kind: str = "") -> Start:
    """Return where to start from: what was confirmed for these columns, else a shipped mapping that fits, else the guess.

    `kind` chooses one of them where it is possible. One query, two where something was confirmed. Raises NotCases.
    """
    named = aliases(tenant)
    proposal = guess(sample.header, [cells for _number, cells in sample.rows], named)
    known = known_mapping(tenant, sample.header) if kind in {"", "known"} else None
    if known is not None:
        row = KnownMapping.objects.get(tenant=tenant, fingerprint=fingerprint(sample.header))
        document = _worded(read_mapping(row.text), named)
        return Start("known", document, proposal, document["name"], row.confirmed_by, row.confirmed_at)
    ready = next(iter(fitting(sample.header)), None) if kind in {"", "ready"} else None
    if ready is not None:
        return Start("ready", _worded(read_mapping(ready.text), named), proposal, ready.title)
    return Start("guess", _worded(_drafted(proposal), named), proposal)


def _worded(document: dict[str, Any], named: Aliases) -> dict[str, Any]:
    """Return a mapping's document with the usual words of a second list where it has none of its own."""
    if any(document.get("marks", {}).values()):
        return document
    return {**document, "marks": {kind: list(words) for kind, words in named.marks.items() if words}}


def _drafted(proposal: Proposal) -> dict[str, Any]:
    return {
        "code": f"file-{proposal.fingerprint[:8]}",
        "missing": list(proposal.missing),
        "columns": {name: one.column for name, one in proposal.fields.items()},
    }
