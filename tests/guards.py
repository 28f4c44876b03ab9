"""Guards in tests: the ledger's, off for who plays a forger or empties a test database, and that of passwords, made quick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

guard: Any = import_module("xiuhua.kernel.migrations.0006_ledger_written")

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


#: Rows that come with the tables themselves and that no test writes.
_KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def quick_emptying() -> None:
    """Empty the database after a test that commits by deleting what was written.

    Django empties a hundred tables, of which the test wrote ten, and then looks through all models for permissions.
    """

    def _fixture_teardown(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            _empty(connections[alias])

    TransactionTestCase._fixture_teardown = _fixture_teardown  # type: ignore[attr-defined]


def _empty(link: Any) -> None:
    """Delete all rows in one transaction, at whose end foreign keys are looked at; guards and followers step aside."""
    on_postgresql = link.vendor == "postgresql"
    with transaction.atomic(using=link.alias), link.cursor() as cursor:
        # SQLite's index of words is no table of Django's, and empties itself as cases go
        names = link.introspection.table_names(cursor) if on_postgresql else link.introspection.django_table_names()
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in set(names) - _KEPT)  # noqa: S608 - our own tables
        cursor.execute(" UNION ALL ".join(asked))
        deletes = [f'DELETE FROM "{name}"' for (name,) in cursor.fetchall()]  # noqa: S608 - the same
        guards = {} if on_postgresql else _guards(cursor)
        off = [f"DROP TRIGGER {name}" for name in guards]
        if on_postgresql:
            off = ["SET LOCAL session_replication_role = replica"]
        for statement in [*off, *deletes, *guards.values()]:
            cursor.execute(statement)


def _guards(cursor: Any) -> dict[str, str]:
    """Return the guards of every table that only grows, each with what makes it."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%guard%'")
    return dict(cursor.fetchall())
