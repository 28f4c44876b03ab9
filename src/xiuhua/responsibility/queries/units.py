"""Units and accounts as lists show them, and the workbooks to fill them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.models import Body
from xiuhua.responsibility.queries.kinds import unit_kinds
from xiuhua.responsibility.words import Role
from xiuhua.tables.forms import form_of
from xiuhua.tables.templates import template
from xiuhua.tables.words import Form
from xiuhua.territory.queries.forms import english, territory_names


class UnitUnknown(Refusal):
    """No unit has this code."""

    code = "unit.unknown"
    sentence = _("没有代码为 %(code)s 的单位。")


@lru_cache
def form(name: str) -> Form:
    """Return the form `name`: unit or user."""
    return form_of((files("xiuhua.responsibility") / "forms" / f"{name}.toml").read_text(encoding="utf-8"))


def bodies_of(tenant: Tenant) -> list[Body]:
    """Return the tenant's units by code, each with its territory. One query."""
    return list(Body.objects.filter(tenant=tenant).select_related("territory").order_by("code"))


def body_coded(tenant: Tenant, code: str) -> Body:
    """Return the unit with this code. One query. Raises UnitUnknown."""
    found = Body.objects.filter(tenant=tenant, code=code).select_related("territory").first()
    if found is None:
        raise UnitUnknown(code=code)
    return found


def unit_template(tenant: Tenant, bodies: Iterable[Body] = ()) -> bytes:
    """Return the workbook to fill units in, or `bodies` as the same workbook, so that it can be brought back."""
    kinds = unit_kinds(tenant)
    choices = {"kinds": [one.name(english()) for one in kinds], "communities": territory_names(tenant)}
    names = {one.code: one.name(english()) for one in kinds}
    return template(form("unit"), choices, english=english(), rows=[_cells(body, names) for body in bodies])


def unit_table(tenant: Tenant, bodies: Iterable[Body]) -> tuple[list[str], Iterator[list[str]]]:
    """Return the headings of the form of units in the reader's language, and the units under them, one by one."""
    names = {one.code: one.name(english()) for one in unit_kinds(tenant)}
    shown = form("unit").columns
    rows = ([cells.get(one.key, "") for one in shown] for cells in (_cells(body, names) for body in bodies))
    return [one.en if english() else one.zh for one in shown], rows


def _cells(body: Body, kinds: Mapping[str, str]) -> dict[str, str]:
    return {
        "code": body.code,
        "name": body.name,
        "kind": kinds.get(body.kind, body.kind),
        "territory": body.territory.code if body.territory else "",
        "aliases": "、".join(body.aliases),
    }


def user_template(tenant: Tenant) -> bytes:
    """Return the workbook to fill accounts in; it has no place for passwords."""
    units = [body.name for body in bodies_of(tenant) if body.confirmed]
    choices = {"roles": [str(label) for _value, label in Role.choices], "units": units}
    return template(form("user"), choices, english=english())
