"""A stamp on a name: red list, black list, a quiet label, a warning."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def view(kind: str = "line", label: str = "") -> dict[str, Any]:
    """Return the stamp; `kind` is red, black, line or warn. Red and black name themselves unless `label` does."""
    return {"kind": kind, "label": label or {"red": _("红榜"), "black": _("黑榜")}[kind]}
