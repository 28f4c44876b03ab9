"""Where a subject's points went, by the scheme of the packs."""

from __future__ import annotations

from xiuhua.assessment.queries.written import SchemeUnknown, scheme_named
from xiuhua.assessment.rules.losses import losses_of
from xiuhua.assessment.words import AssessmentView, Loss


def losses(view: AssessmentView, code: str) -> tuple[Loss, ...]:
    """Return what each line has cost a subject, in points of the total, the dearest first. No query.

    Empty where it has no score, or where the scheme the month was written under is no longer in the packs as it was.
    """
    try:
        return losses_of(view, code, scheme_named(view.scheme))
    except SchemeUnknown:  # a scheme of a file of its own
        return ()
