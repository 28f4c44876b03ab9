"""How an office runs the life of its cases: what a pack of kind `flow` says, and everything that is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from xiuhua.cases.words.moves import Flow, OptionalStep, Verb
from xiuhua.clock.rules.grammar import LimitAmbiguous, LimitUnreadable, limits_of
from xiuhua.kernel.rules.packs import document, table
from xiuhua.kernel.words import Fault, Line, PackContent

KIND = "flow"
FLOW, REASONS, REPLIES = "flow.toml", "reasons.csv", "replies.csv"
COLUMNS = ("verb", "code", "zh", "en")
#: Reasons for keeping our side where another platform says otherwise: no move, but listed like one.
KEEP = "keep"
_STARTS = {"reported": Verb.REPORT, "filed": Verb.FILE, "dispatched": Verb.DISPATCH}


def _count(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def _table(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(properties),
        "properties": properties,
    }


_SCHEMA = _table(
    steps=_table(unit_review={"type": "boolean"}, pre_closing_check={"type": "boolean"}),
    clock=_table(starts={"enum": sorted(_STARTS)}),
    refusals=_table(arbitrate_after=_count(0, 20), arbitration_limit={"type": "string", "minLength": 1}),
    extensions=_table(most=_count(0, 10), unit_review={"type": "boolean"}),
    suspension=_table(most=_count(0, 10), longest_days=_count(1, 365)),
    numbers=_table(prefix={"type": "string", "pattern": "^[A-Z0-9]{0,12}$"}, digits=_count(4, 12)),
    duplicates=_table(metres=_count(1, 5000), hours=_count(1, 24 * 60)),
    claims=_table(seconds=_count(15, 3600)),
    photos=_table(metres=_count(1, 100_000), minutes=_count(1, 100_000), likeness_bits=_count(0, 32)),
    reminders=_table(
        dormant_days=_count(1, 365),
        hours_before={"type": "array", "items": _count(1, 24 * 30), "maxItems": 5, "uniqueItems": True},
    ),
)


def flow_in(pack: PackContent) -> tuple[Flow | None, list[Fault]]:
    """Return the flow that a pack says, None with everything that is wrong with it."""
    told, faults = document(pack, FLOW, _SCHEMA)
    reasons, wrong = table(pack, REASONS, COLUMNS, required=COLUMNS)
    replies, odd = table(pack, REPLIES, COLUMNS, required=COLUMNS, optional=True)
    faults += wrong + odd + _verbs(reasons, REASONS) + _verbs(replies, REPLIES)
    if faults:
        return None, faults
    try:
        limits = limits_of(told["refusals"]["arbitration_limit"])
    except (LimitUnreadable, LimitAmbiguous) as error:
        where = "refusals.arbitration_limit"
        return None, [Fault("case.flow_limit", column=where, facts={"reason": str(error)}, file=FLOW)]
    return _flow(pack.name, told, limits, reasons, replies), []


def check_flow(pack: PackContent) -> list[Fault]:
    """Return what is wrong with a pack of kind `flow`."""
    return flow_in(pack)[1]


def _flow(name: str, told: dict[str, Any], limits: Any, reasons: list[Line], replies: list[Line]) -> Flow:
    return Flow(
        name=name,
        skipped=frozenset(step for step in OptionalStep if not told["steps"][step.value]),
        clock_starts=_STARTS[told["clock"]["starts"]],
        refusals=told["refusals"]["arbitrate_after"],
        arbitration=limits,
        extensions=told["extensions"]["most"],
        extension_reviewed=told["extensions"]["unit_review"],
        suspensions=told["suspension"]["most"],
        suspension_days=told["suspension"]["longest_days"],
        number_prefix=told["numbers"]["prefix"],
        number_digits=told["numbers"]["digits"],
        duplicate_metres=told["duplicates"]["metres"],
        duplicate_hours=told["duplicates"]["hours"],
        claim=timedelta(seconds=told["claims"]["seconds"]),
        reasons=_by_verb(reasons),
        replies=_by_verb(replies),
        photo_metres=told["photos"]["metres"],
        photo_minutes=told["photos"]["minutes"],
        photo_likeness=told["photos"]["likeness_bits"],
        dormant_days=told["reminders"]["dormant_days"],
        warn_hours=tuple(told["reminders"]["hours_before"]),
    )


def _by_verb(lines: Iterable[Line]) -> dict[str, tuple[tuple[str, dict[str, str]], ...]]:
    found: defaultdict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for line in lines:
        found[line["verb"]].append((line["code"], {"zh": line["zh"], "en": line["en"]}))
    return {verb: tuple(each) for verb, each in found.items()}


def _verbs(lines: Iterable[Line], file: str) -> list[Fault]:
    faults, seen = [], set()
    for line in lines:
        if line["verb"] not in {*Verb.values, KEEP}:
            faults.append(
                Fault("case.flow_verb", row=line.line, column="verb", facts={"verb": line["verb"]}, file=file)
            )
        if (line["verb"], line["code"]) in seen:
            faults.append(
                Fault("case.flow_twice", row=line.line, column="code", facts={"code": line["code"]}, file=file)
            )
        seen.add((line["verb"], line["code"]))
    return faults
