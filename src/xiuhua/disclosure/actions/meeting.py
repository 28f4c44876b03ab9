"""Making the pack for a meeting."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import override

from xiuhua.assessment.actions import assess
from xiuhua.assessment.queries import latest
from xiuhua.disclosure.pack import MANIFEST, Progress, pack
from xiuhua.disclosure.queries.told import told_of
from xiuhua.disclosure.shelf import folder_name, shelf_of, write_files
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.words import Actor


def _quiet(_done: int, _of: int, _name: str) -> None:
    return


def make_pack(
    tenant: Tenant,
    period: Period,
    *,
    scheme: str,
    by_level: str,
    month_by: str = "due",
    language: str,
    by: Actor,
    at: datetime,
    progress: Progress = _quiet,
) -> dict[str, bytes]:
    """Return the files of a month's pack; a month that has not been assessed is assessed first, as of its end.

    The files hang on the written assessment, its snapshot and the labels alone, never on `at`. Raises what `assess` and
    `told_of` raise, FontMissing.
    """
    if latest(tenant, period, scheme, by_level, month_by) is None:
        assess(tenant, period, scheme=scheme, by_level=by_level, month_by=month_by, by=by, at=at)
    with override("en" if language.startswith("en") else "zh-hans"):
        told = told_of(tenant, period, scheme=scheme, by=by_level, month_by=month_by)
        return pack(told, progress)


def shelve_pack(
    tenant: Tenant,
    period: Period,
    *,
    scheme: str,
    by_level: str,
    month_by: str = "due",
    language: str,
    by: Actor,
    at: datetime,
) -> str:
    """Make a month's pack, put it on the office's shelf in place of an older one, and return the name of its folder.

    Raises what make_pack raises. One line of the ledger.
    """
    files = make_pack(
        tenant, period, scheme=scheme, by_level=by_level, month_by=month_by, language=language, by=by, at=at
    )
    name = folder_name(str(period), scheme, by_level, month_by, language)
    write_files(files, shelf_of(tenant) / name)
    told = {"period": str(period), "scheme": scheme, "by": by_level, "files": len(files)}
    after = digest(files[MANIFEST].decode())
    record("meeting.pack", about=f"period:{period}", by=by, at=at, tenant=tenant, after=after, facts=told)
    return name
