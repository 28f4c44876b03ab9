"""Inserting many rows with one prepared statement.

Django's `bulk_create` composes the text of every statement anew and spends more time on that than the database does on
the rows (`xiuhua bench import` shows both); an import writes two wide rows a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Model


def insert_many(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of plain values by attribute name ("tenant_id"), all with the same names; others get their default.

    For tables of texts, numbers, booleans and moments: values reach the driver as they are, moments as Django stores
    them. Keys are assigned by the database and not returned. The database's constraints hold as always.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - Django's own name
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)  # noqa: SLF001 - the same
    pick = [(field.attname, field.get_default(), _adapter(isinstance(field, DateTimeField))) for field in fields]
    values = [
        [adapt(row.get(name, default)) if adapt else row.get(name, default) for name, default, adapt in pick]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - names of ours


def _adapter(moment: bool) -> Callable[[Any], Any] | None:
    return connection.ops.adapt_datetimefield_value if moment else None
