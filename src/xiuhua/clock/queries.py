"""Which calendar an office works by, and calendars that lie in folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from xiuhua.clock.rules.packs import CALENDAR, HOLIDAYS, Sheet, calendar_sheet, holiday_table, merged
from xiuhua.clock.words import Calendar, Regime
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import (
    PackRefused,
    PackUnknown,
    chosen_code,
    content_of,
    installed_packs,
    newest_pack,
    read_pack,
    shipped_packs,
)
from xiuhua.kernel.words import PackContent, Refusal, marked


class ZoneMissing(Refusal):
    """Neither the calendar nor the caller says in which zone its clock times are."""

    code = "clock.zone_missing"
    sentence = marked("日历“%(calendar)s”没有写时区，请指明，如 Asia/Shanghai。")


@dataclass(frozen=True, slots=True)
class Clock:
    """All that a deadline needs besides its limit: the calendar, how the place counts, and its zone."""

    calendar: Calendar
    regime: Regime
    zone: ZoneInfo
    title: dict[str, str]
    made_up: bool = False


def office_clock(tenant: Tenant, code: str | None = None) -> Clock:
    """Return the clock an office works by: the calendar it chose (or `code`), with every version of its holiday tables.

    A new year's table adds to those before it. The zone is the calendar's, else the office's. At most 2 queries and one
    for each holiday table. Raises
    PackUndecided, PackUnknown, ZoneMissing.
    """
    code = code or chosen_code(tenant, CALENDAR)
    pack = newest_pack(tenant, CALENDAR, code)
    if pack is None:
        raise PackUnknown(name=f"{CALENDAR}/{code}")
    content = content_of(pack)
    sheet = _sheet(content)
    tables = []
    for name in sheet.holidays:
        held = installed_packs(tenant, HOLIDAYS, name)
        if not held:
            raise PackUnknown(name=f"{HOLIDAYS}/{name}")
        tables += [content_of(each) for each in held]
    return _clock(content, sheet, tables, tenant.zone)


def folder_clock(folder: Path, packs: Path, zone: str = "") -> Clock:
    """Return the clock of a calendar pack in a folder, without any database; holiday tables lie in `packs`.

    If the folder itself lies in a folder of packs (kind/code/version), its neighbours are taken. Raises PackRefused,
    PackUnknown, ZoneMissing.
    """
    content = read_pack(folder)
    sheet = _sheet(content)
    roots = folder.resolve().parents
    root = roots[2] if len(roots) > 2 and (roots[2] / HOLIDAYS).is_dir() else packs  # noqa: PLR2004 - kind, code, version
    tables = [each for name in sheet.holidays for each in _versions(root, name)]
    return _clock(content, sheet, tables, zone)


def _versions(root: Path, name: str) -> list[PackContent]:
    """Return all versions of a holiday table in a folder of packs, oldest first. Raises PackUnknown."""
    found = [read_pack(folder) for folder in sorted((root / HOLIDAYS / name).glob("*")) if folder.is_dir()]
    if not found:
        raise PackUnknown(name=f"{HOLIDAYS}/{name}")
    return sorted(found, key=lambda content: content.effective_from)


def clocks_in(packs: Path, zone: ZoneInfo) -> list[Clock]:
    """Return the clocks of all calendar packs in a folder of packs that name `zone` as theirs, by path."""
    found = []
    for folder in shipped_packs(packs):
        if folder.parents[1].name == CALENDAR:
            clock = folder_clock(folder, packs, zone.key)
            found += [clock] if clock.zone == zone else []
    return found


def _sheet(content: PackContent) -> Sheet:
    sheet, faults = calendar_sheet(content)
    if content.kind != CALENDAR:
        raise PackUnknown(name=f"{CALENDAR}/{content.code}")
    if faults:
        raise PackRefused(faults, name=content.name, count=len(faults))
    return sheet


def _clock(content: PackContent, sheet: Sheet, tables: list[PackContent], zone: str) -> Clock:
    read = []
    for each in tables:
        holidays, faults = holiday_table(each)
        if faults:
            raise PackRefused(faults, name=each.name, count=len(faults))
        read.append(holidays)
    named = sheet.zone or zone
    if not named:
        raise ZoneMissing(calendar=content.name)
    made_up = content.made_up or any(each.made_up for each in tables)
    return Clock(merged(sheet, read), sheet.regime, ZoneInfo(named), content.title, made_up)
