"""A made-up office with posts, a case of one of its units, and a server that plays robots and webhooks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from xiuhua.cases.models import Case
from xiuhua.cases.words import Stage
from xiuhua.kernel import registry
from xiuhua.kernel.actions import emit
from xiuhua.kernel.actions.working import work
from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.notices.subscribers import SUBSCRIBERS
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.words import Role
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory, TerritoryVersion

#: What a hostile text may hold: markup, line ends, control characters, a template's braces.
HOSTILE = "<script>alert(1)</script>\r\nBcc: x@example.org\x00 {{ 7 }} \"'&"


@dataclass
class Server:
    """Answers in turn what it is told to, then yes; keeps what came, with the paths."""

    port: int
    answers: list[tuple[int, Any]] = field(default_factory=list)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    hang: threading.Event = field(default_factory=threading.Event)

    @property
    def place(self) -> str:
        """Return "host:port"."""
        return f"127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[str]:
        """Return what robots were told to say."""
        return [json.loads(body)["text"]["content"] for _path, _headers, body in self.got]


@pytest.fixture
def server() -> Iterator[Server]:
    """A real HTTP server on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            status, said = made.answers.pop(0) if made.answers else (200, {"errcode": 0})
            if status == 0:  # takes the message and says nothing
                made.hang.wait(10)
                return
            data = json.dumps(said).encode()
            self.send_response(status)
            if status in {301, 302, 307}:
                self.send_header("Location", said)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Server(http.server_address[1])
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.hang.set()
    http.shutdown()
    http.server_close()
    thread.join()


@dataclass
class Team:
    """A unit in a community with a case, and people with posts, by name."""

    tenant: Tenant
    unit: Body
    other: Body
    case: Case
    people: dict[str, User]
    at: datetime

    def happens(self, verb: str, **facts: object) -> OutboxEvent:
        """Emit an event of the case."""
        case = self.case
        told = {"case": case.pk, "number": case.number, "stage": str(case.stage), "body": case.body_id, **facts}
        return emit(f"case.{verb}", tenant=self.tenant, about=f"case:{case.number}", at=self.at, facts=told)

    def later(self, **span: float) -> None:
        """Set the clock on."""
        self.at += timedelta(**span)

    def work(self) -> dict[str, int]:
        """Let the worker do a round; return what it counted, without zeros."""
        done = work(lambda: self.at)
        named = ("spread", "delivered", "failed", "dead", "postponed")
        return {name: getattr(done, name) for name in named if getattr(done, name)}

    def finish(self) -> None:
        """Let the worker go on for an hour of this clock."""
        for _ in range(60):
            self.work()
            self.later(minutes=1)


@pytest.fixture
def team(street: Tenant, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Team:
    """Ten people of whom one is switched off; one case is with the green team, none with the blue one."""
    monkeypatch.setattr(registry, "_SUBSCRIBERS", {})
    monkeypatch.setattr(registry, "_JOBS", {})
    for prefix, subscriber in SUBSCRIBERS:
        registry.subscribe(prefix, subscriber)
    green, blue = (Body.objects.create(tenant=street, code=code, name=f"{code}队") for code in ("green", "blue"))
    places = [Territory.objects.create(tenant=street, code=code, level="community") for code in ("A", "B")]
    for place in places:
        TerritoryVersion.objects.create(territory=place, name=f"{place.code}社区")
    kind = CaseClass.objects.create(tenant=street, scheme="s", code="01", name="暴露垃圾")
    posts: dict[str, tuple[Role, dict[str, Any]]] = {
        "clerk": (Role.CLERK, {}),
        "dispatcher": (Role.DISPATCHER, {}),
        "dispatcher_of_b": (Role.DISPATCHER, {"territory": places[1]}),
        "green": (Role.UNIT, {"body": green}),
        "blue": (Role.UNIT, {"body": blue}),
        "handler": (Role.HANDLER, {"body": green}),
        "verifier": (Role.VERIFIER, {}),
        "supervisor": (Role.SUPERVISOR, {}),
        "secretary": (Role.SECRETARY, {"territory": places[0]}),
        "gone": (Role.UNIT, {"body": green}),
    }
    people = {}
    for name, (role, scope) in posts.items():
        people[name] = User.objects.create(username=name, tenant=street, is_active=name != "gone")
        Post.objects.create(user=people[name], role=role, **scope)
    case = Case.objects.create(
        tenant=street,
        number="A-17",
        title="张三家门口",
        stage=Stage.DISPATCHED,
        reported_at=at,
        due_at=at + timedelta(hours=30),
        case_class=kind,
        body=green,
        territory=places[0],
    )
    return Team(street, green, blue, case, people, at)
