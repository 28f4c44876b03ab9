"""Parquet on disk: written into a draft folder beside its final place, digested on the way, moved in one step."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xiuhua.kernel.rules import canonical

#: Rows of one row group at least (the last is smaller): large enough to compress, small enough to hold.
GROUP = 100_000


class Digest:
    r"""SHA-256 over canonical rows.

    A table is a line of JSON (its name and columns) followed by its rows in order, each a line: columns joined by tabs,
    null as \N, backslash, tab, newline and carriage return in texts written \\, \t, \n, \r, integers in decimal.
    Neither the Parquet encoding nor a database's numbering has a part in it.
    """

    def __init__(self, about: dict[str, Any]) -> None:
        self._hash = hashlib.sha256(canonical(about) + b"\n")

    def table(self, name: str, schema: pa.Schema) -> None:
        """Begin a table."""
        self._hash.update(canonical({"table": name, "columns": schema.names}) + b"\n")

    def rows(self, batch: pa.RecordBatch) -> None:
        """Take the rows of `batch` into account."""
        if batch.num_rows:
            lines = pc.binary_join_element_wise(*[_texts(column) for column in batch.columns], "\t")
            ended = pc.binary_join_element_wise(lines, "", "\n").cast(pa.large_string())
            self._hash.update(_bytes(ended))

    def hex(self) -> str:
        """Return the digest as 64 hexadecimal digits."""
        return self._hash.hexdigest()


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "\\N")
    for raw, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        column = pc.replace_substring(column, raw, written)
    return pc.fill_null(column, "\\N")


def _bytes(texts: pa.Array) -> memoryview:
    _validity, offsets, data = texts.buffers()
    ends = memoryview(offsets).cast("q")
    first, last = ends[texts.offset], ends[texts.offset + len(texts)]
    return memoryview(data)[first:last]


@contextmanager
def draft(root: Path) -> Iterator[Path]:
    """Give a new empty folder below `root`, which is gone afterwards unless it was settled."""
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=".draft-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(folder: Path, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch], digest: Digest) -> int:
    """Write a table as `name`.parquet into `folder` and into the digest; returns the number of rows."""
    count = 0
    digest.table(name, schema)
    with pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd") as writer:
        held: list[pa.RecordBatch] = []
        for batch in batches:
            digest.rows(batch)
            count += batch.num_rows
            held.append(batch)
            if sum(part.num_rows for part in held) >= GROUP:
                writer.write_table(pa.Table.from_batches(held, schema))
                held = []
        writer.write_table(pa.Table.from_batches(held, schema))
    return count


def settle(folder: Path, place: Path) -> None:
    """Move a finished draft to its place in one step; a place that is taken already holds the same rows."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.rename(place)
    except OSError:
        if not place.is_dir():
            raise
