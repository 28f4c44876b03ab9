"""The page of one case: what, where, who, by when, proof; its story; what is asked, suspended, supervised; both records."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.cases.actions.evidence import ADD
from xiuhua.cases.models import Case, Report
from xiuhua.cases.policies import clear_kinds, may, sees, sees_reporters
from xiuhua.cases.queries import case_of
from xiuhua.cases.queries.dossier import Dossier, dossier
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.queries.story import told
from xiuhua.cases.queries.texts import texts_of
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.exchange.queries import records_of_case
from xiuhua.exchange.reconciling import of_case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Actor
from xiuhua.privacy.rules import Sight
from xiuhua.privacy.words import Kind
from xiuhua.ui.formats import NONE
from xiuhua.web.desk.casebuttons import buttons_of
from xiuhua.web.desk.casefacts import asked, clock, five, lost_words, paused, tellers
from xiuhua.web.desk.evidence import shown
from xiuhua.web.desk.maps import place_of
from xiuhua.web.desk.moveforms import PHOTOS
from xiuhua.web.desk.moving import offered_undo, visible_case
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.reconcile_side import case_lines
from xiuhua.web.desk.rulings import said_of
from xiuhua.web.desk.telling import story_lines


@require_safe
def case_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show one case to whoever may see it."""
    return shown_case(request, visible_case(office(request), key, person(request)))


def shown_case(
    request: HttpRequest, case: Case, *, revealed: Report | None = None, sight: Sight | None = None
) -> HttpResponse:
    """Return the page of a case; `revealed` is the report whose sender is shown whole, `sight` how texts are, this once."""
    tenant, actor = case.tenant, person(request)
    case = case_of(tenant, case.pk) or case
    records = records_of_case(case)
    for record in records:
        record.cells = json.loads(record.content).items()  # type: ignore[attr-defined]
    held, own = dossier(case, actor), not records
    seen = sight or Sight(known=(case.number,))
    said = said_of(tenant, case, zone_of(tenant)) if tenant.zone else {"ruling": None, "why_due": None, "whose": None}
    context: dict[str, Any] = {
        "case": case,
        "sight": seen,
        "may_clear": sight is None and _may_clear(case, actor, [record.content for record in records]),
        "cleared": sight is not None,
        "heading": seen.of(_heading(case)),
        "facts": five(tenant, case, said, held, own=own, sight=seen),
        **said,
        "own_life": own,
        "own": _own(tenant, case),
        "records": records,
        "contrary": case_lines(tenant, of_case(case, actor)) if records else [],
        "place": place_of(tenant, case),
        "duty_href": _duty_href(tenant, case),
        "buttons": buttons_of(case, actor),
        "undo": offered_undo(case, actor),
        "requests": asked(held, shelf_of(tenant).flow),
        "pauses": paused(held, shelf_of(tenant).flow),
        "supervisions": held.supervisions,
        "tellers": tellers(case, held, reporters=sees_reporters(actor, case), revealed=revealed, sight=seen),
        "merged_into": _other(case.merged_into, actor),
        "parent": _other(case.parent, actor),
        "children": held.children,
        "lost": lost_words(case),
        **_pictures(case, held, actor),
        **_told(case, held, actor, seen, [f"batch:{key}" for key in sorted({one.batch_id for one in records})]),
    }
    return render(request, "web/case.html", context)


def _may_clear(case: Case, actor: Actor, records: list[str]) -> bool:
    """Return whether a look at the texts as they were written would show the actor more than he sees. Four queries."""
    kinds = clear_kinds(actor, case)
    more = Sight(known=(case.number,), spared=frozenset(Kind) - kinds)
    return bool(kinds) and any(more.hides(text) for text in (*texts_of(case).values(), *records))


def _heading(case: Case) -> str:
    what = case.title or str(case.case_class or case.number)
    return _("，").join(filter(None, (what, case.address)))


def _other(other: Case | None, actor: Actor) -> Case | None:
    return other if other is not None and sees(actor, other) else None


def _pictures(case: Case, held: Dossier, actor: Actor) -> dict[str, Any]:
    """Return the pair of before and after, all other photos, and the form that takes more."""
    pair = [held.newest(EvidenceKind.BEFORE), held.newest(EvidenceKind.AFTER)]
    chosen = [one for one in pair if one is not None]
    rest = [one for one in held.photos if one not in chosen]
    params = iter(shown(case, chosen, actor))
    before, after = (next(params) if one is not None else None for one in pair)
    empty = {"src": "", "alt": _("还没有整改前的照片"), "title": str(EvidenceKind.BEFORE.label)}
    open_ = {"src": "", "alt": _("还没有整改后的照片"), "title": str(EvidenceKind.AFTER.label)}
    return {
        "before": before or empty,
        "after": after or open_,
        "paired": bool(held.photos),
        "photos": shown(case, rest, actor),
        "may_add": may(actor, ADD, case),
        "kinds": [(str(kind), str(kind.label)) for kind in EvidenceKind],
        "photo_types": PHOTOS,
        "client_uuid": str(uuid4()),
    }


def _told(case: Case, held: Dossier, actor: Actor, sight: Sight, batches: list[str]) -> dict[str, Any]:
    """Return the story: every ledger line as a sentence, and what holds them together."""
    tenant = case.tenant
    also = [*batches, *(f"report:{one.client_uuid}" for one in held.reports if one.case_id == case.pk)]
    tales = told(case, reporters=sees_reporters(actor, case), also=also)
    zone = zone_of(tenant) if tenant.zone else ZoneInfo("UTC")
    lines = story_lines(tales, shelf_of(tenant).flow, zone, now().astimezone(zone).year, sight)
    if not any(tale.line.verb == "case.report" for tale in tales):  # a platform told us, in its own times
        lines += _imported(case, sight)
    sealed = [tale.line for tale in tales if tale.line.hash]
    foot = _("%(count)s 条台账记录已入链，末条 %(hash)s。")
    return {
        "story": sorted(lines, key=lambda one: one["at"]),
        "this_year": now().astimezone(zone).year,
        "story_foot": foot % {"count": len(sealed), "hash": sealed[-1].hash[:12]} if sealed else "",
    }


def _imported(case: Case, sight: Sight) -> list[dict[str, Any]]:
    text = sight.of(case.title)
    found = [{"at": case.reported_at, "title": _("上报"), "text": text, "who": case.channel, "kind": "strong"}]
    if case.closed_at and case.mirrored:
        found.append(
            {"at": case.closed_at, "title": _("结案"), "text": "", "who": str(case.body or ""), "kind": "done"}
        )
    return found


def _own(tenant: Tenant, case: Case) -> list[tuple[str, Any]]:
    """Return our own record, field by field."""
    where = (
        f"{case.longitude:.6f}, {case.latitude:.6f}"
        if case.longitude is not None and case.latitude is not None
        else NONE
    )
    return [
        (_("案号"), case.number),
        (_("状态"), case.get_stage_display()),
        (_("上报"), clock(tenant, case.reported_at)),
        (_("立案"), clock(tenant, case.filed_at)),
        (_("派遣"), clock(tenant, case.dispatched_at)),
        (_("处置完成"), clock(tenant, case.disposed_at)),
        (_("截止"), clock(tenant, case.due_at)),
        (_("结案"), clock(tenant, case.closed_at)),
        (_("经纬度（WGS-84）"), where),
    ]


def _duty_href(tenant: Tenant, case: Case) -> str:
    """Return the address that asks whose this case is by the duty matrix; "" where its class or place is not known."""
    if case.case_class is None or (case.longitude is None and case.territory is None) or not tenant.zone:
        return ""
    place = {"lon": case.longitude, "lat": case.latitude} if case.longitude is not None else {}
    asked_of = {
        "class": case.case_class.key,
        "territory": case.territory.code if case.territory else "",
        **place,
        "day": case.reported_at.astimezone(zone_of(tenant)).date().isoformat(),
    }
    return f"{reverse('desk:duty-who')}?{urlencode({name: value for name, value in asked_of.items() if value})}"
