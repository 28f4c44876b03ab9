"""Photos on pages: by which address, for whom, and with which words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case, Evidence
from xiuhua.cases.policies import may
from xiuhua.cases.queries.evidence import evidence_keyed
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.files.queries import sign
from xiuhua.files.rules.addresses import audience_of
from xiuhua.files.words import Variant
from xiuhua.kernel.phrases import code_sentence
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Actor
from xiuhua.ui.formats import moment
from xiuhua.web.desk.office import now
from xiuhua.web.desk.photos import EVIDENCE, ORIGINAL

#: How long an address of a photo lasts: as long as somebody may sit before a page.
LASTS = timedelta(hours=2)


def address(one: Evidence, variant: Variant, actor: Actor) -> str:
    """Return the address of a photo for this person, good for two hours and no longer than the sight of its case."""
    signed = sign(one.file, variant, now() + LASTS, audience_of(actor.user or 0), f"{EVIDENCE}{one.pk}")
    return reverse("desk:photo", args=[signed])


def shown(case: Case, photos: Sequence[Evidence], actor: Actor) -> list[dict[str, Any]]:
    """Return the photos as parameters of the component `photo`, with their marked copies, warnings and, for who may, originals."""
    zone = zone_of(case.tenant)
    original, year = may(actor, ORIGINAL, case), now().astimezone(zone).year
    made = []
    for one in photos:
        title = str(EvidenceKind(one.kind).label)
        received = moment(one.at, zone, get_language(), this_year=year)
        who = f"{one.user}，" if one.user and one.kind != EvidenceKind.BEFORE else ""
        made.append(
            {
                "src": address(one, Variant.DISPLAY, actor),
                "href": address(one, Variant.DISPLAY, actor),
                "alt": _("%(title)s，%(at)s 收到的照片") % {"title": title, "at": received},
                "title": title,
                "note": _("%(who)s%(at)s 收到") % {"who": who, "at": received},
                "warnings": [code_sentence(odd["code"], odd["facts"]) for odd in one.warnings],
                "original": address(one, Variant.ORIGINAL, actor) if original else "",
            }
        )
    return made


def thumbs_of(case: Case, keys: Sequence[int], actor: Actor) -> list[dict[str, Any]]:
    """Return the photos that a form holds already, each to be left out by its tick. One query where there are any."""
    return [
        {
            "src": address(one, Variant.THUMB, actor),
            "alt": _("已上传的照片"),
            "title": _("用这张"),
            "warnings": [code_sentence(odd["code"], odd["facts"]) for odd in one.warnings],
            "pick": ("photos", str(one.pk), True),
        }
        for one in (evidence_keyed(case, keys) if keys else [])
    ]
