"""Named reads of territory."""

from __future__ import annotations

from xiuhua.territory.queries.books import CodeBook, NameBook
from xiuhua.territory.queries.locator import Locator
from xiuhua.territory.queries.sites import SiteLocator, SiteUnknown, site_coded, sites_of
from xiuhua.territory.queries.standing import TerritoryUnknown, listed, territory_coded
from xiuhua.territory.queries.trees import family, levels, named, options, outlines, tree
from xiuhua.territory.words import Listed, NameMatch, Outline, TreeRow

__all__ = [
    "CodeBook",
    "Listed",
    "Locator",
    "NameBook",
    "NameMatch",
    "Outline",
    "SiteLocator",
    "SiteUnknown",
    "TerritoryUnknown",
    "TreeRow",
    "family",
    "levels",
    "listed",
    "named",
    "options",
    "outlines",
    "site_coded",
    "sites_of",
    "territory_coded",
    "tree",
]
