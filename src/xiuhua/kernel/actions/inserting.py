"""Inserting many rows with one prepared statement.

Django's `bulk_create` composes the text of every statement anew and spends more time on that than the database does on
the rows (`xiuhua bench import` shows both); an import writes two wide rows a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import AutoField, DateTimeField, Field, JSONField, Model

#: So many new rows change what a plan over their table costs.
MANY = 5000


def insert_many(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of plain values by attribute name ("tenant_id"), all with the same names; others get their default.

    For tables of texts, numbers, booleans, moments and JSON: values reach the driver as they are, moments and JSON as
    Django stores them. Keys are given, or assigned by the database and not returned. The database's constraints hold as always.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]  # noqa: SLF001 - Django's own name
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)  # noqa: SLF001 - the same
    pick = [(field.attname, field.get_default(), _adapter(field)) for field in fields]
    values = [
        [adapt(row.get(name, default)) if adapt else row.get(name, default) for name, default, adapt in pick]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - names of ours


def tell_planner(rows: int, *models: type[Model]) -> None:
    """Let PostgreSQL look at tables that so many rows have just come into: by itself it does so a minute later.

    Within a transaction it never does. Until then it takes them for nearly empty: a join of them for cheap, and reading
    them through for the way to check a foreign key. A few rows change no plan. Other databases plan without.
    """
    if connection.vendor != "postgresql" or rows < MANY:
        return
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001 - Django's own name


def _adapter(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return (lambda value: field.get_db_prep_save(value, connection)) if isinstance(field, JSONField) else None
