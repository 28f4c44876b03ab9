"""How one person likes the list: density, rows to a page, what a row shows. Remembered on this device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiuhua.cases.queries.queues import SIZES

COOKIE = "xh_desk"
DENSITIES = ("normal", "tight")
#: What a row may show beside the time left, the class and the place.
COLUMNS = ("channel", "number", "body", "territory", "reported")
USUAL = ("channel",)


@dataclass(frozen=True, slots=True)
class ListLook:
    """The chosen look of the list."""

    density: str = DENSITIES[0]
    size: int = SIZES[1]
    columns: tuple[str, ...] = USUAL

    def written(self) -> str:
        """Return the look as the cookie keeps it."""
        return "~".join((self.density, str(self.size), *self.columns))


def look_in(cookies: Mapping[str, str]) -> ListLook:
    """Return the look that a cookie keeps, the usual one where it keeps none."""
    density, _tilde, rest = cookies.get(COOKIE, "").partition("~")
    size, *columns = rest.split("~")
    if density not in DENSITIES or size not in {str(one) for one in SIZES}:
        return ListLook()
    return ListLook(density, int(size), tuple(one for one in COLUMNS if one in columns))


def column_labels() -> dict[str, str]:
    """Return what a row may show, in words."""
    return {
        "channel": _("来源"),
        "number": _("案号"),
        "body": _("责任单位"),
        "territory": _("地域"),
        "reported": _("上报时间"),
    }


def density_labels() -> dict[str, str]:
    """Return the densities in words."""
    return {"normal": _("宽松"), "tight": _("紧凑")}
