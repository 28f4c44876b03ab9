"""Scratch databases that need not be made: that they can be made is shown by every other run of the suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from xiuhua.bench import freeze, stand

Scratch = Callable[[str, Path], AbstractContextManager[str]]


@pytest.fixture(autouse=True)
def _tables_there(monkeypatch: pytest.MonkeyPatch, made: Callable[[Path], None]) -> None:
    """Let a measurement on SQLite find its tables made."""

    def ready_made(plain: Scratch) -> Scratch:
        @contextmanager
        def scratch(url: str, folder: Path) -> Iterator[str]:
            if not url:
                made(folder / "bench.sqlite3")
            with plain(url, folder) as address:
                yield address

        return scratch

    monkeypatch.setattr(stand, "scratch", ready_made(stand.scratch))
    monkeypatch.setattr(freeze, "_scratch", ready_made(freeze._scratch))
