"""Named reads of responsibility."""

from __future__ import annotations

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
from xiuhua.responsibility.queries.people import (
    PEOPLE_SORTS,
    PeopleFilter,
    PersonUnknown,
    PostUnknown,
    all_posts,
    deputies_of,
    filtered_people,
    holding,
    main_classes,
    person_named,
    post_keyed,
    posts_on,
    role_names,
)
from xiuhua.responsibility.queries.proposals import Naming, Proposal, offered_naming, proposed
from xiuhua.responsibility.queries.sheets import duty_workbook
from xiuhua.responsibility.queries.trials import in_office, tried
from xiuhua.responsibility.queries.unit_lists import UNIT_SORTS, filtered_units
from xiuhua.responsibility.queries.units import UnitUnknown, bodies_of, body_coded, unit_template, user_template

__all__ = [
    "DUTY",
    "PEOPLE_SORTS",
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
    "PeopleFilter",
    "PersonUnknown",
    "Places",
    "PostUnknown",
    "Proposal",
    "Share",
    "SiteRow",
    "UnitUnknown",
    "actor_of",
    "all_posts",
    "answer_many",
    "bodies_of",
    "body_coded",
    "checkup",
    "class_of",
    "codes_of",
    "deputies_of",
    "duty_workbook",
    "filtered_people",
    "filtered_units",
    "grid_on",
    "holding",
    "in_force",
    "in_office",
    "installed_code",
    "kept_checkup",
    "main_classes",
    "offered_naming",
    "person_named",
    "post_keyed",
    "posts_of",
    "posts_on",
    "proposed",
    "role_names",
    "rows_written",
    "shares",
    "site_sets",
    "tried",
    "unit_kinds",
    "unit_template",
    "user_template",
]
