"""Personal data in what people wrote, as a health report asks for it."""

from __future__ import annotations

from xiuhua.privacy.rules import find, mask


def personal(text: str) -> bool:
    """Return whether a text has personal data in it."""
    return bool(find(text))


def masked(text: str) -> str:
    """Return a text as it may be shown to anybody who sees a health report."""
    return mask(text)
