"""Mappings as texts that are written: answers given to a template, a mapping put down again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from xiuhua.cases.words import Verdict
from xiuhua.exchange.guesses import Proposal, Ticked
from xiuhua.exchange.rules.mappings import asked, parse_mapping, read_mapping
from xiuhua.exchange.rules.marks import KINDS
from xiuhua.exchange.words import Mapping as Reading
from xiuhua.kernel.words import Fault, Refusal, marked

#: What an answer to a question sets: the key of the document, and of the table it stands in.
_PLACE = {"day": ("units", "day"), "hour": ("units", "hour")}
#: Answers that may come beside the one that asks for them.
_BESIDE = ("central_meridian", "zone_number", "hour")


class AnswerUnasked(Refusal):
    """An answer was given to something that the mapping already says."""

    code = "import.answer_unasked"
    sentence = marked("映射“%(mapping)s”已经写明了“%(what)s”：%(told)s。要改，请另写一份映射。")


def answered(text: str, answers: Mapping[str, Any]) -> str:
    """Return a template's text with these answers written in; unchanged without any.

    `answers` are of crs, central_meridian, zone_number, zone, date_order, day, hour; None is no answer. What a mapping
    already says can be said again, not otherwise. Raises AnswerUnasked, MappingMalformed.
    """
    given = {key: value for key, value in answers.items() if value is not None}
    if not given:
        return text
    document = read_mapping(text)
    open_ = asked(document)
    for key, value in given.items():
        told = _told(document, key)
        if told == value:
            continue
        if told is not None or (key not in open_ and key not in _BESIDE):
            raise AnswerUnasked(mapping=document["code"], what=key, told="—" if told is None else str(told))
        table, name = _PLACE.get(key, ("", key))
        (document.setdefault(table, {}) if table else document)[name] = value
    document["ask"] = [one for one in open_ if _told(document, one) is None]
    return written(document)


def _told(document: Mapping[str, Any], key: str) -> Any:
    table, name = _PLACE.get(key, ("", key))
    return (document.get(table, {}) if table else document).get(name)


def written(document: Mapping[str, Any]) -> str:
    """Return a mapping's document as TOML; empty lists and tables are left out. `read_mapping` gives it back."""
    plain = {key: value for key, value in document.items() if not isinstance(value, dict)}
    lines = [*_pairs(plain)]
    for key, table in document.items():
        if isinstance(table, dict) and (pairs := [*_pairs(table)]):
            lines += ["", f"[{key}]", *pairs]
    return "\n".join(lines) + "\n"


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value not in ([], (), None):
            yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_value(key)} = {_value(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, int | float | date | time):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML's basic strings are JSON's


def write_mapping(mapping: Reading) -> str:
    """Return a mapping as TOML: `parse_mapping` of it gives the same mapping, but for its text."""
    place = mapping.place
    document: dict[str, Any] = {
        "schema": 1,
        **{key: getattr(mapping, key) for key in ("code", "name", "zone", "date_order")},
        "crs": mapping.crs,
        "central_meridian": mapping.meridian,
        **{key: getattr(mapping, key) for key in ("mirror", "repeat_order", "encoding", "delimiter", "sheet")},
        "header_row": mapping.header_row or None,
        "header_rows": mapping.header_rows or None,
        "complete": mapping.complete,
        "limit_by": list(mapping.limit_by),
        "missing": sorted(mapping.missing),
        "columns": dict(mapping.columns),
        "stage": {
            "void": sorted(mapping.void),
            "closing": sorted(mapping.closing),
            "closed": sorted(mapping.closed),
            "open": sorted(mapping.opened),
        },
        "verdict": {
            **_said(mapping.verdicts, ""),
            **_said(mapping.verdict_columns, "_columns"),
            "flags": sorted(mapping.flags),
        },
        **({"back": {"columns": dict(mapping.back)}} if mapping.back else {}),
        "marks": {kind: sorted(word for word, one in mapping.marks.items() if one == kind) for kind in KINDS},
        "place": {
            "order": list(place.order),
            "level": place.level,
            "observe": place.observe,
            "pile_min": place.pile_min,
            "pile_share": str(float(place.pile_share)),
            "pile_listed": place.pile_listed,
        },
    }
    return written(document)


def _said(verdicts: Mapping[str, Verdict], kind: str) -> dict[str, list[str]]:
    names = {Verdict.ON_TIME: "on_time", Verdict.OVERDUE: "overdue"}
    return {
        f"{name}{kind}": sorted(text for text, one in verdicts.items() if one == key) for key, name in names.items()
    }


class DraftIncomplete(Refusal):
    """A mapping cannot be written yet: something is not answered, or a required field has no column."""

    code = "import.draft_incomplete"
    sentence = marked("还不能写成映射：%(open)s。")


def draft(proposal: Proposal, *, code: str, name: str, answers: Mapping[str, Any], ticked: Ticked) -> str:
    """Return the text of the mapping that a proposal becomes with a reader's answers and ticked values.

    `answers` as in `answered`. Raises DraftIncomplete naming every open question and required field, MappingMalformed.
    """
    given = {key: value for key, value in answers.items() if value is not None}
    open_ = [one.what for one in proposal.questions if one.what not in given]
    if open_ or proposal.lacking:
        faults = [Fault("mapping.asked", column=one, facts={"what": one}) for one in open_]
        faults += [Fault("mapping.lacking", column=one, facts={"what": one}) for one in proposal.lacking]
        raise DraftIncomplete(faults, open=", ".join([*open_, *proposal.lacking]))
    document: dict[str, Any] = {"schema": 1, "code": code, "name": name}
    document |= {key: value for key, value in given.items() if key not in _PLACE}
    document["missing"] = list(proposal.missing)
    document["columns"] = {field: one.column for field, one in proposal.fields.items()}
    document["stage"] = {"void": list(ticked.void)}
    told = ("on_time", "overdue", "on_time_columns", "overdue_columns")
    document["verdict"] = {key: list(getattr(ticked, key)) for key in told}
    document["units"] = {_PLACE[key][1]: value for key, value in given.items() if key in _PLACE}
    text = written(document)
    parse_mapping(text)
    return text
