"""A deadline in sentences and as a bill, limits and shifts in words, and the sentence of every fault of a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext

from xiuhua.clock.rules.packs import clock_text
from xiuhua.clock.words import (
    EXTENDED,
    WORKING,
    CalendarDayRule,
    Deadline,
    Limit,
    Limits,
    OffReason,
    Regime,
    Shift,
    Step,
    StepKind,
    Unit,
    WaitReason,
    Week,
    WorkDayRule,
)
from xiuhua.kernel.phrases import sentences
from xiuhua.kernel.words import marked as _
from xiuhua.ui.formats import decimal, english

_SECOND = 1_000_000
_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZES = ((3600 * _SECOND, _("%(n)s 小时")), (60 * _SECOND, _("%(n)s 分")), (_SECOND, _("%(n)s 秒")))

#: One sentence per line of the bill; %(at)s and %(until)s are clock times of the zone.
_SENTENCES = {
    StepKind.START: _("%(at)s 收到。"),
    StepKind.EXTENSION: _("第 %(days)s 次延期：接着到期时间再给一个原时限。"),
    StepKind.RUN: _("%(at)s 到 %(until)s 走了 %(used)s，累计 %(total)s。"),
    StepKind.PAUSE: _("%(at)s 到 %(until)s 停表，其间本该走的 %(used)s 往后顺延。"),
    StepKind.END: _("%(at)s 到期。"),
}
_WAITS = {
    WaitReason.CLOSED: _("那时不在工作时段，%(until)s 上班才起算。"),
    WaitReason.CUT_OFF: _("过了当日截止钟点，从下一个工作日 %(until)s 起算。"),
    WaitReason.WINDOW: _("那时不在起算的钟点内，%(until)s 起算。"),
}


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the bill as it is printed: what, a note under it, and the figure at the right."""

    kind: str
    what: str
    note: str
    figure: str


def limit_text(limit: Limit) -> str:
    """Return a limit in words: “4 工作时”, “1.5 working days”."""
    amount = _amount(limit.amount)
    label = str(limit.unit.label)
    if english(get_language()) and limit.amount != 1:
        label += "s"
    return f"{amount} {label}"


def limits_text(limits: Limits) -> str:
    """Return a whole limit in words, its stages in their order."""
    parts = [f"{stage.title} {limit_text(stage.limit)}".strip() for stage in limits]
    return "，".join(parts) if not english(get_language()) else ", ".join(parts)


def _amount(amount: Fraction) -> str:
    if amount.denominator == 1:
        return str(amount.numerator)
    short = decimal(amount, 2).rstrip("0")
    return short if Fraction(short.replace(",", "")) == amount else f"{amount.numerator}/{amount.denominator}"


def span_text(micros: int) -> str:
    """Return a length of time in hours, minutes and seconds, exact to the second: “1 小时 30 分”."""
    left, parts = abs(micros), []
    for size, template in _SIZES:
        count, left = divmod(left, size)
        if count:
            parts.append(gettext(template) % {"n": count})
    return " ".join(parts) or gettext("不到 1 秒")


def when(at: datetime, zone: ZoneInfo, *, year: int | None = None) -> str:
    """Return an instant on the zone's clock: “9月30日 周三 16:00”, seconds where there are any, the year if not `year`."""
    local = at.astimezone(zone)
    return f"{_day(local, year)} {_clock(local)}"


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second or local.microsecond else f"{local:%H:%M}"


def _day(local: datetime, year: int | None) -> str:
    weekday = gettext(_WEEKDAYS[local.weekday()])
    if english(get_language()):
        shown = f"{local.day} {_MONTHS[local.month - 1]}"
        return f"{weekday} {shown}" if local.year == year else f"{weekday} {shown} {local.year}"
    shown = f"{local.month}月{local.day}日 {weekday}"
    return shown if local.year == year else f"{local.year}年{shown}"


class _Teller:
    """Tells the lines of one deadline."""

    def __init__(self, deadline: Deadline, zone: ZoneInfo) -> None:
        self.zone = zone
        self.year = deadline.start.astimezone(zone).year

    def at(self, step: Step) -> str:
        return when(step.at, self.zone, year=self.year)

    def until(self, step: Step) -> str:
        """Return the end of a line: the clock alone where it is on the day it began."""
        first, last = step.at.astimezone(self.zone), (step.until or step.at).astimezone(self.zone)
        if step.kind in {StepKind.RUN, StepKind.PAUSE} and first.date() == last.date():
            return _clock(last)
        return when(step.until or step.at, self.zone, year=self.year)

    def days(self, step: Step) -> str:
        """Return the days of a line: one day, or from the first to the last."""
        first, last = step.at.astimezone(self.zone), (step.until or step.at).astimezone(self.zone)
        if first.date() == last.date():
            return _day(first, self.year)
        return gettext("%(first)s 到 %(last)s") % {"first": _day(first, self.year), "last": _day(last, self.year)}

    def figure(self, step: Step) -> str:
        return days_text(step.used) if step.counted == "days" else span_text(step.used)

    def total(self, step: Step) -> str:
        return days_text(step.total) if step.counted == "days" else span_text(step.total)


def days_text(days: int) -> str:
    """Return a number of days: “3 天”."""
    return ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days}


def derivation(deadline: Deadline, zone: ZoneInfo) -> list[str]:
    """Return the bill as sentences in the reader's language, with warnings and what is not yet certain at the end."""
    teller = _Teller(deadline, zone)
    told = [_sentence(step, teller) for step in deadline.steps]
    told += [
        gettext("余 %(left)s%% 时提醒：%(at)s。")
        % {"left": _amount(each.left * 100), "at": when(each.at, zone, year=teller.year)}
        for each in deadline.warnings
    ]
    return told + provisional_text(deadline)


def provisional_text(deadline: Deadline) -> list[str]:
    """Return the sentence that says why a deadline is provisional, nothing where it is not."""
    if not deadline.provisional:
        return []
    years = (
        "、".join(map(str, deadline.missing)) if not english(get_language()) else ", ".join(map(str, deadline.missing))
    )
    return [gettext("%(years)s 年的放假和调休还没有公布，先按平常的星期算，到期时间是暂定的。") % {"years": years}]


def _sentence(step: Step, teller: _Teller) -> str:
    facts = {
        "at": teller.at(step),
        "until": teller.until(step),
        "used": teller.figure(step),
        "total": teller.total(step),
        "days": step.days,
        "when": teller.days(step),
        "name": step.name,
        "limit": limit_text(step.limit) if step.limit else "",
        "count": days_text(step.days),
    }
    return gettext(_template(step)) % facts


def _template(step: Step) -> str:
    if step.kind in _SENTENCES:
        return _SENTENCES[step.kind]
    return _CHOICES[step.kind](step)


def _wait_template(step: Step) -> str:
    return _WAITS[WaitReason(step.reason)]


def _stage_template(step: Step) -> str:
    return _("“%(name)s”给 %(limit)s。") if step.name else _("给 %(limit)s。")


def _stage_end_template(step: Step) -> str:
    if step.reason == EXTENDED:
        return _("原定 %(at)s 到期。")
    return _("“%(name)s”%(at)s 到期。") if step.name else _("这一段 %(at)s 到期。")


def _days_template(step: Step) -> str:
    if step.counted == "days":
        return _("%(when)s 数 %(used)s，累计 %(total)s。")
    return _("%(when)s 整日走了 %(used)s，累计 %(total)s。")


def _make_up_template(step: Step) -> str:
    if step.counted == "days":
        return _("%(when)s %(name)s调休上班，数 %(used)s，累计 %(total)s。")
    return _("%(when)s %(name)s调休上班，走了 %(used)s，累计 %(total)s。")


def _off_template(step: Step) -> str:
    if step.reason == OffReason.HOLIDAY:
        return _("%(when)s %(name)s放假，%(count)s不计。")
    if step.reason == OffReason.REST:
        return _("%(when)s 不上班，%(count)s不计。")
    return _("%(when)s 周末不计。")


_CHOICES = {
    StepKind.WAIT: _wait_template,
    StepKind.STAGE: _stage_template,
    StepKind.STAGE_END: _stage_end_template,
    StepKind.DAYS: _days_template,
    StepKind.MAKE_UP: _make_up_template,
    StepKind.OFF: _off_template,
}


def bill_lines(deadline: Deadline, zone: ZoneInfo) -> list[BillLine]:
    """Return the lines of the bill for a table: what was counted at the left, how much at the right."""
    teller = _Teller(deadline, zone)
    return [BillLine(step.kind.value, *_line(step, teller)) for step in deadline.steps]


def _line(step: Step, teller: _Teller) -> tuple[str, str, str]:
    kind, label = step.kind, str(step.kind.label)
    if kind == StepKind.STAGE:
        return step.name or label, "", limit_text(step.limit) if step.limit else ""
    if kind == StepKind.WAIT:
        return label, str(WaitReason(step.reason).label), teller.until(step)
    if kind in {StepKind.RUN, StepKind.PAUSE}:
        return _stretch(step, teller)
    if kind in {StepKind.DAYS, StepKind.MAKE_UP, StepKind.OFF}:
        return _whole(step, teller)
    if kind == StepKind.EXTENSION:
        return label, gettext("第 %(n)s 次") % {"n": step.days}, gettext("再给一个原时限")
    return gettext("原定到期") if step.reason == EXTENDED else label, step.name, teller.at(step)


def _stretch(step: Step, teller: _Teller) -> tuple[str, str, str]:
    local = step.at.astimezone(teller.zone)
    facts = {"at": _clock(local), "until": teller.until(step)}
    note = gettext("%(at)s 到 %(until)s") % facts
    if step.kind == StepKind.PAUSE:
        note = gettext("停表，%(span)s") % {"span": note}
        return _day(local, teller.year), note, gettext("顺延 %(span)s") % {"span": span_text(step.used)}
    return _day(local, teller.year), note, span_text(step.used)


def _whole(step: Step, teller: _Teller) -> tuple[str, str, str]:
    if step.kind == StepKind.OFF:
        holiday = step.reason == OffReason.HOLIDAY
        note = (gettext("%(name)s放假") % {"name": step.name}) if holiday else str(OffReason(step.reason).label)
        return teller.days(step), note, gettext("%(count)s不计") % {"count": days_text(step.days)}
    note = gettext("%(name)s调休上班") % {"name": step.name} if step.kind == StepKind.MAKE_UP else ""
    if step.kind == StepKind.DAYS and step.counted != "days":
        note = gettext("%(count)s整日") % {"count": days_text(step.days)} if step.days > 1 else gettext("整日")
    return teller.days(step), note, teller.figure(step)


def shifts_text(shifts: tuple[Shift, ...]) -> str:
    """Return a day's shifts: “8:30–12:00，13:30–18:00”, a shift past midnight with 次日, “不上班” for none."""
    if not shifts:
        return gettext("不上班")
    parts = [_shift_text(each) for each in shifts]
    return ", ".join(parts) if english(get_language()) else "，".join(parts)


def _shift_text(shift: Shift) -> str:
    closes = clock_text(shift.closes)
    return f"{clock_text(shift.opens)}–" + (gettext("次日 %(at)s") % {"at": closes} if shift.closes > 1440 else closes)  # noqa: PLR2004 - midnight


def week_text(week: Week) -> list[tuple[str, str]]:
    """Return the week in words, days with the same shifts together: [("周一至周五", "8:30–12:00，…"), …]."""
    lines: list[tuple[int, int]] = []
    for number in range(len(week)):
        if lines and week[lines[-1][0]] == week[number]:
            lines[-1] = (lines[-1][0], number)
        else:
            lines.append((number, number))
    return [(_weekdays(first, last), shifts_text(week[first])) for first, last in lines]


def _weekdays(first: int, last: int) -> str:
    names = gettext(_WEEKDAYS[first]), gettext(_WEEKDAYS[last])
    return names[0] if first == last else gettext("%(first)s至%(last)s") % {"first": names[0], "last": names[1]}


def regime_text(regime: Regime) -> list[str]:
    """Return how a place counts, a sentence for each rule."""
    told = [
        gettext("一个工作日：%(rule)s（%(hours)s 工作时）。")
        % {"rule": regime.work_day.label, "hours": _amount(regime.day_hours)},
        gettext("一个自然日：%(rule)s。") % {"rule": regime.calendar_day.label},
        gettext("紧急工作时和自然日：%(rule)s。") % {"rule": regime.continuous.label},
        gettext("最多延期 %(n)s 次，每次一个原时限。") % {"n": regime.extensions},
    ]
    if regime.cut_off is not None:
        told.append(gettext("%(at)s 以后收到的，从下一个工作日起算。") % {"at": clock_text(regime.cut_off)})
    return told


def rule_text(unit: Unit, regime: Regime) -> str:
    """Return how one unit is counted under a regime, for a table: “到同一钟点，上班时起算”."""
    if unit in WORKING:
        said = str(regime.work_day.label) if unit == Unit.WORK_DAY else gettext("只在工作时段走")
        ends = unit == Unit.WORK_DAY and regime.work_day == WorkDayRule.DAY_END
    else:
        said = str(regime.calendar_day.label) if unit == Unit.CALENDAR_DAY else gettext("日夜都走")
        ends = unit == Unit.CALENDAR_DAY and regime.calendar_day == CalendarDayRule.DAY_END
        said = (
            f"{said}，{regime.continuous.label}"
            if not english(get_language())
            else f"{said}, {regime.continuous.label}"
        )
    if ends and regime.first_day:
        return gettext("%(rule)s，当日算第一天") % {"rule": said}
    return said


sentences(
    {
        "clock.shift": _("“%(text)s”不是工作时段；写成 08:30-12:00，过夜写成 22:00-06:00。"),
        "clock.shift_overlap": _("工作时段前后重叠。"),
        "clock.week_empty": _("一周里没有一个工作时段。"),
        "clock.day": _("“%(text)s”不是日期。"),
        "clock.day_twice": _("%(text)s 写了两次。"),
        "clock.day_kind": _("“%(text)s”不是 holiday（放假）或 workday（调休上班）。"),
        "clock.works_as": _("“%(text)s”不对：只有调休上班日写这一栏，写 mon 到 sun。"),
        "clock.day_outside": _("%(text)s 不在 holidays.toml 写明已公布的日子里。"),
        "clock.span": _("“%(text)s”不是一段日子。"),
        "clock.zone": _("没有“%(text)s”这个时区。"),
        "clock.time": _("“%(text)s”不是一天里的钟点。"),
        "clock.number": _("“%(text)s”要大于 0，最多 %(most)s。"),
        "holidays.kind": _("“%(text)s”看不出是放假还是调休上班。"),
        "holidays.date": _("“%(text)s”不是日期，也不是一段日子。"),
        "holidays.year_missing": _("“%(text)s”没有写年份。"),
        "holidays.contradiction": _("%(text)s 前面写成了另一种。"),
        "holidays.empty": _("表里没有一天。"),
        "clock.holidays_missing": _("它要用的节假日表“%(code)s”还没有装：先 xiuhua pack install holidays/%(code)s。"),
    }
)
