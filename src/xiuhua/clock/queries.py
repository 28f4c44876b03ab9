"""Which calendar an office works by, and calendars that lie in folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from xiuhua.clock.rules.packs import CALENDAR, HOLIDAYS, Sheet, calendar_sheet, holiday_table, merged, succeeding
from xiuhua.clock.words import Calendar, Regime
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import (
    PackRefused,
    PackUnknown,
    chosen_code,
    content_of,
    installed_packs,
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
    """All that a deadline needs besides its limit: the calendar, how the place counts, and its zone.

    The calendar knows which version's shifts are worked on each day. How is counted goes by the day of the report:
    `regime` is the one in force on the day the clock is turned to (`on`), the last one until then.
    """

    calendar: Calendar
    regime: Regime
    zone: ZoneInfo
    title: dict[str, str]
    made_up: bool = False
    #: Every version's regime with the day from which it holds, in their order; empty where there is one only.
    regimes: tuple[tuple[date, Regime], ...] = ()

    def version_on(self, day: date) -> int:
        """Return the number of the version in force on a day, counted from 0; the first also holds before its day."""
        return sum(begins <= day for begins, _regime in self.regimes[1:])

    def of_version(self, number: int) -> Clock:
        """Return the clock that counts by a version's regime."""
        return replace(self, regime=self.regimes[number][1]) if self.regimes else self

    def on(self, day: date) -> Clock:
        """Return the clock that counts by the regime in force on a day."""
        return self.of_version(self.version_on(day))


def office_clock(tenant: Tenant, code: str | None = None, *, installed_by: datetime | None = None) -> Clock:
    """Return the clock an office works by: the calendar it chose (or `code`), each version of it in force from its day.

    A new year's holiday table adds to those before it. With `installed_by`, the clock as it stood at that moment: what came
    later is not known to it. The zone is the calendar's, else the office's. At most 2 queries and one for each holiday
    table. Raises
    PackUndecided, PackUnknown, ZoneMissing.
    """
    code = code or chosen_code(tenant, CALENDAR)
    packs = installed_packs(tenant, CALENDAR, code, installed_by=installed_by)
    if not packs:
        raise PackUnknown(name=f"{CALENDAR}/{code}")
    versions = [(content_of(pack), _sheet(content_of(pack))) for pack in packs]
    held = {
        name: _installed(tenant, name, installed_by)
        for name in dict.fromkeys(name for _content, sheet in versions for name in sheet.holidays)
    }
    clocks = [
        _clock(content, sheet, [each for name in sheet.holidays for each in held[name]], tenant.zone)
        for content, sheet in versions
    ]
    return _succeeding([content.effective_from for content, _sheet in versions], clocks)


def _installed(tenant: Tenant, name: str, installed_by: datetime | None) -> list[PackContent]:
    found = installed_packs(tenant, HOLIDAYS, name, installed_by=installed_by)
    if not found:
        raise PackUnknown(name=f"{HOLIDAYS}/{name}")
    return [content_of(each) for each in found]


def _succeeding(days: Sequence[date], clocks: Sequence[Clock]) -> Clock:
    """Return one clock of the versions of a calendar, which begin on these days."""
    if len(clocks) == 1:
        return clocks[0]
    calendar = succeeding([(day, clock.calendar) for day, clock in zip(days, clocks, strict=True)])
    regimes = tuple((day, clock.regime) for day, clock in zip(days, clocks, strict=True))
    made_up = any(clock.made_up for clock in clocks)
    return replace(clocks[-1], calendar=calendar, regimes=regimes, made_up=made_up)


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
