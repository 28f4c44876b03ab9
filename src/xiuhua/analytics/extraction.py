"""From the operational database to Arrow: batches of bounded size, instants and scaled numbers as integers, rows in byte order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections
from django.db.models import QuerySet

from xiuhua.analytics.words import Column, Kind

BATCH = 20_000


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    """Return the Arrow schema of columns: text as string, instants and whole numbers as int64."""
    return pa.schema([(column.name, pa.string() if column.kind is Kind.TEXT else pa.int64()) for column in columns])


def batches(query: QuerySet[Any, Any], columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of `query` (a values_list in the order of `columns`) as record batches.

    PostgreSQL hands Arrow over by ADBC on a connection of its own, unless the caller is inside a transaction, whose
    changes only its own connection can see. Memory is bounded by the batch.
    """
    connection = connections[query.db]
    sql, params = query.query.get_compiler(using=query.db).as_sql()
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        yield from _by_adbc(connection, sql, params, columns)
    else:
        yield from _by_cursor(connection, sql, params, columns)


def _by_cursor(connection: Any, sql: str, params: Any, columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
    schema = schema_of(columns)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(BATCH):
            values = zip(*rows, strict=True)
            arrays = [_array(list(given), column) for given, column in zip(values, columns, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: list[Any], column: Column) -> pa.Array:
    if column.kind is Kind.TEXT:
        return pa.array(values, pa.string())
    if column.kind is Kind.INTEGER:
        return _whole(pa.array(values), column)
    known = next((value for value in values if value is not None), None)
    if isinstance(known, str):
        return pc.cast(pa.array(values, pa.string()), pa.timestamp("us")).cast(pa.int64())
    return pa.array(values, pa.timestamp("us", tz="UTC")).cast(pa.int64())


def _whole(numbers: pa.Array, column: Column) -> pa.Array:
    if column.scale != 1:
        scaled = pc.multiply(numbers.cast(pa.float64()), float(column.scale))
        numbers = pc.round(scaled, round_mode="half_to_even")
    return numbers.cast(pa.int64())


def _by_adbc(connection: Any, sql: str, params: Any, columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - SQLite needs none of these drivers
    from django.db.backends.postgresql.psycopg_any import mogrify  # noqa: PLC0415 - the same
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - the same

    connection.ensure_connection()
    wanted = {"dbname", "user", "password", "host", "port", "service", "passfile", "sslmode", "sslrootcert", "sslcert"}
    given = {key: value for key, value in connection.get_connection_params().items() if key in wanted}
    schema = schema_of(columns)
    with closing(dbapi.connect(make_conninfo(**given))) as link, closing(link.cursor()) as cursor:
        cursor.execute(mogrify(sql, params, connection))
        for batch in cursor.fetch_record_batch():
            arrays = [_drawn(batch.column(i), column) for i, column in enumerate(columns)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _drawn(values: pa.Array, column: Column) -> pa.Array:
    if column.kind is Kind.INTEGER:
        return _whole(values, column)
    return values.cast(pa.string() if column.kind is Kind.TEXT else pa.int64())
