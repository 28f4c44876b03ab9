"""Which addresses this system may call: none that lead back into the house (server-side request forgery)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from xiuhua.kernel.words import Refusal, marked

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
#: IPv6 addresses that carry an IPv4 address within: mapped, translated, 6to4, Teredo, "compatible" (RFC 4291, 6052,
#: 3056, 4380). Nobody's webhook needs them, and each is a way around a check of the address inside.
_CARRIERS = tuple(
    ipaddress.IPv6Network(net)
    for net in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = range(1, 65536)


class TargetForbidden(Refusal):
    """The address is not one that may be called."""

    code = "channel.target"
    sentence = marked("这个地址不能用：只许 https 开头的公网地址，不带账号口令。")


@dataclass(frozen=True, slots=True)
class Target:
    """A web address taken apart: only what a call needs."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """Return "host:port", as the list of exceptions names it."""
        return f"{self.host}:{self.port}"


def target(url: str, *, plain: bool = False) -> Target:
    """Return an address taken apart; raises TargetForbidden for what is no https address (or http, if `plain`).

    Names are not looked at here: what they resolve to is, when the call is made.
    """
    if _ODD.search(url):
        raise TargetForbidden
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetForbidden from error
    allowed = ("https", "http") if plain else ("https",)
    if parts.scheme not in allowed or not parts.hostname or parts.username is not None or parts.password is not None:
        raise TargetForbidden
    port = port if port is not None else {"https": 443, "http": 80}[parts.scheme]
    if port not in _PORTS:
        raise TargetForbidden
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname.lower(), port, path)


def public(address: str) -> bool:
    """Return whether an IP address, as the resolver gives it, is one of the public Internet."""
    try:
        found: _IP = ipaddress.ip_address(address)
    except ValueError:  # also an address with a zone: only links have zones
        return False
    if isinstance(found, ipaddress.IPv6Address) and (
        found.scope_id is not None or any(found in net for net in _CARRIERS)
    ):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)
