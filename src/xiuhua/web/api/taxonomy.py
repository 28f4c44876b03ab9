"""Classes and filing conditions for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from xiuhua.kernel.queries import pack_on, zone_of
from xiuhua.taxonomy.queries import class_keyed, classes_known, conditions_of
from xiuhua.taxonomy.words import KIND
from xiuhua.web.api.registers import SEEING
from xiuhua.web.api.shapes.registers import ClassesOut, ConditionsIn, ConditionsOut, SchemeIn
from xiuhua.web.api.told import class_told
from xiuhua.web.desk.office import now, office

router = Router(tags=["registers"])


@router.get("/classes", auth=SEEING, response=ClassesOut, summary="The classes of cases")
def classes(request: HttpRequest, asked: Query[SchemeIn]) -> dict[str, Any]:
    """Return all classes, or those of a scheme; `key` names one everywhere in this API."""
    found = [
        class_told(one) | {"scheme": one.scheme, "kind": one.kind, "code": one.code, "confirmed": one.confirmed}
        for one in classes_known(office(request), asked.scheme)
    ]
    return {"classes": found}


@router.get("/conditions", auth=SEEING, response=ConditionsOut, summary="The filing conditions of a class")
def conditions(request: HttpRequest, asked: Query[ConditionsIn]) -> dict[str, Any]:
    """Return the conditions of a class that are in force on a day; `id` is what a filing names as `condition`."""
    tenant = office(request)
    held = class_keyed(tenant, asked.case_class)
    if held is None:
        raise Http404
    on = asked.day or now().astimezone(zone_of(tenant)).date()
    pack = pack_on(tenant, KIND, held.scheme, on)
    found = conditions_of(pack, held) if pack else []
    same = ("number", "text", "closing", "thresholds", "basis", "remedy", "default")
    return {
        "case_class": class_told(held),
        "day": on,
        "pack": f"{pack.kind}/{pack.code}@{pack.version}" if pack else None,
        "conditions": [
            {name: getattr(one, name) for name in same} | {"id": one.pk, "limit": one.limit_text} for one in found
        ],
    }
