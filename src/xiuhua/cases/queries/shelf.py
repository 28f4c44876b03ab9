"""What is read once for many cases and kept while nothing of it changes: rule books, outlines, flows.

Kept per process for an office's revision, which goes up with every recorded change of packs, registers and settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from xiuhua.cases.queries.rulebook import RuleBook
from xiuhua.cases.rules.flow import KIND, flow_in
from xiuhua.cases.words.moves import Flow
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import chosen_code, content_of, newest_pack
from xiuhua.kernel.queries.packs import PackUndecided
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory
from xiuhua.territory.queries import CodeBook, Locator


@dataclass(frozen=True, slots=True)
class Shelf:
    """The books of one office at one revision."""

    revision: int
    rules: RuleBook
    places: Locator
    codes: CodeBook
    #: None where no flow pack decides: then cases are read, not moved.
    flow: Flow | None
    #: Keys of the office's classes and territories; what an import observed since is not among them.
    classes: frozenset[int]
    territories: frozenset[int]
    #: Key of a class as programs write it ("scheme:event.code") → its key in the database.
    class_keys: Mapping[str, int]
    #: What doors read once for this revision: the choices of their filters.
    kept: dict[str, Any] = field(default_factory=dict)


_SHELVES: dict[int, Shelf] = {}
_LOCK = Lock()


def shelf_of(tenant: Tenant) -> Shelf:
    """Return the books for the revision that `tenant` was read with. No query where they are on the shelf, else some thirty."""
    found = _SHELVES.get(tenant.pk)
    if found is not None and found.revision == tenant.revision:
        return found
    with _LOCK:  # one reads, the others wait for it
        found = _SHELVES.get(tenant.pk)
        if found is None or found.revision != tenant.revision:
            found = _read(tenant)
            _SHELVES[tenant.pk] = found
    return found


def _read(tenant: Tenant) -> Shelf:
    classes = {one.key: one.pk for one in CaseClass.objects.filter(tenant=tenant)}
    return Shelf(
        tenant.revision,
        RuleBook.load(tenant),
        Locator.load(tenant),
        CodeBook.load(tenant),
        _flow(tenant),
        frozenset(classes.values()),
        frozenset(Territory.objects.filter(tenant=tenant).values_list("pk", flat=True)),
        classes,
    )


def flow_of(tenant: Tenant) -> Flow:
    """Return how the office runs the life of its cases. Raises PackUndecided where no flow pack decides."""
    flow = shelf_of(tenant).flow
    if flow is None:
        raise PackUndecided(kind=KIND, codes="—")
    return flow


def _flow(tenant: Tenant) -> Flow | None:
    try:
        pack = newest_pack(tenant, KIND, chosen_code(tenant, KIND))
    except PackUndecided:
        return None
    return flow_in(content_of(pack))[0] if pack else None
