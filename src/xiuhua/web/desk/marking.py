"""What is burnt into the display copy of a case's photo: when, where, which case, and the beginning of its digest.

The mark is the office's own document: it is written in the office's language, whoever looks at it.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from xiuhua.cases.models import Evidence
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.privacy.rules import mask
from xiuhua.territory.queries import named

#: Photos whose taker is named: those of the work. Who reported stays hidden from the units.
_SIGNED = frozenset({EvidenceKind.AFTER, EvidenceKind.CHECK})


def mark_lines(evidence: Evidence) -> tuple[str, ...]:
    """Return the lines of the mark of a photo, empty ones left out. At most two queries."""
    zone = ZoneInfo(evidence.tenant.zone) if evidence.tenant.zone else UTC
    with translation.override(settings.LANGUAGE_CODE):
        lines = (_when(evidence, zone), _where(evidence), _which(evidence))
    return tuple(line for line in lines if line)


def _when(evidence: Evidence, zone: tzinfo) -> str:
    told = _("%(moment)s（服务器收到）") % {"moment": _written(evidence.at, zone)}
    if evidence.file.taken_at is None:
        return told
    device = _("设备自称 %(moment)s，未校验") % {"moment": _written(evidence.file.taken_at, zone)}
    return f"{told} · {device}"


def _where(evidence: Evidence) -> str:
    case, file = evidence.case, evidence.file
    if case is None:
        return ""
    parts = [mask(case.address) or named(case.territory_id)]
    if file.lon is not None and file.lat is not None:
        parts.append(_("设备位置 %(place)s") % {"place": _degrees(file.lon, file.lat)})
    elif case.longitude is not None and case.latitude is not None:
        parts.append(_degrees(case.longitude, case.latitude))
    return " · ".join(part for part in parts if part)


def _which(evidence: Evidence) -> str:
    parts = [_("案件 %(number)s") % {"number": evidence.case.number}] if evidence.case else []
    if evidence.user and evidence.kind in _SIGNED:
        parts.append(_("账号 %(name)s") % {"name": evidence.user.get_username()})
    return " · ".join(parts)


def _written(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _degrees(lon: float, lat: float) -> str:
    return f"{lon:.5f}, {lat:.5f}"
