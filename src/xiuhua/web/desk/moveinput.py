"""What was sent with a form of a move, read: every answer typed, every photo on the disk before anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from xiuhua.cases.actions import add_evidence
from xiuhua.cases.models import Case
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words.moves import EvidenceKind, Given, Need, Verb
from xiuhua.files.actions import store_photo
from xiuhua.files.words import FileRefused
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Actor
from xiuhua.web.desk.moveforms import REPLY_INTO, TEXTS
from xiuhua.web.desk.office import now, office, whole

#: Photos that one form may bring at once; more of them come with the next one.
MOST_PHOTOS = 12
#: What the photos of a move show.
SHOWING = {
    Verb.RECTIFY: EvidenceKind.AFTER,
    Verb.FIX_ON_SPOT: EvidenceKind.AFTER,
    Verb.CONFIRM: EvidenceKind.CHECK,
    Verb.PASS_CHECK: EvidenceKind.CHECK,
    Verb.FAIL_CHECK: EvidenceKind.CHECK,
    Verb.REWORK: EvidenceKind.CHECK,
}
#: Answers that are taken as they were written.
_TEXTS = ("note", "remedy", "reason", "target", "demand", "kind")
_FINDINGS = {"yes": True, "no": False}
Errors = dict[str, str]


def given_of(
    request: HttpRequest, verb: Verb, case: Case | None = None, photos: Sequence[int] = ()
) -> tuple[Given, Errors]:
    """Return what was sent for a move, and what of it cannot be read, as sentences by the name of the field.

    `photos` are the keys that `keep_photos` returned. Without `case` every sent field of a correction counts as a change.
    """
    sent = request.POST
    given, errors = answers_in(sent, zone_of(office(request)))
    into = REPLY_INTO.get(verb, Need.NOTE).value
    more: dict[str, Any] = {into: getattr(given, into) or sent.get("reply", "").strip()}
    changes = _changes(sent, case, errors) if Need.CHANGES in MOVES[verb].needs else {}
    return replace(given, photos=tuple(photos), changes=changes, **more), errors


def answers_in(sent: Mapping[str, str], zone: ZoneInfo) -> tuple[Given, Errors]:
    """Return the plain answers of a form of moves, whichever they are, and what of them cannot be read.

    Moments without a zone are those of `zone`. Photos, standard replies and corrections are read by `given_of`.
    """
    errors = Errors()
    texts: dict[str, Any] = {name: sent.get(name, "").strip() for name in _TEXTS}
    given = Given(
        body=_key(sent, "body", errors),
        person=_key(sent, "person", errors),
        condition=_key(sent, "condition", errors),
        **texts,
        due_at=_read(sent, "deadline", lambda text: _moment(text, zone), errors),
        finding=_FINDINGS.get(sent.get("finding", "")),
        until=_read(sent, "until", date.fromisoformat, errors),
    )
    return given, errors


def keep_photos(
    request: HttpRequest, tenant: Tenant, case: Case | None, kind: EvidenceKind, *, by: Actor, number: UUID
) -> tuple[list[int], str]:
    """Put the uploaded photos with the case (without one, with the report to come under `number`) and return the keys of all that the form holds, and what was wrong, as a sentence.

    What is stored stays stored, whatever else is wrong with the form: nobody chooses a photo twice.
    """
    held = [key for text in request.POST.getlist("photos") if (key := whole(text)) is not None]
    wrong: list[str] = []
    for sent in request.FILES.getlist("photo")[:MOST_PHOTOS]:
        try:
            file = store_photo(tenant, cast("BinaryIO", sent), name=sent.name or "", by=by, at=now())
        except FileRefused as refusal:
            wrong.append(f"{sent.name}：{refusal}")
            continue
        key_of_case = case.pk if case else None
        held.append(add_evidence(tenant, file, client_uuid=number, kind=kind, by=by, at=now(), key=key_of_case).pk)
    return list(dict.fromkeys(held)), " ".join(wrong)


def number_in(request: HttpRequest) -> UUID:
    """Return the number under which a form was sent; a new one where it has none that can be read."""
    try:
        return UUID(request.POST.get("client_uuid", ""))
    except ValueError:
        return uuid4()


def _key(sent: Mapping[str, str], name: str, errors: Errors) -> int | None:
    text = sent.get(name, "").strip()
    found = whole(text)
    if text and found is None:
        errors[name] = _("请从清单里选。")
    return found


def _read(sent: Mapping[str, str], name: str, read: Callable[[str], Any], errors: Errors) -> Any:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        errors[name] = _("日期或时间写得不对，如 2026-11-24 或 2026-11-24T18:00。")
        return None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _changes(sent: Mapping[str, str], case: Case | None, errors: Errors) -> dict[str, Any]:
    """Return what a correction changes: fields that say otherwise than the case does."""
    found: dict[str, Any] = {}
    for name in TEXTS:
        if name in sent and (case is None or sent[name].strip() != getattr(case, name)):
            found[name] = sent[name].strip()
    for name, column in (("case_class", "class"), ("territory", "territory")):
        key = _key(sent, column, errors)
        if key is not None and (case is None or key != getattr(case, f"{name}_id")):
            found[name] = key
    point = coordinates(sent, errors)
    if point is not None and (case is None or point != (case.longitude, case.latitude)):
        found["point"] = point
        found.pop("territory", None)  # the point decides
    return found


def coordinates(sent: Mapping[str, str], errors: Errors) -> tuple[float, float] | None:
    """Return the place that was sent in degrees; both of them or none."""
    texts = [sent.get(name, "").strip() for name in ("longitude", "latitude")]
    if not any(texts):
        return None
    try:
        lon, lat = (float(text) for text in texts)
    except ValueError:
        errors["longitude"] = _("经纬度要两个都填，写成小数，如 121.4737 和 31.2304。")
        return None
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - the earth
        errors["longitude"] = _("坐标不对：经度在 -180 到 180 之间，纬度在 -90 到 90 之间。")
        return None
    return lon, lat
