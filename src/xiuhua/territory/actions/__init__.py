"""The only writers of territories."""

from __future__ import annotations

from xiuhua.territory.actions.changes import ChangesRefused, apply_changes
from xiuhua.territory.actions.importing import TerritoriesRefused, import_territories
from xiuhua.territory.actions.naming import add_alias
from xiuhua.territory.actions.observing import observe_territories
from xiuhua.territory.actions.redrawing import StaleOutline, redraw_outline, undo_redraw
from xiuhua.territory.actions.sites import SitesRefused, import_sites
from xiuhua.territory.actions.succeeding import succeed

__all__ = [
    "ChangesRefused",
    "SitesRefused",
    "StaleOutline",
    "TerritoriesRefused",
    "add_alias",
    "apply_changes",
    "import_sites",
    "import_territories",
    "observe_territories",
    "redraw_outline",
    "succeed",
    "undo_redraw",
]
