"""A PostgreSQL of the measurement's own, as safe as it comes, to be killed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

#: Seconds in which it must be up again.
PATIENCE = 60.0


class NoCluster(Exception):
    """PostgreSQL cannot be started here; the message says why."""


class Cluster:
    """A cluster in a folder, with fsync, synchronous_commit and full_page_writes as they are by default: on."""

    def __init__(self, parent: Path) -> None:
        """Make it in `parent`. Raises NoCluster."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        on_path = shutil.which("initdb")
        if not found and not on_path:
            raise NoCluster("no initdb found; install Debian's postgresql")
        self._bin = found[-1] if found else Path(str(on_path)).parent
        self._who = _somebody()
        self._folder = parent / "postgres"
        self._folder.mkdir()
        parent.chmod(0o755)
        if self._who:
            os.chown(self._folder, self._who["user"], self._who["group"])
        self._data = self._folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._run("initdb", "-D", str(self._data), "-U", "xiuhua", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self) -> str:
        """Start it and return its address; after a kill it is tried until the orphans of the last one are gone."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self._folder}"
        began = time.monotonic()
        while True:
            try:
                self._run(
                    *("pg_ctl", "-D", str(self._data), "-w", "-t", "30", "-l", str(self._folder / "log")),
                    *("-o", options, "start"),
                )
            except NoCluster:
                if time.monotonic() - began > PATIENCE:
                    raise
                time.sleep(0.2)
            else:
                return f"postgresql://xiuhua@127.0.0.1:{self.port}/postgres"

    def kill(self) -> None:
        """Kill the postmaster with SIGKILL; the other processes notice and go."""
        with suppress(FileNotFoundError, ProcessLookupError, IndexError, ValueError):
            text = (self._data / "postmaster.pid").read_text(encoding="utf-8")
            os.kill(int(text.splitlines()[0]), signal.SIGKILL)

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - the server's own programs
            [str(self._bin / name), *arguments],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            user=self._who.get("user"),
            group=self._who.get("group"),
        )
        if done.returncode:
            raise NoCluster(f"{name} answered {done.returncode}; see {self._folder / 'log'}")


def _somebody() -> dict[str, int]:
    """PostgreSQL refuses root: run it as the account Debian made for it, or as nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            who = pwd.getpwnam(name)
            return {"user": who.pw_uid, "group": who.pw_gid}
    raise NoCluster("root may not run it and no other account was found")
