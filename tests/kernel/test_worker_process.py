"""The worker as a process: it outlives a database that is not there, ends when told to, and with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORKER = (sys.executable, "-m", "xiuhua", "worker")
#: A parent that starts a worker as `serve --with-worker` does, says which, and then only waits.
PARENT = """
import time
from xiuhua.cli.worker import beside
with beside() as child:
    print(child.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A home without a database."""
    path = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "XIUHUA_HOME": str(tmp_path), "DATABASE_URL": "", "PYTHONPATH": path}


def test_worker_when_the_database_is_not_there_then_it_goes_on_until_told_to_end(env: dict[str, str]) -> None:
    with subprocess.Popen(WORKER, env=env, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        said = [worker.stderr.readline(), worker.stderr.readline()]
        worker.send_signal(signal.SIGTERM)
        assert (said, worker.wait(timeout=60)) == (["worker: OperationalError\n"] * 2, 0)


def test_worker_when_its_parent_is_killed_then_it_ends_too(env: dict[str, str]) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], env=env, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert _alive(worker)
        parent.kill()
    for _try in range(600):
        if not _alive(worker):
            return
        time.sleep(0.1)
    raise AssertionError(worker)


def _alive(process: int) -> bool:
    """Return whether a process runs; one that has ended and waits to be buried does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
