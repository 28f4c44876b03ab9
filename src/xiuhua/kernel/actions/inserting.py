"""Inserting many rows with one prepared statement.

Django's `bulk_create` composes the text of every statement anew and spends more time on that than the database does on
the rows (`xiuhua bench import` shows both); an import writes two wide rows a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
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
    every = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]  # noqa: SLF001 - Django's own name
    given = [field for field in every if field.attname in rows[0]]
    others = [field for field in every if field.attname not in rows[0]]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in (*given, *others))
    places = ", ".join(["%s"] * len(every))
    table = quote(model._meta.db_table)  # noqa: SLF001 - the same
    values = _values(rows, given, [_adapted(field, field.get_default()) for field in others])
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - names of ours


def _values(
    rows: Sequence[Mapping[str, Any]], given: Sequence[Field[Any, Any]], rest: Sequence[Any]
) -> list[list[Any]]:
    """Return the values of each row as the driver takes them: those given, then what is the same in all rows."""
    names = [field.attname for field in given]
    adapters = [(place, adapt) for place, field in enumerate(given) if (adapt := _adapter(field))]
    values = []
    for row in rows:
        line = [row[name] for name in names]
        for place, adapt in adapters:
            if line[place] is not None:
                line[place] = adapt(line[place])
        line += rest
        values.append(line)
    return values


def _adapted(field: Field[Any, Any], value: Any) -> Any:
    adapt = _adapter(field)
    return adapt(value) if adapt and value is not None else value


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


def _utc_text(moment: datetime) -> str:
    """Return a moment in UTC as Django keeps it in SQLite, which it does by way of four other functions."""
    return moment.isoformat(" ")[:-6]


def _adapter(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, DateTimeField):
        plain: Callable[[Any], Any] = connection.ops.adapt_datetimefield_value
        if connection.vendor == "sqlite" and connection.timezone is UTC:
            return lambda value: _utc_text(value) if value.tzinfo is UTC else plain(value)
        return plain
    return (lambda value: field.get_db_prep_save(value, connection)) if isinstance(field, JSONField) else None
