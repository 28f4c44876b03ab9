"""A store of a test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def stored(home: Path) -> Callable[[], list[str]]:
    """What lies in the store, by path below it."""
    root = home / "files"
    return lambda: sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
