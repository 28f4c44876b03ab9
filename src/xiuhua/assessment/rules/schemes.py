"""A scheme file becomes a frozen scheme, or every fault in it is told with its place (docs/scoring.md 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from xiuhua.analytics.words import DeadlineMonth
from xiuhua.assessment.rules.checks import faults_of, warnings_of
from xiuhua.assessment.words import (
    Band,
    Bands,
    Bar,
    Carry,
    Complement,
    Deduction,
    Finder,
    Formula,
    Good,
    Group,
    Indicator,
    Item,
    ListRule,
    ListTies,
    Minimum,
    OnEmpty,
    PerExposure,
    RankOn,
    Ratio,
    Rounding,
    RoundingMode,
    RoundingStage,
    Scheme,
    Section,
    Source,
    Step,
    Threshold,
    Ties,
    Title,
)
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Fault, Refusal, marked

Document = Mapping[str, Any]
#: How much a problem weighs by who found it (docs/scoring.md 2.1): finding one's own problems costs nothing.
WEIGHT_BY_FINDER = {Finder.INDEPENDENT: Fraction(1), Finder.SELF: Fraction(0)}


class SchemeFaulty(Refusal):
    """The scheme file cannot be used as it is."""

    code = "scheme.faulty"
    sentence = marked("方案“%(scheme)s”有 %(count)s 处不对：")


def scheme(document: Document, *, schema: Mapping[str, Any], known: frozenset[str]) -> Scheme:
    """Return the scheme a file's content describes; `known` are the measures there are.

    Raises SchemeFaulty with all faults, each at its place ("sections[0].indicators[1].full").
    """
    name = str(document.get("code", "?"))
    if faults := [*floats(document, ""), *shape(document, schema)]:
        raise SchemeFaulty(faults, scheme=name, count=len(faults))
    made = _scheme(document)
    if faults := list(faults_of(made, known)):
        raise SchemeFaulty(faults, scheme=name, count=len(faults))
    return made


def floats(value: Any, place: str) -> Iterator[Fault]:
    """Yield a fault for every binary float: 0.1 is not one tenth (docs/scoring.md 0.2)."""
    if isinstance(value, float):
        yield Fault("scheme.float", column=place, facts={"value": str(value)})
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from floats(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from floats(inner, f"{place}[{index}]")


def shape(document: Document, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for everything that the JSON Schema does not allow; floats are told apart by `floats`."""
    for error in sorted(Draft202012Validator(schema).iter_errors(document), key=lambda error: error.json_path):
        if not isinstance(error.instance, float):
            yield from _shape_fault(error)


def _shape_fault(error: ValidationError) -> Iterator[Fault]:
    place = error.json_path.removeprefix("$").removeprefix(".")
    wanted: Any = error.validator_value
    if error.validator == "additionalProperties":
        schema: Any = error.schema
        content: Any = error.instance
        for key in sorted(set(content) - set(schema["properties"])):
            yield Fault("scheme.unknown_key", column=f"{place}.{key}" if place else key, facts={"key": key})
    elif error.validator == "required":
        # one error per missing key: the validator names it first in its message
        yield Fault("scheme.missing_key", column=place, facts={"key": error.message.split("'")[1]})
    else:
        facts = {"value": _short(error.instance), "allowed": _allowed(str(error.validator), wanted)}
        yield Fault("scheme.bad_value", column=place, facts={**facts})


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - as much of it as fits a line


def _allowed(rule: str, wanted: Any) -> str:
    if rule == "enum":
        return " | ".join(map(str, wanted))
    if rule == "anyOf":  # only numbers have alternatives
        return '12, "0.5"'
    return f"{rule} {wanted}"


def exact(value: str | int) -> Fraction:
    """Return a scheme's number exactly: a whole number, or a quoted decimal."""
    return Fraction(value)


def _optional(document: Document, key: str) -> Fraction | None:
    return exact(document[key]) if key in document else None


def _title(document: Document) -> Title:
    return Title(document["zh"], document.get("en", ""))


def _scheme(document: Document) -> Scheme:
    rank, minimum = document.get("rank", {}), document.get("minimum")
    return Scheme(
        code=document["code"],
        version=document["version"],
        title=_title(document["title"]),
        effective_from=document["effective_from"],
        deadline_month=DeadlineMonth(document.get("deadline_month", DeadlineMonth.RIGHT_CLOSED)),
        full=exact(document.get("full", 100)),
        sections=tuple(_section(each) for each in document["sections"]),
        groups=tuple(
            _group(each) for each in document.get("groups", [{"code": "all", "title": {"zh": "全部", "en": "All"}}])
        ),
        minimum=Minimum(minimum["measure"], minimum["least"]) if minimum else None,
        rounding=_rounding(document.get("rounding", {})),
        rank_on=RankOn(rank.get("on", RankOn.PRINTED)),
        ties=Ties(rank.get("ties", Ties.COMPETITION)),
        lists=_lists(document.get("lists", {})),
        digest=digest(document),
        warnings=tuple(warnings_of(document)),
    )


def _rounding(document: Document) -> Rounding:
    return Rounding(
        digits=document.get("digits", 2),
        mode=RoundingMode(document.get("mode", RoundingMode.HALF_UP)),
        stage=RoundingStage(document.get("stage", RoundingStage.TOTAL)),
        carry=Carry(document.get("carry", Carry.EXACT)),
    )


def _lists(document: Document) -> ListRule:
    return ListRule(
        red=document.get("red", 3),
        black=document.get("black", 3),
        ties=ListTies(document.get("ties", ListTies.EXTEND)),
        least_group=document.get("least_group", 6),
        not_red=tuple(_bar(each) for each in document.get("not_red", [])),
        not_black=tuple(_bar(each) for each in document.get("not_black", [])),
    )


def _bar(document: Document) -> Bar:
    share = document.get("of", "count") == "share"
    return Bar(document["measure"], share, _optional(document, "at_least"), _optional(document, "at_most"))


def _group(document: Document) -> Group:
    members = document.get("members")
    return Group(document["code"], _title(document["title"]), None if members is None else frozenset(members))


def _section(document: Document) -> Section:
    indicators = tuple(_indicator(each) for each in document["indicators"])
    return Section(document["code"], _title(document["title"]), exact(document["weight"]), indicators)


def _indicator(document: Document) -> Indicator:
    full = exact(document["full"])
    return Indicator(
        code=document["code"],
        title=_title(document["title"]),
        formula=_formula(document),
        full=full,
        floor=exact(document.get("floor", 0)),
        cap=exact(document["cap"]) if "cap" in document else full,
        on_empty=OnEmpty(document.get("on_empty", OnEmpty.REDISTRIBUTE)),
    )


def _formula(document: Document) -> Formula:
    match document["function"]:
        case "ratio":
            return Ratio(document["measure"])
        case "complement":
            return Complement(document["measure"])
        case "threshold":
            return _threshold(document)
        case "deduction":
            items = (Item(each["measure"], exact(each["each"]), _optional(each, "cap")) for each in document["items"])
            return Deduction(tuple(items), _optional(document, "limit"))
        case "bands":
            return _bands(document)
        case _:
            return _per_exposure(document)


def _threshold(document: Document) -> Threshold:
    step, good = Step(document.get("step", Step.PROPORTIONAL)), Good(document.get("good", Good.HIGH))
    return Threshold(document["measure"], exact(document["threshold"]), exact(document["each"]), step, good)


def _bands(document: Document) -> Bands:
    table = tuple(Band(exact(each["from"]), exact(each["points"])) for each in document["bands"])
    return Bands(document["measure"], table, Good(document.get("good", Good.HIGH)), document.get("interpolate", False))


def _per_exposure(document: Document) -> PerExposure:
    sources = tuple(
        Source(
            each["measure"],
            Finder(each["finder"]),
            exact(each["weight"]) if "weight" in each else WEIGHT_BY_FINDER[Finder(each["finder"])],
        )
        for each in document["sources"]
    )
    return PerExposure(
        sources, document["base"], exact(document["each"]), exact(document.get("unit", 1)), _optional(document, "limit")
    )
