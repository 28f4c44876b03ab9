"""The door to reconciliation: what platforms say and what we have, side by side, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.cases.queries import choices
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.exchange.models import Disagreement
from xiuhua.exchange.reconciling import Narrowing, counts, listed, narrowed, sources, standing
from xiuhua.exchange.rules.disagreements import KEEP, ways
from xiuhua.exchange.words import Kind
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period, PeriodMalformed
from xiuhua.kernel.words import Actor
from xiuhua.tables.writing import Sheet
from xiuhua.web.desk.downloads import buttons, form_in
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.reconcile_side import Sent, rows_of, way_label
from xiuhua.web.desk.sheets import download

PAGE = 50
#: Filters that stand in the address, in the order in which they are shown; the last two are set by links.
PARAMETERS = ("source", "body", "main", "month", "batch", "case")
#: Where the way back of a settlement waits for the next page.
UNDO = "reconcile_undo"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    kind: Kind | None
    given: Mapping[str, str]
    after: int | None

    def query(self, **changes: str | int | None) -> str:
        """Return the parameters of the address with `changes`; None leaves one out."""
        said: dict[str, str | int | None] = {"kind": self.kind.value if self.kind else None, **self.given}
        return urlencode({name: value for name, value in (said | changes).items() if value not in {None, ""}})


def asked_in(sent: Mapping[str, str]) -> Asked:
    """Return what parameters ask for; what means nothing is left out."""
    kind = sent.get("kind", "")
    given = {name: sent[name] for name in PARAMETERS if sent.get(name)}
    return Asked(Kind(kind) if kind in Kind.values else None, given, whole(sent.get("after")))


def narrowing(tenant: Tenant, given: Mapping[str, str]) -> Narrowing:
    """Return the filter that these parameters mean; an unreadable month narrows nothing."""
    since = before = None
    try:
        period, zone = Period.parse(given.get("month", "")), zone_of(tenant)
        since, before = period.start(zone), period.end(zone)
    except PeriodMalformed:
        pass
    batch, case = whole(given.get("batch")), whole(given.get("case"))
    return Narrowing(given.get("source", ""), given.get("body", ""), given.get("main", ""), since, before, batch, case)


@require_safe
def reconcile(request: HttpRequest) -> HttpResponse:
    """Show the queue, one kind or all, fifty at a time."""
    return shown(request, asked_in(request.GET))


def shown(request: HttpRequest, asked: Asked, sent: Sent | None = None, status: int = 200) -> HttpResponse:
    """Return the page; `sent` is what somebody has just tried with one of its rows. About a dozen queries."""
    tenant, actor = office(request), person(request)
    found = narrowed(standing(tenant, actor), narrowing(tenant, asked.given))
    numbers = counts(found)
    total = numbers[asked.kind] if asked.kind else sum(numbers.values())
    rows = listed(found.filter(kind=asked.kind) if asked.kind else found, after=asked.after, limit=PAGE + 1)
    shown_rows = rows[:PAGE]
    context: dict[str, Any] = {
        "section": "reconcile",
        "asked": asked,
        "tabs": _tabs(asked, numbers),
        "total": total,
        "rows": rows_of(tenant, shown_rows, actor, sent),
        "bulk": _bulk(asked.kind) if total else [],
        "filters": _filters(tenant, asked),
        "chips": _chips(asked),
        "next_href": f"?{asked.query(after=shown_rows[-1].pk)}" if len(rows) > PAGE else "",
        "first_href": f"?{asked.query()}" if asked.after else "",
        "files": buttons("desk:reconcile-table", dict(parse_qsl(asked.query()))),
        "undo": _undo(request),
        "flow": shelf_of(tenant).flow is not None,
        "ever": bool(total) or Disagreement.objects.filter(tenant=tenant).exists(),
    }
    return render(request, "web/reconcile.html", context, status=status)


def _tabs(asked: Asked, numbers: Mapping[Kind, int]) -> list[dict[str, Any]]:
    """Return the kinds of which there is something, and the one that is open."""
    every = {"label": _("全部"), "count": sum(numbers.values()), "href": f"?{asked.query(kind=None)}"}
    found = [every | {"here": asked.kind is None}]
    found += [
        {"label": str(kind.label), "count": n, "href": f"?{asked.query(kind=kind.value)}", "here": kind == asked.kind}
        for kind, n in numbers.items()
        if n or kind == asked.kind
    ]
    return found


def _bulk(kind: Kind | None) -> list[tuple[str, str]]:
    """Return the ways in which many of one kind can be settled at once."""
    if kind is None:
        return []
    return [(how, way_label(how)) for how in (*(verb.value for verb in ways(kind)), KEEP)]


def _filters(tenant: Tenant, asked: Asked) -> dict[str, Any]:
    offered, every = choices(tenant), ("", _("全部"))
    return {
        "source": [every, *sources(tenant)],
        "body": [every, *offered.bodies],
        "main": [every, *((name, name) for name in offered.main_classes)],
        "given": asked.given,
        "kind": asked.kind.value if asked.kind else "",
    }


def _chips(asked: Asked) -> list[dict[str, str]]:
    """Return what only a link can have narrowed, with the address that takes it off."""
    said = {"batch": _("导入批次 %(value)s"), "case": _("一件案件")}
    return [
        {"label": text % {"value": asked.given[name]}, "href": f"?{asked.query(**{name: None})}"}
        for name, text in said.items()
        if name in asked.given
    ]


def _undo(request: HttpRequest) -> dict[str, Any] | None:
    """Return the way back of the last settlement, for as long as it is open."""
    kept: dict[str, Any] = request.session.get(UNDO) or {"until": 0}
    left = int(kept["until"] - now().timestamp())
    return {**kept, "seconds": left} if left > 0 else None


@require_safe
def table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Return the queue, as it is narrowed, as a file to keep."""
    wanted = form_in(form)
    tenant, actor, asked = office(request), person(request), asked_in(request.GET)
    found = narrowed(standing(tenant, actor), narrowing(tenant, asked.given))
    rows = listed(found.filter(kind=asked.kind) if asked.kind else found)
    heads = (_("案号"), _("哪里不一样"), _("来源"), _("平台说"), _("我们有"), _("批次"), _("行"), _("发现"))
    widths = (22, 18, 16, 22, 22, 8, 8, 17, 20, 16)
    sheet = Sheet(_("对账"), [*heads, _("责任单位"), _("类别")], _cells(tenant, rows, actor), widths)
    return download(_("对账"), sheet, wanted)


def _cells(tenant: Tenant, rows: Sequence[Disagreement], actor: Actor) -> list[list[str]]:
    zone = zone_of(tenant)
    found = []
    for told, one in zip(rows_of(tenant, rows, actor, None), rows, strict=True):
        when = f"{one.found_at.astimezone(zone):%Y-%m-%d %H:%M}"
        row = str(one.record.row) if one.record else ""
        sides = [told["theirs"], told["ours"], str(one.batch_id), row, when]
        case = one.case
        found.append(
            [case.number, told["kind"], one.source.name, *sides, str(case.body or ""), str(case.case_class or "")]
        )
    return found
