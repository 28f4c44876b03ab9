"""How long a session lasts, and what stands behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

#: How old the note of the last visit may grow before it is written again: reading a page is no reason to write.
TOUCH = timedelta(minutes=1)

_BROWSERS = (
    ("Edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("360", re.compile(r"360SE|360EE|QihooBrowser")),
    ("QQ", re.compile(r"QQBrowser")),
    ("WeChat", re.compile(r"MicroMessenger")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/")),
    ("Safari", re.compile(r"Version/[\d.]+.*Safari/")),
)
_SYSTEMS = (
    ("HarmonyOS", re.compile(r"HarmonyOS|OpenHarmony")),
    ("Android", re.compile(r"Android")),
    ("iOS", re.compile(r"iPhone|iPad")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Mac OS X|Macintosh")),
    ("Linux", re.compile(r"Linux|X11")),
)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session may lie idle, and how long it lasts at all."""

    idle: timedelta
    absolute: timedelta


def over(lifetime: Lifetime, began: datetime, seen: datetime, at: datetime) -> bool:
    """Return whether a session has ended: idle for too long, or begun too long ago."""
    return at - seen > lifetime.idle or at - began > lifetime.absolute


def family(agent: str) -> str:
    """Return the browser and system a User-Agent names ("Firefox · Windows"), "" if it names neither."""
    found = [next((name for name, pattern in table if pattern.search(agent)), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name)
