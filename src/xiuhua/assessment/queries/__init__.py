"""Named reads of assessment: schemes from packs, written months, where points went and what brings them back."""

from xiuhua.assessment.queries.clustering import clustering_of
from xiuhua.assessment.queries.lift import SubjectUnknown, lift_of
from xiuhua.assessment.queries.losses import losses
from xiuhua.assessment.queries.outlook import FactsGone, MonthOver, SchemeChanged, outlook_of
from xiuhua.assessment.queries.standing import months_closed, standing, standing_of
from xiuhua.assessment.queries.written import (
    ByUndecided,
    SchemeUnknown,
    SchemeUnreadable,
    default_by,
    default_scheme,
    history,
    interval,
    latest,
    latest_digest,
    periods_with_assessments,
    read,
    scheme_at,
    scheme_faults,
    scheme_named,
    schemes,
    written,
)
from xiuhua.assessment.rules import changes as change_to_last_month
from xiuhua.assessment.rules import comparable, lists, named
from xiuhua.assessment.words import AssessmentView

__all__ = [
    "AssessmentView",
    "ByUndecided",
    "FactsGone",
    "MonthOver",
    "SchemeChanged",
    "SchemeUnknown",
    "SchemeUnreadable",
    "SubjectUnknown",
    "change_to_last_month",
    "clustering_of",
    "comparable",
    "default_by",
    "default_scheme",
    "history",
    "interval",
    "latest",
    "latest_digest",
    "lift_of",
    "lists",
    "losses",
    "months_closed",
    "named",
    "outlook_of",
    "periods_with_assessments",
    "read",
    "scheme_at",
    "scheme_faults",
    "scheme_named",
    "schemes",
    "standing",
    "standing_of",
    "written",
]
