"""How long is left, or how late it is: words and a shape, never colour alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.ui.formats import duration


def view(state: str, span: timedelta | None = None) -> dict[str, Any]:
    """Return the words for `state`.

    late: open and `span` over; soon, fine: `span` left; done: closed in time; done_late: closed `span` over;
    none: no deadline is known.
    """
    words = duration(span, get_language()) if span is not None else ""
    texts = {
        "late": _("超期 %(span)s"),
        "soon": _("剩余 %(span)s"),
        "fine": _("剩余 %(span)s"),
        "done": _("按期结案"),
        "done_late": _("超期 %(span)s 结案"),
        "none": _("未定期限"),
    }
    return {"state": state.replace("_", "-"), "text": texts[state] % {"span": words}}
