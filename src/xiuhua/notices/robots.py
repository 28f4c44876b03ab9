"""Group robots: their addresses as apprise reads them, what they are sent, and what their answers mean.

apprise knows the addresses of the vendors and their parts. It does not do the sending: it takes an HTTP 200 for success,
while WeCom and DingTalk say "too fast" (45009, 130101) with a 200 and throw the message away; and it does not tell a
refusal from a time-out, which decides whether a message may be sent again (docs/notices.md).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from xiuhua.kernel.words import Refusal, marked
from xiuhua.notices.outgoing import Answer

HTTP_OK, HTTP_TOO_MANY = 200, 429
#: "Too fast" in the words of WeCom, DingTalk and Feishu/Lark.
BUSY = frozenset({45009, 130101, 11232, 99991400})


class RobotUnknown(Refusal):
    """The address is none of a robot that this system knows."""

    code = "channel.robot"
    sentence = marked("不是认得的群机器人地址：请粘贴企业微信、钉钉、飞书或 Lark 给的地址。")


class RobotBusy(Exception):
    """The robot has had too much: later."""


class RobotRefused(Exception):
    """The robot said no; `code` is its number for why."""

    def __init__(self, code: int | str) -> None:
        self.code = code
        super().__init__(f"robot says {code}")


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot's web address and, for DingTalk, the secret that signs each call."""

    scheme: str
    url: str
    secret: str = ""

    def call(self, text: str, at: datetime) -> tuple[str, bytes, dict[str, str]]:
        """Return address, body and headers of the call that says `text`."""
        body = {"msgtype": "text", "text": {"content": text}}
        if self.scheme in {"feishu", "lark"}:
            body = {"msg_type": "text", "content": {"text": text}}
        url = self.url + (f"&{urlencode(_signature(self.secret, at))}" if self.secret else "")
        return url, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}


def _signature(secret: str, at: datetime) -> dict[str, str]:
    """Return DingTalk's 加签: HMAC-SHA256 of milliseconds, a line end and the secret, keyed with the secret, in base64."""
    millis = str(int(at.timestamp() * 1000))
    made = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": millis, "sign": base64.b64encode(made).decode()}


#: Vendors' own addresses that apprise does not read, and what it reads instead.
_NATIVE = (
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([A-Za-z0-9]+)"), "dingtalk://{}"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([A-Za-z0-9-]+)/?"), "feishu://{}"),
)


def _known() -> dict[str, tuple[Any, Callable[[Any], str]]]:
    """Return the vendors that are allowed: apprise's reader of each, and where it keeps the address. Hosts are fixed.

    Only these four are loaded: apprise knows 170 services, among them some that start programs or write files.
    """
    from apprise.plugins.dingtalk import NotifyDingTalk  # noqa: PLC0415 - slow to load, seldom needed
    from apprise.plugins.feishu import NotifyFeishu  # noqa: PLC0415
    from apprise.plugins.lark import NotifyLark  # noqa: PLC0415
    from apprise.plugins.wecombot import NotifyWeComBot  # noqa: PLC0415

    return {
        "wecombot": (NotifyWeComBot, lambda found: str(found.api_url)),
        "dingtalk": (NotifyDingTalk, lambda found: str(found.notify_url).format(token=found.token)),
        "feishu": (NotifyFeishu, lambda found: str(found.notify_url).format(token=found.token).rstrip("/")),
        "lark": (NotifyLark, lambda found: str(found.webhook_url)),
    }


def robot(address: str) -> Robot:
    """Return the robot at an address: the vendor's own, or apprise's ("dingtalk://secret@token"). Raises RobotUnknown."""
    wanted = next((made.format(found[1]) for form, made in _NATIVE if (found := form.fullmatch(address))), address)
    for scheme, (reader, place) in _known().items():
        found = _read(reader, scheme, wanted)
        if found is not None:
            return Robot(scheme, _relayed(scheme, place(found)), str(getattr(found, "secret", None) or ""))
    raise RobotUnknown


def _read(reader: Any, scheme: str, address: str) -> Any:
    """Return what apprise makes of an address as one of this vendor's, None if it is none."""
    if not address.isprintable():
        return None
    native = getattr(reader, "parse_native_url", None)
    try:
        parts = (native(address) if native else None) or reader.parse_url(address)
        return reader(**parts) if parts and parts.get("schema") == scheme else None
    except (TypeError, ValueError):  # apprise's "improperly configured" is a TypeError
        return None


def _relayed(scheme: str, url: str) -> str:
    """Return an address through the relay within the house, where the office's network lets nothing else out."""
    base, parts = settings.ROBOTS.get(scheme, ""), urlsplit(url)
    return base.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "") if base else url


def understood(answer: Answer) -> None:
    """Take a robot's answer in: returns if the message arrived. Raises RobotBusy, RobotRefused."""
    if answer.status == HTTP_TOO_MANY:
        raise RobotBusy
    if answer.status != HTTP_OK:
        raise RobotRefused(answer.status)
    try:
        body = json.loads(answer.body)
        code = int(body.get("errcode", body.get("code", 0)))
    except (ValueError, TypeError, AttributeError) as error:
        raise RobotRefused("no JSON") from error
    if code in BUSY:
        raise RobotBusy
    if code:
        raise RobotRefused(code)
