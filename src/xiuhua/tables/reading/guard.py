"""Asking a process of its own to parse a workbook: whatever the file does to it, this process goes on."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import xiuhua
from xiuhua.kernel.words import Refusal
from xiuhua.tables import words
from xiuhua.tables.words import MIB, Limits, TooCostly

_CHILD = "xiuhua.tables.parsing.child"
_ROOT = str(Path(xiuhua.__file__).parents[1])
#: Seconds for the process to start, beyond what its work may take.
_START = 10
_BY_CODE: dict[str, type[Refusal]] = {
    one.code: one for one in vars(words).values() if isinstance(one, type) and issubclass(one, Refusal)
}

Job = Literal["table", "look", "grid", "unanswered"]


class Answer:
    """What the process has written: lines of JSON in a file without a name, gone with this object."""

    def __init__(self, file: int) -> None:
        self._file = file

    def __del__(self) -> None:
        os.close(self._file)

    def lines(self) -> Iterator[Any]:
        """Yield the values of all lines from the beginning."""
        with io.BufferedReader(_At(self), MIB) as reader:
            for line in reader:
                yield json.loads(line)

    def read(self, size: int, position: int) -> bytes:
        """Return bytes of the answer from a position."""
        return os.pread(self._file, size, position)


class _At(io.RawIOBase):
    """Reads an answer from its beginning, beside others that do."""

    def __init__(self, answer: Answer) -> None:
        self._answer, self._position = answer, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._answer.read(len(buffer), self._position)
        buffer[: len(found)] = found
        self._position += len(found)
        return len(found)


def guarded(do: Job, path: Path, limits: Limits, **fields: str | int) -> Answer:
    """Return the answer of a process that parses a workbook for one job, having waited for its end.

    The process is told nothing but the path and the limits: no settings, no secrets. It is bound to memory and
    processor time in proportion to the file's content. Raises the refusals of `tables.words` that it stopped with, and
    TooCostly where it was killed, ran out of memory or out of time.
    """
    spool = tempfile.TemporaryFile(prefix="xiuhua-parsed-")  # noqa: SIM115 - the answer outlives this call
    with spool:
        answer = Answer(os.dup(spool.fileno()))
        request = {"do": do, "path": str(path.absolute()), "limits": asdict(limits), **fields}
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-P", "-m", _CHILD],
                input=json.dumps(request).encode(),
                stdout=spool,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": _ROOT, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
                cwd="/",
                timeout=limits.seconds(path.stat().st_size * limits.ratio) + _START,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TooCostly from error
    if done.returncode:
        raise TooCostly
    _check(answer)
    return answer


def _check(answer: Answer) -> None:
    """Raise what the process stopped with."""
    first = next(answer.lines(), None)
    if first is None:
        raise TooCostly
    if isinstance(first, dict) and "stop" in first:
        raise _BY_CODE[first["stop"]](**first["facts"])
