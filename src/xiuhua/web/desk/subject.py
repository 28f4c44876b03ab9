"""One subject's own page: where it stands among its like, why, and what helps most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.analytics.queries import names, snapshot_by_digest
from xiuhua.assessment.phrases import because, interval_label, measure_title, title, unranked_sentence
from xiuhua.assessment.queries import latest, lift_of, lists, losses
from xiuhua.assessment.words import AssessmentView, CutOff, Goal, LineView, Loss, SubjectView, WayUp
from xiuhua.cases.queries import ids_by_number
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal
from xiuhua.ui.formats import NONE, decimal, percent
from xiuhua.ui.formats import moment as moment_text
from xiuhua.ui.formats import month as month_name
from xiuhua.ui.scales import axis
from xiuhua.web.access import may_enter
from xiuhua.web.desk.chosen import Chosen
from xiuhua.web.desk.figures import Row, behind, by_group, dot, ranking_rows
from xiuhua.web.desk.mine import is_mine
from xiuhua.web.desk.month import shown
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.ways import Told, Way, days_left, numbers, way_told

HUNDRED = 100
#: Rows of the comparison that are shown around one's own, and how many make it short enough to show whole.
AROUND, WHOLE = 3, 14


@dataclass(frozen=True, slots=True)
class Peer:
    """A row of the comparison: one of the same group; `skipped` are left out before it."""

    row: Row
    me: bool
    skipped: int
    drawn: dict[str, Any]


def near(count: int, place: int) -> list[int]:
    """Return which of `count` places are shown around the one at `place`: the first, the last, and the neighbours."""
    if count <= WHOLE:
        return list(range(count))
    wanted = {0, count - 1, *range(place - AROUND, place + AROUND + 1)}
    return sorted(one for one in wanted if 0 <= one < count)


def peers(rows: Sequence[Row], me: Row) -> list[Peer]:
    """Return the rows of one's group in their order, all on one scale; of a long group those around one's own."""
    like = [row for row in rows if row.subject.group == me.subject.group]
    picked = near(len(like), like.index(me))
    ends = [HUNDRED * row.rate for row in like if row.rate is not None]
    ends += [HUNDRED * Fraction(end) for row in like if row.interval for end in (row.interval.low, row.interval.high)]
    scale = axis(ends or [0, HUNDRED], most=6, floor=0, ceiling=HUNDRED)
    last, found = -1, []
    for place in picked:
        found.append(Peer(like[place], like[place] == me, place - last - 1, dot(like[place], scale)))
        last = place
    return found


def stands(view: AssessmentView, rows: Sequence[Row], me: Row, group: str) -> list[str]:
    """Return where a subject stands, in sentences: its place among how many, and how far the neighbours are."""
    if me.rank is None:
        return [unranked_sentence(me.subject.unranked)]
    ranked = [row for row in rows if row.subject.group == me.subject.group and row.rank is not None]
    said = _("第 %(rank)s 位，%(count)s 家参与排名。") % {"rank": me.rank, "count": len(ranked)}
    place = ranked.index(me)
    found = [_("%(group)s：%(said)s") % {"group": group, "said": said} if group else said]
    found += [_gap(view, me, ranked[place - 1], ahead=True)] if place else []
    found += [_gap(view, me, ranked[place + 1], ahead=False)] if place + 1 < len(ranked) and not place else []
    return found


def _gap(view: AssessmentView, me: Row, other: Row, *, ahead: bool) -> str:
    """Return how far somebody is ahead of, or behind, a ranked subject."""
    points = abs((me.subject.ranked_on or Fraction(0)) - (other.subject.ranked_on or Fraction(0)))
    facts = {"name": other.subject.name, "rank": other.rank, "points": decimal(points, view.rounding.digits)}
    if not points:
        return _("与%(name)s同分。") % facts
    told = _("离第 %(rank)s 位%(name)s差 %(points)s 分。") if ahead else _("比第 %(rank)s 位%(name)s高 %(points)s 分。")
    return told % facts


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of the score in the order of what it cost: its points, what they were taken for, and those rows."""

    title: str
    rate: str
    full: str
    points: str
    lost: Fraction
    width: str
    because: str
    rows: Sequence[dict[str, Any]]


def costs(choice: Chosen, me: Row) -> list[Cost]:
    """Return the lines that cost points, the dearest first, each with the address of the rows that cost them."""
    view = choice.view
    found = losses(view, me.subject.code) if view else ()
    by_line: dict[tuple[str, str], list[Loss]] = {}
    for loss in found:
        by_line.setdefault((loss.line.section, loss.line.indicator), []).append(loss)
    lines = sorted(by_line.values(), key=lambda some: -sum(loss.lost for loss in some))
    dearest = sum((loss.lost for loss in lines[0]), Fraction(0)) if lines else Fraction(1)
    return [_cost(choice, me, some, dearest) for some in lines]


def _cost(choice: Chosen, me: Row, some: Sequence[Loss], dearest: Fraction) -> Cost:
    line, lost = some[0].line, sum((loss.lost for loss in some), Fraction(0))
    return Cost(
        title=title(line.title),
        rate=_rate(line),
        full=line.full,
        points=line.points or NONE,
        lost=lost,
        width=f"{float(HUNDRED * lost / dearest):.1f}%",
        because=because(line),
        rows=[_lost_rows(choice, me, loss, several=len(some) > 1) for loss in some],
    )


def _rate(line: LineView) -> str:
    return f"{percent(line.numerator, line.denominator)}%" if line.denominator else ""


def _lost_rows(choice: Chosen, me: Row, loss: Loss, *, several: bool) -> dict[str, Any]:
    """Return the rows that cost the points of a line: what they are, how many, their list, and what they cost."""
    names = {
        "on_time": _("没有按期办结"),
        "closed": _("没有办结"),
        "overdue_open": _("超期未结"),
        "late": _("超期办结"),
    }
    known = loss.measure in names and (loss.part == "rest") == (loss.measure in {"on_time", "closed"})
    said = names[loss.measure] if known else measure_title(loss.measure)
    if not known and loss.part == "rest":
        said = _("%(measure)s以外的") % {"measure": said}
    return {
        "said": said,
        "count": loss.count,
        "href": behind(choice, loss.measure, loss.part, by=choice.by, subject=me.subject.code),
        "lost": decimal(loss.lost, 2) if several else "",
        "each": decimal(loss.each, 2) if loss.each else "",
    }


def unscored(me: Row, found: Sequence[Cost]) -> Iterator[dict[str, str]]:
    """Yield the lines that cost nothing: kept whole, or without a base."""
    named = {one.title for one in found}
    for line in me.subject.lines:
        if title(line.title) not in named:
            yield {
                "title": title(line.title),
                "because": because(line),
                "points": line.points or NONE,
                "full": line.full,
            }


def _page(choice: Chosen, code: str) -> dict[str, Any]:
    rows = ranking_rows(choice)
    me = next((row for row in rows if row.subject.code == code), None)
    if me is None or choice.view is None:
        raise Http404
    groups = by_group(choice, rows)
    group = next(one.title for one in groups if me in one.rows) if len(groups) > 1 else ""
    found = costs(choice, me)
    some = peers(rows, me)
    return {
        "row": me,
        "group": group,
        "stands": stands(choice.view, rows, me, group),
        "peers": some,
        "scale": some[0].drawn["axis"],
        "interval_sentence": interval_label(choice.view) if me.interval else "",
        "costs": found,
        "kept": list(unscored(me, found)),
        "lost": sum((one.lost for one in found), Fraction(0)),
    }


def running_view(choice: Chosen, moment: datetime) -> AssessmentView | None:
    """Return the newest running score of the month of a moment under the page's scheme, None where nobody took it yet."""
    period = Period.of(moment, zone_of(choice.tenant))
    view = latest(choice.tenant, period, choice.scheme, choice.by, choice.month_by)
    return view if view and view.cut_off is CutOff.RUNNING else None


def ahead(request: HttpRequest, choice: Chosen, code: str) -> dict[str, Any]:
    """Return what helps a subject most in the month that runs, whatever month its page shows."""
    moment, zone = now(), zone_of(choice.tenant)
    period = Period.of(moment, zone)
    facts = {"month": month_name(str(period), get_language()), "left": days_left(moment, period.end(zone), zone)}
    view = running_view(choice, moment)
    today = view.subject(code) if view else None
    if view is None or today is None:
        return {
            "today_said": _("%(month)s还剩 %(left)s 天。") % facts,
            "no_way": _("%(month)s还没有算到今天，算了才看得出。") % facts,
            "again": may_enter(person(request), "desk:warning", "POST"),
        }
    facts["as_of"] = moment_text(datetime.fromisoformat(view.as_of), zone, get_language(), this_year=period.year)
    told = {"today_said": _("%(month)s算到 %(as_of)s，还剩 %(left)s 天。") % facts + _today(today)}
    try:
        found = helpful(choice, view, code, moment)
    except Refusal as refusal:
        return {**told, "no_way": str(refusal), "again": may_enter(person(request), "desk:warning", "POST")}
    return {**told, "way": way_shown(request, view, found, moment)}


def _today(subject: SubjectView) -> str:
    """Return where a subject stands in the month that runs."""
    if subject.rank is None:
        return unranked_sentence(subject.unranked) + _("。")
    return _("今天第 %(rank)s 位，%(score)s 分。") % {"rank": subject.rank, "score": subject.score}


def helpful(choice: Chosen, view: AssessmentView, code: str, moment: datetime) -> WayUp:
    """Return the way off the black list for who would stand on it today, the next place for others or where there is none."""
    if any(one.code == code for one in lists(view).black):
        off = lift_of(choice.tenant, view, code, now=moment, goal=Goal.OFF_BLACK)
        if off.lift is not None and off.lift.reached:
            return off
    return lift_of(choice.tenant, view, code, now=moment)


def way_shown(request: HttpRequest, view: AssessmentView, way: WayUp, moment: datetime) -> Way:
    """Return a way up in words; a case is a link for those who may open it."""
    tenant = office(request)
    snapshot = snapshot_by_digest(tenant, view.snapshot)
    units = names(snapshot, "body") if snapshot else {}
    openable = ids_by_number(tenant, numbers(way), by=person(request))
    return way_told(way, Told(moment, view.rounding, units, openable))


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Show where one subject stands, why it stands there – every line with its cases –, and what helps it most."""

    def page(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
        found = {**_page(choice, code), **ahead(request, choice, code), "coming_query": choice.query(month=None)}
        return found | {"section": "mine" if is_mine(request, choice.by, code) else "ranking"}

    return shown(request, "web/sheet.html", page)
