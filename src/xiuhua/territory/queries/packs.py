"""Name rules from packs: which endings of names do not count, and how names are shortened in speech."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
from django.conf import settings
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules.packs import read_document
from xiuhua.kernel.words import Fault, Refusal
from xiuhua.territory.rules.names import fold
from xiuhua.territory.words import Contraction, NameRule

#: The packs of a tenant that chose none, as far as they are there.
DEFAULT = ("zh-suffixes", "zh-ordinals")

_TEXTS: dict[str, Any] = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "code"],
    "anyOf": [{"required": ["rule"]}, {"required": ["contraction"]}],
    "properties": {
        "schema": {"const": 1},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "name": {"type": "string"},
        "rule": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "suffixes"],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "suffixes": _TEXTS,
                    "shortest": {"type": "integer", "minimum": 1},
                },
            },
        },
        "contraction": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "suffixes", "words"],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "suffixes": _TEXTS,
                    "words": _TEXTS,
                    "units": _TEXTS,
                    "ordinal": {"type": "string"},
                    "shortest": {"type": "integer", "minimum": 1},
                },
            },
        },
    },
}


class NamePackUnknown(Refusal):
    """The tenant's settings name a pack of name rules that is not there."""

    code = "territory.name_pack_unknown"
    sentence = _("找不到名称规则包“%(pack)s”。")


class NamePackMalformed(Refusal):
    """A pack of name rules does not follow its schema."""

    code = "territory.name_pack_malformed"
    sentence = _("名称规则包“%(pack)s”不合格式：%(place)s %(reason)s")


def name_rules(tenant: Tenant) -> tuple[NameRule, ...]:
    """Return the name rules of the packs in the tenant's setting `name_rules`, else of the default packs.

    Raises NamePackUnknown for a pack that was chosen and is missing, NamePackMalformed.
    """
    return tuple(
        NameRule(rule["id"], _folded(rule["suffixes"]), rule.get("shortest", 2))
        for document in _documents(tenant)
        for rule in document.get("rule", [])
    )


def contractions(tenant: Tenant) -> tuple[Contraction, ...]:
    """Return how names are shortened in speech, from the same packs. Raises NamePackUnknown, NamePackMalformed."""
    return tuple(
        Contraction(
            rule["id"],
            _folded(rule["suffixes"]),
            _folded(rule["words"]),
            _folded(rule.get("units", [])),
            fold(rule.get("ordinal", "")),
            rule.get("shortest", 2),
        )
        for document in _documents(tenant)
        for rule in document.get("contraction", [])
    )


def name_pack_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with the text of a pack of rules of names, each at its field."""
    return read_document(text, "", SCHEMA)[1]


def _folded(texts: list[str]) -> tuple[str, ...]:
    return tuple(fold(text) for text in texts)


def _documents(tenant: Tenant) -> list[dict[str, Any]]:
    chosen = tenant.settings.get("name_rules")
    found = []
    for pack in DEFAULT if chosen is None else chosen:
        source = Path(settings.PACKS) / "names" / f"{pack}.toml"
        if source.is_file():
            found.append(_read(str(pack), source))
        elif chosen is not None:
            raise NamePackUnknown(pack=str(pack))
    return found


def _read(pack: str, source: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(source.read_text(encoding="utf-8"))
        jsonschema.validate(document, SCHEMA)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NamePackMalformed(pack=pack, place="", reason=str(error)) from error
    except jsonschema.ValidationError as error:
        raise NamePackMalformed(pack=pack, place=error.json_path, reason=error.message) from error
    return document
