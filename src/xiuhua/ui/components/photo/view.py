"""A photo as evidence: the picture, what it shows and when, what looks odd about it; never more than the marked copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(
    src: str,
    alt: str,
    *,
    title: str = "",
    note: str = "",
    href: str = "",
    warnings: Sequence[str] = (),
    original: str = "",
    pick: tuple[str, str, bool] | None = None,
) -> dict[str, Any]:
    """Return the photo; without `src` its place stays empty and says `alt`.

    `title` says what it shows, `note` when and by whom, `href` opens the large marked copy, `original` hands out the
    original, `warnings` are sentences; `pick` (name, value, ticked) makes it a choice of a form.
    """
    return {
        "src": src,
        "alt": alt,
        "title": title,
        "note": note,
        "href": href,
        "warnings": warnings,
        "original": original,
        "pick": {"name": pick[0], "value": pick[1], "on": pick[2]} if pick else None,
    }
