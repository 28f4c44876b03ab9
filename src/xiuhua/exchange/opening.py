"""Opening a platform's file as its mapping says."""

from __future__ import annotations

from pathlib import Path

from xiuhua.exchange.words import Mapping
from xiuhua.tables.reading import open_table
from xiuhua.tables.words import Table


def open_mapped(path: Path, mapping: Mapping) -> Table:
    """Return a file's table, read as its mapping states: encoding, separator, sheet, header. Raises refusals of `tables`."""
    return open_table(
        path,
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
        sheet=mapping.sheet,
        header_row=mapping.header_row,
        header_rows=mapping.header_rows,
    )
