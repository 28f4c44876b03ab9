"""Writing the changes of an import, set by set. Part of the importing transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiuhua.kernel.models import Tenant
from xiuhua.territory.actions.naming import keep_externals, keep_names
from xiuhua.territory.models import Territory, TerritoryVersion
from xiuhua.territory.queries.standing import histories
from xiuhua.territory.rules.identity import Register
from xiuhua.territory.rules.shapes import wkb
from xiuhua.territory.words import Change, Order

_History = Mapping[int, Sequence[TerritoryVersion]]


def write(
    tenant: Tenant, order: Order, changes: Sequence[Change], register: Register, history: _History
) -> tuple[int, int]:
    """Write what was decided; returns how many territories were created and how many changed in any way."""
    keys = _create(tenant, order, changes) | {
        change.claim.code: change.claim.territory_id for change in changes if change.claim.territory_id
    }
    touched = _confirm(tenant, changes, register)
    touched |= _correct(order, changes, history)
    touched |= _succeed(order, changes, history)
    _begin(order, changes, keys)
    own = {keys[change.claim.code]: change.claim.row.name for change in changes}
    aliases = {keys[change.claim.code]: change.claim.row.aliases for change in changes}
    created = {keys[change.claim.code] for change in changes if change.step == "create"}
    externals = {keys[change.claim.code]: change.claim.row.externals for change in changes}
    touched |= keep_names(tenant, own, aliases, level=order.level)
    touched |= keep_externals(tenant, externals, level=order.level)
    return len(created), len(touched - created)


def end(tenant: Tenant, order: Order, codes: Sequence[str]) -> tuple[str, ...]:
    """Let these territories' newest versions end on the order's effective day; returns the codes of those that did.

    A version that began on that day or later cannot end on it and stays.
    """
    wanted = set(codes)
    ended = []
    for versions in histories(tenant, order.level).values():
        newest = versions[-1]
        begun = newest.valid_from is None or (order.effective is not None and newest.valid_from < order.effective)
        if newest.territory.code in wanted and begun:
            newest.valid_to = order.effective
            ended.append(newest)
    TerritoryVersion.objects.bulk_update(ended, ["valid_to"], batch_size=500)
    return tuple(sorted(one.territory.code for one in ended))


def _create(tenant: Tenant, order: Order, changes: Sequence[Change]) -> dict[str, int]:
    """Create the territories that are new; returns code → key."""
    codes = {change.claim.code for change in changes if change.claim.territory_id is None}
    Territory.objects.bulk_create(
        (Territory(tenant=tenant, code=code, level=order.level) for code in sorted(codes)), batch_size=1000
    )
    made = Territory.objects.filter(tenant=tenant, level=order.level).values_list("code", "pk") if codes else ()
    return {code: pk for code, pk in made if code in codes}


def _confirm(tenant: Tenant, changes: Sequence[Change], register: Register) -> set[int]:
    """Confirm observed territories that the file names, under the file's code; returns their keys."""
    confirmed = set()
    for change in changes:
        known = register.by_id.get(change.claim.territory_id or 0)
        if known and (not known.confirmed or known.code != change.claim.code):
            Territory.objects.filter(tenant=tenant, pk=known.id).update(code=change.claim.code, confirmed=True)
            confirmed.add(known.id)
    return confirmed


def _fields(order: Order, change: Change) -> dict[str, Any]:
    """Return what a version takes from the file; without an outline in the file, nothing is said about it."""
    fields: dict[str, Any] = {"name": change.claim.row.name, "parent_id": change.claim.parent_id}
    if change.drawing:
        west, south, east, north = change.drawing.geometry.bounds
        fields |= {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north, "crs": order.crs}
        fields |= {"outline": wkb(change.drawing.geometry), "area_m2": change.drawing.area_m2}
    return fields


def _correct(order: Order, changes: Sequence[Change], history: _History) -> set[int]:
    corrected = []
    for change in changes:
        if change.step == "correct" and change.claim.territory_id:
            newest = history[change.claim.territory_id][-1]
            for name, value in _fields(order, change).items():
                setattr(newest, name, value)
            corrected.append(newest)
    TerritoryVersion.objects.bulk_update(corrected, [name.removesuffix("_id") for name in _COPIED], batch_size=200)
    return {one.territory_id for one in corrected}


#: What a new version takes over from the one before where the file is silent.
_COPIED = ("name", "parent_id", "outline", "min_lon", "min_lat", "max_lon", "max_lat", "area_m2", "crs")


def _succeed(order: Order, changes: Sequence[Change], history: _History) -> set[int]:
    """Close the newest versions on the effective day and begin new ones with the file's content."""
    closed, begun = [], []
    for change in changes:
        if change.step != "succeed" or not change.claim.territory_id:
            continue
        newest = history[change.claim.territory_id][-1]
        over = newest.valid_to is not None and order.effective is not None and newest.valid_to <= order.effective
        fields = {name: getattr(newest, name) for name in _COPIED} | _fields(order, change)
        until = None if over else newest.valid_to
        begun.append(
            TerritoryVersion(territory_id=newest.territory_id, valid_from=order.effective, valid_to=until, **fields)
        )
        if not over:
            newest.valid_to = order.effective
            closed.append(newest)
    TerritoryVersion.objects.bulk_update(closed, ["valid_to"], batch_size=500)
    TerritoryVersion.objects.bulk_create(begun, batch_size=200)
    return {one.territory_id for one in begun}


def _begin(order: Order, changes: Sequence[Change], keys: Mapping[str, int]) -> None:
    """Write the first versions of new territories."""
    TerritoryVersion.objects.bulk_create(
        (
            TerritoryVersion(territory_id=keys[change.claim.code], valid_from=order.effective, **_fields(order, change))
            for change in changes
            if change.step == "create"
        ),
        batch_size=200,
    )
