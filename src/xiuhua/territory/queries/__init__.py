"""Named reads of territory."""

from __future__ import annotations

from xiuhua.territory.queries.books import CodeBook, NameBook
from xiuhua.territory.queries.forms import site_table, site_template, territory_template
from xiuhua.territory.queries.lineage import Lineage, Story, story
from xiuhua.territory.queries.locator import Locator
from xiuhua.territory.queries.packs import name_pack_faults
from xiuhua.territory.queries.site_lists import SITE_SORTS, filtered_sites, type_counts
from xiuhua.territory.queries.site_types import SITE_TYPES, offered_types, site_types
from xiuhua.territory.queries.sites import SiteLocator, SiteUnknown, site_coded, sites_of
from xiuhua.territory.queries.standing import TerritoryUnknown, listed, territory_coded
from xiuhua.territory.queries.trees import family, ground_digest, levels, named, options, outlines, tree
from xiuhua.territory.queries.vanished import vanished
from xiuhua.territory.words import Listed, NameMatch, Outline, TreeRow

__all__ = [
    "SITE_SORTS",
    "SITE_TYPES",
    "CodeBook",
    "Lineage",
    "Listed",
    "Locator",
    "NameBook",
    "NameMatch",
    "Outline",
    "SiteLocator",
    "SiteUnknown",
    "Story",
    "TerritoryUnknown",
    "TreeRow",
    "family",
    "filtered_sites",
    "ground_digest",
    "levels",
    "listed",
    "name_pack_faults",
    "named",
    "offered_types",
    "options",
    "outlines",
    "site_coded",
    "site_table",
    "site_template",
    "site_types",
    "sites_of",
    "story",
    "territory_coded",
    "territory_template",
    "tree",
    "type_counts",
    "vanished",
]
