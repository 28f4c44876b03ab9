"""Outlines changed by hand, one at a time, and taken back."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.phrases import code_sentence
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.territory.actions.versioning import outline_fields
from xiuhua.territory.models import Redraw, TerritoryVersion
from xiuhua.territory.queries.drawings import newest_version, version_mark
from xiuhua.territory.rules.shapes import Unfit, drawing, place_in, wkb
from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import Drawing, Redrawn

#: What a correction in place may change, and an undo restores.
_FIELDS = ("min_lon", "min_lat", "max_lon", "max_lat", "area_m2", "crs")
REASON_LENGTH = 500


class StaleOutline(Refusal):
    """Somebody else changed the territory since the editor opened it."""

    code = "territory.outline_stale"
    sentence = _("您打开以后，%(who)s 已经改过 %(code)s；您的画法还在下面，请对照新的边界再存。")


class OutlineUnfit(Refusal):
    """The outline cannot be kept; the fault says why."""

    code = "territory.outline_unfit"
    sentence = _("这个边界存不了：%(reason)s")


class OutlineCrossing(Refusal):
    """The outline crosses itself. A file is repaired and says so; a hand that draws is asked to look."""

    code = "territory.outline_crossing"
    sentence = _("边界在经纬度（%(where)s）处自己相交、重叠或内外圈套错，请先理顺。")


class RedrawEarly(Refusal):
    """The day lies before the first day of the version in force, or after its last."""

    code = "territory.redraw_early"
    sentence = _("生效日须不早于 %(since)s（现行版本的第一天），历史不改写。")


class RedrawOver(Refusal):
    """The territory has ended by that day."""

    code = "territory.redraw_over"
    sentence = _("%(code)s 到 %(to)s 为止，那天它已不在。")


class ReasonMissing(Refusal):
    """A change of an outline says why."""

    code = "territory.reason_missing"
    sentence = _("请写明改边界的理由（不超过 %(limit)s 字）。")


class RedrawUnchanged(Refusal):
    """The outline is the one on record."""

    code = "territory.redraw_unchanged"
    sentence = _("边界和现在的一样，没有什么要存。")


class UndoLate(Refusal):
    """Something happened to the outline since; taking it back would undo another hand's work."""

    code = "territory.undo_late"
    sentence = _("这之后 %(code)s 又有改动，不能再撤销；请另画一次。")


def redraw_outline(
    tenant: Tenant,
    code: str,
    geometry: dict[str, Any],
    *,
    effective: date,
    reason: str,
    mark: str,
    by: Actor,
    at: datetime,
) -> Redrawn:
    """Give the territory `code` the outline `geometry` (GeoJSON, WGS-84) from `effective` on; return what was done.

    A new version begins on that day; on the first day of the newest version that one is corrected in place. `mark` is
    what `queries.drawings.version_mark` said when the editor opened: if it no longer holds, nothing is written.

    Raises TerritoryUnknown, StaleOutline, OutlineUnfit, OutlineCrossing, RedrawEarly, RedrawOver, ReasonMissing,
    RedrawUnchanged.
    """
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise ReasonMissing(limit=REASON_LENGTH)
    drawn = sound(geometry)
    with transaction.atomic():
        seen = newest_version(tenant, code)
        _check(tenant, seen, effective, mark)
        if seen.outline is not None and bytes(seen.outline) == wkb(drawn.geometry):
            raise RedrawUnchanged
        before = _digest(bytes(seen.outline or b""))
        kept = _write(tenant, seen, drawn, effective, at=at, actor=by.id, reason=reason.strip())
        record(
            "territory.redraw",
            about=f"territory:{code}",
            by=by,
            at=at,
            tenant=tenant,
            before=before,
            after=kept.saved,
            reason=reason.strip(),
            facts={"redraw": kept.pk, "effective": effective.isoformat(), "m2": drawn.area_m2, "was_m2": seen.area_m2},
        )
    return Redrawn(kept.pk, code, effective, kept.fields.get("area_m2"), drawn.area_m2)


def sound(geometry: dict[str, Any]) -> Drawing:
    """Return the outline that a hand drew (GeoJSON, WGS-84). Raises OutlineUnfit, OutlineCrossing."""
    try:
        drawn = drawing(geometry, "wgs84")
    except Unfit as unfit:
        raise OutlineUnfit(reason=code_sentence(unfit.code, dict(unfit.facts))) from unfit
    if drawn.reason:
        raise OutlineCrossing(where=place_in(drawn.reason))
    return drawn


def _check(tenant: Tenant, seen: TerritoryVersion, effective: date, mark: str) -> None:
    code = seen.territory.code
    if version_mark(seen) != mark:
        raise StaleOutline(code=code, who=_last_hand(tenant, code))
    if effective < starts(seen.valid_from):
        raise RedrawEarly(since=str(seen.valid_from))
    if seen.valid_to is not None and effective >= seen.valid_to:
        raise RedrawOver(code=code, to=str(seen.valid_to))


def _last_hand(tenant: Tenant, code: str) -> str:
    line = LedgerLine.objects.filter(tenant=tenant, about=f"territory:{code}").order_by("at", "pk").last()
    return line.actor.removeprefix("user:") if line else "—"


def _digest(outline: bytes) -> str:
    return hashlib.sha256(outline).hexdigest()


def _write(
    tenant: Tenant, seen: TerritoryVersion, drawn: Drawing, effective: date, *, at: datetime, actor: str, reason: str
) -> Redraw:
    """Write the version; the row changes only if it still is as it was seen, so that of two hands one is refused."""
    fields = outline_fields(drawn)
    was = {name: getattr(seen, name) for name in _FIELDS}
    kept = Redraw(tenant=tenant, territory=seen.territory, at=at, actor=actor, reason=reason, fields=was)
    kept.saved = _digest(fields["outline"])
    outline = bytes(seen.outline) if seen.outline is not None else None
    same = TerritoryVersion.objects.filter(
        pk=seen.pk, valid_to=seen.valid_to, outline=outline, name=seen.name, parent_id=seen.parent_id
    )
    if starts(seen.valid_from) == effective:
        written = same.update(**fields)
        kept.outline, kept.version_id = outline, seen.pk
    else:
        written = same.update(valid_to=effective)
        following = TerritoryVersion.objects.create(
            territory=seen.territory,
            parent_id=seen.parent_id,
            name=seen.name,
            valid_from=effective,
            valid_to=seen.valid_to,
            **fields,
        )
        kept.version, kept.closed, kept.closed_until = following, seen, seen.valid_to
    if not written:
        raise StaleOutline(code=seen.territory.code, who=_last_hand(tenant, seen.territory.code))
    kept.save()
    return kept


def undo_redraw(tenant: Tenant, redraw_id: int, *, by: Actor, at: datetime) -> str:
    """Take a change of an outline back so that everything stands as before it; returns the territory's code.

    Raises UndoLate if it was taken back already or the territory has changed since.
    """
    with transaction.atomic():
        kept = Redraw.objects.filter(tenant=tenant, pk=redraw_id).select_related("territory", "closed").first()
        if kept is None:
            raise UndoLate(code="—")
        code = kept.territory.code
        newest = newest_version(tenant, code)
        if kept.undone_at or not _as_saved(kept, newest):
            raise UndoLate(code=code)
        if not Redraw.objects.filter(pk=kept.pk, undone_at__isnull=True).update(undone_at=at):
            raise UndoLate(code=code)
        if kept.closed is None:
            TerritoryVersion.objects.filter(pk=newest.pk).update(outline=kept.outline, **kept.fields)
        else:
            newest.delete()
            TerritoryVersion.objects.filter(pk=kept.closed.pk).update(valid_to=kept.closed_until)
        restored = newest_version(tenant, code)
        record(
            "territory.undo_redraw",
            about=f"territory:{code}",
            by=by,
            at=at,
            tenant=tenant,
            before=kept.saved,
            after=_digest(bytes(restored.outline or b"")),
            facts={"redraw": kept.pk},
        )
    return code


def _as_saved(kept: Redraw, newest: TerritoryVersion) -> bool:
    """Return whether the newest version still is what the change made of it.

    A version that the change began goes when it is taken back, so nobody may have given it another name, parent or end.
    """
    if newest.pk != kept.version_id or _digest(bytes(newest.outline or b"")) != kept.saved:
        return False
    if kept.closed is None:
        return True
    was = (kept.closed.name, kept.closed.parent_id, kept.closed_until)
    return (newest.name, newest.parent_id, newest.valid_to) == was
