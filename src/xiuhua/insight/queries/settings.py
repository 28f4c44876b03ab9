"""The parameters of analysis: read from packs, by day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings

from xiuhua.insight.words import Settings
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules.packs import read_document
from xiuhua.kernel.words import Fault, Refusal, marked

#: The folder of the packs, and what an office uses that has not chosen.
KIND = "insight"
DEFAULT = "basic"
_SCHEMA: dict[str, Any] = json.loads(Path(__file__).parents[1].joinpath("settings.schema.json").read_text("utf-8"))


class SettingsUnknown(Refusal):
    """No pack holds parameters of analysis of that code for that day."""

    code = "insight.settings_unknown"
    sentence = marked("没有在 %(day)s 施行的分析参数“%(pack)s”；现有：%(known)s。")


class SettingsFaulty(Refusal):
    """A file of parameters of analysis cannot be used as it is."""

    code = "insight.settings_faulty"
    sentence = marked("分析参数文件“%(file)s”有 %(count)s 处不对：")


def settings_of(tenant: Tenant, day: date) -> Settings:
    """Return the parameters of analysis that hold for an office on `day`.

    Of the packs whose code is the office's setting `insight` ("basic" where it has none) the newest that is in force
    counts. No database query. Raises SettingsUnknown, SettingsFaulty.
    """
    chosen, month = str(tenant.settings.get(KIND, DEFAULT)), f"{day:%Y-%m}"
    found = list(_packs())
    held = [one for one in found if one.code == chosen and one.effective_from <= month]
    if not held:
        known = "、".join(sorted({f"{one.code}（{one.effective_from}）" for one in found}))
        raise SettingsUnknown(pack=chosen, day=day.isoformat(), known=known or "—")
    return max(held, key=lambda one: (one.effective_from, one.version))


def settings_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with the text of a pack of parameters, each at its field."""
    return read_document(text, "", _SCHEMA)[1]


def settings_in(text: str, file: str = "") -> Settings:
    """Return the parameters that a text holds. Raises SettingsFaulty with every fault."""
    document, faults = read_document(text, file, _SCHEMA)
    if faults:
        raise SettingsFaulty(faults, file=file, count=len(faults))
    return _settings(document)


def _packs() -> Iterator[Settings]:
    for path in sorted((Path(settings.PACKS) / KIND).glob("*.toml")):
        yield settings_in(path.read_text(encoding="utf-8"), path.name)


def _settings(document: Mapping[str, Any]) -> Settings:
    hotspots, changes = document["hotspots"], document["changes"]
    overdue, effort = document.get("overdue", {}), document.get("effort", {})
    spread = document.get("dispersion", {})
    return Settings(
        code=document["code"],
        version=document["version"],
        effective_from=document["effective_from"],
        **document["points"],
        **document["recurrence"],
        resolution=hotspots["resolution"],
        alpha=Fraction(hotspots["alpha"]),
        least_cases=hotspots["least_cases"],
        pareto=Fraction(changes["pareto"]),
        least_change=changes["least_change"],
        least_overdue=overdue.get("least", 1),
        least_reported=effort.get("least", 1),
        own_channels=tuple(effort.get("own", ())),
        citizen_channels=tuple(effort.get("citizens", ())),
        dispersion_months=spread.get("months", 6),
        dispersion_least=spread.get("least", 5),
        dispersion_usual=Fraction(spread.get("usual", 2)),
    )
