"""Guards in tests: the ledger's, off for who plays a forger or empties a test database, and that of passwords, made quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations

guard: Any = import_module("xiuhua.kernel.migrations.0006_ledger_written")
bulletins: Any = import_module("xiuhua.disclosure.migrations.0001_bulletins")

#: How often a password is hashed for real, so that guessing one is slow.
ROUNDS = PBKDF2PasswordHasher.iterations


def quick_passwords() -> None:
    """Hash passwords once: hundreds of tests need an account, and a quarter of a second each to have it told them nothing."""
    PBKDF2PasswordHasher.iterations = 1


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
