"""`xiuhua worker`: hands events on, runs jobs, seals the ledger."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import command, emit, now, say

if TYPE_CHECKING:
    from xiuhua.kernel.actions.working import Worked

#: Seconds between two rounds when there is nothing to do, and after the database could not be reached.
PAUSE, LONGEST_PAUSE = 1.0, 30.0


@click.command()
@click.option("--once", is_flag=True, help="只做一轮就退出 / one round, then exit")
@click.option("--list", "listed", is_flag=True, help="列出各项定时任务和上次运行 / list the jobs and their last runs")
@click.option("--parent", type=int, default=None, hidden=True)
@command
def worker(once: bool, listed: bool, parent: int | None, as_json: bool) -> None:
    """后台工人：分发事件、发通知、跑定时任务 · Hand events on and run the jobs until interrupted."""
    if listed:
        _list(as_json=as_json)
    elif once:
        _once(as_json=as_json)
    else:
        _on_and_on(parent)


def _list(*, as_json: bool) -> None:
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import job_states

    found = job_states()
    rows = [{**asdict(one), "every": one.every_text()} for one in found]
    lines = [
        f"{one.tenant}  {one.code}  {one.every_text()}  {one.finished_at or '—'}  {one.error}".rstrip() for one in found
    ]
    emit({"jobs": rows}, as_json=as_json, text="\n".join(lines) or _("没有定时任务。"))


def _once(*, as_json: bool) -> None:
    from django.utils.translation import gettext as _

    done = _everything()
    text = _("分发 %(spread)s 件，送达 %(delivered)s，未送达 %(failed)s，任务 %(jobs)s，入链 %(sealed)s。")
    emit(asdict(done), as_json=as_json, text=text % asdict(done))
    if done.failed or done.jobs_failed:
        sys.exit(1)


def _everything() -> Worked:
    """Return the sum of as many rounds as there is something to do in."""
    from xiuhua.kernel.actions.working import Worked, work

    total = Worked()
    while True:
        done = work(now)
        for name, count in asdict(done).items():
            setattr(total, name, getattr(total, name) + count)
        if not done.anything:
            return total


def _on_and_on(parent: int | None) -> None:
    """Work until a signal or the parent's end. What is being delivered is finished first; errors of the database are waited out."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_args: stop.set())
    pause = PAUSE
    while not stop.is_set() and parent in (None, os.getppid()):
        worked, well = _round()
        pause = PAUSE if well else min(pause * 2, LONGEST_PAUSE)
        if not (well and worked):
            stop.wait(pause)


def _round() -> tuple[bool, bool]:
    """Return whether there was something to do and whether the database answered."""
    from django.db import Error, close_old_connections, connection

    from xiuhua.kernel.actions.working import work

    close_old_connections()
    try:
        return work(now).anything, True
    except Error as error:
        say(f"worker: {type(error).__name__}")
        connection.close()
        return False, False


@contextmanager
def beside() -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker as a child of this process; it ends with it, however this process ends."""
    command_line = [sys.executable, "-m", "xiuhua", "worker", "--parent", str(os.getpid())]
    child = subprocess.Popen(command_line, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=_environment())  # noqa: S603 - our own command
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _environment() -> dict[str, Any]:
    """Return this process's environment with the places it finds its modules in, so that the child finds the same."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
