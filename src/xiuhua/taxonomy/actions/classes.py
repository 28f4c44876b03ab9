"""Classes seen in imports, and classes of standards."""

from __future__ import annotations

from collections.abc import Iterable

from xiuhua.kernel.models import Tenant
from xiuhua.taxonomy.models import CaseClass


def observe_classes(tenant: Tenant, scheme: str, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], CaseClass]:
    """Return a class for each (main class, sub-class) of names; missing ones are created unconfirmed.

    An empty sub-class stands for the main class itself. Codes of observed classes are their names, "main/sub".
    The caller records the ledger line: classes are observed as part of an import.
    """
    wanted = sorted(set(pairs))
    mains = _ensure(tenant, scheme, {_code(main): (main, None) for main, _sub in wanted})
    subs = _ensure(tenant, scheme, {_code(main, sub): (sub, mains[_code(main)]) for main, sub in wanted if sub})
    return {(main, sub): subs[_code(main, sub)] if sub else mains[_code(main)] for main, sub in wanted}


def _code(*names: str) -> str:
    """Return a code from names; a stroke inside a name is doubled, so that "A/B" is not "B" of "A"."""
    return "/".join(name.replace("/", "//") for name in names)


def _ensure(tenant: Tenant, scheme: str, named: dict[str, tuple[str, CaseClass | None]]) -> dict[str, CaseClass]:
    rows = CaseClass.objects.filter(tenant=tenant, scheme=scheme, code__in=list(named))
    found = {row.code: row for row in rows}
    missing = [code for code in named if code not in found]
    CaseClass.objects.bulk_create(
        CaseClass(tenant=tenant, scheme=scheme, code=code, name=named[code][0], parent=named[code][1], confirmed=False)
        for code in missing
    )
    return found | {row.code: row for row in rows.filter(code__in=missing)} if missing else found
