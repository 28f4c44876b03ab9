"""The doors to the inbox, the channels and the worker: who may in, what is shown, and hostile texts that stay texts."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from xiuhua.kernel.models import Delivery, LedgerLine, OutboxEvent, Tenant
from xiuhua.kernel.words import DeliveryState, EventState
from xiuhua.notices.models import Channel, Notice, Preference
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import Role

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


def _client(street: Tenant, name: str, role: Role) -> Client:
    user = User.objects.create(username=name, tenant=street)
    Post.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def handler(street: Tenant) -> Client:
    """Somebody of a unit."""
    return _client(street, "lin", Role.HANDLER)


@pytest.fixture
def admin(street: Tenant) -> Client:
    """Who operates the system."""
    return _client(street, "admin", Role.ADMIN)


def _told(street: Tenant, at: datetime, count: int, number: str = "A-17", link: str = "/cases/7/") -> list[Notice]:
    user = User.objects.get(username="lin")
    facts = {"number": number, "kind": number, "place": number, "unit": number, "due": "", "link": link}
    rows = [
        Notice(tenant=street, user=user, event_key=f"event:{n}", name="case.dispatch", facts=facts, at=at)
        for n in range(count)
    ]
    return Notice.objects.bulk_create(rows)


def _counts(page: str) -> list[int]:
    return [int(text) for text in re.findall(r'data-count="(\d+)"', page)]


def test_inbox_when_empty_then_it_says_what_will_come(handler: Client) -> None:
    assert "还没有消息" in handler.get("/inbox/").content.decode()


def test_inbox_when_counted_then_each_count_is_that_of_its_list(handler: Client, street: Tenant, at: datetime) -> None:
    keys = [one.pk for one in _told(street, at, 3)]
    handler.post("/inbox/read/", {"read": keys[0]})
    page = handler.get("/inbox/").content.decode()
    assert (_counts(page), 'data-total="3"' in page, "2 条未读" in page) == ([2, 3], True, True)
    assert 'data-total="2"' in handler.get("/inbox/?unread=1").content.decode()


def test_inbox_when_opened_then_it_is_read_and_leads_there(handler: Client, street: Tenant, at: datetime) -> None:
    key = _told(street, at, 1)[0].pk
    answer = handler.post("/inbox/read/", {"open": key})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/7/")
    assert Notice.objects.filter(read_at=None).count() == 0


def test_inbox_when_all_are_read_then_none_is_left(handler: Client, street: Tenant, at: datetime) -> None:
    _told(street, at, 3)
    handler.post("/inbox/read/")
    assert Notice.objects.filter(read_at=None).count() == 0


def test_inbox_when_looked_at_then_nothing_is_written(handler: Client, street: Tenant, at: datetime) -> None:
    _told(street, at, 2)
    handler.get("/inbox/")
    assert handler.get("/inbox/read/").status_code == 405
    assert Notice.objects.filter(read_at=None).count() == 2


def test_inbox_when_another_persons_notice_is_named_then_it_stays_as_it_is(
    handler: Client, admin: Client, street: Tenant, at: datetime
) -> None:
    key = _told(street, at, 1)[0].pk
    answer = admin.post("/inbox/read/", {"open": key})
    assert (answer["Location"], Notice.objects.filter(read_at=None).count()) == ("/inbox/", 1)


@pytest.mark.parametrize("link", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org"])
def test_inbox_when_a_link_leads_elsewhere_then_nobody_is_led_there(
    handler: Client, street: Tenant, at: datetime, link: str
) -> None:
    key = _told(street, at, 1, link=link)[0].pk
    assert "example.org" not in handler.get("/inbox/").content.decode()
    assert handler.post("/inbox/read/", {"open": key})["Location"] == "/inbox/"


def test_inbox_when_texts_are_hostile_then_they_come_out_as_texts(
    handler: Client, street: Tenant, at: datetime
) -> None:
    _told(street, at, 1, number=HOSTILE)
    page = handler.get("/inbox/").content.decode()
    assert ("<script>alert" in page, "<img src=x" in page, "&lt;script&gt;alert(1)" in page) == (False, False, True)


def test_wishes_when_the_address_is_none_then_it_is_kept_and_explained(handler: Client) -> None:
    page = handler.post("/inbox/wishes/", {"email": "lin@", "mail": "each", "language": "zh-hans"}).content.decode()
    assert ('value="lin@"' in page, "不是邮箱地址" in page, "<title>错误：" in page) == (True, True, True)
    assert Preference.objects.count() == 0


def test_wishes_when_given_then_they_are_noted_and_the_ledger_holds_no_address(handler: Client) -> None:
    handler.post("/inbox/wishes/", {"email": "lin@example.org", "mail": "daily", "language": "en"})
    noted = Preference.objects.get()
    assert (noted.email, noted.mail, noted.language) == ("lin@example.org", "daily", "en")
    assert "example.org" not in str(LedgerLine.objects.get(verb="notice.wish").facts)


@pytest.mark.parametrize("path", ["/worker/", "/worker/?show=done", "/channels/"])
def test_system_pages_when_one_may_not_operate_then_they_are_not_there(
    handler: Client, admin: Client, path: str
) -> None:
    assert [handler.get(path).status_code, admin.get(path).status_code] == [403, 200]
    assert ("/worker/" in handler.get("/inbox/").content.decode()) is False


@pytest.mark.parametrize("path", ["/worker/decide/", "/channels/1/"])
def test_system_doors_when_one_may_not_operate_then_nothing_happens(handler: Client, path: str) -> None:
    assert handler.post(path, {"do": "retry"}).status_code == 403


def _robot(admin: Client, **more: str) -> str:
    given = {"kind": "robot", "name": "值班群", "address": f"wecombot://{KEY}", "language": "zh-hans"} | more
    return admin.post("/channels/", given, follow=True).content.decode()


def test_channel_when_added_then_its_key_is_never_shown_again(admin: Client) -> None:
    pages = [_robot(admin), admin.get("/channels/").content.decode()]
    assert [KEY in page for page in pages] == [False, False]
    assert all("wecombot://••••5aaa" in page for page in pages)


def test_channel_when_a_webhook_then_its_secret_is_shown_once(admin: Client) -> None:
    first = _robot(admin, kind="webhook", name="上级", address="https://example.org/in")
    secret = Channel.objects.get().secret
    assert [secret in first, secret in admin.get("/channels/").content.decode()] == [True, False]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"address": "json://127.0.0.1/"}, "id_address"),
        ({"kind": "webhook", "address": "http://127.0.0.1/"}, "id_address"),
        ({"kind": "email", "address": "a@b@c"}, "id_address"),
        ({"name": ""}, "id_name"),
        ({"kind": "smoke"}, "id_kind"),
        ({"address": ""}, "id_address"),
    ],
)
def test_channel_when_wrong_then_the_field_says_so_and_the_input_stays(
    admin: Client, given: dict[str, str], field: str
) -> None:
    page = _robot(admin, **given)
    assert (f'href="#{field}"' in page, Channel.objects.count()) == (True, 0)
    assert ('value="值班群"' in page) is ("name" not in given)


def test_channel_when_switched_and_removed_then_it_is_so(admin: Client) -> None:
    _robot(admin)
    key = Channel.objects.get().pk
    states = []
    for verb in ("off", "on"):
        admin.post(f"/channels/{key}/", {"do": verb})
        states.append(Channel.objects.get().active)
    admin.post(f"/channels/{key}/", {"do": "remove"})
    assert (states, Channel.objects.count(), admin.post(f"/channels/{key}/").status_code) == ([False, True], 0, 404)


def _dead(street: Tenant, at: datetime, about: str = "case:A-17") -> Delivery:
    event = OutboxEvent.objects.create(
        tenant=street, name="case.dispatch", about=about, at=at, due_at=at, state=EventState.SPREAD
    )
    return Delivery.objects.create(
        event=event, subscriber="notices", state=DeliveryState.DEAD, attempts=12, next_at=at, error="NoAnswer"
    )


def test_worker_when_counted_then_each_count_is_that_of_its_list(admin: Client, street: Tenant, at: datetime) -> None:
    _dead(street, at)
    _dead(street, at)
    OutboxEvent.objects.create(tenant=street, name="case.file", about="case:B", at=at, due_at=at)
    page = admin.get("/worker/").content.decode()
    hrefs = re.findall(r'href="(/worker/\?show=\w+)"[^>]*>[^<]*<b data-count="(\d+)"', page)
    listed = [re.findall(r'data-total="(\d+)"', admin.get(href).content.decode()) for href, _count in hrefs]
    assert [int(count) for _href, count in hrefs] == [int(found[0]) if found else 0 for found in listed]
    assert [int(count) for _href, count in hrefs] == [2, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("verb", "state", "line"),
    [("retry", DeliveryState.WAITING, "delivery.retry"), ("drop", DeliveryState.DROPPED, "delivery.drop")],
)
def test_worker_when_a_person_decides_then_that_letter_goes_and_the_ledger_knows(
    admin: Client, street: Tenant, at: datetime, verb: str, state: DeliveryState, line: str
) -> None:
    chosen, other = _dead(street, at), _dead(street, at)
    admin.post("/worker/decide/", {"do": verb, "key": chosen.pk})
    found = dict(Delivery.objects.values_list("pk", "state"))
    assert found == {chosen.pk: state, other.pk: DeliveryState.DEAD}
    assert LedgerLine.objects.get(verb=line).actor == "user:admin"


def test_worker_when_all_are_sent_again_then_none_is_dead(admin: Client, street: Tenant, at: datetime) -> None:
    _dead(street, at)
    _dead(street, at)
    admin.post("/worker/decide/", {"do": "retry"})
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.WAITING}


def test_worker_when_texts_are_hostile_then_they_come_out_as_texts(admin: Client, street: Tenant, at: datetime) -> None:
    _dead(street, at, about=HOSTILE)
    assert "<script>alert" not in admin.get("/worker/").content.decode()


def test_digest_when_its_weekday_is_chosen_then_kept_with_a_ledger_line(admin: Client, street: Tenant) -> None:
    assert '<option value="1" selected' in admin.get("/channels/").content.decode()
    answer = admin.post("/channels/digest/", {"weekday": "5"}, follow=True).content.decode()
    street.refresh_from_db()
    assert (street.settings["digest_weekday"], '<option value="5" selected' in answer) == (5, True)
    admin.post("/channels/digest/", {"weekday": "5"})  # again: nothing changes
    line = LedgerLine.objects.get(verb="digest.weekday")
    assert line.facts == {"before": 1, "after": 5}


@pytest.mark.parametrize("given", ["8", "-1", "x", ""])
def test_digest_when_the_weekday_is_none_then_refused(admin: Client, street: Tenant, given: str) -> None:
    answer = admin.post("/channels/digest/", {"weekday": given}).content.decode()
    street.refresh_from_db()
    assert ('href="#id_weekday"' in answer, "digest_weekday" in street.settings) == (True, False)
