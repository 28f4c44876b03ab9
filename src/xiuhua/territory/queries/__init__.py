"""Named reads of territory."""

from __future__ import annotations

from xiuhua.territory.queries.books import CodeBook, NameBook
from xiuhua.territory.queries.locator import Locator
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
    "TerritoryUnknown",
    "TreeRow",
    "family",
    "levels",
    "listed",
    "named",
    "options",
    "outlines",
    "territory_coded",
    "tree",
]
