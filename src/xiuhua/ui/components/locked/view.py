"""A number that belongs to the system within a text that people write: locked, and it opens its list."""

from __future__ import annotations

from typing import Any


def view(value: str, title: str, *, href: str = "", named: bool = False) -> dict[str, Any]:
    """Return the number: `value` as it is printed, `title` says what it counts, `href` opens the list behind it.

    `named` shows the title before the value, for where the number stands outside its sentence.
    """
    return {"value": value, "title": title, "href": href, "named": named}
