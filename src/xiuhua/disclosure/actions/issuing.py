"""Issuing a bulletin under its number, and beginning the one that corrects it."""

from __future__ import annotations

from datetime import datetime
from threading import RLock

from django.db import transaction
from django.db.models import Max

from xiuhua.disclosure.actions.approving import check_fit
from xiuhua.disclosure.actions.drafting import field_stored, month_and_draft
from xiuhua.disclosure.actions.guards import ISSUE, WRITE, add_version, announce, opened, told
from xiuhua.disclosure.actions.keeping import forms_of, keep_forms
from xiuhua.disclosure.bulletin import Block, BlockKind, BulletinState
from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.queries.bulletins import blocks_of, standing_of, version_of
from xiuhua.disclosure.queries.labels import labels_of
from xiuhua.disclosure.queries.papers import paper_of
from xiuhua.disclosure.queries.templates import template_of
from xiuhua.disclosure.rules.approval import next_step
from xiuhua.kernel.actions import one_at_a_time
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor, Refusal, marked

#: Whose turn it is to issue in this process: who waits does not set files for a number that another is about to take.
_TURN = RLock()


class StepsOpen(Refusal):
    """Not every step of the present text has been passed."""

    code = "bulletin.steps_open"
    sentence = marked("“%(step)s”还没有审，不能发出。")


def issue(tenant: Tenant, key: int, *, seen: int, by: Actor, at: datetime) -> Bulletin:
    """Issue a bulletin that has passed all its steps, under the next number of the year, and return it.

    Numbers are unique and without gaps in each office and year (of the office's civil time): they are given under a
    lock, in the transaction that issues. Its files are made before that for the number that comes next, so that nobody
    else waits for the typesetter, and made again if another process took it; they are kept in the same transaction.
    Afterwards nothing of it changes any more. Raises NoRight, NotNow, Stale, StepsOpen, Unfit, what told_of raises, NoRoom.
    """
    with _TURN:
        return _given(tenant, key, seen, by, at)


def _given(tenant: Tenant, key: int, seen: int, by: Actor, at: datetime) -> Bulletin:
    with transaction.atomic():
        bulletin, _digest = _ready(tenant, key, seen, by)
    number = _next_number(tenant, at)
    while True:
        made = forms_of(paper_of(_numbered(tenant, bulletin, number, at)))
        with transaction.atomic():
            bulletin, digest = _ready(tenant, key, seen, by)
            one_at_a_time(f"bulletin-number:{tenant.pk}:{number[0]}")
            free = _next_number(tenant, at)
            if free == number:
                _numbered(tenant, bulletin, number, at)
                bulletin.save(update_fields=["number_year", "number_seq", "number", "state", "issued_at"])
                files = keep_forms(bulletin, made, by=by, at=at)
                told("issue", bulletin, by=by, at=at, after=digest, number=bulletin.number, files=files)
                announce("issue", bulletin, by=by, at=at)
                return bulletin
        number = free


def _ready(tenant: Tenant, key: int, seen: int, by: Actor) -> tuple[Bulletin, str]:
    """Return a bulletin, locked, that may be issued now, and the digest of its text."""
    bulletin = opened(tenant, key, "issue", ISSUE, by=by, version=seen)
    standing = standing_of(bulletin)
    open_step = next_step(standing.steps, standing.taken)
    if open_step is not None:  # the state alone is not believed
        raise StepsOpen(step=open_step.title.zh)
    check_fit(standing)
    return bulletin, standing.version.digest


def _next_number(tenant: Tenant, at: datetime) -> tuple[int, int]:
    """Return the year at a moment, and the next number in it."""
    year = at.astimezone(zone_of(tenant)).year
    last = Bulletin.objects.filter(tenant=tenant, number_year=year).aggregate(last=Max("number_seq"))["last"]
    return year, (last or 0) + 1


def _numbered(tenant: Tenant, bulletin: Bulletin, number: tuple[int, int], at: datetime) -> Bulletin:
    """Return the bulletin as it is once it is issued, not saved."""
    bulletin.number_year, bulletin.number_seq = number
    bulletin.number = number_text(tenant, *number)
    bulletin.state, bulletin.issued_at = BulletinState.ISSUED, at
    return bulletin


def number_text(tenant: Tenant, year: int, seq: int) -> str:
    """Return the number of a document by the office's pattern, as "〔2026〕3号". Raises LabelsUnknown, LabelsFaulty."""
    places = {"office": tenant.name, "year": str(year), "month": "", "number": str(seq), "level": ""}
    return labels_of(tenant).number.zh.format(**places)


def correct(tenant: Tenant, key: int, *, by: Actor, at: datetime) -> Bulletin:
    """Begin the bulletin that corrects an issued one, and return it: the old text, and a first paragraph that names it.

    Its numbers are those of the month as assessed now; the old one stays as it is. Raises NoRight, NotNow, and what
    draft_bulletin raises.
    """
    with transaction.atomic():
        old = opened(tenant, key, "correct", WRITE, by=by)
        before, places = version_of(old), {"number": old.number}
        head, opening = template_of(tenant).correction
        title = _put(head, title=before.title, **places)
        month, begun = month_and_draft(
            tenant, Period.parse(old.period), scheme=old.scheme, by_level=old.by, month_by=old.month_by
        )
        fields = {one.name: field_stored(one) for one in begun.fields}
        kept = {one["name"]: one for one in old.fields}
        made = Bulletin.objects.create(
            tenant=tenant,
            period=old.period,
            kind=old.kind,
            title=title,
            scheme=old.scheme,
            by=old.by,
            month_by=old.month_by,
            snapshot=month.view.snapshot,
            sheet=month.view.digest,
            fields=list({**kept, **fields}.values()),
            correction_of=old,
            made_at=at,
        )
        first = Block(BlockKind.PARAGRAPH, _put(opening, title=before.title, **places))
        version = add_version(made, title, (first, *blocks_of(before)), by=by, at=at)
        told("correct", made, by=by, at=at, before=before.digest, after=version.digest, corrects=old.number)
    return made


def _put(text: str, **places: str) -> str:
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return text
