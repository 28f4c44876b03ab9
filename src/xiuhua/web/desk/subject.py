"""One subject's own page: where it stands among its like, why, and what helps most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.assessment.phrases import because, interval_label, measure_title, title, unranked_sentence
from xiuhua.assessment.queries import losses
from xiuhua.assessment.words import AssessmentView, LineView, Loss
from xiuhua.ui.formats import NONE, decimal, percent
from xiuhua.ui.scales import axis
from xiuhua.web.desk.chosen import Chosen
from xiuhua.web.desk.figures import Row, behind, by_group, dot, ranking_rows
from xiuhua.web.desk.mine import is_mine
from xiuhua.web.desk.month import shown

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
        "interval_sentence": interval_label(me.interval.phi) if me.interval else "",
        "costs": found,
        "kept": list(unscored(me, found)),
        "lost": sum((one.lost for one in found), Fraction(0)),
    }


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Show where one subject stands, why it stands there – every line with its cases –, and what helps it most."""

    def page(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
        return {**_page(choice, code), "section": "mine" if is_mine(request, choice.by, code) else "ranking"}

    return shown(request, "web/sheet.html", page)
