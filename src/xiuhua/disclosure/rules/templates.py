"""How the template of a bulletin is written in a pack: the schema, and the values read from it."""

from __future__ import annotations

from typing import Any

from xiuhua.assessment.words import Title
from xiuhua.disclosure.bulletin import BlockKind, Made, Step, Template
from xiuhua.kernel.rules.packs import read_document
from xiuhua.kernel.words import Fault

LISTS = ("top", "bottom", "overdue", "classes", "sayings", "requirements")
#: 部门、分管、保密: fewer steps is no pack's to decide.
LEAST_STEPS = 3
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_STEP: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["code", "title", "roles"],
    "properties": {
        "code": {"type": "string", "pattern": "^[a-z][a-z_]*$", "maxLength": 20},
        "title": {
            "type": "object",
            "additionalProperties": False,
            "required": ["zh"],
            "properties": {"zh": _TEXT, "en": _TEXT},
        },
        "roles": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _TEXT},
    },
}
_BLOCK: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {
        "kind": {"enum": [str(one) for one in BlockKind]},
        "items": {"enum": list(LISTS)},
        "numbered": {"type": "boolean"},
        "text": _TEXT,
        "each": _TEXT,
        "join": {"type": "string"},
        "when": _TEXT,
        "unless": _TEXT,
    },
    "dependentRequired": {"items": ["each"]},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "code", "version", "effective_from", "made_up", "approval", "correction", "blocks"],
    "properties": {
        "schema": {"const": 1},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "version": {"type": "string", "minLength": 1},
        "effective_from": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
        "made_up": {"type": "boolean"},
        "approval": {
            "type": "object",
            "additionalProperties": False,
            "required": ["several", "steps"],
            "properties": {
                "several": {"type": "boolean"},
                "steps": {"type": "array", "minItems": LEAST_STEPS, "maxItems": 9, "items": _STEP},
            },
        },
        "correction": {
            "type": "object",
            "additionalProperties": False,
            "required": ["title", "opening"],
            "properties": {"title": _TEXT, "opening": _TEXT},
        },
        "blocks": {"type": "array", "minItems": 1, "items": _BLOCK},
    },
}


def template_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with the text of a template, each at its field; steps are told apart by code."""
    document, faults = read_document(text, "", SCHEMA)
    codes = [step["code"] for step in document.get("approval", {}).get("steps", [])]
    if not faults and len(set(codes)) < len(codes):
        faults = [Fault("pack.toml", column="approval.steps", facts={"reason": "、".join(codes)})]
    return faults


def read_template(document: dict[str, Any], digest: str) -> Template:
    """Return the template of a document that has been checked; `digest` is that of its file."""
    steps = document["approval"]["steps"]
    return Template(
        code=document["code"],
        version=document["version"],
        steps=tuple(
            Step(one["code"], Title(one["title"]["zh"], one["title"].get("en", "")), frozenset(one["roles"]))
            for one in steps
        ),
        several=document["approval"]["several"],
        blocks=tuple(
            Made(**{**one, "kind": BlockKind(one.get("kind", BlockKind.PARAGRAPH))}) for one in document["blocks"]
        ),
        correction=(document["correction"]["title"], document["correction"]["opening"]),
        digest=digest,
    )
