"""What a server asks of the kernel before it answers, from a trace of its system calls (R25).

A killed process loses nothing that it gave to the kernel, so killing does not show a missing fsync; a power cut would.
Here each answer is held against what was still unsynced when it went out: bytes written to the database or to a photo,
a name that its folder had not been told to keep.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from xiuhua.bench.stand import Stand
from xiuhua.bench.witness import Client, Witness

CALLS = "write,writev,pwrite64,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat"
_LINE = re.compile(r"^(?P<pid>\d+)\s+(?P<rest>.*)$")
_CALL = re.compile(r"^(?P<name>\w+)\((?P<args>.*)$")
_RESUMED = re.compile(r"^<\.\.\. (?P<name>\w+) resumed>")
_PATH = re.compile(r"<(/[^>]+)>")
_QUOTED = re.compile(r'"(/[^"]+)"')
_FAILED = re.compile(r"\) += -1 ")
_ANSWER = re.compile(r'"HTTP/1\.1 20[01] ')
_WRITES, _SYNCS = frozenset({"write", "writev", "pwrite64"}), frozenset({"fsync", "fdatasync"})
_NAMES = frozenset({"rename", "renameat", "renameat2"})
_FOLDERS = frozenset({"mkdir", "mkdirat"})


class NoTrace(Exception):
    """System calls cannot be traced here; the message says why."""


@dataclass
class Trace:
    """What was seen below one folder: the order of the steps, and each answer that went out too early."""

    root: str
    steps: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    answers: int = 0
    _dirty: set[str] = field(default_factory=set)

    def take(self, name: str, args: str) -> None:
        """Take in one finished call."""
        if name in _SYNCS:
            self._synced(_PATH.search(args))
        elif name in _NAMES:
            self._renamed(_QUOTED.findall(args))
        elif name in _FOLDERS:
            self._made(_QUOTED.findall(args))
        elif _ANSWER.search(args):
            self._answered()
        elif name in _WRITES and (found := _PATH.search(args)) and self._kept(found[1]):
            self._dirty.add(found[1])
            self._step("write", found[1])

    def _kept(self, path: str) -> bool:
        """Return whether a file has to survive: the database, its log and the photos – not the log of the server, nor shared memory."""
        return path.startswith(self.root) and not path.endswith(("-shm", ".log", "secret_key"))

    def _synced(self, found: re.Match[str] | None) -> None:
        if found is None or not found[1].startswith(self.root):
            return
        self._dirty -= {found[1], f"names in {found[1]}"}
        self._step("sync", found[1])

    def _renamed(self, paths: list[str]) -> None:
        if len(paths) != len(("from", "to")) or not paths[1].startswith(self.root):
            return
        if paths[0] in self._dirty:
            self.early.append(f"renamed before it was synced: {self._short(paths[0])}")
            self._dirty.discard(paths[0])
        self._dirty.add(f"names in {Path(paths[1]).parent}")
        self._step("rename", paths[1])

    def _made(self, paths: list[str]) -> None:
        if paths and paths[0].startswith(self.root):
            self._dirty.add(f"names in {Path(paths[0]).parent}")

    def _answered(self) -> None:
        self.answers += 1
        self._step("answer", "")
        self.early += [f"answered before it was synced: {self._short(path)}" for path in sorted(self._dirty)]

    def _short(self, path: str) -> str:
        return path.replace(self.root, "…")

    def _step(self, what: str, path: str) -> None:
        kind = "photo" if "/files/" in path else "database" if path else ""
        step = f"{what} {kind}".strip()
        if not self.steps or self.steps[-1] != step:
            self.steps.append(step)


def read(lines: Iterator[str], root: str) -> Trace:
    """Return what a trace shows of everything below `root`. Calls count when they have returned, answers when they begin."""
    trace = Trace(root)
    for name, args in _finished(lines):
        trace.take(name, args)
    return trace


def _finished(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield each call when it has returned without an error, and an answer already when it begins."""
    begun: dict[str, tuple[str, str]] = {}
    for line in lines:
        found = _LINE.match(line)
        rest = found["rest"] if found else ""
        call, pid = _CALL.match(rest), found["pid"] if found else ""
        if call and rest.endswith("<unfinished ...>") and not _ANSWER.search(rest):
            begun[pid] = (call["name"], call["args"])
        elif call and not _FAILED.search(rest):
            yield call["name"], call["args"]
        elif _RESUMED.match(rest) and pid in begun and not _FAILED.search(rest):
            yield begun.pop(pid)


def observe(stand: Stand, folder: Path, *, seed: int = 1) -> Trace:
    """Let a client send a report and its photo through a traced server and return what was seen; another seed, another report.

    Raises NoTrace.
    """
    if shutil.which("strace") is None:
        raise NoTrace("strace is not installed")
    out = folder / "trace.txt"
    stand.start(("strace", "-f", "-y", "-s", "160", "-e", f"trace={CALLS}", "-o", str(out)))
    try:
        stand.wait()
    except TimeoutError as error:
        if "ptrace" in str(error).lower():
            raise NoTrace(f"strace may not trace here: {error}"[:300]) from error
        raise
    begun = out.stat().st_size  # from here on: what the client asks for
    with (
        closing(Witness(folder / "witness.jsonl")) as witness,
        closing(Client(0, seed, stand.port, stand.secret, witness)) as client,
    ):
        client.one(2)
    stand.kill()
    with out.open(encoding="utf-8", errors="replace") as lines:
        lines.seek(begun)
        return read(iter(lines.readline, ""), str(stand.home))
