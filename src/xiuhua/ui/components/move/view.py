"""Change against the month before: shape, sign, number, and in words whether that is better."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from xiuhua.ui.formats import decimal


def view(
    change: Fraction | int | None, *, unit: str = "", good: str = "up", digits: int = 1, against: str = ""
) -> dict[str, Any]:
    """Return the change; None (nothing to compare with) is "—".

    `good` is "up", "down" or "none" (neither is better: no colour, no shape); `digits` decimals; `against` names what
    is compared with for readers who hear the page, by default last month.
    """
    against = against or _("上月")
    if change is None:
        return {"kind": "none", "said": _("没有%(against)s可比") % {"against": against}}
    shown = decimal(abs(Fraction(change)), digits)
    if not change or not any(figure in "123456789" for figure in shown):
        return {"kind": "flat", "said": _("与%(against)s持平") % {"against": against}, "text": _("持平")}
    up = change > 0
    better = None if good == "none" else (up == (good == "up"))
    said = {None: "", True: _("变好"), False: _("变差")}[better]
    return {
        "kind": {None: "plain", True: "better", False: "worse"}[better],
        "up": up,
        "text": f"{shown} {unit}".strip(),
        "said": (_("比%(against)s多") if up else _("比%(against)s少")) % {"against": against},
        "verdict": said,
    }
