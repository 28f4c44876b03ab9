"""Pure decisions of analytics: what a month cuts out, how a cut-off is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from xiuhua.analytics.words import Cut, DeadlineMonth, MonthBy, Window
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal, marked

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class AsOfMalformed(Refusal):
    """The cut-off is not a date, a time or "now"."""

    code = "facts.as_of_malformed"
    sentence = marked("“%(text)s”不是截止时点，请写成 2026-11-01、2026-11-01T08:00 或 now。")


class AsOfAhead(Refusal):
    """What has not happened yet cannot be frozen."""

    code = "facts.as_of_ahead"
    sentence = marked("截止时点 %(as_of)s 还没有到：%(period)s 要等到那时才能定格，或用 --as-of now 看目前的情况。")


def microseconds(moment: datetime) -> int:
    """Return an aware `moment` as whole microseconds since 1970 in UTC, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def cut_of(period: Period, zone: ZoneInfo, as_of: datetime | None) -> Cut:
    """Return what a freeze of `period` cuts out; the cut-off is the period's end if none is given (docs/scoring.md 1.2)."""
    a, b = period.start(zone), period.end(zone)
    return Cut(
        a=a.astimezone(UTC),
        b=b.astimezone(UTC),
        as_of=as_of.astimezone(UTC) if as_of else b.astimezone(UTC),
        day=b.date(),
    )


def window_for(
    cut: Cut, month_by: MonthBy = MonthBy.DUE, deadline_month: DeadlineMonth = DeadlineMonth.RIGHT_CLOSED
) -> Window:
    """Return the window of a cut in microseconds (docs/scoring.md 1.3)."""
    return Window(
        a_us=microseconds(cut.a),
        b_us=microseconds(cut.b),
        as_of_us=microseconds(cut.as_of),
        month_by=month_by,
        deadline_month=deadline_month,
    )


def weeks_of(period: Period, zone: ZoneInfo) -> tuple[int, ...]:
    """Return when the weeks of a month begin that do not begin with it: its Mondays, 00:00 in `zone`, in microseconds.

    A week that crosses the border of two months has a part in each.
    """
    first = period.start(zone)
    days = (first + timedelta(days=ahead) for ahead in range(1, (period.end(zone) - first).days + 2))
    return tuple(microseconds(day) for day in days if day.weekday() == 0 and Period.of(day, zone) == period)


def parse_as_of(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the cut-off written as "now", a date, a local time or a time with offset.

    A date means 00:00 of that day in `zone`, so that "2015-04-01" is the end of March; a time that the clock shows
    twice is the first of the two. Raises AsOfMalformed.
    """
    text = text.strip()
    if text == "now":
        return now.astimezone(UTC)
    try:
        moment = datetime.fromisoformat(text)  # a date alone is read as its 00:00
    except ValueError:
        raise AsOfMalformed(text=text) from None
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return local.astimezone(UTC)
