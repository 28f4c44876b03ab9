"""`{% load xh %}`: components, numbers and times in templates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from xiuhua.ui import formats
from xiuhua.ui.rendering import render

register = template.Library()


@register.simple_tag(takes_context=True)
def component(context: Context, name: str, /, **given: Any) -> SafeString:
    """Render a component: {% component "fig" label="应结案" value=588 unit="件" %}."""
    return render(name, given, csrf_token=context.get("csrf_token", ""))


@register.simple_tag
def others(path: str) -> str:
    """Return the address of a script of others by its path below static/vendor, "" where it has not been fetched."""
    name = f"vendor/{path}"
    return static(name) if finders.find(name) else ""


class FillNode(template.Node):
    """A component around content."""

    def __init__(self, name: FilterExpression, given: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.name = name
        self.given = given
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Return the component with the rendered content as its parameter `content`."""
        given = {key: value.resolve(context) for key, value in self.given.items()}
        content = self.nodelist.render(context)
        return render(
            self.name.resolve(context), {**given, "content": content}, csrf_token=context.get("csrf_token", "")
        )


@register.tag
def fill(parser: Parser, token: Token) -> FillNode:
    """Render a component around content: {% fill "ledger" caption=title %}<thead>…{% endfill %}."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("fill needs the name of a component")
    given = token_kwargs(bits[1:], parser)
    nodelist = parser.parse(("endfill",))
    parser.delete_first_token()
    return FillNode(parser.compile_filter(bits[0]), given, nodelist)


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None, zone: Any = None) -> str | SafeString:
    """Show a moment on the office's clock, its full form in the pointer's label; "—" for None."""
    if value is None:
        return formats.NONE
    look = context.get("look")
    clock = zone or getattr(look, "zone", None) or UTC
    this_year = look.now.astimezone(clock).year if look else None
    text = formats.moment(value, clock, get_language(), this_year=this_year)
    full = formats.iso(value, clock)
    return format_html('<time class="nw" datetime="{}" title="{}">{}</time>', full, full.replace("T", " "), text)


@register.simple_tag
def percent(kept: int, of: int, digits: int = 1) -> str:
    """Show 100 × kept / of without the sign."""
    return formats.percent(kept, of, digits)


@register.filter
def thousands(value: int | None) -> str:
    """Show a whole number with separators."""
    return formats.thousands(value)


@register.filter
def decimal(value: Fraction | int | None, digits: int = 1) -> str:
    """Show a number with a fixed count of decimals."""
    return formats.decimal(value, digits)


@register.filter
def tongue(value: object) -> str:
    """Return the language of a text of the office's own data, for an attribute `lang`."""
    return formats.tongue(value)


#: A name in Han characters, with the signs and figures that belong to it.
_HAN = re.compile(r"[\u4e00-\u9fff](?:[\u4e00-\u9fff0-9·（）、，“”]*[\u4e00-\u9fff）])?")


@register.filter
def tongued(value: object) -> str:
    """Return a sentence whose names keep their language: for readers of another, Han characters say that they are Chinese."""
    text = escape(str(value))
    if (get_language() or "").startswith("zh"):
        return text
    return mark_safe(_HAN.sub(r'<span lang="zh-Hans">\g<0></span>', text))  # noqa: S308 - escaped before


@register.filter
def day(value: date | None) -> str:
    """Show a date with its year."""
    return formats.day(value, get_language()) if value else formats.NONE


@register.filter
def month(value: str) -> str:
    """Show a month given as "2026-10"."""
    return formats.month(value, get_language())


@register.filter
def duration(value: timedelta | None) -> str:
    """Show a span of time in words."""
    return formats.duration(value, get_language()) if value is not None else formats.NONE
