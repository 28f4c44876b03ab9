"""Named reads of assessment: schemes from packs, written months, where points went and what brings them back."""

from xiuhua.assessment.queries.losses import losses
from xiuhua.assessment.queries.written import (
    ByUndecided,
    SchemeUnknown,
    SchemeUnreadable,
    default_by,
    default_scheme,
    history,
    interval,
    latest,
    periods_with_assessments,
    read,
    scheme_at,
    scheme_faults,
    scheme_named,
    schemes,
)
from xiuhua.assessment.rules import changes as change_to_last_month
from xiuhua.assessment.rules import comparable, lists, named
from xiuhua.assessment.words import AssessmentView

__all__ = [
    "AssessmentView",
    "ByUndecided",
    "SchemeUnknown",
    "SchemeUnreadable",
    "change_to_last_month",
    "comparable",
    "default_by",
    "default_scheme",
    "history",
    "interval",
    "latest",
    "lists",
    "losses",
    "named",
    "periods_with_assessments",
    "read",
    "scheme_at",
    "scheme_faults",
    "scheme_named",
    "schemes",
]
