"""Components: a folder each, found by name, rendered by one function.

A folder holds `<name>.html` (template), `<name>.css` (style), `view.py` (one function, `view`, whose parameters are
the component's and whose result is the template's context) and `examples.py` (what the gallery shows and tests walk).
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).parent / "components"


@cache
def names() -> tuple[str, ...]:
    """Return the names of all components."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/view.py")))


@cache
def view_of(name: str) -> Callable[..., dict[str, Any]]:
    """Return the function that checks a component's parameters and prepares what its template shows."""
    found: Callable[..., dict[str, Any]] = importlib.import_module(f"xiuhua.ui.components.{name}.view").view
    return found


def parameters(name: str) -> str:
    """Return the component's parameters as its function declares them."""
    return ", ".join(str(parameter) for parameter in inspect.signature(view_of(name)).parameters.values())


def examples(name: str) -> dict[str, dict[str, Any]]:
    """Return the component's examples: parameters by title."""
    found: dict[str, dict[str, Any]] = importlib.import_module(f"xiuhua.ui.components.{name}.examples").EXAMPLES
    return found


def render(name: str, given: Mapping[str, Any], *, csrf_token: object = "") -> SafeString:
    """Return the component's HTML. Raises TypeError for a parameter that the component does not have."""
    context = Context({**view_of(name)(**given), "csrf_token": csrf_token})
    return mark_safe(_engine().get_template(f"{name}/{name}.html").render(context).strip())  # noqa: S308 - escaped there


@cache
def _engine() -> Engine:
    return Engine(
        dirs=[str(FOLDER)],
        builtins=["django.templatetags.i18n", "xiuhua.ui.templatetags.xh"],
    )
