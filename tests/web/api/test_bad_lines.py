"""A real server behind a bad line: whatever breaks, each report and photo is there exactly once (spec 6, R4, R5, R11)."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from tests.web.api.conftest import V1, told, uuid
from tests.web.api.proxy import PATIENCE, Harm, Proxy, before
from tests.web.api.test_evidence_api import photo

ROOT = Path(__file__).parents[3]
GROUND = Path(__file__).with_name("ground.py")
PIECE = 3000
MOST_TRIES = 12


@dataclass
class Server:
    """A server in a process of its own."""

    port: int
    secret: str
    env: dict[str, str]

    def stored(self) -> dict[str, Any]:
        """Return what is stored, read past the server."""
        return _ground("look", self.env)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, made: Callable[[Path], None]) -> Iterator[Server]:
    """`xiuhua serve` on an office in a database of its own, of the engine that this run is about."""
    home = tmp_path_factory.mktemp("line")
    env = {
        **os.environ,
        "XIUHUA_HOME": str(home),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "XIUHUA_API_PER_MINUTE": "1000000",
    }
    if url := os.environ.get("DATABASE_URL"):
        env["DATABASE_URL"] = _database(url, f"line_{os.getpid()}")
    else:
        made(home / "xiuhua.sqlite3")
    secret = _ground("make", env)["secret"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "xiuhua", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            _listening(port, process, home / "log")
            yield Server(port, secret, env)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _ground(what: str, env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run([sys.executable, GROUND, what], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _listening(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(log.read_text())


@dataclass
class Sender:
    """A program that sends until it is answered, as a phone in a basement does."""

    port: int
    secret: str
    patience: float = 30.0

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """Return (status, headers, body) of one try. Raises OSError or HTTPException where the line breaks."""
        sent = {"Authorization": f"Bearer {self.secret}", "Connection": "close", "Content-Length": str(len(body))}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            line.request(method, f"{V1}{path}", body, sent)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def until_answered(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """Send the same again and again; return what was answered at last."""
        for _try in range(MOST_TRIES):
            try:
                return self.ask(method, path, body, **headers)
            except (OSError, http.client.HTTPException):
                self.patience = min(30.0, self.patience * 2)
        raise AssertionError("never answered")

    def report(self, number: int) -> str:
        """Tell of a problem until it is acknowledged; return the number of its case."""
        body = json.dumps(told(number)).encode()
        status, _headers, answer = self.until_answered("POST", "/reports", body, Content_Type="application/json")
        assert status in {200, 201}, answer
        found: str = json.loads(answer)["case"]
        return found

    def whole(self, number: int, data: bytes) -> str:
        """Send a photo of a report in one form until it is acknowledged; return its digest."""
        edge = "edge-of-the-form"
        fields = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("kind", "before"), ("report", str(uuid(number))))
        )
        head = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = fields.encode() + head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        media = f"multipart/form-data; boundary={edge}"
        status, _headers, answer = self.until_answered("POST", "/evidence", body, Content_Type=media)
        assert status == 201, answer
        found: str = json.loads(answer)["sha256"]
        return found

    def pieces(self, number: int, data: bytes) -> str:
        """Send a photo of a report in pieces, going on where the line broke; return its digest."""
        upload = uuid(number + 100_000)
        begin = {"client_uuid": str(upload), "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "name": ""}
        self.until_answered("POST", "/evidence/uploads", json.dumps(begin).encode(), Content_Type="application/json")
        place = f"/evidence/uploads/{upload}"
        for _try in range(100):
            status, headers, _none = self.until_answered("HEAD", place)
            assert status == 200
            offset = int(headers["Upload-Offset"])
            if offset == len(data):
                break
            piece = data[offset : offset + PIECE]
            media = "application/offset+octet-stream"
            try:
                self.ask("PATCH", place, piece, Content_Type=media, Upload_Offset=str(offset))
            except (OSError, http.client.HTTPException):
                self.patience = min(30.0, self.patience * 2)
        body = json.dumps({"upload": str(upload), "kind": "before", "report": str(uuid(number))}).encode()
        status, _headers, answer = self.until_answered("POST", "/evidence", body, Content_Type="application/json")
        assert status == 201, answer
        found: str = json.loads(answer)["sha256"]
        return found


def _side_by_side(work: list[Callable[[], Any]]) -> list[Any]:
    """Do all at once; return what each returned, in order. What one raises is raised."""
    found: list[Any] = [None] * len(work)
    start = threading.Barrier(len(work))

    def one(place: int) -> None:
        start.wait()
        try:
            found[place] = work[place]()
        except BaseException as error:  # noqa: BLE001 - raised below, in the test's own thread
            found[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return found


def _sound(stored: dict[str, Any]) -> None:
    """Each report has one row, case, move, ledger line and event; each photo is what its name says; the chain holds."""
    counts = {name: stored[name] for name in ("rows", "cases", "moves", "lines", "events")}
    assert counts == dict.fromkeys(counts, len(stored["reports"]))
    assert (stored["doubled"], stored["whole"]) == ([], True)
    assert [name for name, found in stored["files"].items() if name != found] == []


def test_report_when_64_threads_send_it_at_once_then_one_row(server: Server) -> None:
    senders = [Sender(server.port, server.secret) for _each in range(64)]
    numbers = _side_by_side([lambda sender=sender: sender.report(1) for sender in senders])
    stored = server.stored()
    assert set(numbers) == {stored["reports"][str(uuid(1))]}
    _sound(stored)


def test_report_when_the_server_is_slow_and_the_client_retries_then_one_row(server: Server) -> None:
    with before(server.port) as proxy:
        proxy.harms = [Harm.SLOW] * 10
        sender = Sender(proxy.port, server.secret, PATIENCE)
        answers = []
        for _try in range(10):
            with pytest.raises(OSError, match="timed out"):
                sender.ask("POST", "/reports", json.dumps(told(2)).encode(), Content_Type="application/json")
        answers.append(Sender(proxy.port, server.secret).report(2))
    stored = server.stored()
    assert answers == [stored["reports"][str(uuid(2))]]
    _sound(stored)


#: Each report meets every harm in another order, then a line that holds.
_HARMS = (Harm.LOST, Harm.HALF, Harm.TWICE, Harm.RESET, Harm.SLOW)


def _line(proxy: Proxy, start: int, tries: int) -> None:
    proxy.harms = list(islice(cycle(_HARMS), start, start + tries))


_ORDERS = ("report, photo", "photo, report", "side by side")
_WAYS = ("whole", "pieces")


@dataclass
class Told:
    """A report with its photo as it was acknowledged, and what happened on its line."""

    number: int
    case: str
    digest: str
    harms: list[Harm]


def _tell(server: Server, number: int, order: str, way: str) -> Told:
    """Send a report and its photo over a bad line of their own."""
    with before(server.port) as proxy:
        _line(proxy, number, 8)
        senders = [Sender(proxy.port, server.secret, PATIENCE) for _each in range(2)]
        steps: list[Callable[[], str]] = [
            lambda: senders[0].report(number),
            lambda: getattr(senders[1], way)(number, photo(number)),
        ]
        if order == "side by side":
            case, digest = _side_by_side(steps)
        elif order == "report, photo":
            case, digest = steps[0](), steps[1]()
        else:
            digest, case = steps[1](), steps[0]()
        return Told(number, case, digest, proxy.done)


def test_report_and_photo_when_the_line_breaks_then_each_is_there_once(server: Server) -> None:
    kinds = [(order, way) for order in _ORDERS for way in _WAYS]
    work = [
        lambda number=1000 + place, order=order, way=way: _tell(server, number, order, way)
        for place, (order, way) in enumerate(kinds)
    ]
    told_ = _side_by_side(work)  # type: ignore[arg-type]
    assert {harm for one in told_ for harm in one.harms} >= set(_HARMS)
    stored = server.stored()
    for one in told_:
        client_uuid, digest = str(uuid(one.number)), hashlib.sha256(photo(one.number)).hexdigest()
        assert (one.case, one.digest) == (stored["reports"][client_uuid], digest)
        kept = [each for each in stored["evidence"] if each[0] == client_uuid]
        assert kept == [[client_uuid, digest, one.case]]
    _sound(stored)
