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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from apprise import Apprise
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


#: The schemes that are allowed, with where apprise keeps the address: their hosts are fixed by the vendor.
_SCHEMES: Mapping[str, Callable[[Any], str]] = {
    "wecombot": lambda found: str(found.api_url),
    "dingtalk": lambda found: str(found.notify_url).format(token=found.token),
    "feishu": lambda found: str(found.notify_url).format(token=found.token).rstrip("/"),
    "lark": lambda found: str(found.webhook_url),
}


def robot(address: str) -> Robot:
    """Return the robot at an address: the vendor's own, or apprise's ("dingtalk://secret@token"). Raises RobotUnknown."""
    found: Any = Apprise.instantiate(address, suppress_exceptions=True) if address.isprintable() else None
    scheme = str(getattr(found, "secure_protocol", "") or "")
    if scheme not in _SCHEMES:
        raise RobotUnknown
    url = _SCHEMES[scheme](found)
    base = settings.ROBOTS.get(scheme, "")
    parts = urlsplit(url)
    if base:  # a relay within the house, where the office's network lets nothing else out
        url = base.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")
    return Robot(scheme, url, str(getattr(found, "secret", "") or ""))


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
