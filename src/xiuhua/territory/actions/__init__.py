"""The only writers of territories."""

from __future__ import annotations

from xiuhua.territory.actions.importing import TerritoriesRefused, import_territories
from xiuhua.territory.actions.naming import add_alias
from xiuhua.territory.actions.observing import observe_territories
from xiuhua.territory.actions.sites import SitesRefused, import_sites

__all__ = [
    "SitesRefused",
    "TerritoriesRefused",
    "add_alias",
    "import_sites",
    "import_territories",
    "observe_territories",
]
