"""The left pane of the desk: the queues with their counts, and one page of the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.cases.models import SavedView
from xiuhua.cases.policies import right
from xiuhua.cases.queries.queues import SIZES, counts, narrowed, number_of, queue_page, waiting
from xiuhua.cases.rules.queues import bulk_moves, stage_of
from xiuhua.cases.words.queues import Queue
from xiuhua.kernel.queries import zone_of
from xiuhua.privacy.rules import mask
from xiuhua.ui.formats import moment
from xiuhua.web.desk.timing import due_words
from xiuhua.web.desk.triage_asked import (
    Asked,
    Choices,
    Desk,
    channel_words,
    channels,
    choices_of,
    filter_labels,
    narrowed_to,
    what_of,
)
from xiuhua.web.desk.triage_look import COLUMNS, DENSITIES, ListLook, column_labels, density_labels


def open_queue(asked: Asked, numbers: Mapping[Queue, int]) -> Queue | None:
    """Return the queue that the address asks for if the actor has it, else his first in which something waits."""
    if asked.queue and Queue(asked.queue) in numbers:
        return Queue(asked.queue)
    return next((queue for queue, number in numbers.items() if number), next(iter(numbers), None))


def list_pane(desk: Desk, asked: Asked) -> dict[str, Any]:
    """Return the list's context. Four statements or five, two more where a territory is named, one for the saved views.

    A word takes three more, and what is overdue one for each stage. Counts are exact, a word's up to so many.
    """
    numbers = counts(desk.tenant, desk.actor, desk.flow, desk.at)
    queue = open_queue(asked, numbers)
    if queue is None:
        return {"queues": [], "rows": [], "queue": None, "asked": asked, "total": 0}
    asked = Asked(queue.value, asked.given, asked.after, asked.case, asked.zoom)
    wanted = narrowed_to(desk.tenant, asked.given)
    cases = narrowed(desk.tenant, waiting(desk.tenant, queue, desk.actor, desk.flow, desk.at), queue, wanted)
    page = queue_page(cases, queue, size=desk.look.size, after=asked.after)
    total = numbers[queue] if wanted.empty else number_of(cases, queue, most=wanted.counted)
    beyond = not wanted.empty and total > wanted.counted
    offers = choices_of(desk.tenant)
    return {
        "queues": _tabs(asked, numbers),
        "queue": queue,
        "asked": asked,
        "rows": [_row(desk, asked, offers, one) for one in page.rows],
        "keys": [one.pk for one in page.rows],
        "total": wanted.counted if beyond else total,
        "total_told": f"{wanted.counted}+" if beyond else total,
        "beyond": beyond,
        "file_query": asked.query(after=None, case=None, zoom=None),
        "first_query": asked.query(after=None, case=None) if asked.after else "",
        "next_query": asked.query(after=page.after, case=None) if page.after else "",
        "filters": _filters(asked, offers),
        "chips": _chips(asked, offers),
        "all_href": f"{reverse('desk:cases')}?q={asked.given.get('q', '')}" if "q" in asked.given else "",
        "views": _views(desk, asked),
        "bulk": _bulk(desk, queue),
        "empty": empty_words(queue, narrowed=bool(asked.given)),
        **_look(desk.look),
    }


def _tabs(asked: Asked, numbers: Mapping[Queue, int]) -> list[dict[str, Any]]:
    return [
        {
            "key": queue.value,
            "label": str(queue.label),
            "count": number,
            "query": Asked(queue.value, {}, "", None, asked.zoom).query(),
            "here": queue.value == asked.queue,
            "quiet": not number and queue.value != asked.queue,
        }
        for queue, number in numbers.items()
    ]


def _row(desk: Desk, asked: Asked, offers: Choices, case: Any) -> dict[str, Any]:
    busy = case.claimed_until is not None and case.claimed_until > desk.at and case.claimed_by_id != desk.actor.user
    return {
        "key": case.pk,
        "version": case.version,
        "number": case.number,
        "due": due_words(case.due, None, desk.at, roughly=True),
        "what": what_of(case),
        "where": mask(case.address or case.description or case.title) or case.number,
        "marks": _marks(case),
        "beside": [text for name in desk.look.columns if (text := _beside(desk, offers, case, name))],
        "busy": str(case.claimed_by) if busy else "",
        "query": asked.query(case=case.pk),
        "here": case.pk == asked.case,
    }


def _marks(case: Any) -> list[str]:
    found = []
    if case.refusals:
        found.append(_("退单 %(n)s 次") % {"n": case.refusals})
    if case.reworks:
        found.append(_("返工 %(n)s 次") % {"n": case.reworks})
    if case.reopened:
        found.append(_("重开"))
    return found


def _beside(desk: Desk, offers: Choices, case: Any, name: str) -> str:
    if name == "channel":
        return channel_words(case.channel)
    if name == "number":
        return str(case.number)
    if name == "body":
        return str(case.body or "")
    if name == "territory":
        return offers.names.get(case.territory.code, "") if case.territory else ""
    zone = zone_of(desk.tenant)
    return moment(case.reported_at, zone, desk.language, this_year=desk.at.astimezone(zone).year)


def _filters(asked: Asked, offers: Choices) -> list[dict[str, Any]]:
    labels, every = filter_labels(), ("", _("全部"))
    lists = {
        "territory": [every, *offers.territories],
        "body": [every, *offers.bodies],
        "main": [every, *offers.mains],
        "channel": [every, *channels()],
    }
    return [
        {"name": name, "label": labels[name], "options": given, "value": asked.given.get(name, "")}
        for name, given in lists.items()
    ]


def _chips(asked: Asked, offers: Choices) -> list[dict[str, str]]:
    said = {
        "territory": dict(offers.territories) | dict(offers.names),
        "body": dict(offers.bodies),
        "channel": dict(channels()),
    }
    labels = filter_labels() | {"q": _("搜索")}
    return [
        {
            "label": f"{labels[name]}：{said.get(name, {}).get(value, value)}",
            "href": f"?{Asked(asked.queue, {k: v for k, v in asked.given.items() if k != name}, '', None, asked.zoom).query()}",
        }
        for name, value in asked.given.items()
    ]


def _views(desk: Desk, asked: Asked) -> list[dict[str, Any]]:
    here = Asked(asked.queue, asked.given, "", None, asked.zoom).query(zoom=None)
    found = SavedView.objects.filter(user=desk.actor.user).order_by("name").values_list("pk", "name", "query")
    return [{"key": key, "name": name, "query": query, "here": query == here} for key, name, query in found]


def _bulk(desk: Desk, queue: Queue) -> list[dict[str, str]]:
    """Return the moves that the actor may make with many cases of a queue at once."""
    stage = stage_of(queue)
    if stage is None:
        return []
    moves = [move for move in bulk_moves(stage) if desk.actor.may(right(move.verb))]
    return [{"verb": move.verb.value, "label": str(move.verb.label)} for move in moves if move.to is not None]


def _look(look: ListLook) -> dict[str, Any]:
    return {
        "density": look.density,
        "densities": [(one, density_labels()[one], one == look.density) for one in DENSITIES],
        "sizes": [(one, one == look.size) for one in SIZES],
        "columns": [(one, column_labels()[one], one in look.columns) for one in COLUMNS],
    }


def empty_words(queue: Queue, *, narrowed: bool) -> dict[str, str]:
    """Return what an empty queue says: what would come here and from whom, or how to see more."""
    if narrowed:
        return {"title": _("没有符合条件的案件"), "text": _("去掉一两个条件，或换个队列看看。")}
    told = {
        Queue.REPORTED: _("有人上报，案件就来这里等您立案或不予立案。"),
        Queue.PRE_CHECK: _("受理员发来核实的案件会在这里等您到现场看。"),
        Queue.FILED: _("立案之后，案件在这里等您派给责任单位。"),
        Queue.RETURNED: _("单位退回来的案件会在这里等您改派。"),
        Queue.ARBITRATION: _("退单次数到了上限的案件，在这里等您裁定归谁。"),
        Queue.DISPATCHED: _("派给本单位的案件会在这里等您接单。"),
        Queue.HANDLING: _("接了单的案件在这里，直到传上整改后的照片。"),
        Queue.REVIEW: _("处置人员报完成的案件，在这里等单位初审。"),
        Queue.CHECKING: _("单位报完成的案件，在这里等您核查；您经手处置的不会出现。"),
        Queue.TO_CLOSE: _("核查通过的案件在这里等您结案；您经手处置的不会出现。"),
        Queue.REQUESTS: _("单位申请延期或挂账，会在这里等您批。"),
        Queue.SUSPENDED: _("挂账的案件都列在这里，到期自动恢复。"),
        Queue.SUPERVISED: _("被督办、还没有办结的案件列在这里。"),
        Queue.OVERDUE: _("没有超期的案件，很好。"),
        Queue.MINE: _("指派给您个人的案件会在这里。"),
        Queue.OPEN: _("其他平台还没有办结的案件列在这里。"),
    }
    return {"title": _("“%(queue)s”空了") % {"queue": queue.label}, "text": told[queue]}


__all__ = ["empty_words", "list_pane", "open_queue"]
