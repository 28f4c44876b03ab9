"""Name rules from packs: which endings of names do not count."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
from django.conf import settings
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.territory.rules.names import fold
from xiuhua.territory.words import NameRule

#: The packs of a tenant that chose none, as far as they are there.
DEFAULT = ("zh-suffixes",)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "code", "rule"],
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
                    "suffixes": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
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
    """Return the name rules of the packs in the tenant's setting `name_rules`, else of the default pack.

    Raises NamePackUnknown for a pack that was chosen and is missing, NamePackMalformed.
    """
    chosen = tenant.settings.get("name_rules")
    rules: list[NameRule] = []
    for pack in DEFAULT if chosen is None else chosen:
        source = Path(settings.PACKS) / "names" / f"{pack}.toml"
        if source.is_file():
            rules += _read(str(pack), source)
        elif chosen is not None:
            raise NamePackUnknown(pack=str(pack))
    return tuple(rules)


def _read(pack: str, source: Path) -> list[NameRule]:
    try:
        document = tomllib.loads(source.read_text(encoding="utf-8"))
        jsonschema.validate(document, SCHEMA)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NamePackMalformed(pack=pack, place="", reason=str(error)) from error
    except jsonschema.ValidationError as error:
        raise NamePackMalformed(pack=pack, place=error.json_path, reason=error.message) from error
    return [
        NameRule(rule["id"], tuple(fold(suffix) for suffix in rule["suffixes"]), rule.get("shortest", 2))
        for rule in document["rule"]
    ]
