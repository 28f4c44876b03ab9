"""Programs with tokens, on an office with one person per post."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.test import Client
from tests.living import NAMESPACE, Office, make_office

from xiuhua.cases.models import Case
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import make_token
from xiuhua.responsibility.rules.tokens import OFFERED
from xiuhua.web.api import limits

V1 = "/api/v1"
Answer = Any


@dataclass
class Program:
    """A program that asks with a token."""

    secret: str
    client: Client

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask for something; `body` goes as JSON, underscores in headers are dashes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent["Authorization"] = f"Bearer {self.secret}"
        given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"{V1}{path}", **given, headers=sent)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for something by GET."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """Send something by POST."""
        return self.ask("POST", path, body, **headers)

    def move(self, case: Case, verb: str, number: int, **given: Any) -> Answer:
        """Make a move as somebody who has just seen the case."""
        version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
        body = {"verb": verb, "client_uuid": str(uuid(number)), **given}
        return self.post(f"/cases/{case.number}/moves", body, If_Match=f'"{version}"')


Programs = Callable[..., Program]


def uuid(number: int) -> UUID:
    """Return the number-th client number."""
    return uuid5(NAMESPACE, f"api:{number}")


def told(number: int = 1, **more: Any) -> dict[str, Any]:
    """Return a report as a program sends it."""
    return {"client_uuid": str(uuid(number)), "text": "路口有一堆垃圾", "territory": "A", **more}


def secret_of(office: Office, name: str, *scopes: str) -> str:
    """Make a token for a person's program and return its secret."""
    user = office.users[name]
    by = Actor(f"user:{user.username}", user=user.pk)
    return make_token(user, name="测试", scopes=scopes or OFFERED, days=30, by=by, at=datetime.now(UTC)).secret


@pytest.fixture(autouse=True)
def _nothing_spent() -> None:
    limits.forget_all()


@pytest.fixture
def living(db: None, home: object) -> Office:
    """The office."""
    return make_office()


@pytest.fixture
def program(living: Office) -> Programs:
    """Give a person's program a token: `program("cleo")`, `program("cleo", "case.see", office=other)`."""

    def made(name: str, *scopes: str, office: Office = living) -> Program:
        return Program(secret_of(office, name, *scopes), Client())

    return made
