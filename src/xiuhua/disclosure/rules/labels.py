"""How an office's labels are written in a pack: the schema, and the values read from it."""

from __future__ import annotations

from typing import Any

from xiuhua.assessment.words import Title
from xiuhua.disclosure.words import Labels
from xiuhua.kernel.rules.packs import read_document
from xiuhua.kernel.words import Fault

_SAID: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["zh"],
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string"}},
}
_LIST: dict[str, Any] = {"type": "array", "items": _SAID}
_ONE = ("issuer", "mark", "number", "title", "addressee", "note", "printed_by")
_MANY = ("basis", "requirements", "copies")
_TASKS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["most", "days", "named"],
    "properties": {
        "most": {"type": "integer", "minimum": 1, "maximum": 40},
        "days": {"type": "integer", "minimum": 1, "maximum": 366},
        "named": {"type": "integer", "minimum": 1, "maximum": 10},
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "code", "version", "effective_from", "made_up", *_ONE, "posts", "tasks"],
    "properties": {
        "schema": {"const": 1},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "version": {"type": "string", "minLength": 1},
        "effective_from": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
        "made_up": {"type": "boolean"},
        **dict.fromkeys(_ONE, _SAID),
        **dict.fromkeys(_MANY, _LIST),
        "posts": {"type": "object", "required": ["default"], "additionalProperties": _SAID},
        "tasks": _TASKS,
    },
}
#: Where a label leaves room for the month or the office; anything else in braces is a mistake.
PLACES = {"office": "", "year": "", "month": "", "number": "", "level": ""}


def labels_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with the text of a pack of labels, each at its field."""
    document, faults = read_document(text, "", SCHEMA)
    return faults or [fault for name in (*_ONE, *_MANY) for fault in _odd(name, document.get(name))]


def _odd(name: str, value: Any) -> list[Fault]:
    many = value if isinstance(value, list) else [value or {}]
    return [
        Fault("pack.toml", column=name, facts={"reason": f"{text}: {error!r}"})
        for said in many
        for text in said.values()
        if (error := _unfilled(text))
    ]


def _unfilled(text: str) -> Exception | None:
    try:
        text.format(**PLACES)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        return error
    return None


def read_labels(document: dict[str, Any], digest: str) -> Labels:
    """Return the labels of a document that has been checked; `digest` is that of its file."""
    one = {name: _said(document[name]) for name in _ONE}
    many = {name: tuple(map(_said, document.get(name, []))) for name in _MANY}
    return Labels(
        code=document["code"],
        version=document["version"],
        made_up=document["made_up"],
        issuer=one["issuer"],
        mark=one["mark"],
        number=one["number"],
        title=one["title"],
        addressee=one["addressee"],
        basis=many["basis"],
        requirements=many["requirements"],
        note=one["note"],
        copies=many["copies"],
        printed_by=one["printed_by"],
        posts={level: _said(post) for level, post in document["posts"].items()},
        tasks=document["tasks"]["most"],
        task_days=document["tasks"]["days"],
        named=document["tasks"]["named"],
        digest=digest,
    )


def _said(value: dict[str, str]) -> Title:
    return Title(value["zh"], value.get("en", ""))
