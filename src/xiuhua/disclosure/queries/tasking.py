"""The draft task list of a month in words: remedies from a pack, days by the office's calendar, posts from its labels."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from xiuhua.assessment.phrases import title
from xiuhua.clock.queries import office_clock
from xiuhua.clock.rules.timeline import Timeline
from xiuhua.disclosure.queries.chosen import chosen_text
from xiuhua.disclosure.rules.tasking import Draft, Remedies, Source, drafts, read_remedies, remedies_faults
from xiuhua.disclosure.rules.tasks import due_day
from xiuhua.disclosure.words import DraftTask, Told
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked

DEFAULT = "basic"
Day = Callable[[int], str]


class RemediesUnknown(Refusal):
    """The office's settings name remedies that no pack holds."""

    code = "remedies.unknown"
    sentence = marked("找不到措施包“%(pack)s”；现有：%(known)s。")


class RemediesFaulty(Refusal):
    """A pack of remedies does not follow its schema."""

    code = "remedies.faulty"
    sentence = marked("措施包“%(pack)s”有 %(count)s 处不合格式。")


def remedies_text(tenant: Tenant) -> str:
    """Return the pack of remedies that the office's setting `remedies` names, else the general one, as TOML. No query.

    Raises RemediesUnknown, RemediesFaulty with every fault.
    """
    _name, text = chosen_text(
        tenant, "remedies", DEFAULT, remedies_faults, unknown=RemediesUnknown, faulty=RemediesFaulty
    )
    return text


def remedies_of(tenant: Tenant) -> Remedies:
    """Return the office's remedies. Raises RemediesUnknown, RemediesFaulty with every fault. No query."""
    return read_remedies(tomllib.loads(remedies_text(tenant)))


def tasks_of(tenant: Tenant, told: Told) -> tuple[DraftTask, ...]:
    """Return the drafts of a telling, worded in the active language; its own `tasks` are not looked at.

    Days are working days after the day its numbers were frozen, by the office's calendar; without one, every draft is due
    on the day the labels say. Raises RemediesUnknown, RemediesFaulty. At most 2 queries and one for each holiday table.
    """
    called_up = [subject.code for subject in told.pledges]
    found = drafts(called_up, told.matrix, told.recurrent or (), told.hot or (), remedies_of(tenant))
    return worded(told, found, _day(tenant, told))


def worded(told: Told, found: tuple[Draft, ...], day: Day) -> tuple[DraftTask, ...]:
    """Return drafts in words; `day` answers a number of working days with a day (ISO 8601)."""
    post = title(told.labels.posts.get(told.view.by, told.labels.posts["default"]))
    return tuple(
        DraftTask(
            problem=problem(draft),
            remedy=_("；").join(title(each) for each in draft.remedies) + _("。"),
            due=day(draft.days),
            unit=told.name(draft.subject) if draft.subject else _("待会议明确"),
            person=post if draft.subject else _("待会议明确"),
            cases=draft.cases,
        )
        for draft in found
    )


def problem(draft: Draft) -> str:
    """Return what is wrong, in numbers."""
    facts = {
        "class": draft.class_name or _("未分类"),
        "where": draft.where,
        "due": draft.due,
        "overdue": draft.overdue,
        "late": draft.late,
        "times": draft.times,
        "count": draft.count,
    }
    if draft.source is Source.RECURRENT:
        return _("“%(class)s”在%(where)s反复发生 %(times)s 次") % facts
    if draft.source is Source.HOT:
        return _("%(where)s一带案件集中，本月 %(count)s 件") % facts
    if draft.overdue:
        return _("“%(class)s”超期未结 %(overdue)s 件（应结案 %(due)s 件）") % facts
    return _("“%(class)s”逾期结案 %(late)s 件（应结案 %(due)s 件）") % facts


def _day(tenant: Tenant, told: Told) -> Day:
    made = datetime.fromisoformat(told.made).astimezone(ZoneInfo(told.office.zone)).date()
    try:
        clock = office_clock(tenant)
    except Refusal:  # no calendar, or none chosen
        return lambda _days: due_day(told.period, told.labels.task_days)
    line = Timeline(clock.calendar, clock.zone)
    return lambda days: _after(line, made, days)


def _after(line: Timeline, day: date, days: int) -> str:
    return line.workday_after(day, days).isoformat()
