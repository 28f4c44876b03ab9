"""A TCP proxy that does to requests what bad lines do; which of it happens to each connection is written down before."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

#: Seconds by which a slow server is slower than its client is patient.
SLOW = 0.8
PATIENCE = 0.3
_CHUNK = 1 << 14
_HEAD_END = b"\r\n\r\n"


class Harm(StrEnum):
    """What happens to one connection."""

    NONE = "none"
    #: The server gets the request, the client gives up before the answer comes.
    SLOW = "slow"
    #: The server answers, the answer gets lost.
    LOST = "lost"
    #: Half of the request arrives, then both sides are closed.
    HALF = "half"
    #: Half of the body arrives, then both sides are reset.
    RESET = "reset"
    #: The request arrives twice, at the same moment.
    TWICE = "twice"


@dataclass
class Proxy:
    """A proxy in front of one server; `harms` is what happens to the next connections, then nothing does."""

    port: int
    target: int
    harms: list[Harm] = field(default_factory=list)
    done: list[Harm] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Harm:
        """Return what happens to a new connection."""
        with self._lock:
            harm = self.harms.pop(0) if self.harms else Harm.NONE
            self.done.append(harm)
            return harm


@contextmanager
def before(target: int) -> Iterator[Proxy]:
    """Run a proxy before a server's port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    proxy = Proxy(listener.getsockname()[1], target)
    threading.Thread(target=_accept, args=(listener, proxy), daemon=True).start()
    try:
        yield proxy
    finally:
        listener.close()


def _accept(listener: socket.socket, proxy: Proxy) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(client, proxy), daemon=True).start()


def _serve(client: socket.socket, proxy: Proxy) -> None:
    harm = proxy.next()
    with contextlib.suppress(OSError), client:
        request = _request(client)
        if harm in {Harm.HALF, Harm.RESET}:
            _broken(client, proxy, request, harm)
            return
        answer = _both(proxy, request) if harm is Harm.TWICE else _asked(proxy, request)
        if harm is Harm.SLOW:
            time.sleep(SLOW)
        if harm is Harm.LOST:
            _reset(client)
            return
        client.sendall(answer)


def _request(client: socket.socket) -> bytes:
    """Read one request, head and body, by its Content-Length."""
    data = b""
    while _HEAD_END not in data:
        data += _more(client)
    head, _end, body = data.partition(_HEAD_END)
    wanted = 0
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            wanted = int(value)
    while len(body) < wanted:
        body += _more(client)
    return head + _HEAD_END + body


def _more(side: socket.socket) -> bytes:
    data = side.recv(_CHUNK)
    if not data:
        raise OSError("closed early")
    return data


def _asked(proxy: Proxy, request: bytes) -> bytes:
    """Return what the server answers, until it closes."""
    with socket.create_connection(("127.0.0.1", proxy.target)) as server:
        server.sendall(request)
        answer = b""
        while data := server.recv(_CHUNK):
            answer += data
        return answer


def _both(proxy: Proxy, request: bytes) -> bytes:
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(_asked(proxy, request))) for _copy in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers[0]


def _broken(client: socket.socket, proxy: Proxy, request: bytes, harm: Harm) -> None:
    head = request.index(_HEAD_END) + len(_HEAD_END)
    cut = head + (len(request) - head) // 2 if harm is Harm.RESET else len(request) // 2
    with socket.create_connection(("127.0.0.1", proxy.target)) as server:
        server.sendall(request[:cut])
        time.sleep(0.05)  # what was sent is there before the line breaks
        if harm is Harm.RESET:
            _reset(server)
            _reset(client)


def _reset(side: socket.socket) -> None:
    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    side.close()
