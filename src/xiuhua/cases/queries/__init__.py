"""Named reads of cases."""

from __future__ import annotations

from xiuhua.cases.queries.causes import CausesCounted, causes_among, causes_counted, elsewhere
from xiuhua.cases.queries.effects import DutyEffect, duty_effect, relocated
from xiuhua.cases.queries.explaining import Bill, DutyBehind, bill_of, duty_behind, ruling_of
from xiuhua.cases.queries.lists import (
    DEFAULT_SORT,
    PAGE,
    SORTS,
    CaseFilter,
    CasePage,
    Choices,
    case_of,
    choices,
    exported,
    filtered,
    ids_by_number,
    numbers_seen,
    page,
)
from xiuhua.cases.queries.now import waiting_for
from xiuhua.cases.queries.placed import Placed, Spot, duty_of, placed, spots
from xiuhua.cases.queries.rulebook import RuleBook, Ruled, ToRule

__all__ = [
    "DEFAULT_SORT",
    "PAGE",
    "SORTS",
    "Bill",
    "CaseFilter",
    "CasePage",
    "CausesCounted",
    "Choices",
    "DutyBehind",
    "DutyEffect",
    "Placed",
    "RuleBook",
    "Ruled",
    "Spot",
    "ToRule",
    "bill_of",
    "case_of",
    "causes_among",
    "causes_counted",
    "choices",
    "duty_behind",
    "duty_effect",
    "duty_of",
    "elsewhere",
    "exported",
    "filtered",
    "ids_by_number",
    "numbers_seen",
    "page",
    "placed",
    "relocated",
    "ruling_of",
    "spots",
    "waiting_for",
]
