"""Pure decisions about places: names, coordinates, outlines, files, identities, versions."""

from __future__ import annotations

from xiuhua.territory.rules.coordinates import from_wgs84, to_wgs84
from xiuhua.territory.rules.names import fold

__all__ = ["fold", "from_wgs84", "to_wgs84"]
