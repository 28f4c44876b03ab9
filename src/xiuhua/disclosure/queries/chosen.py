"""Packs of one file that a setting of the office names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Fault, Refusal


def chosen_text(
    tenant: Tenant,
    kind: str,
    default: str,
    faults_in: Callable[[str], list[Fault]],
    *,
    unknown: type[Refusal],
    faulty: type[Refusal],
) -> tuple[str, str]:
    """Return (name, text) of the pack of a kind that the office's setting of that name chooses. No query.

    Raises `unknown` where no pack has the name, `faulty` with every fault of its text.
    """
    folder = Path(settings.PACKS) / kind
    name = str(tenant.settings.get(kind, default))
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in known:  # never a path: settings are data
        raise unknown(pack=name, known="、".join(known) or "—")
    text = (folder / f"{name}.toml").read_text(encoding="utf-8")
    faults = faults_in(text)
    if faults:
        raise faulty(faults, pack=name, count=len(faults))
    return name, text
