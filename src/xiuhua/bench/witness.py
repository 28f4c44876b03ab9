"""What clients were told, written down outside the store, and clients that send until they are told."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image

from xiuhua.bench.ground import codes
from xiuhua.bench.stand import API

#: Seconds between two tries, and how long one may last.
PAUSE, TRY = 0.05, 10.0
#: Seconds for which a client goes on trying after the last report was begun.
LAST = 30.0
DONE = frozenset({200, 201})
#: Answers that say "not now": the same is sent again.
LATER = frozenset({429, 500, 502, 503, 504})
EDGE = "edge-of-the-form"


class Refused(Exception):
    """The server said no to what it must take."""


@dataclass
class Witness:
    """A ledger of its own: a line for what was sent and one for what was acknowledged, on the disk before it counts."""

    path: Path
    sent: dict[str, str] = field(default_factory=dict)
    #: Key → what the answer said: (kind, digest, number of the case).
    acknowledged: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Open the file."""
        self._file = self.path.open("a", encoding="utf-8")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def send(self, kind: str, key: str, digest: str) -> None:
        """Write down that something is about to be sent."""
        self._write({"sent": key, "kind": kind, "digest": digest, "t": time.time()})
        with self._lock:
            self.sent[key] = kind

    def ack(self, kind: str, key: str, digest: str, case: str) -> None:
        """Write down that it was acknowledged; it counts only when that line is on the disk."""
        self._write({"ack": key, "kind": kind, "digest": digest, "case": case, "t": time.time()})
        with self._lock:
            self.acknowledged[key] = (kind, digest, case)

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def count(self) -> dict[str, int]:
        """Return how many of each kind were acknowledged."""
        with self._lock:
            return dict(Counter(kind for kind, _digest, _case in self.acknowledged.values()))


class Client(threading.Thread):
    """Reports, photographs and moves, one after the other; sends the same again until it is answered."""

    def __init__(self, number: int, seed: int, port: int, secret: str, witness: Witness) -> None:
        """`number` and `seed` decide what is sent."""
        super().__init__(daemon=True)
        self._chance = random.Random(seed * 1000 + number)  # noqa: S311 - no secret
        self._name, self._port, self._secret, self._witness = f"{seed}-{number}", port, secret, witness
        self._ending = threading.Event()
        self._line: HTTPConnection | None = None
        self.trouble = ""

    def end(self) -> None:
        """Begin nothing new."""
        self._ending.set()

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()

    def run(self) -> None:
        """Work until the end; what was answered wrongly is kept in `trouble`."""
        serial = 0
        try:
            while not self._ending.is_set():
                serial += 1
                self.one(serial)
        except TimeoutError:
            pass  # sent and never answered: the check says what became of it
        except Exception as error:  # noqa: BLE001 - told by who started us
            self.trouble = f"{type(error).__name__}: {error}"[:500]
        finally:
            self.close()

    def one(self, serial: int) -> None:
        """Send report number `serial`, a photo with two of three, and a move."""
        number, kind = self._number(), serial % 3
        text = f"{self._name}-{serial} 路口有一堆垃圾 {self._chance.getrandbits(64):x}"
        if kind == 1:
            self._photo(number)
        told = {
            "client_uuid": str(number),
            "text": text,
            "territory": self._chance.choice(codes()),
            "class": "demo-street:event.0101",
        }
        digest = hashlib.sha256(text.encode()).hexdigest()
        case = self._until(("report", str(number), digest), "/reports", json.dumps(told).encode(), {})["case"]
        if kind == 2:  # noqa: PLR2004 - every third
            self._photo(number)
        if kind != 1 and case:
            move = str(self._number())
            body = json.dumps({"verb": "comment", "client_uuid": move, "note": f"{self._name}-{serial}"}).encode()
            self._until(("move", move, ""), f"/cases/{case}/moves", body, {"If-Match": '"1"'})

    def _photo(self, number: UUID) -> None:
        picture = io.BytesIO()
        Image.frombytes("RGB", (8, 8), self._chance.randbytes(192)).save(picture, "JPEG", quality=95)
        data = picture.getvalue()
        digest = hashlib.sha256(data).hexdigest()
        fields = {"kind": "before", "report": str(number)}
        parts = [
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
        parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", data, f"\r\n--{EDGE}--\r\n".encode()]
        media = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}
        self._until(("photo", f"{number}/{digest}", digest), "/evidence", b"".join(parts), media)

    def _number(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)

    def _until(self, thing: tuple[str, str, str], path: str, body: bytes, more: dict[str, str]) -> dict[str, Any]:
        """Send until it is acknowledged and return the answer. Raises Refused, TimeoutError after the end."""
        kind, key, digest = thing
        self._witness.send(kind, key, digest)
        ended = 0.0
        while True:
            try:
                status, answer = self._ask(path, body, more)
            except (OSError, HTTPException):
                self.close()
                self._line = None
                status, answer = 503, b""
            if status in DONE:
                found: dict[str, Any] = json.loads(answer)
                self._witness.ack(kind, key, digest, str(found.get("case") or ""))
                return found
            if status not in LATER:
                raise Refused(f"{kind} {status}: {answer[:300]!r}")
            if self._ending.is_set():
                ended = ended or time.monotonic()
                if time.monotonic() - ended > LAST:
                    raise TimeoutError
            time.sleep(PAUSE)

    def _ask(self, path: str, body: bytes, more: dict[str, str]) -> tuple[int, bytes]:
        if self._line is None:
            self._line = HTTPConnection("127.0.0.1", self._port, timeout=TRY)
        head = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json", **more}
        self._line.request("POST", API + path, body, head)
        answer = self._line.getresponse()
        return answer.status, answer.read()
