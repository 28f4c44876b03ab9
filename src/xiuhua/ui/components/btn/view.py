"""A verb: a link where it only goes somewhere, a button where it changes something."""

from __future__ import annotations

from typing import Any


def view(
    label: str,
    *,
    href: str = "",
    main: bool = False,
    icon: str = "",
    key: str = "",
    name: str = "",
    value: str = "",
    why_not: str = "",
    small: bool = False,
) -> dict[str, Any]:
    """Return a button, or a link if `href` is given.

    `main` marks the one main action of a screen; `icon` a drawing; `key` its keyboard letter; `name` and `value` what
    a button sends; `why_not` makes it unavailable and says why beside it.
    """
    return {
        "label": label,
        "href": href,
        "icon": icon,
        "key": key,
        "name": name,
        "value": value,
        "why_not": why_not,
        "classes": "xh-btn" + (" main" if main else "") + (" small" if small else ""),
    }
