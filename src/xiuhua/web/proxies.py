"""Where a request comes from: what proxies say is believed only of peers that the settings name."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SAID = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED",
)


class ProxyMiddleware:
    """Takes address, scheme and host from X-Forwarded-* of a trusted peer; removes these headers of anybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response."""
        said = {name: request.META.pop(name, "") for name in _SAID}
        trusted = [ipaddress.ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES]
        if _within(request.META.get("REMOTE_ADDR", ""), trusted):
            _believe(request, said, trusted)
        return self.get_response(request)


def _believe(request: HttpRequest, said: dict[str, str], trusted: list[Network]) -> None:
    hops = [hop.strip() for hop in said["HTTP_X_FORWARDED_FOR"].split(",") if hop.strip()]
    # every proxy appends whom it saw: the last hop that is no proxy of ours is the client, what stands before is hearsay
    client = next((hop for hop in reversed(hops) if not _within(hop, trusted)), "")
    if _is_address(client):
        request.META["REMOTE_ADDR"] = client
    if said["HTTP_X_FORWARDED_PROTO"] in {"http", "https"}:
        request.META["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]
    if said["HTTP_X_FORWARDED_HOST"]:
        request.META["HTTP_HOST"] = said["HTTP_X_FORWARDED_HOST"]


def _within(address: str, networks: list[Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
