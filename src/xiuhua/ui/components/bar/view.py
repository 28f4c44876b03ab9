"""The roof of every page: the seal, the office, where one can go, and who one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

_MOST = 99


def view(
    office: str,
    *,
    home: str = "/",
    items: Sequence[dict[str, Any]] = (),
    current: str = "",
    user: str = "",
    theme: str = "auto",
    size: str = "normal",
    language: str = "zh-hans",
    look_action: str = "",
    language_action: str = "",
    logout_action: str = "",
    account: str = "",
    back: str = "/",
    inbox: str = "",
    unread: int | None = None,
    content: str = "",
) -> dict[str, Any]:
    """Return the roof.

    `items` are {"key", "label", "href"}, or {"key", "label", "group"} for a group that opens; `current` is the key of
    the present one. On a phone all of them stand in the menu of `user`, which holds the switches of `theme` (auto, light, dark, field), `size` (normal, elder) and `language`, which post to their actions and come
    `back` here, and the way to one's own `account`; `content` stands beside the menu (the choice of the month).
    """
    return {
        "office": office,
        "home": home,
        "items": [{**one, "here": any(each["key"] == current for each in one.get("group", ()))} for one in items],
        "places": [each for one in items for each in one.get("group", (one,))],
        "current": current,
        "user": user,
        "themes": [
            (code, text, code == theme)
            for code, text in (
                ("auto", _("跟随系统")),
                ("light", _("浅色")),
                ("dark", _("深色")),
                ("field", _("户外强光")),
            )
        ],
        "sizes": [(code, text, code == size) for code, text in (("normal", _("标准版")), ("elder", _("长辈版")))],
        "languages": [
            (code, text, code == language, tag)
            for code, text, tag in (("zh-hans", "中文", "zh-Hans"), ("en", "English", "en"))
        ],
        "look_action": look_action,
        "language_action": language_action,
        "logout_action": logout_action,
        "account": account,
        "back": back,
        "inbox": inbox if unread is not None else "",
        "unread": unread,
        "unread_short": "99+" if (unread or 0) > _MOST else str(unread or ""),
        "content": content,
    }
