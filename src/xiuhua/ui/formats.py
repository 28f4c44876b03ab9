"""Numbers and times as people write them, in Chinese and English: pure, the language is an argument.

`language` is a Django language code; everything that is not English is written in Chinese.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from fractions import Fraction

NONE = "—"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ((86400, "天", "day"), (3600, "小时", "hour"), (60, "分", "minute"))


def english(language: str | None) -> bool:
    """Return whether `language` is English."""
    return (language or "").lower().startswith("en")


def decimal(value: Fraction | int | None, digits: int = 1) -> str:
    """Return `value` with exactly `digits` decimals and thousands separators, halves away from zero; "—" for None."""
    if value is None:
        return NONE
    scaled = abs(Fraction(value)) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    head, tail = divmod(whole, 10**digits)
    sign = "−" if value < 0 and whole else ""
    return f"{sign}{head:,}" + (f".{tail:0{digits}d}" if digits else "")


def thousands(value: int | None) -> str:
    """Return a whole number with separators; "—" for None."""
    return decimal(value, 0)


def percent(kept: int, of: int, digits: int = 1) -> str:
    """Return 100 × kept / of without the sign, since the unit stands apart; "—" where nothing was counted."""
    return decimal(Fraction(100 * kept, of), digits) if of else NONE


def day(value: date, language: str | None, *, this_year: int | None = None) -> str:
    """Return "8月12日" or "12 Aug"; the year is left out in the year `this_year`."""
    if english(language):
        short = f"{value.day} {_MONTHS[value.month - 1]}"
        return short if value.year == this_year else f"{short} {value.year}"
    short = f"{value.month}月{value.day}日"
    return short if value.year == this_year else f"{value.year}年{short}"


def moment(value: datetime, zone: tzinfo, language: str | None, *, this_year: int | None = None) -> str:
    """Return "8月12日 14:30" on the clock of `zone`."""
    local = value.astimezone(zone)
    return f"{day(local.date(), language, this_year=this_year)} {local:%H:%M}"


def iso(value: datetime, zone: tzinfo) -> str:
    """Return the moment with its offset, to the second, for machines and for the pointer's label."""
    return value.astimezone(zone).isoformat(timespec="seconds")


def month(value: str, language: str | None, *, short: bool = False) -> str:
    """Return "2026-10" as "2026年10月" or "Oct 2026"; `short` leaves the year out."""
    year, number = value.split("-")[:2]
    if english(language):
        name = _MONTHS[int(number) - 1]
        return name if short else f"{name} {year}"
    return f"{int(number)}月" if short else f"{year}年{int(number)}月"


def duration(value: timedelta, language: str | None) -> str:
    """Return the two largest units in words, cut off below: "2 天 3 小时", "25 分", "不到 1 分"."""
    left = abs(int(value.total_seconds()))
    parts: list[str] = []
    for seconds, chinese, name in _UNITS:
        count, left = divmod(left, seconds)
        if count and len(parts) < 2:  # noqa: PLR2004 - two units are as many as anyone reads
            parts.append(f"{count} {name}{'s' if count > 1 else ''}" if english(language) else f"{count} {chinese}")
        elif parts:  # a gap ends it: "2 天 5 分" would claim a precision nobody asked for
            break
    return " ".join(parts) or ("under 1 minute" if english(language) else "不到 1 分")


def tongue(text: object) -> str:
    """Return the language of a name or text of the office's own data, for `lang`: "zh" if it has Han characters, else "".

    What an office calls its places and units does not change with the reader's language; "" leaves it unsaid.
    """
    return "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in str(text)) else ""
