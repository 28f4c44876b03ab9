"""Programs of the tests with several workers: `crew.py emit N`, `crew.py work FILE HOURS [MARK]`, run as processes of their own."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from xiuhua.config.setup import ready

ready()

from django.core.management import call_command  # noqa: E402 - after Django is ready

from xiuhua.kernel.actions import create_tenant, emit  # noqa: E402
from xiuhua.kernel.actions.working import work  # noqa: E402
from xiuhua.kernel.models import OutboxEvent  # noqa: E402
from xiuhua.kernel.registry import Job, Subscriber, register_job, subscribe  # noqa: E402
from xiuhua.kernel.words import SYSTEM, Daily  # noqa: E402

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def told(file: Path, text: str) -> None:
    """Append a line that survives this process."""
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{text}\n")


def emitted(count: int) -> None:
    """Make the database and an office in which so many things have happened."""
    call_command("migrate", verbosity=0)
    tenant = create_tenant("street", "星河街道", by=SYSTEM, at=AT, zone="Asia/Shanghai")
    for n in range(count):
        emit("case.dispatched", tenant=tenant, about=f"case:{n}", at=AT, facts={"case": n})


def worked(file: Path, hours: float, mark: Path | None) -> None:
    """Work until there is nothing to do; with `mark`, die the first time in the middle of a delivery."""

    def handle(event: OutboxEvent, _now: datetime) -> None:
        told(file, event.about)
        if mark and not mark.exists():
            mark.touch()
            os._exit(9)
        time.sleep(0.001)

    def run(_tenant: object, _at: datetime) -> None:
        told(file, "job")
        time.sleep(0.2)

    subscribe("case.", Subscriber("crew", handle))
    register_job(Job("crew.job", Daily(2), run))
    while work(lambda: AT + timedelta(hours=hours)).anything:
        pass


if __name__ == "__main__":
    if sys.argv[1] == "emit":
        emitted(int(sys.argv[2]))
    else:
        worked(Path(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]) if len(sys.argv) > 4 else None)
