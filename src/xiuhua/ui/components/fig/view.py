"""One number that opens its list."""

from __future__ import annotations

from typing import Any

from xiuhua.ui.formats import thousands


def view(
    label: str,
    value: str | int,
    *,
    unit: str = "",
    href: str = "",
    count: int | None = None,
    change: dict[str, Any] | None = None,
    note: str = "",
    large: bool = False,
) -> dict[str, Any]:
    """Return the number.

    `value` is a formatted string or a whole number; `count` says how many lines the list at `href` has; `change` holds the parameters of `move`; `note` stands below
    (why there is no number, what it is out of); `large` is the one number a page leads with.
    """
    return {
        "label": label,
        "value": thousands(value) if isinstance(value, int) else value,
        "wraps": " " in str(value),  # words, as in "2 小时 48 分", may take two lines
        "unit": unit,
        "href": href,
        "count": count,
        "change": None if change is None else {"unit": "", "good": "up", "digits": 1, **change},
        "note": note,
        "large": large,
    }
