"""A written month read again: what `writing` wrote, as frozen values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from xiuhua.analytics.words import DeadlineMonth
from xiuhua.assessment.rules.writing import digest_of
from xiuhua.assessment.words import (
    AssessmentView,
    Bar,
    Because,
    Carry,
    Clustering,
    CutOff,
    Dispersion,
    GroupView,
    IntervalView,
    LineView,
    ListRule,
    ListTies,
    Minimum,
    PartView,
    RankOn,
    Rounding,
    RoundingMode,
    RoundingStage,
    SectionView,
    SubjectView,
    Ties,
    Title,
    Unranked,
)

Json = Mapping[str, Any]


def view(written: bytes) -> AssessmentView:
    """Return the month that the canonical bytes of a body describe."""
    body = json.loads(written)
    scheme = body["scheme"]
    minimum = scheme["minimum"]
    groups = tuple(GroupView(group["code"], _title(group["title"])) for group in scheme["groups"])
    return AssessmentView(
        period=body["period"],
        scheme=scheme["code"],
        version=scheme["version"],
        title=_title(scheme["title"]),
        by=body["by"],
        month_by=body["month_by"],
        as_of=body["as_of"],
        cut_off=CutOff(body["cut_off"]),
        snapshot=body["snapshot"],
        digest=digest_of(written),
        totals=_pairs(body["totals"]),
        unplaced=body["unplaced"],
        deadline_month=DeadlineMonth(scheme["deadline_month"]),
        minimum=Minimum(minimum["measure"], minimum["least"]) if minimum else None,
        rounding=_rounding(scheme["rounding"]),
        rank_on=RankOn(scheme["rank"]["on"]),
        ties=Ties(scheme["rank"]["ties"]),
        rule=_rule(scheme["lists"]),
        groups=groups,
        subjects=_ordered(tuple(_subject(each) for each in body["subjects"]), groups),
        clustering=clustering_in(body),
    )


def clustering_in(body: Json) -> Clustering | None:
    """Return how cases clustered before the month of a body, None where that was not measured when it was written."""
    written = body.get("clustering")
    if written is None:
        return None
    return Clustering(
        by_measure={
            name: Dispersion(Fraction(one["phi"]), one["cells"], one["unit_months"])
            for name, one in written["measures"].items()
        },
        months=tuple((one["period"], one["snapshot"]) for one in written["months"]),
        wanted=written["wanted"],
        least=written["least"],
        usual=Fraction(written["usual"]),
        pack=written["pack"],
    )


def _ordered(subjects: tuple[SubjectView, ...], groups: tuple[GroupView, ...]) -> tuple[SubjectView, ...]:
    place = {group.code: index for index, group in enumerate(groups)}

    def key(subject: SubjectView) -> tuple[int, bool, Fraction, str]:
        group = place.get(subject.group, len(place))
        return group, subject.rank is None, subject.rank or Fraction(0), subject.code

    return tuple(sorted(subjects, key=key))


def _title(title: Json) -> Title:
    return Title(title["zh"], title["en"])


def _pairs(counts: Json) -> dict[str, tuple[int, int]]:
    return {name: (pair["kept"], pair["of"]) for name, pair in counts.items()}


def _exact(text: str | int | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _rounding(rounding: Json) -> Rounding:
    return Rounding(
        rounding["shown"],
        RoundingMode(rounding["mode"]),
        RoundingStage(rounding["stage"]),
        Carry(rounding["carry"]),
    )


def _bar(bar: Json) -> Bar:
    return Bar(bar["measure"], bar["share"], _exact(bar["at_least"]), _exact(bar["at_most"]))


def _rule(rule: Json) -> ListRule:
    return ListRule(
        red=rule["red"],
        black=rule["black"],
        ties=ListTies(rule["ties"]),
        least_group=rule["least_group"],
        not_red=tuple(_bar(bar) for bar in rule["not_red"]),
        not_black=tuple(_bar(bar) for bar in rule["not_black"]),
    )


def _subject(subject: Json) -> SubjectView:
    return SubjectView(
        code=subject["code"],
        name=subject["name"],
        group=subject["group"],
        score=subject["score"],
        exact=_exact(subject["exact"]),
        ranked_on=_exact(subject["ranked_on"]),
        rank=_exact(subject["rank"]),
        unranked=Unranked(subject["unranked"]),
        sample=subject["sample"],
        coverage=Fraction(subject["coverage"]),
        counts=_pairs(subject["counts"]),
        sections=tuple(
            SectionView(each["code"], _title(each["title"]), each["points"], each["full"])
            for each in subject["sections"]
        ),
        lines=tuple(_line(each) for each in subject["lines"]),
    )


def _line(line: Json) -> LineView:
    interval = line["interval"]
    return LineView(
        section=line["section"],
        indicator=line["indicator"],
        title=_title(line["title"]),
        measure=line["measure"],
        numerator=line["numerator"],
        denominator=line["denominator"],
        points=line["points"],
        full=line["full"],
        because=Because(line["because"]["code"], line["because"]["facts"]),
        parts=tuple(PartView(each["measure"], each["count"], each["off"]) for each in line["parts"]),
        interval=IntervalView(interval["low"], interval["high"], interval["phi"]) if interval else None,
    )
