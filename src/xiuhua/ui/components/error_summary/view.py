"""What is wrong, at the top of the page, in the same words as beside the fields; it takes the focus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def view(errors: Sequence[tuple[str, str]], *, title: str = "", focus: bool = True) -> dict[str, Any]:
    """Return the summary of `errors`: pairs of a field's id ("" where none is to blame) and the sentence.

    It takes the focus when the page opens, unless `focus` is false.
    """
    return {"errors": errors, "title": title or _("还不能继续"), "focus": focus}
