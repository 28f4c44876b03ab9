"""Score sheets: pure functions of a scheme and of counts; the same input gives the same bytes in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from xiuhua.assessment.rules.evidence import PHI_WITHOUT_HISTORY
from xiuhua.assessment.rules.lines import line, measures_of
from xiuhua.assessment.rules.ranks import ranks
from xiuhua.assessment.rules.totals import LEAST_COVERAGE, Total, total
from xiuhua.assessment.words import (
    Bands,
    Clustering,
    Complement,
    Counts,
    Group,
    RankOn,
    Ratio,
    Scheme,
    Sheet,
    Subject,
    Threshold,
    Unranked,
)

#: φ by measure where none was measured.
NO_HISTORY: Mapping[str, Fraction] = {}


def measures(scheme: Scheme) -> tuple[str, ...]:
    """Return every measure the scheme reads, in the order of their names."""
    named = {name for section in scheme.sections for each in section.indicators for name in measures_of(each.formula)}
    named |= {bar.measure for bar in (*scheme.lists.not_red, *scheme.lists.not_black)}
    return tuple(sorted(named | ({scheme.minimum.measure} if scheme.minimum else set())))


def group_of(groups: Iterable[Group], code: str) -> str:
    """Return the code of the group a subject belongs to: its own, else the one without members, else ""."""
    default = ""
    for group in groups:
        if group.members is None:
            default = group.code
        elif code in group.members:
            return group.code
    return default


def unranked(scheme: Scheme, made: Total, group: str, sample: int | None) -> Unranked:
    """Return why a subject gets no rank, or NO (docs/scoring.md 2.3, 3.5)."""
    if made.value is None:
        return Unranked.EMPTY
    if made.coverage < LEAST_COVERAGE:
        return Unranked.COVERAGE
    if scheme.minimum and sample is not None and sample < scheme.minimum.least:
        return Unranked.SMALL_SAMPLE
    return Unranked.NO if group else Unranked.UNGROUPED


def sheet(scheme: Scheme, subject: Subject, counts: Counts, phis: Mapping[str, Fraction] = NO_HISTORY) -> Sheet:
    """Return one subject's sheet, not yet ranked. Points are computed however small the sample is."""
    lines = tuple(
        line(section.code, each, counts, phis.get(each.formula.measure, PHI_WITHOUT_HISTORY))
        for section in scheme.sections
        for each in section.indicators
    )
    made = total(scheme, lines)
    group = group_of(scheme.groups, subject.code)
    sample = counts[scheme.minimum.measure][1] if scheme.minimum else None
    return Sheet(
        subject=subject,
        group=group,
        lines=lines,
        sections=made.sections,
        total=made.value,
        printed=made.printed,
        coverage=made.coverage,
        sample=sample,
        unranked=unranked(scheme, made, group, sample),
        counts=dict(counts),
    )


def ranked_on(scheme: Scheme, sheet: Sheet) -> Fraction | None:
    """Return the total a subject is ranked by, None for one that is not ranked."""
    if sheet.unranked is not Unranked.NO:
        return None
    return sheet.total if scheme.rank_on is RankOn.EXACT else sheet.printed


def ranked(scheme: Scheme, made: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return the sheets with ranks within their groups; those that are not ranked move nobody (docs/scoring.md 2.7)."""
    placed: dict[str, Fraction] = {}
    for group in {sheet.group for sheet in made}:
        totals = {
            sheet.subject.code: value
            for sheet in made
            if sheet.group == group and (value := ranked_on(scheme, sheet)) is not None
        }
        placed |= ranks(totals, scheme.ties)
    return tuple(replace(sheet, rank=placed.get(sheet.subject.code)) for sheet in made)


def rates(scheme: Scheme) -> tuple[str, ...]:
    """Return the measures that the scheme scores as rates and shows with an interval, in the order of their names."""
    formulas = [each.formula for section in scheme.sections for each in section.indicators]
    return tuple(
        sorted({each.measure for each in formulas if isinstance(each, Ratio | Complement | Threshold | Bands)})
    )


def sheets(
    scheme: Scheme,
    counts: Mapping[str, Counts],
    subjects: Iterable[Subject],
    clustering: Clustering | None = None,
) -> tuple[Sheet, ...]:
    """Return the ranked sheets of all subjects in the order of their codes.

    `counts` are {subject code: {measure: (kept, of)}}; a subject without counts has zeros, and so no score.
    `clustering` widens the intervals beside the points; without it φ is 2.
    """
    phis = {name: one.phi for name, one in clustering.by_measure.items()} if clustering else NO_HISTORY
    nothing = dict.fromkeys(measures(scheme), (0, 0))
    ordered = sorted(subjects, key=lambda subject: subject.code)
    return ranked(scheme, [sheet(scheme, subject, counts.get(subject.code, nothing), phis) for subject in ordered])
