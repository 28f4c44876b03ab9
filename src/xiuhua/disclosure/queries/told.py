"""What a month tells, gathered once from its written assessment, its snapshot and the office's labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import window_of
from xiuhua.assessment.queries import change_to_last_month, comparable, latest, lists, scheme_named, written
from xiuhua.assessment.words import AssessmentView, CutOff, Scheme, Title
from xiuhua.disclosure.queries.joined import joined_of, lost_by
from xiuhua.disclosure.queries.labels import labels_of
from xiuhua.disclosure.queries.matrix import matrix_of
from xiuhua.disclosure.queries.tasking import tasks_of
from xiuhua.disclosure.rules.tasks import due_day, most_overdue
from xiuhua.disclosure.words import DraftTask, Labels, Missing, Office, Tallied, Told
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal, marked

MONTHS_OF_A_YEAR = 12
UNIT = "unit"


class NotAssessed(Refusal):
    """The month has no written assessment under this scheme, so there is nothing to tell."""

    code = "told.not_assessed"
    sentence = marked(
        "%(period)s 还没有按方案“%(scheme)s”、以“%(by)s”为对象考核：先运行 xiuhua assess %(period)s --scheme %(scheme)s --by %(by)s，或在“月度”页上点“考核本月”。"
    )


class SnapshotGone(Refusal):
    """The snapshot that the assessment was made from is no longer there."""

    code = "told.snapshot_gone"
    sentence = marked("考核 %(period)s 所依据的快照 %(snapshot)s 已不在：重新冻结并考核后再生成。")


def told_of(tenant: Tenant, period: Period, *, scheme: str, by: str, month_by: str = "due", sheet: str = "") -> Told:
    """Return what a month tells in the active language: a pure function of snapshot, scheme and labels, no clock.

    `sheet` is the digest of the assessment to tell of, where it is not to be the newest.
    Months that compare (last month's, the same month's of last year) are read where they have been assessed. Raises
    NotAssessed, SnapshotGone, LabelsUnknown, LabelsFaulty. Some twelve queries and
    as many openings of snapshots. Hot spots are looked for within the office's outlines as they stood on the month's last day.
    """
    view = written(tenant, sheet) if sheet else latest(tenant, period, scheme, by, month_by)
    if view is None:
        raise NotAssessed(period=str(period), scheme=scheme, by=by)
    snapshot = _snapshot(tenant, view)
    labels, office = labels_of(tenant), _office(tenant, by)
    window = window_of(snapshot, month_by=view.month_by, deadline_month=view.deadline_month)
    previous = _comparable(tenant, view, -1)
    listed = lists(view)
    last_year = _comparable(tenant, view, -MONTHS_OF_A_YEAR)
    others = tuple(_snapshot(tenant, one) if one else None for one in (previous, last_year))
    found = joined_of(snapshot, tenant, by=by, window=window, others=(others[0], others[1]))
    matrix = matrix_of(found.matrix, snapshot, by=by, window=window)
    lost = lost_by(view)
    made = Told(
        language=get_language() or "zh-hans",
        office=office,
        labels=labels,
        period=str(period),
        made=snapshot.frozen_at.astimezone(UTC).isoformat(),
        scheme_full=_full(view),
        weights=_weights(view),
        view=view,
        previous=previous,
        last_year=last_year,
        changes=change_to_last_month(view, previous),
        listed=listed,
        classes=matrix.classes,
        matrix=matrix.pairs,
        tasks=tuple(_tasks(view, labels, by, matrix.pairs)),
        pledges=() if view.cut_off is CutOff.RUNNING else listed.black,
        missing=(*_missing(view, labels, previous), *found.missing, *([lost] if isinstance(lost, Missing) else [])),
        sayings=found.sayings,
        recurrent=found.recurrent,
        hot=found.hot,
        losses=None if isinstance(lost, Missing) else lost,
        scheme=_scheme(view),
    )
    # nobody is called up before the month is over, or where groups are too small for lists
    return replace(made, tasks=tasks_of(tenant, made)) if made.pledges else made


def _scheme(view: AssessmentView) -> Scheme | None:
    """Return the scheme a view was written by, None where the packs hold it no more, or another version."""
    try:
        found = scheme_named(view.scheme)
    except Refusal:
        return None
    return found if found.version == view.version else None


def _snapshot(tenant: Tenant, view: AssessmentView) -> Snapshot:
    """Return the snapshot of a view, the first of its digest: freezing the same data again changes no file."""
    found = Snapshot.objects.filter(tenant=tenant, period=view.period, digest=view.snapshot)
    first = found.order_by("frozen_at", "pk").first()
    if first is None:
        raise SnapshotGone(period=view.period, snapshot=view.snapshot[:8])
    return first


def _office(tenant: Tenant, by: str) -> Office:
    called = tenant.settings.get("level_names", {}).get(by, {})
    own = called.get("en" if (get_language() or "").startswith("en") else "zh")
    level = _("责任单位") if by == UNIT else str(own or by.capitalize())
    return Office(tenant.code, tenant.name, str(zone_of(tenant)), bool(tenant.settings.get("made_up")), level)


def _comparable(tenant: Tenant, view: AssessmentView, months: int) -> AssessmentView | None:
    other = latest(tenant, Period.parse(view.period).shift(months), view.scheme, view.by, view.month_by)
    return other if other and comparable(view, other) else None


def _full(view: AssessmentView) -> Fraction:
    """Return the full marks of the scheme as its sheets print them."""
    sheet = view.subjects[0].sections if view.subjects else ()
    return sum((Fraction(section.full) for section in sheet), Fraction(0))


def _weights(view: AssessmentView) -> tuple[tuple[Title, str], ...]:
    """Return the full marks of each line as its sheets print them."""
    return tuple((line.title, line.full) for line in view.subjects[0].lines) if view.subjects else ()


def _tasks(view: AssessmentView, labels: Labels, by: str, matrix: Sequence[Tallied]) -> Iterable[DraftTask]:
    """Yield a draft for the class × subject pairs with the most overdue cases, one per subject before a second."""
    due = due_day(view.period, labels.task_days)
    post = _said(labels.posts.get(by, labels.posts["default"]))
    for pair in most_overdue(matrix, labels.tasks):
        yield DraftTask(
            problem=_problem(pair),
            remedy=_("逐件核查 %(count)s 件未结案件，限期处置并反馈；查明超期原因，明确到岗。")
            % {"count": pair.overdue},
            due=due,
            unit=_name(view, pair.subject),
            person=post,
            cases=pair.cases,
        )


def _problem(pair: Tallied) -> str:
    facts = {"class": pair.class_name or _("未分类"), "overdue": pair.overdue, "due": pair.due}
    return _("“%(class)s”超期未结 %(overdue)s 件（应结案 %(due)s 件）") % facts


def _name(view: AssessmentView, code: str) -> str:
    subject = view.subject(code)
    return subject.name if subject else code


def _said(title: Title) -> str:
    return title.en if title.en and (get_language() or "").startswith("en") else title.zh


def _sources() -> Mapping[str, tuple[str, str]]:
    """Return what the tables of a bulletin ask for and no source of this office answers, by code: (part, source)."""
    return {
        "inspected": (_("现场检查点位数"), _("现场检查记录（尚无检查任务与检查单）")),
        "site_score": (_("现场考核得分"), _("现场检查记录（尚无检查任务与检查单）")),
        "duty_score": (_("履职考核得分"), _("履职考核台账（尚未登记）")),
        "upper_lists": (_("市、区级红黑榜"), _("上级通报（尚未导入）")),
        "city_off": (_("市级扣分"), _("市级扣分明细（尚未导入）")),
        "district_off": (_("区级扣分"), _("区级扣分明细（尚未导入）")),
        "street_off": (_("街道扣分"), _("街道扣分明细（尚未登记）")),
        "rework": (_("返工数"), _("核查退回记录（冻结数据中没有这一列）")),
    }


def _missing(view: AssessmentView, labels: Labels, previous: AssessmentView | None) -> Iterable[Missing]:
    for code, (part, source) in _sources().items():
        yield Missing(part, source, code)
    if previous is None:
        last = str(Period.parse(view.period).shift(-1))
        yield Missing(
            _("与上月比较"), _("%(period)s 的可比考核（尚未考核，或方案、截止时点不同）") % {"period": last}, "previous"
        )
    if not labels.basis:
        yield Missing(
            _("通报依据"), _("考核办法的名称和文号（公文要素包“%(pack)s”没有写）") % {"pack": labels.code}, "basis"
        )
