"""Named reads of cases."""

from __future__ import annotations

from xiuhua.cases.queries.causes import CausesCounted, causes_counted
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
    page,
)
from xiuhua.cases.queries.rulebook import RuleBook, Ruled, ToRule

__all__ = [
    "DEFAULT_SORT",
    "PAGE",
    "SORTS",
    "CaseFilter",
    "CasePage",
    "CausesCounted",
    "Choices",
    "RuleBook",
    "Ruled",
    "ToRule",
    "case_of",
    "causes_counted",
    "choices",
    "exported",
    "filtered",
    "ids_by_number",
    "page",
]
