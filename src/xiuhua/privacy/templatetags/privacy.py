"""`{% load privacy %}`: texts as their reader may see them."""

from __future__ import annotations

from typing import Any

from django import template

from xiuhua.privacy.rules import MASKED, Sight

register = template.Library()


@register.filter
def masked(value: Any, sight: Sight | None = None) -> Any:
    """Return a text with its personal data masked, as far as `sight` does not show it; what is no text stays."""
    return (sight or MASKED).of(value) if isinstance(value, str) else value
