"""Reading a file of territories: a drawing, or a table through the one reader of people's tables."""

from __future__ import annotations

from dataclasses import replace

from xiuhua.kernel.words import Fault
from xiuhua.tables.forms import filled
from xiuhua.tables.reading.filled import open_bytes
from xiuhua.tables.words import LIMITS
from xiuhua.territory.queries.forms import form
from xiuhua.territory.rules.files import Record, check_size, content, drawn, drawn_records, table_records
from xiuhua.territory.words import MAX_BYTES, FileContent, Reading


def read_territories(
    data: bytes, reading: Reading, *, limit: int = MAX_BYTES
) -> tuple[FileContent, list[Fault], Reading]:
    """Return what a file says, the faults of its rows' form, and which fields were read.

    Tables are CSV or XLSX; where no field of names is given, columns are known by their headings (form `territory`) and
    rows marked as examples are passed over. Raises the refusals of rules.files and of tables.words.
    """
    check_size(data, limit)
    if drawn(data):
        records, faults = drawn_records(data, limit=limit)
    else:
        table, rows = open_bytes(data, limits=LIMITS)
        if not reading.name_field and not reading.name:
            file, faults = filled(form("territory"), table.header, rows)
            reading = _headed(reading, file.headings)
            records = [
                Record(
                    row.row, {file.headings[key]: text for key, text in row.cells.items() if key in file.headings}, None
                )
                for row in file.rows
            ]
        else:
            records, faults = table_records(table.header, rows)
    return content(records, reading, faults, drawn=drawn(data)), faults, reading


def _headed(reading: Reading, headings: dict[str, str]) -> Reading:
    """Return the reading with the fields that the headings name, where the command names none."""
    return replace(
        reading,
        name_field=headings.get("name", ""),
        code_field=reading.code_field or headings.get("code", ""),
        parent_field=reading.parent_field or headings.get("parent", ""),
        alias_field=reading.alias_field or headings.get("aliases", ""),
    )
