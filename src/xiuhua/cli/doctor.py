"""`xiuhua doctor`: whether this installation keeps what it acknowledges, and has what it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

import click

from xiuhua.cli.door import command, emit

#: Bytes that must be free where the state lives.
ROOM = 1 << 30
#: What PostgreSQL must be set to, so that a commit is on the disk when it returns.
_DURABLE = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_write", "remote_apply"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is as it should be, and what was found. `needed` is false where it is advice."""

    name: str
    good: bool
    found: str
    needed: bool = True


@click.command()
@command
def doctor(as_json: bool) -> None:
    """体检：数据库落盘设置、磁盘、字体、数据包、台账 · Check durability, disk, font, packs and ledger."""
    from django.utils.translation import gettext as _

    findings = [*_database(), _disk(), _font(), *_packs(), _ledger()]
    good = all(one.good or not one.needed for one in findings)
    marks = {True: _("正常"), False: _("不对")}
    text = "\n".join(f"{marks[one.good]}\t{one.name}\t{one.found}" for one in findings)
    emit({"good": good, "checks": [asdict(one) for one in findings]}, as_json=as_json, text=text)
    if not good:
        sys.exit(1)


def _database() -> list[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return [_setting(cursor, name, allowed) for name, allowed in _DURABLE.items()]
        cursor.execute("PRAGMA journal_mode")
        mode = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA synchronous")
        level = int(cursor.fetchone()[0])
    full = 2
    return [
        Finding("journal_mode", mode == "wal", mode),
        Finding("synchronous", level >= full, {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}.get(level, str(level))),
    ]


def _setting(cursor: Any, name: str, allowed: tuple[str, ...]) -> Finding:
    cursor.execute("SELECT current_setting(%s)", [name])
    held = str(cursor.fetchone()[0])
    return Finding(name, held in allowed, held)


def _disk() -> Finding:
    from django.conf import settings

    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else settings.HOME.parent).free
    return Finding("disk", free >= ROOM, f"{free >> 20} MiB")


def _font() -> Finding:
    """Look for a font with Chinese signs: only what is drawn on the server needs one."""
    command_ = shutil.which("fc-list")
    if command_ is None:
        return Finding("font", good=False, found="fc-list?", needed=False)
    told = subprocess.run([command_, ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    names = sorted(set(told.splitlines()))
    return Finding("font", bool(names), names[0] if names else "—", needed=False)


def _packs() -> list[Finding]:
    """Name the kinds of packs without which an office's cases are neither filed nor due."""
    from xiuhua.kernel.models import InstalledPack, Tenant

    found = []
    for tenant in Tenant.objects.order_by("pk"):
        held = set(InstalledPack.objects.filter(tenant=tenant).values_list("kind", flat=True))
        missing = sorted({"calendar", "taxonomy", "flow", "duty"} - held)
        found.append(
            Finding(f"packs {tenant.code}", not missing, " ".join(f"-{kind}" for kind in missing) or "✓", needed=False)
        )
    return found


def _ledger() -> Finding:
    from xiuhua.kernel.actions import seal
    from xiuhua.kernel.queries import prove

    seal()
    proof = prove()
    return Finding("ledger", proof.whole, "✓" if proof.whole else "xiuhua audit verify")
