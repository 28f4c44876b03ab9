"""A real PostgreSQL for tests: a cluster of its own in a temporary folder, on a free port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoPostgres(Exception):
    """PostgreSQL cannot be started here; the message says why."""


def _bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    if found:
        return found[-1]
    if on_path:
        return Path(on_path).parent
    raise NoPostgres("no initdb found; install Debian's postgresql")


def _somebody() -> dict[str, int]:
    """PostgreSQL refuses root: run it as the account Debian made for it, or as nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            who = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": who.pw_uid, "group": who.pw_gid}
    raise NoPostgres("root may not run it and no other account was found")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str | Path], who: dict[str, int], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **who)  # type: ignore[call-overload]
    if done.returncode:
        raise NoPostgres(f"{Path(command[0]).name}: {(done.stderr or done.stdout).strip()[:300]}")


@contextmanager
def running(parent: Path) -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh cluster below `parent`; raises NoPostgres with the reason.

    Safety is off (fsync) because nothing here outlives the run.
    """
    binaries, who, port = _bin(), _somebody(), _free_port()
    folder = parent / "postgres"
    folder.mkdir()
    if who:
        os.chown(folder, who["user"], who["group"])
    data = folder / "data"
    _run(
        [binaries / "initdb", "-D", data, "-U", "xiuhua", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        who,
        folder,
    )
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    _run([binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", options, "start"], who, folder)
    try:
        yield f"postgresql://xiuhua@127.0.0.1:{port}/postgres"
    finally:
        _run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], who, folder)
