"""The duty matrix as a workbook with drop-downs, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from xiuhua.kernel.words import Fault
from xiuhua.responsibility.queries.books import DutyBook
from xiuhua.responsibility.queries.units import form
from xiuhua.responsibility.rules.duty.reading import COLUMNS
from xiuhua.responsibility.words import ANY, Tier
from xiuhua.tables.forms import filled
from xiuhua.tables.reading import open_table
from xiuhua.tables.templates import template
from xiuhua.territory.queries.forms import english


def duty_workbook(book: DutyBook, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows of a matrix (cells by column of matrix.csv) as a workbook; codes are followed by their names.

    `written_in` reads the same cells back.
    """
    named = _named(book)
    choices = {
        "tiers": [str(tier.label) for tier in Tier],
        "territories": [ANY, *_entries(named["territory"])],
        "site_types": _entries(named["site_type"]),
        "sites": _entries(named["site"]),
        "classes": [ANY, *_entries(named["class"])],
        "units": _entries(named["unit"]),
    }
    return template(form("duty"), choices, english=english(), rows=[_shown(row, named) for row in rows])


def _named(book: DutyBook) -> dict[str, Mapping[str, str]]:
    """Return what is called what, by column."""
    names = book.names
    return {
        "territory": names.territories,
        "site_type": names.site_types,
        "site": names.sites,
        "class": {key: "" if key.endswith(name) else name for key, name in names.classes.items()},
        "unit": names.units,
    }


def _entries(names: Mapping[str, str]) -> list[str]:
    return [_entry(code, names) for code in sorted(names)]


def _entry(code: str, names: Mapping[str, str]) -> str:
    """Return a code with its name behind it, where the name says more than the code."""
    name = names.get(code, "")
    return f"{code} {name}" if name and name != code else code


def _shown(row: Mapping[str, str], named: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    shown = dict(row)
    shown["tier"] = str(Tier(row["tier"]).label) if row["tier"] in set(Tier) else row["tier"]
    for column, names in named.items():
        shown[column] = _entry(row[column], names)
    shown["assisting"] = ";".join(_entry(one, named["unit"]) for one in row["assisting"].split(";") if one)
    return shown


@dataclass(frozen=True, slots=True)
class Written:
    """The matrix.csv that a table says: its text, the table's row behind each of its lines, the faults of the cells."""

    text: str
    lines: tuple[int, ...]
    faults: list[Fault]


def written_in(path: Path, book: DutyBook) -> Written:
    """Return the matrix.csv that a filled-in workbook or CSV table says, and the faults of its cells by row and column.

    Raises what reading a table can raise, ColumnMissing, ColumnTwice, FormEmpty.
    """
    table = open_table(path, whole=True)
    found, faults = filled(form("duty"), table.header, table.rows(), digest=table.digest)
    named = _named(book)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found.rows:
        cells = dict(row.cells)
        cells["tier"] = _tier(cells["tier"])
        for column, names in named.items():
            cells[column] = _code(cells[column], names)
        cells["assisting"] = ";".join(
            _code(one.strip(), named["unit"]) for one in cells["assisting"].replace("；", ";").split(";") if one.strip()
        )
        writer.writerow([" ".join(cells[name].splitlines()) for name in COLUMNS])
    return Written(target.getvalue(), tuple(row.row for row in found.rows), faults)


def _tier(text: str) -> str:
    """Return the tier that a text names in either language, the text itself if it names none."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            labels = {str(tier.label).casefold(): str(tier) for tier in Tier}
        if text.casefold() in labels:
            return labels[text.casefold()]
    return text


def _code(text: str, names: Mapping[str, str]) -> str:
    """Return the code in front of a name; what is a code itself, or no code at all, stays as it is."""
    front = text.partition(" ")[0]
    return front if text not in names and front in names else text
