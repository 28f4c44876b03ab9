"""Twenty people on one queue, over HTTP, on SQLite and PostgreSQL: whoever is told that a move was made has made it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.web.conftest import free_port, wait_for

CREW = Path(__file__).with_name("triage_crew.py")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Opened:
    """A served office: its address, what the crew said of it, its database."""

    url: str
    said: dict[str, Any]
    env: dict[str, str]

    def ask(self, code: str) -> Any:
        """Return what an expression over the models says in the office's own database."""
        program = (
            "from xiuhua.config.setup import ready; ready(); import json; "
            "from xiuhua.cases.models import *; from xiuhua.kernel.models import *; "
            f"print(json.dumps({code}, default=str))"
        )
        done = subprocess.run([sys.executable, "-c", program], env=self.env, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)


@contextmanager
def desk_open(home: Path, reports: int, database: str = "") -> Iterator[Opened]:
    """Build an office in a database of its own – a new file, unless one is named – and serve it."""
    env = {**os.environ, "XIUHUA_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    env.pop("DATABASE_URL", None)
    env |= {"DATABASE_URL": database} if database else {}
    made = subprocess.run([sys.executable, CREW, str(reports)], env=env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    port, log = free_port(), home / "serve.log"
    with log.open("wb") as out:
        serve = [sys.executable, "-m", "xiuhua", "serve", "--port", str(port)]
        server = subprocess.Popen(serve, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/login/", server, log)
        yield Opened(url, json.loads(made.stdout.splitlines()[-1]), env)
    finally:
        server.terminate()
        server.wait(timeout=20)


class Person:
    """One person's browser, as far as the desk needs it."""

    def __init__(self, opened: Opened, name: str) -> None:
        self.opened = opened
        self.cookies = f"sessionid={opened.said['sessions'][name]}"
        page = self._send("/desk/", None)[1]
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found, page[:200]
        self.token = found[1]

    def _send(self, path: str, fields: dict[str, Any] | None) -> tuple[int, str]:
        body = urllib.parse.urlencode(fields).encode() if fields is not None else None
        headers = {
            "Cookie": self.cookies,
            "X-Fragment": "case" if fields is not None else "",
            "Referer": self.opened.url,
        }
        asked = urllib.request.Request(self.opened.url + path, data=body, headers=headers)  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                found = re.search(r"csrftoken=(\w+)", answer.headers.get("Set-Cookie") or "")
                if found:
                    self.cookies = f"{self.cookies}; csrftoken={found[1]}"
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def post(self, path: str, **fields: Any) -> tuple[int, str]:
        """Send a form of the desk and return status and body."""
        return self._send(path, {**fields, "csrfmiddlewaretoken": self.token})

    def rows(self) -> list[tuple[int, int]]:
        """Return key and version of the cases that wait to be filed, as this person's screen shows them."""
        page = self._send("/desk/?queue=reported&case=0", None)[1]
        return [(int(key), int(seen)) for key, seen in re.findall(r'data-case="(\d+)" data-version="(\d+)"', page)]


def _work(opened: Opened, name: str, turn: int) -> Counter[str]:
    """File and dispatch what is on the screen as it was first read, beginning at another place than the others."""
    person, done = Person(opened, name), Counter[str]()
    rows = person.rows()
    for key, version in (rows[turn % len(rows) :] + rows[: turn % len(rows)])[:12]:
        filing = {"condition": opened.said["condition"], "remedy": name, "body": opened.said["bodies"]["sweepers"]}
        status, body = person.post("/desk/act/", case=key, version=version, verb="file_dispatch", **filing)
        done[str(status)] += 1
        if status == 200 and turn % 5 == 0:  # some think better of it
            status, _body = person.post("/desk/undo/", moves=json.loads(body)["undo"]["moves"])
            done[f"undo {status}"] += 1
    return done


@pytest.mark.django_db(transaction=True)
def test_twenty_people_when_they_work_one_queue_then_no_edit_is_lost(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    place = connection.settings_dict
    postgresql = f"postgresql://{place['USER']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    made(tmp_path / "xiuhua.sqlite3")
    with desk_open(tmp_path, 24, postgresql if connection.vendor == "postgresql" else "") as opened:
        with ThreadPoolExecutor(20) as crowd:
            every = sum(crowd.map(lambda turn: _work(opened, f"crowd{turn}", turn), range(20)), Counter[str]())
        assert set(every) <= {"200", "409", "undo 200"}, every
        assert every["409"] > 0
        moves = "list(CaseMove.objects.filter(verb__in=['file','dispatch'],user__username__startswith='crowd')"
        moved = opened.ask(f"{moves}.order_by('case_id','version').values_list('case_id','version','verb','undone'))")
        accepted = every["200"]
        assert Counter(verb for _case, _version, verb, _undone in moved) == {"file": accepted, "dispatch": accepted}
        assert sum(undone for *_rest, undone in moved) == 2 * every["undo 200"]
        lines = opened.ask(
            "list(LedgerLine.objects.filter(actor__startswith='user:crowd',verb__startswith='case.').values_list('verb',flat=True))"
        )
        assert Counter(lines) == {
            "case.file": accepted,
            "case.dispatch": accepted,
            "case.undo": 2 * every["undo 200"],
        }
        versions: dict[int, list[int]] = {}
        for case, version, _verb, _undone in moved:
            versions.setdefault(case, []).append(version)
        assert all(seen == sorted(set(seen)) for seen in versions.values())
        stands = dict(
            opened.ask(
                "[[pk, [stage, version, remedy]] for pk, stage, version, remedy in Case.objects.values_list('pk','stage','version','remedy')]"
            )
        )
        for case, seen in versions.items():
            standing = [one for one in moved if one[0] == case and not one[3]]
            undone = [one for one in moved if one[0] == case and one[3]]
            assert stands[case][0] == ("dispatched" if standing else "reported")
            assert stands[case][1] == 1 + len(seen) + len(undone)
