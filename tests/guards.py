"""The ledger's guard in tests: off for who plays a forger, and out of the way when SQLite empties a test database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations

guard: Any = import_module("xiuhua.kernel.migrations.0006_ledger_written")
bulletins: Any = import_module("xiuhua.disclosure.migrations.0001_bulletins")


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in postgresql if connection.vendor == "postgresql" else sqlite:
            cursor.execute(statement)


@contextmanager
def forging() -> Iterator[None]:
    """Let somebody who owns the database change what he likes."""
    # within a test's transaction PostgreSQL drops no trigger of a table whose foreign keys are still to be checked
    _run(guard.SQLITE_OFF, ("SET CONSTRAINTS ALL IMMEDIATE", *guard.POSTGRESQL_OFF))
    yield
    _run(guard.SQLITE_ON, guard.POSTGRESQL_ON)


def flushable() -> None:
    """Let Django empty a SQLite test database: it deletes where PostgreSQL truncates."""
    plain: Callable[..., list[str]] = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
        statements = plain(self, *args, **kwargs)
        if not any("kernel_ledgerline" in one for one in statements):
            return statements
        return [*guard.SQLITE_OFF, *bulletins.SQLITE_OFF, *statements, *guard.SQLITE_ON, *bulletins.SQLITE_ON]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
