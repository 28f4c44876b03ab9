"""How fast reports are taken by a real server, beside bare inserts in the same server and the same run.

Each report is located by its point, ruled (duty and deadline), written into ledger and outbox, and answered when it is
on the disk. The baseline is `POST /bench/insert`, an endpoint of the same site that writes one row into a table of its own in
one transaction and nothing else; `past_django` is the same insert answered before Django sees the request.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from uuid import UUID

from xiuhua.bench.locate import DEGREES, SOUTH, WEST
from xiuhua.bench.stand import API, Stand, door, standing

#: Seconds of warm-up before each measurement.
WARM = 1.0
CREATED, BUSY = 201, 503
Make = Callable[[random.Random], tuple[str, bytes]]


@dataclass
class _Taken:
    times: list[float] = field(default_factory=list)
    busy: int = 0


def run(*, clients: Sequence[int] = (1, 8, 32), seconds: float = 10.0, url: str = "") -> dict[str, Any]:
    """Return reports per second and latencies by number of clients, each beside the bare insert, and the statements of one report."""
    with standing(url, **door("insert")) as stand:
        stand.start()
        stand.wait()
        rows = []
        for count in clients:
            found = {name: _measure(stand, count, seconds, make) for name, make in BASELINES.items()}
            ours = _measure(stand, count, seconds, _report)
            rows.append({"clients": count, **ours, **found, "ratio": round(ours["per_s"] / found["bare"]["per_s"], 3)})
        statements = _get(stand, "/bench/statements")
        stand.kill()
        stored = stand.ground("look")
    return {
        "name": "intake",
        "database": "postgresql" if url else "sqlite",
        "seconds": seconds,
        "statements": statements["statements"],
        "statements_with_sealing": statements["most"],
        "runs": rows,
        "stored": len(stored["reports"]),
        "whole": stored["whole"] and not stored["uneven"] and not stored["database"],
    }


def _measure(stand: Stand, clients: int, seconds: float, make: Make) -> dict[str, Any]:
    taken = [_Taken() for _client in range(clients)]
    begin = time.monotonic() + WARM
    with ThreadPoolExecutor(clients) as pool:
        sent = [
            pool.submit(_send, stand, number, (begin, begin + seconds), make, taken[number])
            for number in range(clients)
        ]
        for one in sent:
            one.result()
    times = sorted(one for each in taken for one in each.times)
    return {
        "per_s": round(len(times) / seconds, 1),
        "busy": sum(each.busy for each in taken),
        "p50_ms": round(statistics.median(times) * 1000, 1) if times else None,
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1) if times else None,
    }


def _send(stand: Stand, number: int, span: tuple[float, float], make: Make, taken: _Taken) -> None:
    begin, end = span
    chance = random.Random(f"{make.__name__}-{number}-{begin}")  # noqa: S311 - no secret
    line = HTTPConnection("127.0.0.1", stand.port, timeout=60)
    head = {"Authorization": f"Bearer {stand.secret}", "Content-Type": "application/json"}
    while (now := time.monotonic()) < end:
        path, body = make(chance)
        line.request("POST", path, body, head)
        answer = line.getresponse()
        told = answer.read()
        if answer.status == BUSY:  # a phone would send it again: it is, and the time goes on
            taken.busy += 1
            continue
        if answer.status != CREATED:
            raise RuntimeError(f"{path} {answer.status}: {told[:300]!r}")
        if now >= begin:
            taken.times.append(time.monotonic() - now)
    line.close()


def _report(chance: random.Random) -> tuple[str, bytes]:
    told = {
        "client_uuid": str(UUID(int=chance.getrandbits(128), version=4)),
        "text": "路口有一堆垃圾",
        "class": "demo-street:event.0101",
        "longitude": WEST + DEGREES * chance.uniform(0.02, 0.98),
        "latitude": SOUTH + DEGREES * chance.uniform(0.02, 0.98),
    }
    return f"{API}/reports", json.dumps(told).encode()


def _row(chance: random.Random) -> tuple[str, bytes]:
    return "/bench/insert", json.dumps({"text": f"{chance.getrandbits(128):x}"}).encode()


def _past(chance: random.Random) -> tuple[str, bytes]:
    return "/bench/past", _row(chance)[1]


BASELINES: dict[str, Make] = {"bare": _row, "past_django": _past}


def _get(stand: Stand, path: str) -> dict[str, Any]:
    line = HTTPConnection("127.0.0.1", stand.port, timeout=60)
    line.request("GET", path)
    found: dict[str, Any] = json.loads(line.getresponse().read())
    line.close()
    return found
