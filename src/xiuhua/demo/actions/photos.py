"""Drawing the photos of the made-up street and keeping them as if a phone had sent them."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from xiuhua.cases.actions import add_evidence
from xiuhua.cases.models import Case
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.demo.rules.scenes import SIZE, scene
from xiuhua.files.actions import store_photo
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor


def photograph(
    tenant: Tenant, case: Case, seed: int, *, kind: EvidenceKind, number: UUID, by: Actor, at: datetime
) -> int:
    """Draw a photo of a case – the heap before it was cleared away, the corner after – and return its evidence's key."""
    data = picture(seed, mess=kind == EvidenceKind.BEFORE)
    file = store_photo(tenant, data, name=f"{kind.value}.jpg", by=by, at=at)
    return add_evidence(tenant, file, client_uuid=number, kind=kind, by=by, at=at, key=case.pk).pk


def picture(seed: int, *, mess: bool) -> bytes:
    """Return a drawn street corner as a JPEG."""
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    for shape in scene(seed, mess=mess):
        if shape.kind == "area":
            draw.polygon(shape.points, fill=shape.colour)
        elif shape.kind == "oval":
            draw.ellipse((*shape.points[0], *shape.points[1]), fill=shape.colour)
        else:
            draw.rectangle((*shape.points[0], *shape.points[1]), fill=shape.colour)
    kept = BytesIO()
    image.save(kept, "JPEG", quality=82)
    return kept.getvalue()
