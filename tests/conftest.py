"""Where tests keep their state, and what every test may use."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Before Django reads its settings: state of a test run lives and dies in a folder of its own.
_HOME = tempfile.TemporaryDirectory(prefix="xiuhua-test-")
os.environ["XIUHUA_HOME"] = _HOME.name
os.environ.setdefault("SECRET_KEY", "only for tests")

from xiuhua.config.setup import ready  # noqa: E402 - after the environment is set

ready()

# A slow machine is no failure: no test asserts a time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

from django.db import connection  # noqa: E402 - after Django is ready
from tests.guards import quick_emptying, quick_passwords  # noqa: E402

from xiuhua.kernel.actions import create_tenant  # noqa: E402 - after Django is ready
from xiuhua.kernel.models import Tenant  # noqa: E402
from xiuhua.kernel.words import Actor  # noqa: E402

quick_emptying()
quick_passwords()

REAL = Path(os.environ.get("XIUHUA_REAL_DATA", Path(__file__).parents[1] / "../shared/data")).resolve()


#: Files whose tests start programs of their own on the run's database, and so ask for none of pytest's.
_ON_THEIR_OWN = frozenset({"test_bad_lines.py", "test_crash.py", "test_live_benches.py", "test_triage_crowd.py"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of a run on PostgreSQL what asks for no database, and what says that it need not run twice: SQLite has it."""
    if not os.environ.get("DATABASE_URL"):
        return
    asked = [item for item in items if _asks(item) or item.path.name in _ON_THEIR_OWN]
    asked = [item for item in asked if item.get_closest_marker("once") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asked)])
    items[:] = asked


def pytest_collection_finish() -> None:
    """Let the collector of cycles leave what every test needs alone: it would walk half a million objects again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _asks(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or any(name in _DATABASES for name in names)


_DATABASES = frozenset({"db", "transactional_db", "django_db_setup"})


@pytest.fixture(autouse=True)
def _empty_shelf() -> None:
    """Forget what was read for another test's office: keys come again."""
    from xiuhua.cases.queries import shelf  # noqa: PLC0415 - after Django is ready
    from xiuhua.responsibility.queries import tokens  # noqa: PLC0415 - after Django is ready

    shelf._SHELVES.clear()
    tokens._KEPT.clear()


#: The test database as a file while nothing was in it.
_MADE: list[Path] = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The test database, and where it is SQLite a copy for programs that want one of their own."""
    if connection.vendor != "sqlite":
        return
    file = tmp_path_factory.mktemp("made") / "made.sqlite3"
    copy = sqlite3.connect(file)
    with django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(copy)
    copy.close()
    _MADE.append(file)


@pytest.fixture(scope="session")
def made(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Put a database with all its tables and no rows where a program will look for its own, which it need not make then.

    On PostgreSQL nothing is put: programs make theirs.
    """

    def put(file: Path) -> None:
        request.getfixturevalue("django_db_setup")  # not by name: who asks for it runs on PostgreSQL too
        if _MADE:
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(_MADE[0], file)

    return put


@pytest.fixture
def at() -> datetime:
    """The moment at which things happen in tests."""
    return datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def ana() -> Actor:
    """Ana, who files."""
    return Actor("user:ana")


@pytest.fixture
def street(db: None, ana: Actor, at: datetime) -> Tenant:
    """An office in Shanghai's zone with nothing in it."""
    return create_tenant("street", "星河街道", by=ana, at=at, zone="Asia/Shanghai")


@pytest.fixture
def home(tmp_path: Path, settings: object) -> Path:
    """A state folder of the test's own."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    settings.FILES = tmp_path / "files"  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def real_data() -> Path:
    """The published files, or a counted skip where they are not there."""
    if not REAL.is_dir():
        pytest.skip(f"no real data at {REAL} (XIUHUA_REAL_DATA)")
    return REAL
