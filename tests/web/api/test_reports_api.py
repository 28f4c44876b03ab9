"""Reports by API: taken once, whoever sends them how often."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.living import Office, make_office
from tests.web.api.conftest import Programs, told, uuid

from xiuhua.cases.models import Case, Report


def test_report_when_new_then_201_with_its_case(living: Office, program: Programs) -> None:
    ina = program("ina")
    answer = ina.post("/reports", told(**{"class": living.condition.case_class.key}, name="王", phone="1"))
    assert answer.status_code == 201, answer.content
    case = Case.objects.get()
    body = answer.json()
    assert (body["case"], body["href"]) == (case.number, f"/api/v1/cases/{case.number}")
    assert answer["Location"] == f"/api/v1/reports/{uuid(1)}"
    assert (case.case_class_id, case.territory_id) == (living.condition.case_class_id, living.places["A"].pk)
    again = ina.get(f"/reports/{uuid(1)}")
    assert (again.status_code, again.json(), again["ETag"]) == (200, body, answer["ETag"])


def test_report_when_sent_again_then_200_and_the_same_even_after_it_moved_on(living: Office, program: Programs) -> None:
    ina = program("ina")
    first = ina.post("/reports", told(noticed_at="2026-11-23T10:00:00+08:00"))
    case = Case.objects.get()
    case.refresh_from_db()
    living.file(_with_class(living, case))
    again = ina.post("/reports", told(noticed_at="2026-11-23T02:00:00Z"))
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert again["ETag"] == first["ETag"]
    assert Report.objects.count() == 1


def _with_class(living: Office, case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(case_class=living.condition.case_class)
    case.refresh_from_db()
    return case


def test_report_when_the_number_comes_with_other_content_then_409(program: Programs) -> None:
    ina = program("ina")
    ina.post("/reports", told())
    answer = ina.post("/reports", told(text="别的事"))
    assert (answer.status_code, answer.json()["code"]) == (409, "case.uuid_taken")
    assert Report.objects.count() == 1


def test_report_when_somebody_elses_then_404(program: Programs) -> None:
    program("ina").post("/reports", told())
    assert program("cleo").get(f"/reports/{uuid(1)}").status_code == 404


def test_report_of_another_office_then_404_and_its_number_is_free_here(program: Programs) -> None:
    program("ina").post("/reports", told())
    other = make_office("other")
    ina = program("ina", office=other)
    assert ina.get(f"/reports/{uuid(1)}").status_code == 404
    assert ina.post("/reports", told()).status_code == 201


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"status": "closed"}, 400, "status"),
        ({"score": 100}, 400, "score"),
        ({"owner": 1}, 400, "owner"),
        ({"is_staff": True}, 400, "is_staff"),
        ({"tenant": 2}, 400, "tenant"),
        ({"text": "a\0b"}, 400, "text"),
        ({"text": "\ud800"}, 400, "text"),
        ({"accuracy_m": 10**30}, 400, "accuracy_m"),
        ({"accuracy_m": 1.5}, 422, "accuracy_m"),
        ({"longitude": 181, "latitude": 0}, 422, "longitude"),
        ({"class": "nothing:event.1"}, 400, "class"),
        ({"territory": "nowhere"}, 400, "territory"),
        ({"noticed_at": "2026-11-23T10:00:00"}, 422, "noticed_at"),
        ({"channel": "rumour"}, 422, "channel"),
        ({"text": ""}, 422, "class"),
        ({"territory": None}, 422, "place"),
    ],
)
def test_report_when_wrong_then_it_names_the_field_and_nothing_is_written(
    program: Programs, more: dict[str, object], status: int, field: str
) -> None:
    answer = program("ina").post("/reports", told(**more))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    assert [one["field"] for one in answer.json()["faults"]] == [field]
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"[" * 100_000,
        b'{"a":' * 30 + b"1" + b"}" * 30,
        b"1" * 5000,
        b'{"\\u0000": 1}',
    ],
    ids=["cut", "no utf-8", "nan", "endless", "deep", "deeper than allowed", "long number", "nul in a name"],
)
def test_body_when_unreadable_then_400(program: Programs, body: bytes) -> None:
    ina = program("ina")
    headers = {"Authorization": f"Bearer {ina.secret}"}
    answer = ina.client.generic("POST", "/api/v1/reports", body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")


def test_body_when_large_then_413_and_when_no_json_then_415(program: Programs) -> None:
    ina = program("ina")
    headers = {"Authorization": f"Bearer {ina.secret}"}
    large = b'{"text": "' + b"a" * (1 << 20) + b'"}'
    assert ina.client.generic("POST", "/api/v1/reports", large, "application/json", headers=headers).status_code == 413
    assert ina.client.generic("POST", "/api/v1/reports", b"a=1", "text/plain", headers=headers).status_code == 415


def test_report_costs_at_most_fourteen_statements_with_its_token(living: Office, program: Programs) -> None:
    ina = program("ina")
    ina.post("/reports", told(1))
    key = living.condition.case_class.key
    with CaptureQueriesContext(connection) as done:
        answer = ina.post("/reports", told(2, **{"class": key}))
    assert answer.status_code == 201
    listed = "\n".join(one["sql"][:160] for one in done.captured_queries)
    assert len(done.captured_queries) <= 14, f"{len(done.captured_queries)}\n{listed}"
