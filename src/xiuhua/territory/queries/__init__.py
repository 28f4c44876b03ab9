"""Named reads of territory."""

from __future__ import annotations

from xiuhua.territory.queries.books import CodeBook, NameBook
from xiuhua.territory.queries.lineage import Lineage, Story, story
from xiuhua.territory.queries.locator import Locator
from xiuhua.territory.queries.standing import TerritoryUnknown, listed, territory_coded
from xiuhua.territory.queries.trees import family, levels, named, options, outlines, tree
from xiuhua.territory.queries.vanished import vanished
from xiuhua.territory.words import Listed, NameMatch, Outline, TreeRow

__all__ = [
    "CodeBook",
    "Lineage",
    "Listed",
    "Locator",
    "NameBook",
    "NameMatch",
    "Outline",
    "Story",
    "TerritoryUnknown",
    "TreeRow",
    "family",
    "levels",
    "listed",
    "named",
    "options",
    "outlines",
    "story",
    "territory_coded",
    "tree",
    "vanished",
]
