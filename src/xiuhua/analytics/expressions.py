"""Query expressions for facts on their way out of the operational database."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class Instant(Func):
    """A moment on its way to Arrow: left as the driver's own timestamp, or as text where there is none.

    SQLite's driver would parse each value in Python; a cast to text takes away the declared type that makes it do so.
    """

    arity = 1
    template = "%(expressions)s"
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> Any:
        """Return the SQL for SQLite."""
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS TEXT)", **extra)


class ByteOrder(Func):
    """A text ordered by its UTF-8 bytes, the same on every database and in every locale."""

    arity = 1
    template = '%(expressions)s COLLATE "C"'
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> Any:
        """Return the SQL for SQLite."""
        return self.as_sql(compiler, connection, template="%(expressions)s COLLATE BINARY", **extra)
