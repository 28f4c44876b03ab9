"""The two kinds of data packs of the clock."""

from __future__ import annotations

from xiuhua.clock.rules.packs import (
    CALENDAR,
    DAYS_FILE,
    HOLIDAYS,
    calendar_sheet,
    check_calendar,
    check_holidays,
)
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import newest_pack
from xiuhua.kernel.registry import PackKind
from xiuhua.kernel.words import Fault, PackContent


def fit_calendar(pack: PackContent, tenant: Tenant) -> list[Fault]:
    """Return which holiday tables a calendar follows that the office has not installed. A query for each table."""
    sheet, _faults = calendar_sheet(pack)
    return [
        Fault("clock.holidays_missing", column="holidays", facts={"code": code}, file="calendar.toml")
        for code in sheet.holidays
        if newest_pack(tenant, HOLIDAYS, code) is None
    ]


KEYS = {DAYS_FILE: ("date",)}
CALENDAR_KIND = PackKind(CALENDAR, ("calendar.toml", DAYS_FILE), check_calendar, fit=fit_calendar, keys=KEYS)
HOLIDAYS_KIND = PackKind(HOLIDAYS, ("holidays.toml", DAYS_FILE), check_holidays, keys=KEYS)
