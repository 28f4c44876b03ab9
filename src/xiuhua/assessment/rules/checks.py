"""What a scheme of the right shape may still have wrong: each check yields faults with their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from xiuhua.assessment.rules.lines import measures_of
from xiuhua.assessment.words import Bands, Bar, Finder, Good, Group, Indicator, PerExposure, Scheme, Threshold
from xiuhua.kernel.words import Fault

Placed = tuple[str, Indicator]


def faults_of(scheme: Scheme, known: frozenset[str]) -> Iterator[Fault]:
    """Yield everything wrong with the meaning of a scheme; `known` are the measures there are."""
    indicators = list(_indicators(scheme))
    yield from _twice(indicators, scheme)
    yield from _not_positive(scheme)
    yield from _groups(scheme.groups)
    yield from _bars(scheme)
    yield from _unknown(scheme, indicators, known)
    for place, indicator in indicators:
        yield from _indicator(place, indicator)


def warnings_of(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is allowed but unwise: counting against a unit the problems it found itself (docs/scoring.md 2.1)."""
    for number, section in enumerate(document["sections"]):
        for index, indicator in enumerate(section["indicators"]):
            for source in indicator.get("sources", []):
                if source["finder"] == Finder.SELF and Fraction(source.get("weight", 0)):
                    place = f"sections[{number}].indicators[{index}]"
                    yield Fault("scheme.self_found_counts", column=place, facts={"measure": source["measure"]})


def _indicators(scheme: Scheme) -> Iterator[Placed]:
    for number, section in enumerate(scheme.sections):
        for index, indicator in enumerate(section.indicators):
            yield f"sections[{number}].indicators[{index}]", indicator


def _twice(indicators: Iterable[Placed], scheme: Scheme) -> Iterator[Fault]:
    named = {
        "sections": [section.code for section in scheme.sections],
        "indicators": [indicator.code for _place, indicator in indicators],
        "groups": [group.code for group in scheme.groups],
    }
    for place, codes in named.items():
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield Fault("scheme.code_twice", column=place, facts={"code": code})


def _not_positive(scheme: Scheme) -> Iterator[Fault]:
    values = [("full", scheme.full)]
    values += [(f"sections[{number}].weight", section.weight) for number, section in enumerate(scheme.sections)]
    values += [(f"{place}.full", indicator.full) for place, indicator in _indicators(scheme)]
    for place, value in values:
        if value <= 0:
            yield Fault("scheme.not_positive", column=place)


def _groups(groups: tuple[Group, ...]) -> Iterator[Fault]:
    open_ended = [group.code for group in groups if group.members is None]
    if len(open_ended) > 1:
        yield Fault("scheme.two_default_groups", column="groups", facts={"codes": "、".join(open_ended)})
    members = [(member, group.code) for group in groups for member in sorted(group.members or ())]
    for member in sorted({member for member, _group in members}):
        homes = [code for name, code in members if name == member]
        if len(homes) > 1:
            facts = {"member": member, "codes": "、".join(homes)}
            yield Fault("scheme.in_two_groups", column="groups", facts={**facts})


def _bars(scheme: Scheme) -> Iterator[Fault]:
    for place, bar in _placed_bars(scheme):
        if (bar.at_least is None) == (bar.at_most is None):
            yield Fault("scheme.bar_needs_one_limit", column=place)


def _placed_bars(scheme: Scheme) -> Iterator[tuple[str, Bar]]:
    for name, bars in (("not_red", scheme.lists.not_red), ("not_black", scheme.lists.not_black)):
        for index, bar in enumerate(bars):
            yield f"lists.{name}[{index}]", bar


def _unknown(scheme: Scheme, indicators: Iterable[Placed], known: frozenset[str]) -> Iterator[Fault]:
    named = [(place, name) for place, indicator in indicators for name in measures_of(indicator.formula)]
    named += [(place, bar.measure) for place, bar in _placed_bars(scheme)]
    named += [("minimum", scheme.minimum.measure)] if scheme.minimum else []
    for place, name in named:
        if name not in known:
            facts = {"measure": name, "known": "、".join(sorted(known))}
            yield Fault("scheme.unknown_measure", column=place, facts={**facts})


def _indicator(place: str, indicator: Indicator) -> Iterator[Fault]:
    if not 0 <= indicator.floor <= indicator.cap <= indicator.full:
        yield Fault("scheme.limits", column=place)
    match indicator.formula:
        case Bands():
            yield from _bands(place, indicator, indicator.formula)
        case Threshold(threshold=threshold) if threshold > 1:
            yield Fault("scheme.threshold_not_a_share", column=f"{place}.threshold")
        case PerExposure(unit=unit) if not unit:
            yield Fault("scheme.not_positive", column=f"{place}.unit")


def _bands(place: str, indicator: Indicator, formula: Bands) -> Iterator[Fault]:
    starts = [band.start for band in formula.bands]
    points = [band.points for band in formula.bands]
    if starts[0] != 0 or any(low >= high for low, high in pairwise(starts)):
        yield Fault("scheme.bands_not_ascending", column=f"{place}.bands")
    falls = any(low > high for low, high in pairwise(points))
    rises = any(low < high for low, high in pairwise(points))
    if falls if formula.good is Good.HIGH else rises:
        yield Fault("scheme.bands_not_monotone", column=f"{place}.bands", facts={"good": formula.good})
    if max(points) != indicator.full:
        yield Fault("scheme.bands_not_full", column=f"{place}.bands")
