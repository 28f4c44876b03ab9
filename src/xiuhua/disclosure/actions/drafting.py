"""Beginning a bulletin from a month that has been assessed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from xiuhua.cases.facts import MEASURES
from xiuhua.disclosure.actions.guards import WRITE, NoRight, add_version, told
from xiuhua.disclosure.bulletin import Draft, NumberField, Said, where_stored
from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.queries.templates import template_of
from xiuhua.disclosure.queries.told import told_of
from xiuhua.disclosure.rules.drafting import draft
from xiuhua.disclosure.words import Told
from xiuhua.insight.phrases import sentence
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.rules.rights import holds

#: An official document is written in Chinese, whatever language its author reads.
LANGUAGE = "zh-hans"
#: Sentences of the analysis about the whole office that a draft takes over, at most.
SENTENCES = 6


def draft_bulletin(
    tenant: Tenant,
    period: Period,
    *,
    scheme: str,
    by_level: str,
    by: Actor,
    at: datetime,
    month_by: str = "due",
) -> Bulletin:
    """Begin the bulletin of a month and return it; its numbers are those of the month as assessed now, for good.

    Raises NoRight, NotAssessed, SnapshotGone, LabelsUnknown, TemplateUnknown.
    """
    if not holds(by, WRITE):
        raise NoRight
    month, begun = begin(tenant, period, scheme=scheme, by_level=by_level, month_by=month_by)
    return write_draft(tenant, month, begun, by=by, at=at)


def begin(tenant: Tenant, period: Period, *, scheme: str, by_level: str, month_by: str) -> tuple[Told, Draft]:
    """Return what a month tells in Chinese, and the draft made of it. Raises what told_of and template_of raise."""
    with translation.override(LANGUAGE):
        month = told_of(tenant, period, scheme=scheme, by=by_level, month_by=month_by)
        titles = {name: (str(one.title), str(one.unit)) for name, one in MEASURES.items()}
        about = [one for one in month.sayings if not one.subject][:SENTENCES]
        said = [Said(sentence(one), one.count, one.where) for one in about]
        return month, draft(month, template_of(tenant), titles, said)


def write_draft(tenant: Tenant, month: Told, begun: Draft, *, by: Actor, at: datetime) -> Bulletin:
    """Write a draft as the first version of a new bulletin, and return it."""
    with transaction.atomic():
        made = Bulletin.objects.create(
            tenant=tenant,
            period=month.period,
            title=begun.title,
            scheme=month.view.scheme,
            by=month.view.by,
            month_by=month.view.month_by,
            snapshot=month.view.snapshot,
            sheet=month.view.digest,
            fields=[field_stored(one) for one in begun.fields],
            made_at=at,
        )
        version = add_version(made, begun.title, begun.blocks, by=by, at=at)
        told("draft", made, by=by, at=at, after=version.digest, sheet=made.sheet)
    return made


def field_stored(field: NumberField) -> dict[str, Any]:
    """Return a number as it is kept with a bulletin."""
    return {
        "name": field.name,
        "title": field.title,
        "value": field.value,
        "unit": field.unit,
        "words": list(field.words),
        "where": where_stored(field.where),
    }
