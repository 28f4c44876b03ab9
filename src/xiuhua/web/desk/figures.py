"""What the month's pages show, drawn from the written score sheets: every figure with the address of its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.analytics.words import Where
from xiuhua.assessment.phrases import because, title
from xiuhua.assessment.queries import change_to_last_month, history, interval, named
from xiuhua.assessment.words import IntervalView, SubjectView
from xiuhua.ui.formats import NONE, decimal, percent
from xiuhua.ui.scales import Axis
from xiuhua.web.desk.chosen import Chosen

Counts = Mapping[str, tuple[int, int]]
MINUTE, HOUR, DAY = 60, 3600, 86400


def share(counts: Counts, measure: str) -> Fraction | None:
    """Return a measure's kept / of, None over an empty base."""
    kept, of = counts.get(measure, (0, 0))
    return Fraction(kept, of) if of else None


def behind(choice: Chosen, measure: str, part: str = "kept", **where: str | None) -> str:
    """Return the address of the frozen cases that a figure counts.

    `where` may name a grouping `by` and its `subject`; with `by` and no subject it is the cases without a place there.
    """
    given: dict[str, str | int | None] = {
        "month": None,
        "scheme": None,
        "by": None,
        "snapshot": choice.view.snapshot if choice.view else None,
        "measure": measure,
        "part": part,
        "deadline_month": choice.view.deadline_month if choice.view else None,
    }
    return f"{reverse('desk:frozen')}?{choice.query(**{**given, **where})}"


def narrowing(where: Where) -> list[tuple[str, str]]:
    """Return the parameters by which an address narrows to the columns of a `where`: one value, none, any of several."""
    said = [(name, str(value)) for name, value in where.equal.items() if value]
    said += [("none", name) for name, value in where.equal.items() if value is None]
    said += [("any", f"{name}:") for name, value in where.equal.items() if value == ""]
    return said + [("any", f"{name}:{value}") for name, values in where.among.items() for value in values]


@dataclass(frozen=True, slots=True)
class Row:
    """One subject of the ranking with what its line shows and where its numbers lead."""

    subject: SubjectView
    change: Fraction | None
    places: Fraction | None
    on_list: str
    interval: IntervalView | None
    last: Fraction | None
    sheet: str
    links: Mapping[str, str]

    @property
    def rank(self) -> Fraction | None:
        """The subject's rank, None if it has none."""
        return self.subject.rank

    def counted(self, measure: str) -> tuple[int, int]:
        """Return the subject's (kept, of) of a measure."""
        return self.subject.counts.get(measure, (0, 0))

    @property
    def due(self) -> int:
        """How many were due."""
        return self.counted("due")[0]

    @property
    def overdue(self) -> int:
        """How many are overdue and open."""
        return self.counted("overdue_open")[0]

    @property
    def on_time(self) -> tuple[int, int]:
        """(closed on time, due)."""
        return self.counted("on_time")

    @property
    def rate(self) -> Fraction | None:
        """The on-time rate."""
        return share(self.subject.counts, "on_time")


#: Measures that a ranking row links to their cases.
LINKED = ("due", "on_time", "closed", "overdue_open", "late")


def ranking_rows(choice: Chosen) -> list[Row]:
    """Return the rows of the ranking in the order of the written sheets; empty without an assessment."""
    view = choice.view
    if view is None:
        return []
    changes = change_to_last_month(view, choice.previous)
    stand = named(view)
    return [_row(choice, subject, changes[subject.code], stand.get(subject.code, "")) for subject in view.subjects]


def _row(choice: Chosen, subject: SubjectView, change: Any, on_list: str) -> Row:
    before = choice.previous.subject(subject.code) if choice.previous else None
    return Row(
        subject=subject,
        change=change.points,
        places=change.places,
        on_list=on_list,
        interval=interval(subject),
        last=share(before.counts, "on_time") if before else None,
        sheet=f"{reverse('desk:sheet', args=[subject.code])}?{choice.query()}",
        links={measure: behind(choice, measure, by=choice.by, subject=subject.code) for measure in LINKED},
    )


def _against(choice: Chosen, measure: str, *, rate: bool, good: str, unit: str) -> dict[str, Any]:
    """Return the parameters of a `move`: this month's figure against last month's."""
    now = choice.view.totals if choice.view else {}
    before = choice.previous.totals if choice.previous else {}
    change: Fraction | int | None = None
    if rate:
        this, last = share(now, measure), share(before, measure)
        change = 100 * (this - last) if this is not None and last is not None else None
    elif choice.previous:
        change = now.get(measure, (0, 0))[0] - before.get(measure, (0, 0))[0]
    return {"change": change, "unit": unit, "good": good, "digits": 1 if rate else 0}


def _span(seconds: int, closed: int) -> dict[str, str]:
    """Return a time to close as one number and its unit: what a phone has room for; the list has the exact times."""
    if not closed:
        return {"value": NONE, "unit": ""}
    for size, unit in ((DAY, _("天")), (HOUR, _("小时"))):
        if seconds >= size:
            return {"value": decimal(Fraction(seconds, size), 1), "unit": unit}
    return {"value": str(seconds // MINUTE), "unit": _("分钟")}


def figures(choice: Chosen) -> list[dict[str, Any]]:
    """Return the five numbers of a month as parameters of `fig`, the leading one first."""
    totals = choice.view.totals if choice.view else {}
    seconds, closed = totals.get("median_close_seconds", (0, 0))
    point, cases = _("点"), _("件")
    return [
        {
            "label": _("按期结案率"),
            "value": percent(*totals.get("on_time", (0, 0))),
            "unit": "%",
            "href": behind(choice, "on_time"),
            "count": totals.get("on_time", (0, 0))[0],
            "change": _against(choice, "on_time", rate=True, good="up", unit=point),
            "large": True,
        },
        {
            "label": _("应结案"),
            "value": totals.get("due", (0, 0))[0],
            "unit": cases,
            "href": behind(choice, "due"),
            "count": totals.get("due", (0, 0))[0],
            "change": _against(choice, "due", rate=False, good="none", unit=""),
        },
        {
            "label": _("超期未结"),
            "value": totals.get("overdue_open", (0, 0))[0],
            "unit": cases,
            "href": behind(choice, "overdue_open"),
            "count": totals.get("overdue_open", (0, 0))[0],
            "change": _against(choice, "overdue_open", rate=False, good="down", unit=""),
        },
        {
            "label": _("结案率"),
            "value": percent(*totals.get("closed", (0, 0))),
            "unit": "%",
            "href": behind(choice, "closed"),
            "count": totals.get("closed", (0, 0))[0],
            "change": _against(choice, "closed", rate=True, good="up", unit=point),
        },
        {
            "label": _("用时中位"),
            **_span(seconds, closed),
            "href": behind(choice, "median_close_seconds", "of"),
            "count": closed,
            "change": None,
            "note": _("%(count)s 件已结") % {"count": closed},
        },
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the month's sentence; with an address it is a number that opens its list."""

    text: str
    href: str = ""
    count: int | None = None


def headline(choice: Chosen, rows: Sequence[Row]) -> list[Said]:
    """Return the one sentence of the month, made by rules: against last month, then what is overdue and where most."""
    view = choice.view
    if view is None:
        return []
    said = [_direction(choice)]
    overdue = view.totals.get("overdue_open", (0, 0))[0]
    if not overdue:
        return [*said, Said(_("到截止时点没有超期未结的案件。"))]
    said.append(Said(_("%(count)s 件超期未结") % {"count": overdue}, behind(choice, "overdue_open"), overdue))
    worst = max(rows, key=lambda row: row.overdue, default=None)
    if worst and worst.overdue:
        said.append(Said(_("，其中")))
        told = _("%(name)s %(count)s 件") % {"name": worst.subject.name, "count": worst.overdue}
        said.append(Said(told, worst.links["overdue_open"], worst.overdue))
    return [*said, Said(_("。"))]


def _direction(choice: Chosen) -> Said:
    this = share(choice.view.totals, "on_time") if choice.view else None
    if choice.running:
        return Said(_("本月未完，到此刻为止："))
    last = share(choice.previous.totals, "on_time") if choice.previous else None
    if this is None:
        return Said(_("本月没有应结案件。"))
    if last is None:
        return Said(_("没有上月可比。"))
    points = percent(abs((this - last).numerator), (this - last).denominator)
    if points in {"0.0", NONE}:
        return Said(_("与上月持平。"))
    text = _("比上月好 %(points)s 点。") if this > last else _("比上月差 %(points)s 点。")
    return Said(text % {"points": points})


def trend_points(choice: Chosen, months: int) -> list[tuple[str, tuple[int, int] | None]]:
    """Return (month, (on time, due) or None) of the `months` that end with the chosen one, oldest first."""
    if choice.period is None:
        return []
    told: list[tuple[str, tuple[int, int] | None]] = []
    past = history(choice.tenant, choice.scheme, choice.by, choice.period, months, month_by=choice.month_by)
    for month, view in past.items():
        pair = view.totals.get("on_time") if view else None
        if told or pair:  # months before the first one are no gap in the line
            told.append((month, pair))
    return told


@dataclass(frozen=True, slots=True)
class GroupRows:
    """A group of like subjects with its rows, and how many of them are ranked."""

    title: str
    rows: Sequence[Row]
    ranked: int


def by_group(choice: Chosen, rows: Sequence[Row]) -> list[GroupRows]:
    """Return the rows by group, in the scheme's order; what is in no group comes last."""
    titles = {group.code: title(group.title) for group in choice.view.groups} if choice.view else {}
    return [
        GroupRows(titles.get(code, _("未分组")), members, sum(row.rank is not None for row in members))
        for code in [*titles, ""]
        if (members := [row for row in rows if row.subject.group == code])
    ]


def dot(row: Row, scale: Axis) -> dict[str, Any]:
    """Return the parameters of `dots` for a row: its on-time rate, the 95 % interval, last month's rate."""
    kept, of = row.on_time
    given: dict[str, Any] = {
        "axis": scale,
        "value": 100 * row.rate if row.rate is not None else None,
        "text": f"{percent(kept, of)}%" if of else NONE,
        "kind": row.on_list or ("few" if row.rank is None else "plain"),
        "low": None,
        "high": None,
        "interval": "",
        "before": None,
        "before_text": "",
    }
    if row.interval:
        low, high = 100 * Fraction(row.interval.low), 100 * Fraction(row.interval.high)
        said = {"low": decimal(low, 1), "high": decimal(high, 1)}
        given |= {"low": low, "high": high, "interval": _("95%% 区间 %(low)s 到 %(high)s") % said}
    if row.last is not None:
        before = 100 * row.last
        given |= {"before": before, "before_text": _("上月 %(rate)s%%") % {"rate": decimal(before, 1)}}
    return given


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a score sheet in the reader's language, with the addresses of its two counts."""

    title: str
    numerator: int
    denominator: int | None
    points: str
    full: str
    because: str
    kept_href: str
    of_href: str


def lines(choice: Chosen, row: Row) -> list[SheetLine]:
    """Return the lines of a subject's sheet."""
    where = {"by": choice.by, "subject": row.subject.code}
    return [
        SheetLine(
            title=title(line.title),
            numerator=line.numerator,
            denominator=line.denominator,
            points=line.points if line.points is not None else NONE,
            full=line.full,
            because=because(line),
            kept_href=behind(choice, line.measure, "kept", **where),
            of_href=behind(choice, line.measure, "of", **where),
        )
        for line in row.subject.lines
    ]
