"""The only writers of the taxonomy."""

from xiuhua.taxonomy.actions.classes import observe_classes
from xiuhua.taxonomy.actions.standards import apply_pack, fit_pack

__all__ = ["apply_pack", "fit_pack", "observe_classes"]
