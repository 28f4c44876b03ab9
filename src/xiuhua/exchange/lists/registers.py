"""Registers that go out: people, units, sites."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from xiuhua.exchange.lists.cases import CHUNK, zone_in
from xiuhua.exchange.lists.words import Asked, Head, Listing, ListKind
from xiuhua.responsibility.phrases import post_words
from xiuhua.responsibility.queries import (
    PEOPLE_SORTS,
    UNIT_SORTS,
    filtered_people,
    filtered_units,
    people_wanted,
    unit_table,
)
from xiuhua.territory.queries import SITE_SORTS, family, filtered_sites, options, site_table


def _sort(asked: Asked, known: object, usual: str) -> str:
    return asked.sort if asked.sort.lstrip("-") in known else usual  # type: ignore[operator]


def _people(asked: Asked) -> Listing:
    heads = (
        Head(_("账号"), 16, personal=True),
        Head(_("姓名"), personal=True),
        Head(_("单位"), 20),
        Head(_("岗位"), 40),
        Head(_("状态"), 10),
    )
    day = asked.at.astimezone(zone_in(asked.tenant)).date()
    names = dict(options(asked.tenant))
    found = filtered_people(asked.tenant, people_wanted(asked.given, day), sort=_sort(asked, PEOPLE_SORTS, "username"))
    rows = (
        [
            one.username,
            one.name,
            one.body.name if one.body else "",
            "；".join(post_words(post, names) for post in one.held),  # type: ignore[attr-defined] # prefetched
            _("在用") if one.is_active else _("停用"),
        ]
        for one in found.iterator(chunk_size=CHUNK)
    )
    return Listing(heads, rows)


def _units(asked: Asked) -> Listing:
    given = asked.given
    found = filtered_units(
        asked.tenant,
        text=given.get("q", ""),
        kind=given.get("kind", ""),
        confirmed={"yes": True, "no": False}.get(given.get("known", "")),
        territories=family(asked.tenant, given["territory"]) if given.get("territory") else None,
        sort=_sort(asked, UNIT_SORTS, "code"),
    )
    columns, rows = unit_table(asked.tenant, found.iterator(chunk_size=CHUNK))
    return Listing([Head(name, 18) for name in columns], rows)


def _sites(asked: Asked) -> Listing:
    given = asked.given
    found = filtered_sites(
        asked.tenant,
        text=given.get("q", ""),
        type=given.get("type", ""),
        territories=family(asked.tenant, given["territory"]) if given.get("territory") else None,
        sort=_sort(asked, SITE_SORTS, "code"),
    )
    columns, rows = site_table(asked.tenant, found.iterator(chunk_size=CHUNK))
    return Listing([Head(name, 18) for name in columns], rows)


KINDS = (
    ListKind(
        "people",
        noop("人员"),
        "people.see",
        _people,
        {"q": noop("账号、姓名"), "role": noop("岗位"), "unit": noop("单位"), "state": noop("状态")},
        personal=True,
    ),
    ListKind(
        "units",
        noop("单位"),
        "register.see",
        _units,
        {"q": noop("编码、名称"), "kind": noop("类别"), "territory": noop("本地域"), "known": noop("来历")},
    ),
    ListKind(
        "sites",
        noop("点位"),
        "register.see",
        _sites,
        {"q": noop("编码、名称"), "type": noop("类型"), "territory": noop("地域")},
    ),
)
