"""Wall-clock times of a file: strictly in the declared order, and what a zone's clock made of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from xiuhua.exchange.words import DateOrder, Moment
from xiuhua.tables.rules import half_width

#: Years outside are typing errors or placeholders, not times of a case.
FIRST_YEAR, LAST_YEAR = 1970, 2199

_DATES = {
    "ymd": r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})",
    "mdy": r"(?P<m>\d{1,2})(?P<s>[-/.])(?P<d>\d{1,2})(?P=s)(?P<y>\d{4})",
    "dmy": r"(?P<d>\d{1,2})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4})",
}
#: Year first in full: ISO 8601 and Chinese dates leave no choice, whatever order is declared.
_PLAIN = r"(?P<y>\d{4})(?:-(?P<m>\d{2})-(?P<d>\d{2})|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日)"
_TIME = (
    r"(?:(?:\s*T|\s+|(?<=日))\s*(?P<ch>上午|下午)?\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*(?P<off>[Zz]|[+-]\d{2}:?\d{2})?)?"
)
_PATTERNS = {order: re.compile(pattern + _TIME) for order, pattern in _DATES.items()}
_YEAR_FIRST = re.compile(_PLAIN + _TIME)
_NOON = 12
_DAY_ENDS = 24


def parts_of(text: str, order: DateOrder) -> re.Match[str] | None:
    """Return the parts of a time that is written in the declared order, or year first; None for any other text.

    Groups: y, m and d (or m2 and d2), H, M, S, f, ch (上午 or 下午), ap (AM or PM), off.
    """
    return _PATTERNS[order].fullmatch(text) or _YEAR_FIRST.fullmatch(text)


class Unreadable(ValueError):
    """The text is not a time in the declared order."""


class WallClock:
    """Reads the times of one file: in the zone and the order of day, month and year that its mapping declares."""

    def __init__(self, zone: ZoneInfo, order: DateOrder) -> None:
        self._zone = zone
        self._pattern = _PATTERNS[order]

    def read(self, cell: str | datetime | date) -> Moment:
        """Return the moment a cell states; a date alone stands for its first instant, marked `whole_day`.

        A time that the clock skipped is moved forward by the skipped hour, of one shown twice the first is meant
        (PEP 495, fold 0); both are said in `shift`. An offset in the text beats the zone. Raises Unreadable.
        """
        if not isinstance(cell, str):
            if isinstance(cell, datetime):
                return self._settle(cell, whole_day=False)
            return self._settle(datetime(cell.year, cell.month, cell.day), whole_day=True)  # noqa: DTZ001 - wall clock
        text = half_width(cell)
        found = self._pattern.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
        if not found:
            raise Unreadable(text)
        part = found.groupdict()
        return self._at(_day(part), part)

    def _at(self, day: datetime, part: dict[str, str | None]) -> Moment:
        if part["H"] is None:
            return self._settle(day, whole_day=True)
        moment = day + _since_midnight(part)
        if part["off"]:
            utc = moment.replace(tzinfo=_offset(part["off"])).astimezone(UTC)
            return Moment(utc, utc.astimezone(self._zone).date(), whole_day=False, shift="")
        return self._settle(moment, whole_day=False)

    def _settle(self, naive: datetime, *, whole_day: bool) -> Moment:
        if not FIRST_YEAR <= naive.year <= LAST_YEAR:
            raise Unreadable(str(naive.year))
        local = naive.replace(tzinfo=self._zone)
        utc = local.astimezone(UTC)
        shift = ""
        before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
        if before != after and before is not None and after is not None:
            shift = "time_gap" if after > before else "time_twice"
        return Moment(utc, naive.date(), whole_day, shift if not whole_day else "")


def day_end(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return the last instant (microsecond) of a moment's local day: a date alone as deadline (docs/scoring.md 1.3)."""
    following = moment.day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC) - timedelta(
        microseconds=1
    )


def _day(part: dict[str, str | None]) -> datetime:
    month, day = part["m"] or part.get("m2"), part["d"] or part.get("d2")
    try:
        return datetime(int(part["y"] or 0), int(month or 0), int(day or 0))  # noqa: DTZ001 - the zone follows
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _since_midnight(part: dict[str, str | None]) -> timedelta:
    hour, minute, second = int(part["H"] or 0), int(part["M"] or 0), int(part["S"] or 0)
    half = (part["ap"] or "").lower()[:1] or {"上午": "a", "下午": "p"}.get(part["ch"] or "", "")
    if minute > 59 or second > 59:  # noqa: PLR2004 - minutes and seconds
        raise Unreadable(f"{minute}:{second}")
    if half:
        if not 1 <= hour <= _NOON:
            raise Unreadable(f"{hour} {half}")
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    micro = int(((part["f"] or "") + "000000")[:6])
    if hour > _DAY_ENDS - 1 and (hour, minute, second, micro) != (_DAY_ENDS, 0, 0, 0):
        raise Unreadable(f"{hour}:{minute}")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:  # noqa: PLR2004 - no zone on earth is further
        raise Unreadable(text)
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
