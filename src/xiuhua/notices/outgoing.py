"""The one way out to other people's servers: resolved once, public addresses only, no redirects, short and small."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from xiuhua.notices.rules.targets import Target, TargetForbidden, public, target

#: Seconds for connecting and for each read.
TIMEOUT = 8.0
#: No answer of interest is longer.
MOST_BYTES = 64 * 1024

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[tuple[str, int], float], socket.socket]


class NoAnswer(Exception):
    """The other side was not reached: nothing was sent."""


class Uncertain(Exception):
    """The connection broke or timed out after something was sent: whether it arrived is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _connect(address: tuple[str, int], timeout: float) -> socket.socket:
    return socket.create_connection(address, timeout)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A caller with its rules: `exceptions` are "host:port" places that may be called whatever they resolve to."""

    exceptions: frozenset[str] = frozenset()
    plain: bool = False
    resolve: Resolve = _resolve
    connect: Connect = _connect
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `body` and return the answer, whatever its status; a redirect is an answer, not followed.

        The name is resolved once and the connection made to the address that was looked at, so that a name which
        points elsewhere a moment later changes nothing. Raises TargetForbidden, NoAnswer, Uncertain.
        """
        where = target(url, plain=self.plain or self._excepted(url))
        connection = _Pinned(where, self._opened(where))
        try:
            connection.request("POST", where.path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(MOST_BYTES))
        except (OSError, http.client.HTTPException) as error:
            raise Uncertain(type(error).__name__) from error
        finally:
            connection.close()

    def _excepted(self, url: str) -> bool:
        return target(url, plain=True).place in self.exceptions

    def _opened(self, where: Target) -> socket.socket:
        try:
            addresses = self.resolve(where.host, where.port)
        except (OSError, UnicodeError) as error:
            raise NoAnswer(type(error).__name__) from error
        if not addresses or (where.place not in self.exceptions and not all(map(public, addresses))):
            raise TargetForbidden
        try:
            opened = self.connect((addresses[0], where.port), TIMEOUT)
            return self.context.wrap_socket(opened, server_hostname=where.host) if where.scheme == "https" else opened
        except OSError as error:
            raise NoAnswer(type(error).__name__) from error


class _Pinned(http.client.HTTPConnection):
    """A connection that is already made, to the address that was checked."""

    def __init__(self, where: Target, opened: socket.socket) -> None:
        super().__init__(where.host, where.port, timeout=TIMEOUT)
        self.sock = opened

    def connect(self) -> None:
        """Refuse to connect again, to wherever the name points now."""
        raise http.client.NotConnected


def outgoing() -> Outgoing:
    """Return the caller with this installation's rules."""
    return Outgoing(exceptions=frozenset(settings.CALLS_ALLOWED), plain=settings.CALLS_PLAIN)
