"""Named reads of responsibility."""

from __future__ import annotations

from xiuhua.responsibility.queries.asking import Answered, Asked, Places, answer_many, class_of, site_sets
from xiuhua.responsibility.queries.books import DUTY, DutyBook, Epoch, Names, SiteRow, codes_of, rows_written
from xiuhua.responsibility.queries.checkups import Checkup, checkup
from xiuhua.responsibility.queries.grids import GridCell, Share, grid_on, shares
from xiuhua.responsibility.queries.trials import in_office, tried

__all__ = [
    "DUTY",
    "Answered",
    "Asked",
    "Checkup",
    "DutyBook",
    "Epoch",
    "GridCell",
    "Names",
    "Places",
    "Share",
    "SiteRow",
    "answer_many",
    "checkup",
    "class_of",
    "codes_of",
    "grid_on",
    "in_office",
    "rows_written",
    "shares",
    "site_sets",
    "tried",
]
