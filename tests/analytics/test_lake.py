"""The digest of canonical rows."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from xiuhua.analytics import lake
from xiuhua.analytics.engine import opened
from xiuhua.analytics.extraction import schema_of
from xiuhua.analytics.lake import Digest
from xiuhua.analytics.words import Column, Kind
from xiuhua.cases.facts import CASE

SCHEMA = pa.schema([("text", pa.string()), ("instant", pa.int64())])


def digest_of(*batches: list[tuple[str | None, int | None]]) -> str:
    digest = Digest({"format": 1})
    digest.table("t", SCHEMA)
    for rows in batches:
        texts, instants = zip(*rows, strict=True) if rows else ((), ())
        digest.rows(
            pa.RecordBatch.from_arrays([pa.array(texts, pa.string()), pa.array(instants, pa.int64())], schema=SCHEMA)
        )
    return digest.hex()


def test_digest_when_computed_then_is_the_sha256_of_the_documented_lines() -> None:
    lines = '{"format":1}\n{"columns":["text","instant"],"table":"t"}\n路灯\t-5\na\\tb\\\\\\n\\r\t\\N\n\\N\t7\n'
    rows = [("路灯", -5), ("a\tb\\\n\r", None), (None, 7)]
    assert digest_of(rows) == hashlib.sha256(lines.encode()).hexdigest()


def test_digest_when_rows_come_in_other_batches_then_is_the_same() -> None:
    rows: list[tuple[str | None, int | None]] = [("a", 1), ("", None), (None, 3)]
    assert digest_of(rows) == digest_of(rows[:1], [], rows[1:])


def test_digest_when_a_batch_is_a_slice_then_takes_only_its_rows() -> None:
    whole = pa.RecordBatch.from_arrays([pa.array(["x", "a", "y"]), pa.array([0, 1, 2], pa.int64())], schema=SCHEMA)
    digest = Digest({"format": 1})
    digest.table("t", SCHEMA)
    digest.rows(whole.slice(1, 1))
    assert digest.hex() == digest_of([("a", 1)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param([("a\tb", None)], [("a", None)], id="a tab is not a border"),
        pytest.param([(None, 1)], [("\\N", 1)], id="null is not its sign"),
        pytest.param([(None, 1)], [("", 1)], id="null is not empty"),
        pytest.param([("a", 1), ("b", 2)], [("b", 2), ("a", 1)], id="order counts"),
    ],
)
def test_digest_when_rows_differ_then_differs(
    one: list[tuple[str | None, int | None]], other: list[tuple[str | None, int | None]]
) -> None:
    assert digest_of(one) != digest_of(other)


def test_snapshot_from_before_a_column_was_added_is_read_with_nothing_in_it(tmp_path: Path) -> None:
    schema = schema_of([Column("number")])
    batch = pa.RecordBatch.from_arrays([pa.array(["A1"], pa.string())], schema=schema)
    lake.write(tmp_path, "case", schema, [batch], lake.Digest({}))
    grown = replace(CASE, columns=(Column("number"), Column("own_due_us", Kind.INSTANT), Column("cause")))
    with opened(tmp_path, [grown]) as tables:
        rows = tables.engine.to_pyarrow(tables["case"]).to_pylist()
    assert rows == [{"number": "A1", "own_due_us": None, "cause": None}]


def test_folders_when_open_at_once_in_many_threads_then_each_sees_its_own_and_what_was_written_last(
    tmp_path: Path,
) -> None:
    def written(name: str, rows: int) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        batch = pa.RecordBatch.from_pylist([{"text": "a", "instant": 1}] * rows, SCHEMA)
        lake.write(folder, "t", SCHEMA, [batch], Digest({}))
        return folder

    def counted(folder: Path) -> int:
        with opened(folder) as tables:
            return int(tables.engine.to_pyarrow(tables["t"].count()).as_py())

    folders = [written(str(rows), rows) for rows in (1, 2, 3)]
    with ThreadPoolExecutor(6) as threads, opened(folders[0]) as outer:
        assert list(threads.map(counted, folders * 8)) == [1, 2, 3] * 8
        assert outer.engine.to_pyarrow(outer["t"].count()).as_py() == 1
    assert counted(written("1", 4)) == 4
