"""A progress bar for long work, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import click

#: Told (done, in all).
Progress = Callable[[int, int], None]


def bar() -> AbstractContextManager[Progress | None]:
    """Return a context that gives a progress callback, or None where nobody watches."""
    return _Bar() if sys.stderr.isatty() else nullcontext()


class _Bar(AbstractContextManager["Progress | None"]):
    """A progress bar on stderr, as long as the work."""

    def __init__(self) -> None:
        self._bar = click.progressbar(length=1, file=sys.stderr)

    def __enter__(self) -> Progress:
        self._bar.__enter__()
        return self._told

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(*error)  # type: ignore[arg-type] # what the interpreter hands us

    def _told(self, done: int, total: int) -> None:
        self._bar.length = max(total, 1)
        self._bar.update(done - self._bar.pos)
