"""`xiuhua standing` and `xiuhua lift`: where a running month stands, and what would lift whom."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.scoring import about, choices, place, rules_of

if TYPE_CHECKING:
    from xiuhua.assessment.words import AssessmentView, Lift, OpenCase, Scheme, Standing, WayUp
    from xiuhua.kernel.models import Tenant


#: Help of the option for the cut-off.
_CUT_OFF = "重新算到这一刻（now、日期或时间）；不写则读最近一次 / work it out anew as of now, a date or a time; else the newest is read"


def _found(
    *, period: str | None, scheme: str | None, by: str | None, month_by: str, as_of: str | None, tenant: str | None
) -> tuple[Tenant, AssessmentView, Scheme | None, datetime]:
    """Return the office, the running month's view (made anew if a cut-off is asked for), its scheme, and the moment."""
    from xiuhua.analytics.rules import parse_as_of
    from xiuhua.assessment.actions import NoStanding, assess
    from xiuhua.assessment.queries import default_by, latest, read
    from xiuhua.assessment.words import CutOff
    from xiuhua.kernel.queries import tenant_named, zone_of
    from xiuhua.kernel.rules import Period

    office, moment = tenant_named(tenant), now()
    zone = zone_of(office)
    level, rules = by or default_by(office), rules_of(office, scheme)
    cut_off = parse_as_of(as_of, zone, moment) if as_of else None
    month = Period.parse(period) if period else Period.of(cut_off or moment, zone)
    if cut_off is not None:
        made = assess(
            office,
            month,
            scheme=rules,
            by_level=level,
            month_by=month_by,
            as_of=cut_off,
            by=actor(),
            at=moment,
        )
        return office, read(made), rules, cut_off
    view = latest(office, month, rules.code, level, month_by)
    if view is None or view.cut_off is not CutOff.RUNNING:
        raise NoStanding(period=str(month), scheme=rules.code)
    return office, view, rules, moment


def _lift(lift: Lift, view: AssessmentView) -> dict[str, Any]:
    from xiuhua.assessment.phrases import score_text
    from xiuhua.assessment.rules import rank_json

    return {
        "target": score_text(lift.target.value, view.rounding),
        "strict": lift.target.strict,
        "reached": lift.reached,
        "fewest": len(lift.items),
        "of": lift.possible,
        "before": score_text(lift.before, view.rounding),
        "after": score_text(lift.after, view.rounding),
        "fewer_give_at_most": score_text(lift.cheaper, view.rounding),
        "rank_before": rank_json(lift.rank_before),
        "rank_after": rank_json(lift.rank_after),
        "counts": {name: {"before": before, "after": after} for name, (before, after) in lift.moved.items()},
        "close": [item.case for item in lift.items],
    }


def _case(one: OpenCase) -> dict[str, Any]:
    from xiuhua.assessment.phrases import idle_sentence

    return {
        "number": one.number,
        "due": one.due.isoformat() if one.due else None,
        "class": one.class_name,
        "unit": one.unit,
        "place": one.place,
        "closing": one.kind,
        "chosen": one.chosen,
        "short_of_time": one.short,
        "usual_seconds": one.usual_seconds,
        "closed_since": one.closed_since,
        "not_urgent": idle_sentence(one.idle),
    }


def _proved(way: WayUp, view: AssessmentView) -> str:
    """Return why nothing shorter does, and what is taken for granted."""
    from xiuhua.assessment.phrases import assumption_sentences, proof_sentence

    return "\n".join(filter(None, [proof_sentence(way.lift, view.rounding), *assumption_sentences(way)]))


def _ends(way: WayUp, view: AssessmentView) -> str:
    """Return where the month ends without and with what is to be done, "" where nothing is."""
    from django.utils.translation import gettext as _

    from xiuhua.assessment.phrases import score_text

    if way.lift is None or not way.lift.items:
        return ""
    ends = {
        "before": score_text(way.lift.before, view.rounding),
        "after": score_text(way.lift.after, view.rounding),
    }
    return _("照现在走到月底 %(before)s 分，照做 %(after)s 分。") % ends


def _way(way: WayUp, view: AssessmentView) -> dict[str, Any]:
    from xiuhua.assessment.phrases import way_sentence

    return {
        **place(way.subject),
        "goal": way.goal,
        "others": way.others,
        "ahead": place(way.ahead) if way.ahead else None,
        "sentence": way_sentence(way, view.rounding),
        "assumed": _proved(way, view),
        "lift": _lift(way.lift, view) if way.lift else None,
    }


@click.command()
@choices(_CUT_OFF)
@click.argument("period", required=False)
@command
def standing(
    *,
    period: str | None,
    scheme: str | None,
    by: str | None,
    month_by: str,
    as_of: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """本月到今天：得分、快到期的、按今天会上榜的 · Where a running month stands."""
    from xiuhua.assessment.phrases import no_chances_sentence
    from xiuhua.assessment.queries import standing as stands

    office, view, rules, moment = _found(
        period=period, scheme=scheme, by=by, month_by=month_by, as_of=as_of, tenant=tenant
    )
    found = stands(office, view, now=moment, scheme=rules)
    emit(
        {
            **about(office, view),
            "subjects": [place(subject) for subject in view.subjects],
            "falling_due": [
                {
                    "code": one.code,
                    "name": one.name,
                    "falling_due": one.falling_due,
                    "within_a_week": one.within_week,
                    "late_open": one.late_open,
                }
                for one in found.falling
            ],
            "would_be_red": [place(subject) for subject in found.would_be.red],
            "would_be_black": [_way(found.ways[subject.code], view) for subject in found.would_be.black],
            "chances": no_chances_sentence(found),
        },
        as_json=as_json,
        text=_standing_text(found),
    )


@click.command()
@choices(_CUT_OFF)
@click.option("--period", default=None, help="月份，默认本月 / month; default: the running one")
@click.option(
    "--goal",
    type=click.Choice(["next_place", "off_black"]),
    default="next_place",
    show_default=True,
    help="更前的名次，或离开黑榜 / a better place, or off the black list",
)
@click.option(
    "--others",
    type=click.Choice(["now", "all"]),
    default="now",
    show_default=True,
    help="别家按今日得分，或还能结的都结 / the others at today's score, or with all closed that they still can",
)
@click.argument("subject")
@command
def lift(
    *,
    subject: str,
    period: str | None,
    goal: str,
    others: str,
    scheme: str | None,
    by: str | None,
    month_by: str,
    as_of: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """SUBJECT（社区或单位代码）怎样结最少的案件升一位 · The shortest way up for a subject."""
    from xiuhua.assessment.queries import lift_of
    from xiuhua.assessment.words import Goal, Others

    office, view, rules, moment = _found(
        period=period, scheme=scheme, by=by, month_by=month_by, as_of=as_of, tenant=tenant
    )
    way = lift_of(office, view, subject, now=moment, scheme=rules, goal=Goal(goal), others=Others(others))
    emit(
        {
            **about(office, view),
            **_way(way, view),
            "cases": [_case(one) for one in way.cases],
            "not_urgent": [_case(one) for one in way.idle],
            "not_urgent_more": way.idle_more,
            "usually_new": way.usual_new,
        },
        as_json=as_json,
        text=_lift_text(office, way, view),
    )


def _standing_text(found: Standing) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.assessment.phrases import no_chances_sentence, way_sentence
    from xiuhua.assessment.rules import plain
    from xiuhua.cli.columns import aligned

    falling = {one.code: one for one in found.falling}
    rows = [[_("名次"), _("对象"), _("得分"), _("本月还要到期"), _("七天内"), _("已逾期未结")]]
    for one in found.view.subjects:
        due = falling[one.code]
        counts = [str(number) for number in (due.falling_due, due.within_week, due.late_open)]
        rows.append([plain(one.rank) if one.rank else "—", one.name, one.score or "—", *counts])
    rounding = found.view.rounding
    ways = [f"{one.name}  {way_sentence(found.ways[one.code], rounding)}" for one in found.would_be.black]
    head = _("按今日得分会上黑榜的：")
    return "\n".join([aligned(rows, right={0, 2, 3, 4, 5}), head, *(ways or ["—"]), no_chances_sentence(found)])


def _lift_text(office: Tenant, way: WayUp, view: AssessmentView) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.assessment.phrases import closing_title, way_sentence
    from xiuhua.cli.columns import aligned
    from xiuhua.kernel.queries import zone_of

    zone = zone_of(office)
    rows = []
    for one in way.cases:
        due = one.due.astimezone(zone).isoformat(sep=" ", timespec="minutes")[:16] if one.due else ""
        note = _("时间偏紧") if one.short else ""
        rows.append(
            [
                "●" if one.chosen else "",
                one.number,
                due,
                closing_title(one.kind) if one.kind else "",
                one.class_name,
                note,
            ]
        )
    idle = _("本月不急的：%(count)s 件") % {"count": len(way.idle) + way.idle_more}
    head = f"{way.subject.name}  {way.subject.score or '—'}"
    return "\n".join(
        [head, way_sentence(way, view.rounding) + _ends(way, view), aligned(rows) or "—", idle, _proved(way, view)]
    )
