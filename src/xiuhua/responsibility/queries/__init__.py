"""Named reads of responsibility."""

from __future__ import annotations

from xiuhua.responsibility.queries.kinds import UNIT_KINDS, unit_kinds
from xiuhua.responsibility.queries.unit_lists import UNIT_SORTS, filtered_units
from xiuhua.responsibility.queries.units import UnitUnknown, bodies_of, body_coded, unit_template, user_template

__all__ = [
    "UNIT_KINDS",
    "UNIT_SORTS",
    "UnitUnknown",
    "bodies_of",
    "body_coded",
    "filtered_units",
    "unit_kinds",
    "unit_template",
    "user_template",
]
