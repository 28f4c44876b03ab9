"""Both sides of a disagreement in words: what they say and since which file, what we have and by which move, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.phrases import in_language
from xiuhua.cases.policies import may
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Flow, Verb
from xiuhua.exchange.models import Disagreement
from xiuhua.exchange.reconciling import KEYED, Value, names_of, offers_for, ours_now, value_of
from xiuhua.exchange.rules.disagreements import BY_RECORD, KEEP, Offer
from xiuhua.exchange.words import Kind
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Actor
from xiuhua.privacy.rules import mask
from xiuhua.responsibility.queries import role_names
from xiuhua.responsibility.rules.roles import holders
from xiuhua.ui.formats import NONE, moment
from xiuhua.web.desk.office import now

Names = dict[tuple[Kind, int], str]
Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody tried with one row, and why it was refused: the row keeps it."""

    key: int
    error: str
    reason: str = ""
    note: str = ""
    keeping: bool = False


def way_label(how: str) -> str:
    """Return what a way of settling is called."""
    return _("保留我们的") if how == KEEP else str(Verb(how).label)


def rows_of(tenant: Tenant, rows: Sequence[Disagreement], actor: Actor, sent: Sent | None) -> list[dict[str, Any]]:
    """Return rows as the page shows them. Eight queries at most, however many rows."""
    offers, names, moves = offers_for(rows), names_of(tenant, rows), _last_moves(rows)
    flow = shelf_of(tenant).flow
    found = []
    for one in rows:
        case = one.case
        found.append(
            {
                "key": one.pk,
                "version": case.version,
                "number": case.number,
                "href": reverse("desk:case", args=[case.pk]),
                "title": mask(case.title, known=(case.number,)) or str(case.case_class or ""),
                "beside": _beside(case),
                "kind": str(Kind(one.kind).label),
                "source": one.source.name,
                "theirs": theirs_words(tenant, one, names),
                "said": said_words(one),
                "said_at": (one.record.batch if one.record else one.batch).applied_at,
                "batch": one.record.batch_id if one.record else one.batch_id,
                "ours": ours_words(tenant, one, names),
                "did": str(Verb(moves[case.pk].verb).label) if case.pk in moves else "",
                "did_at": moves[case.pk].at if case.pk in moves else None,
                **_ways(one, offers[one.pk], actor, flow),
                "sent": sent if sent and sent.key == one.pk else None,
            }
        )
    return found


def _beside(case: Case) -> list[str]:
    """Return what tells one case from another, beside its title."""
    parts = (str(part) for part in (case.case_class, case.address, case.body) if part)
    return [mask(part) for part in parts if part != case.title]


def _last_moves(rows: Sequence[Disagreement]) -> dict[int, CaseMove]:
    """Return the last move that stands of each case, remarks aside. One query."""
    moves = CaseMove.objects.filter(case__in={one.case_id for one in rows}, undone=False).exclude(verb=Verb.COMMENT)
    return {move.case_id: move for move in moves.order_by("version")}


def theirs_words(tenant: Tenant, one: Disagreement, names: Names) -> str:
    """Return what they say."""
    if one.kind == Kind.VANISHED:
        return _("不在最新的文件里")
    return _words(tenant, one, value_of(one), names)


def ours_words(tenant: Tenant, one: Disagreement, names: Names) -> str:
    """Return what our case says now."""
    return _words(tenant, one, ours_now(one), names)


def _words(tenant: Tenant, one: Disagreement, value: Value, names: Names) -> str:
    if value is None or value == "":
        return NONE
    if isinstance(value, datetime):
        zone = zone_of(tenant)
        return moment(value, zone, get_language(), this_year=now().astimezone(zone).year)
    if one.kind in KEYED and isinstance(value, int):
        return names.get((Kind(one.kind), value), NONE)
    return str(Stage(str(value)).label)


def said_words(one: Disagreement) -> str:
    """Return where they say it."""
    if one.record is None or one.kind == Kind.VANISHED:
        return _("批次 %(batch)s") % {"batch": one.batch_id}
    return _("批次 %(batch)s 第 %(row)s 行") % {"batch": one.record.batch_id, "row": one.record.row}


def _ways(one: Disagreement, offers: Sequence[Offer], actor: Actor, flow: Flow | None) -> dict[str, Any]:
    """Return the buttons that the actor's posts allow, and for the others whose they are."""
    ways: list[dict[str, Any]] = []
    others: list[str] = []
    if flow is None:  # an office that moves no cases has nothing to settle them with
        return {"ways": ways, "others": others, "keep": None, "stuck": False}
    for offer in offers:
        label = way_label(offer.how)
        if not may(actor, offer.right, one.case):
            roles = _("、").join(role_names(holders(offer.right)))
            others.append(_("%(verb)s：%(roles)s") % {"verb": label, "roles": roles})
        elif offer.how != KEEP:
            ways.append({"how": offer.how, "label": label, "reasons": asked_reasons(flow, offer.how)})
    kept = any(offer.how == KEEP and may(actor, offer.right, one.case) for offer in offers)
    stuck = all(offer.how == KEEP for offer in offers)
    return {"ways": ways, "others": others, "keep": reasons(flow, KEEP) if kept else None, "stuck": stuck and kept}


def reasons(flow: Flow | None, how: str) -> Options:
    """Return the office's reasons for a way of settling."""
    return [(code, in_language(titles)) for code, titles in flow.reasons.get(how, ())] if flow else []


def asked_reasons(flow: Flow | None, how: str) -> Options:
    """Return the reasons that have to be asked for: none where the flow has one that follows the platform."""
    found = reasons(flow, how)
    return [] if BY_RECORD in dict(found) else found


def case_lines(tenant: Tenant, rows: Sequence[Disagreement]) -> list[str]:
    """Return, for the page of a case, what they say and what we have, in one sentence each."""
    names = names_of(tenant, rows)
    said = _("%(kind)s：%(source)s说“%(theirs)s”，我们是“%(ours)s”。")
    return [
        said
        % {
            "kind": Kind(one.kind).label,
            "source": one.source.name,
            "theirs": theirs_words(tenant, one, names),
            "ours": ours_words(tenant, one, names),
        }
        for one in rows
    ]
