"""Cases that go out: the list as its page shows it, our own exchange table, and the lists above single cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from xiuhua.cases.models import Case, Suspension
from xiuhua.cases.phrases import reason_words
from xiuhua.cases.queries import DEFAULT_SORT, SORTS, exported, filtered
from xiuhua.cases.queries.dossier import granted_by, requests_waiting, supervised_now, suspended_now
from xiuhua.cases.queries.lists import filter_of
from xiuhua.cases.queries.queues import Narrowed, narrowed, queue_page, waiting
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.words.moves import RequestKind, Verb
from xiuhua.cases.words.queues import Queue
from xiuhua.exchange import own
from xiuhua.exchange.lists.words import Asked, Head, Listing, ListKind
from xiuhua.kernel.models import Tenant
from xiuhua.tables.writing import Cell
from xiuhua.territory.queries import family, options

#: Rows that are read together.
CHUNK = 2000
LABELS = {
    "q": noop("案号、标题、地址"),
    "month": noop("上报月份"),
    "stage": noop("状态"),
    "territory": noop("地域"),
    "main": noop("大类"),
    "sub": noop("小类"),
    "body": noop("责任单位"),
    "unplaced": noop("未落图"),
    "undetermined": noop("时间"),
}
QUEUED = {name: LABELS[name] for name in ("q", "territory", "main", "body")} | {"channel": noop("来源")}


def zone_in(tenant: Tenant) -> ZoneInfo:
    """Return the zone whose clock the times of a file show: the office's, UTC before it has one."""
    return ZoneInfo(tenant.zone) if tenant.zone else ZoneInfo("UTC")


def local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return a moment as the wall clock of a zone shows it, to the second, as spreadsheets take it."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0) if moment else None


def _wanted(asked: Asked) -> Iterator[Case]:
    sort = asked.sort if asked.sort.lstrip("-") in SORTS else DEFAULT_SORT
    return exported(filtered(asked.tenant, filter_of(asked.tenant, asked.given), by=asked.by), sort=sort)


def _cases(asked: Asked) -> Listing:
    heads = (
        Head(_("案号"), 22),
        Head(_("标题"), 20, personal=True),
        Head(_("大类")),
        Head(_("小类"), 16),
        Head(_("地域"), 18),
        Head(_("责任单位"), 20),
        Head(_("来源")),
        Head(_("地址"), 30, personal=True),
        Head(_("上报"), 17),
        Head(_("截止"), 17),
        Head(_("结案"), 17),
        Head(_("状态"), 10),
    )
    names, zone = dict(options(asked.tenant)), zone_in(asked.tenant)
    return Listing(heads, (_case(case, names, zone) for case in _wanted(asked)))


def _case(case: Case, names: dict[str, str], zone: ZoneInfo) -> list[Cell]:
    return [
        case.number,
        case.title,
        str(case.case_class.parent or "") if case.case_class else "",
        str(case.case_class or ""),
        names.get(case.territory.code, case.territory.code) if case.territory else "",
        str(case.body or ""),
        case.channel,
        case.address,
        local(case.reported_at, zone),
        local(case.due_at, zone),
        local(case.closed_at, zone),
        case.get_stage_display(),
    ]


def _queue(asked: Asked) -> Listing:
    """Return a queue of the desk in its order: the longest overdue first."""
    heads = (
        Head(_("案号"), 22),
        Head(_("标题"), 20, personal=True),
        Head(_("小类"), 16),
        Head(_("地域"), 18),
        Head(_("责任单位"), 20),
        Head(_("来源")),
        Head(_("地址"), 30, personal=True),
        Head(_("上报"), 17),
        Head(_("期限"), 17),
        Head(_("状态"), 10),
    )
    return Listing(heads, _waiting(asked))


def _waiting(asked: Asked) -> Iterator[list[Cell]]:
    flow, name = shelf_of(asked.tenant).flow, asked.given.get("queue", "")
    if flow is None or name not in Queue.values:
        return
    queue, given = Queue(name), asked.given
    wanted = Narrowed(
        text=given.get("q", ""),
        territories=family(asked.tenant, given["territory"]) if given.get("territory") else None,
        body=given.get("body", ""),
        main_class=given.get("main", ""),
        channel=given.get("channel", ""),
    )
    cases = narrowed(asked.tenant, waiting(asked.tenant, queue, asked.by, flow, asked.at), queue, wanted)
    names, zone, after = dict(options(asked.tenant)), zone_in(asked.tenant), ""
    while True:
        page = queue_page(cases, queue, size=CHUNK, after=after)
        for case in page.rows:
            yield [
                case.number,
                case.title,
                str(case.case_class or ""),
                names.get(case.territory.code, case.territory.code) if case.territory else "",
                str(case.body or ""),
                case.channel,
                case.address,
                local(case.reported_at, zone),
                local(case.due, zone),
                case.get_stage_display(),
            ]
        after = page.after
        if not after:
            return


def _own(asked: Asked) -> Listing:
    personal = {"title", "description", "address", ""}
    heads = [
        Head(header, width, personal=field in personal and header != "返工次数")
        for (field, header), width in zip(own.COLUMNS, own.WIDTHS, strict=True)
    ]
    return Listing(heads, own.OwnRows(asked.tenant).rows(_wanted(asked)))


def _beside(case: Case) -> list[Cell]:
    return [case.number, case.title or str(case.case_class or ""), case.body.name if case.body else ""]


def _case_heads() -> tuple[Head, ...]:
    return (Head(_("案号"), 22), Head(_("案件"), 22, personal=True), Head(_("责任单位"), 20))


def _suspended(asked: Asked) -> Listing:
    heads = (
        *_case_heads(),
        Head(_("理由"), 24, personal=True),
        Head(_("停表"), 17),
        Head(_("到"), 17),
        Head(_("批准"), personal=True),
    )
    return Listing(heads, _suspensions(asked, suspended_now(asked.tenant, asked.by)))


def _suspensions(asked: Asked, found: QuerySet[Suspension]) -> Iterator[list[Cell]]:
    zone, flow = zone_in(asked.tenant), shelf_of(asked.tenant).flow
    rows = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        granted = granted_by(one.case_id for one in chunk)
        for one in chunk:
            reason = reason_words(flow, Verb.REQUEST_SUSPENSION.value, one.reason)
            times = (local(one.since, zone), local(one.until, zone))
            yield [*_beside(one.case), reason, *times, granted.get(one.case_id, "")]


def _supervised(asked: Asked) -> Listing:
    heads = (
        *_case_heads(),
        Head(_("种类"), 10),
        Head(_("谁督办的"), personal=True),
        Head(_("督办要求"), 30, personal=True),
        Head(_("回复期限"), 17),
        Head(_("回复"), 30, personal=True),
        Head(_("状态"), 10),
    )
    zone = zone_in(asked.tenant)
    rows = (
        [
            *_beside(one.case),
            one.get_kind_display(),
            str(one.by or ""),
            one.demand,
            local(one.due_at, zone),
            one.reply,
            _("已回复") if one.replied_at else _("等回复"),
        ]
        for one in supervised_now(asked.tenant, asked.by).iterator(chunk_size=CHUNK)
    )
    return Listing(heads, rows)


def _requests(asked: Asked) -> Listing:
    heads = (
        *_case_heads(),
        Head(_("申请"), 10),
        Head(_("理由"), 24, personal=True),
        Head(_("谁申请的"), personal=True),
        Head(_("何时"), 17),
        Head(_("现在的期限"), 17),
        Head(_("走到"), 12),
    )
    zone, flow = zone_in(asked.tenant), shelf_of(asked.tenant).flow
    verbs = {RequestKind.EXTENSION.value: Verb.REQUEST_EXTENSION.value}
    rows = (
        [
            *_beside(one.case),
            one.get_kind_display(),
            reason_words(flow, verbs.get(one.kind, Verb.REQUEST_SUSPENSION.value), one.reason),
            str(one.asked_by or ""),
            local(one.asked_at, zone),
            local(one.due_before, zone),
            one.get_state_display(),
        ]
        for one in requests_waiting(asked.tenant, asked.by).iterator(chunk_size=CHUNK)
    )
    return Listing(heads, rows)


KINDS = (
    ListKind("cases", noop("案件"), "case.see", _cases, LABELS, personal=True),
    ListKind("queue", noop("工作台"), "case.see", _queue, {"queue": noop("队列"), **QUEUED}, personal=True),
    ListKind("own", noop("案件交换表"), "case.see", _own, LABELS, personal=True),
    ListKind("suspended", noop("挂账公示"), "case.see", _suspended, personal=True),
    ListKind("supervised", noop("督办"), "case.see", _supervised, personal=True),
    ListKind("requests", noop("待决定的申请"), "case.see", _requests, personal=True),
)
