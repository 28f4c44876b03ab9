"""Where in a list this page stands, and the pages beside it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from xiuhua.ui.formats import thousands


def view(
    total: int,
    *,
    first: int | None = None,
    last: int | None = None,
    beyond: bool = False,
    previous_href: str = "",
    next_href: str = "",
) -> dict[str, Any]:
    """Return the pager of a list of `total` rows, `first` to `last` (from 1) being shown; where `beyond`, of more than `total`.

    `previous_href` and `next_href` are addresses, "" where there is none; with keyset paging `first` may be unknown.
    """
    if not total:
        text = _("共 0 条")
    elif first and last:
        text = _("第 %(first)s–%(last)s 条，共 %(total)s 条") % {
            "first": thousands(first),
            "last": thousands(last),
            "total": thousands(total),
        }
    else:
        said = _("超过 %(total)s 条") if beyond else _("共 %(total)s 条")
        text = said % {"total": thousands(total)}
    return {"text": text, "previous": previous_href, "next": next_href}
