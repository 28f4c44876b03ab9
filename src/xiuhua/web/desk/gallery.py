"""The gallery: every component in every state, in a chosen theme and size."""

from __future__ import annotations

import importlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiuhua.ui import rendering
from xiuhua.ui.stylesheet import tokens
from xiuhua.web.context import SIZES, THEMES

#: Components that need the whole width.
WIDE = frozenset({"bar", "facts", "choropleth", "ledger", "trend", "pager"})


def _shown(name: str, csrf_token: str) -> dict[str, Any]:
    module = importlib.import_module(f"xiuhua.ui.components.{name}.view")
    return {
        "name": name,
        "about": (module.__doc__ or "").strip(),
        "parameters": rendering.parameters(name),
        "wide": name in WIDE,
        "examples": [
            {"title": title, "html": rendering.render(name, given, csrf_token=csrf_token)}
            for title, given in rendering.examples(name).items()
        ],
    }


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show all components; `theme` and `size` in the address choose how."""
    theme, size = request.GET.get("theme", ""), request.GET.get("size", "")
    context = {
        "components": [_shown(name, get_token(request)) for name in rendering.names()],
        "theme": theme if theme in THEMES else "",
        "size": size if size in SIZES else "",
        "themes": [name for name in THEMES if name != "auto"],
        "swatches": [name.removeprefix("--") for name, value in tokens("light").items() if value.startswith("#")],
    }
    return render(request, "web/gallery.html", context)
