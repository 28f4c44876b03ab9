"""`xiuhua assess` and `xiuhua lists`: a month's score sheets, and who stands at its ends."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.scoring import about, choices, place, rules_of

if TYPE_CHECKING:
    from xiuhua.assessment.words import AssessmentView, Change, LineView, SubjectView
    from xiuhua.kernel.models import Tenant


def _assessed(
    *, period: str, scheme: str | None, by: str | None, month_by: str, as_of: str | None, tenant: str | None
) -> tuple[Tenant, AssessmentView]:
    from xiuhua.analytics.rules import parse_as_of
    from xiuhua.assessment.actions import assess as write
    from xiuhua.assessment.queries import default_by, read
    from xiuhua.kernel.queries import tenant_named, zone_of
    from xiuhua.kernel.rules import Period

    month, office, moment = Period.parse(period), tenant_named(tenant), now()
    cut_off = parse_as_of(as_of, zone_of(office), moment) if as_of else None
    made = write(
        office,
        month,
        scheme=rules_of(office, scheme),
        by_level=by or default_by(office),
        month_by=month_by,
        as_of=cut_off,
        by=actor(),
        at=moment,
    )
    return office, read(made)


def _number(value: Any) -> str | None:
    """Return an exact number as the JSON of a decimal, None as none."""
    from xiuhua.assessment.rules import plain

    return None if value is None else plain(value)


def _line(line: LineView) -> dict[str, Any]:
    from xiuhua.assessment.phrases import because, title

    interval = line.interval
    return {
        "measure": line.measure,
        "title": title(line.title),
        "numerator": line.numerator,
        "denominator": line.denominator,
        "points": line.points,
        "full": line.full,
        "because": because(line),
        "interval": interval and {"low": interval.low, "high": interval.high, "phi": interval.phi},
    }


def _subject(subject: SubjectView, change: Change) -> dict[str, Any]:
    from xiuhua.assessment.phrases import unranked_sentence

    return {
        **place(subject),
        "small_sample": subject.small_sample,
        "unranked": unranked_sentence(subject.unranked),
        "change": {"score": _number(change.points), "rank": _number(change.places)},
        "counts": {name: {"kept": kept, "of": of} for name, (kept, of) in subject.counts.items()},
        "lines": [_line(line) for line in subject.lines],
    }


#: Help of the option for the cut-off.
_CUT_OFF = "截止时点：日期（当地 0 时）、当地时间、带偏移的时间或 now；默认月末 / cut-off; default: the month's end"


def _clustering(view: AssessmentView) -> dict[str, Any] | None:
    """Return what the φ of each interval was measured on, None in a month that was written before it was."""
    from xiuhua.assessment.rules import clustering_json

    return clustering_json(view.clustering) if view.clustering else None


@click.command()
@click.argument("period")
@choices(_CUT_OFF)
@command
def assess(
    *,
    period: str,
    scheme: str | None,
    by: str | None,
    month_by: str,
    as_of: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """考核 PERIOD（如 2026-10）：得分、理由、名次 · Score a month."""
    from xiuhua.assessment.phrases import interval_label, rank_sentence
    from xiuhua.assessment.queries import change_to_last_month, latest
    from xiuhua.assessment.words import CutOff
    from xiuhua.kernel.rules import Period

    office, view = _assessed(period=period, scheme=scheme, by=by, month_by=month_by, as_of=as_of, tenant=tenant)
    cut_off = None if view.cut_off is CutOff.END else datetime.fromisoformat(view.as_of)
    last = Period.parse(view.period).shift(-1)
    before = latest(office, last, view.scheme, view.by, view.month_by, as_of=cut_off)
    moved = change_to_last_month(view, before)
    shown = next((line.measure for each in view.subjects for line in each.lines if line.interval), "")
    emit(
        {
            **about(office, view),
            "rule": rank_sentence(view),
            "interval": interval_label(view, shown) if shown else "",
            "clustering": _clustering(view),
            "totals": {name: {"kept": kept, "of": of} for name, (kept, of) in view.totals.items()},
            "unplaced": view.unplaced,
            "subjects": [_subject(subject, moved[subject.code]) for subject in view.subjects],
        },
        as_json=as_json,
        text=_table(view, moved),
    )


@click.command()
@click.argument("period")
@choices(_CUT_OFF)
@click.option("--red", type=click.IntRange(min=0), default=None, help="红榜名额，默认按方案 / places on the red list")
@click.option(
    "--black", type=click.IntRange(min=0), default=None, help="黑榜名额，默认按方案 / places on the black list"
)
@command
def lists(
    *,
    period: str,
    scheme: str | None,
    by: str | None,
    month_by: str,
    as_of: str | None,
    tenant: str | None,
    red: int | None,
    black: int | None,
    as_json: bool,
) -> None:
    """红黑榜：各组的前几名与后几名 · The top and bottom of a month."""
    from xiuhua.assessment.phrases import list_sentence
    from xiuhua.assessment.queries import lists as listed

    office, view = _assessed(period=period, scheme=scheme, by=by, month_by=month_by, as_of=as_of, tenant=tenant)
    red = view.rule.red if red is None else red
    black = view.rule.black if black is None else black
    found = listed(view, red, black)
    rule = list_sentence(view, found, red, black)
    emit(
        {
            **about(office, view),
            "red": [place(subject) for subject in found.red],
            "black": [place(subject) for subject in found.black],
            "rule": rule,
            "barred_red": [place(subject) for subject in found.barred_red],
            "barred_black": [place(subject) for subject in found.barred_black],
            "both": list(found.both),
            "without": [group.code for group in found.without],
        },
        as_json=as_json,
        text=_two_lists(found.red, found.black, rule),
    )


def _table(view: AssessmentView, moved: dict[str, Change]) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.assessment.phrases import measure_title, rank_sentence, title, unranked_sentence
    from xiuhua.cli.columns import aligned, signed

    names = [title(line.title) for line in view.subjects[0].lines] if view.subjects else []
    rows = [[_("名次"), _("对象"), _("得分"), _("比上月"), *names, _("说明")]]
    for subject in view.subjects:
        shares = [_share(line) for line in subject.lines]
        rank = _number(subject.rank) or "—"
        change = signed(moved[subject.code].points, view.rounding.digits)
        notes = unranked_sentence(subject.unranked)
        rows.append([rank, subject.name, subject.score or "—", change, *shares, notes])
    totals = "  ".join(
        f"{measure_title(name)} {view.totals[name][0]}" for name in ("due", "on_time", "closed", "overdue_open")
    )
    unplaced = _("没有归到任何对象的应结案件：%(count)s 件") % {"count": view.unplaced}
    head = f"{view.period}  {title(view.title)}  {totals}"
    return "\n".join([head, aligned(rows, right={0, 2, *range(3, 4 + len(names))}), unplaced, rank_sentence(view)])


def _share(line: LineView) -> str:
    base = "" if line.denominator is None else f"/{line.denominator}"
    return f"{line.numerator}{base}"


def _two_lists(red: tuple[SubjectView, ...], black: tuple[SubjectView, ...], rule: str) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.cli.columns import aligned

    def table(subjects: tuple[SubjectView, ...]) -> str:
        rows = [[_number(each.rank) or "—", each.name, each.score or "—"] for each in subjects]
        return aligned(rows, right={0, 2}) or "—"

    return "\n".join([_("红榜"), table(red), _("黑榜"), table(black), rule])
