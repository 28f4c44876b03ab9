"""Opens an office with cases for the tests of the desk: `triage_crew.py REPORTS`, a process with a database of its own.

Says on one line, as JSON, whose browser has which session and which case is which.
"""

from __future__ import annotations

import json
import sys

from xiuhua.config.setup import ready

ready()

from django.core.management import call_command  # noqa: E402 - after Django is ready
from django.test import Client  # noqa: E402
from tests.living import START, Office, make_office  # noqa: E402

from xiuhua.cases.words.moves import Verb  # noqa: E402
from xiuhua.responsibility.models import Post, User  # noqa: E402

#: People of whom twenty share one queue.
CROWD = 20
#: Every tenth case is the same problem as the one told right after it.
TWIN = 8


def told(office: Office, number: int) -> dict[str, object]:
    """Tell a case: later ones are due later; a twin lies ten metres from its elder, all others a kilometre apart."""
    office.later(minutes=1)
    place = number + 1 if number % 10 == TWIN else number
    lat = 31.0 + place * 0.01 + (0.0001 if number % 10 == TWIN else 0.0)
    case = office.report(longitude=121.0, latitude=lat)
    return {"key": case.pk, "number": case.number}


def opened(reports: int) -> dict[str, object]:
    """Open the office and tell its cases; every third of a few is filed, or sent and refused."""
    call_command("migrate", verbosity=0)
    office = make_office()
    office.now = START
    cases = [told(office, number) for number in range(reports)]
    filed, returned = [], []
    for number in range(reports, reports + reports // 8):
        case = office.file(office.report(longitude=121.0, latitude=31.0 + number * 0.01))
        filed.append({"key": case.pk, "number": case.number})
    for number in range(2 * reports, 2 * reports + reports // 8):
        case = office.dispatch(office.file(office.report(longitude=121.0, latitude=31.0 + number * 0.01)), "repairs")
        office.move(case, Verb.REFUSE, "uri", reason="not_our_duty")
        returned.append({"key": case.pk, "number": case.number})
    for number in range(CROWD):
        user = User.objects.create(username=f"crowd{number}", name=f"众{number}", tenant=office.tenant)
        Post.objects.create(user=user, role="staff")
        office.users[user.username] = user
    bodies = {name: body.pk for name, body in office.bodies.items()}
    return {
        "sessions": {name: _session(user) for name, user in office.users.items()},
        "cases": cases,
        "filed": filed,
        "returned": returned,
        "condition": office.condition.pk,
        "bodies": bodies,
    }


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    sys.stdout.write(json.dumps(opened(int(sys.argv[1]))) + "\n")
