"""A real server on a scratch database, for measurements from outside: started, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

#: Seconds that a server may take to answer.
PATIENCE = 90.0
API = "/api/v1"
#: What runs in processes of its own.
PROGRAM = "xiuhua.cli.benchdoor"


class Blind(Exception):
    """The store could not be read: nothing can be said about what was lost, and nothing is."""


@dataclass
class Stand:
    """A scratch office and the server before it. `module` is what `python -m` runs; `arguments` go to it."""

    home: Path
    database: str
    port: int
    module: str = "xiuhua"
    arguments: tuple[str, ...] = ("serve",)
    extra: Mapping[str, str] = field(default_factory=dict)
    secret: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        """Return the environment of everything that runs here."""
        source = str(Path(__file__).resolve().parents[2])
        return os.environ | {
            "XIUHUA_HOME": str(self.home),
            "DATABASE_URL": self.database,
            "SECRET_KEY": "only for measurements",
            "XIUHUA_API_PER_MINUTE": "100000000",
            "PYTHONPATH": source,
            **self.extra,
        }

    def make(self) -> None:
        """Open the office."""
        self.secret = self.ground("make")["secret"]

    def ground(self, what: str) -> dict[str, Any]:
        """Run the ground in a process of its own and return what it says. Raises Blind where it cannot."""
        command = [sys.executable, "-m", PROGRAM, what]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if done.returncode:
            raise Blind(f"ground {what}: {done.stderr[-2000:]}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def start(self, wrap: tuple[str, ...] = ()) -> None:
        """Start the server as the leader of a group of its own; returns at once. `wrap` goes before the command."""
        with (self.home / "server.log").open("ab") as log:
            command = [*wrap, sys.executable, "-m", self.module, *self.arguments, "--port", str(self.port)]
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> float:
        """Return the seconds until the server answers. Raises TimeoutError with the end of its log."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            with suppress(OSError, HTTPException):
                line = HTTPConnection("127.0.0.1", self.port, timeout=5)
                try:
                    line.request("GET", f"{API}/me", headers={"Authorization": f"Bearer {self.secret}"})
                    if line.getresponse().status == 200:  # noqa: PLR2004 - OK
                        return time.monotonic() - began
                finally:
                    line.close()
            if self.process is None or self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise TimeoutError((self.home / "server.log").read_text(encoding="utf-8", errors="replace")[-2000:])

    def died(self, patience: float) -> bool:
        """Return whether the server ends by itself within so many seconds."""
        if self.process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=patience)
            return True
        return False

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to the server and everything it started, and wait until it is gone."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            self.process.wait()
            self.process = None


def door(name: str) -> dict[str, Any]:
    """Return what makes a stand serve with a door or a fault of the measurement's own; "" is the site as everybody has it."""
    return {"module": PROGRAM, "extra": {"XIUHUA_BENCH_DOOR": name}} if name else {}


@contextmanager
def scratch(url: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database: a file, or a database made for this on the server of `url`."""
    if not url:
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    name = f"xiuhua_bench_{os.getpid()}_{time.monotonic_ns() % 10**6}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def standing(url: str, **more: Any) -> Iterator[Stand]:
    """Give an office with its server not yet started; all of it is gone afterwards."""
    with TemporaryDirectory(prefix="xiuhua-bench-") as name, scratch(url, Path(name)) as database:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        stand = Stand(Path(name), database, port, **more)
        stand.make()
        try:
            yield stand
        finally:
            stand.kill()
