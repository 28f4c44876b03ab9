"""Named reads of responsibility."""

from __future__ import annotations

from xiuhua.responsibility.queries.accounts import (
    has_second_factor,
    lifetime_of,
    link_opened,
    needs_second_factor,
    no_accounts,
    password_due,
    password_profile,
    recovery_codes_left,
    second_factor_of,
    sessions_of,
    token_of,
)
from xiuhua.responsibility.queries.acting import actor_of, in_force, posts_of
from xiuhua.responsibility.queries.asking import (
    Answered,
    Asked,
    ClassUnclear,
    Overlaps,
    Places,
    answer_many,
    class_of,
    site_sets,
)
from xiuhua.responsibility.queries.books import (
    DUTY,
    DutyBook,
    Epoch,
    Names,
    SiteRow,
    codes_of,
    installed_code,
    rows_written,
)
from xiuhua.responsibility.queries.checkups import Checkup, checkup, kept_checkup
from xiuhua.responsibility.queries.grids import GridCell, Share, grid_on, shares
from xiuhua.responsibility.queries.kinds import UNIT_KINDS, unit_kinds
from xiuhua.responsibility.queries.proposals import Naming, Proposal, offered_naming, proposed
from xiuhua.responsibility.queries.reaching import Reach, reach_named
from xiuhua.responsibility.queries.sheets import duty_workbook
from xiuhua.responsibility.queries.tokens import actor_kept, actor_with, api_token_of, tokens_of
from xiuhua.responsibility.queries.trials import in_office, tried
from xiuhua.responsibility.queries.unit_lists import UNIT_SORTS, filtered_units
from xiuhua.responsibility.queries.units import UnitUnknown, bodies_of, body_coded, unit_template, user_template

__all__ = [
    "DUTY",
    "UNIT_KINDS",
    "UNIT_SORTS",
    "Answered",
    "Asked",
    "Checkup",
    "ClassUnclear",
    "DutyBook",
    "Epoch",
    "GridCell",
    "Names",
    "Naming",
    "Overlaps",
    "Places",
    "Proposal",
    "Reach",
    "Share",
    "SiteRow",
    "UnitUnknown",
    "actor_kept",
    "actor_of",
    "actor_with",
    "answer_many",
    "api_token_of",
    "bodies_of",
    "body_coded",
    "checkup",
    "class_of",
    "codes_of",
    "duty_workbook",
    "filtered_units",
    "grid_on",
    "has_second_factor",
    "in_force",
    "in_office",
    "installed_code",
    "kept_checkup",
    "lifetime_of",
    "link_opened",
    "needs_second_factor",
    "no_accounts",
    "offered_naming",
    "password_due",
    "password_profile",
    "posts_of",
    "proposed",
    "reach_named",
    "recovery_codes_left",
    "rows_written",
    "second_factor_of",
    "sessions_of",
    "shares",
    "site_sets",
    "token_of",
    "tokens_of",
    "tried",
    "unit_kinds",
    "unit_template",
    "user_template",
]
