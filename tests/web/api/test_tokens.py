"""Tokens: made once, shown once, no further than owner and scopes."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.living import Office, make_office
from tests.web.api.conftest import V1, Program, Programs, told, uuid

from xiuhua.cli.main import main
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.words import EVERY, Actor, Grant
from xiuhua.responsibility.actions import TokenNotYours, TokenRefused, TokenUnknown, make_token, revoke_token
from xiuhua.responsibility.models import ApiToken, Post
from xiuhua.responsibility.queries import actor_kept, actor_of
from xiuhua.responsibility.rules.tokens import OFFERED, digest_of, narrowed
from xiuhua.web.api import limits

#: An address for each scope that opens it, with what to send.
READS = {
    "/cases": ("case.see",),
    "/territories": ("register.see", "case.report", "case.see"),
    "/units": ("register.see", "case.report", "case.see"),
    "/flow": ("register.see", "case.report", "case.see"),
    "/taxonomy/classes": ("register.see", "case.report", "case.see"),
    "/taxonomy/conditions?class=demo-street:event.0102": ("register.see", "case.report", "case.see"),
    "/facts/periods": ("month.see",),
    "/duty/check?days=1": ("register.see", "case.report"),
    f"/reports/{uuid(1)}": ("case.report",),
    f"/evidence/uploads/{uuid(1)}": ("evidence.add",),
    "/cases/none": ("case.see",),
    "/cases/none/history": ("case.see",),
    "/cases/none/moves": ("case.see",),
    "/cases/none/evidence": ("case.see",),
}
WRITES = {
    ("POST", "/reports"): ("case.report",),
    ("POST", "/cases/none/moves"): ("case.see",),
    ("DELETE", "/cases/none/moves/1"): ("case.see",),
    ("POST", "/cases/none/reporters"): ("reporter.see",),
    ("POST", "/evidence/uploads"): ("evidence.add",),
    ("POST", "/evidence"): ("evidence.add",),
}
SCOPES = ("case.see", "case.report", "register.see", "month.see", "evidence.add", "reporter.see", "case.void")


@pytest.mark.parametrize("scope", SCOPES)
def test_token_opens_what_its_scope_names_and_nothing_else(living: Office, program: Programs, scope: str) -> None:
    stan = program("stan", scope)
    doors = {("GET", path): wanted for path, wanted in READS.items()} | WRITES
    for (method, path), wanted in doors.items():
        answer = stan.ask(method, path, None if method == "GET" else {})
        forbidden = answer.status_code == 403 and answer.json()["code"] == "request.scope"
        assert forbidden == (scope not in wanted), (method, path, answer.status_code)
    assert stan.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("hal", {"/facts/periods"}),
        ("bo", {f"/reports/{uuid(1)}", f"/evidence/uploads/{uuid(1)}"}),
        ("ada", {path for path, wanted in READS.items() if not {"register.see", "month.see"} & set(wanted)}),
    ],
)
def test_token_of_every_scope_reaches_no_further_than_its_owner(program: Programs, name: str, closed: set[str]) -> None:
    mine = program(name)
    assert {path for path in READS if mine.get(path).status_code == 403} == closed


#: What an owner may do and no token ever.
NEVER = ("api.token", "people.manage")
_VERBS = st.sampled_from([*OFFERED[:12], EVERY, *NEVER])
_GRANTS = st.lists(st.builds(Grant, _VERBS, st.none() | st.just(frozenset({1})), st.none() | st.just(2)), max_size=6)


@given(_GRANTS, st.lists(_VERBS, max_size=6))
def test_narrowed_grants_allow_what_both_allow(grants: list[Grant], scopes: list[str]) -> None:
    owner, program = Actor("user:x", grants=tuple(grants)), Actor("user:x", grants=narrowed(grants, scopes))
    for verb in (*OFFERED, *NEVER):
        bounds = {(one.territories, one.body, one.classes) for one in owner.granted(verb)}
        wanted = bounds if verb in scopes and verb in OFFERED else set()
        assert {(one.territories, one.body, one.classes) for one in program.granted(verb)} == wanted


@pytest.mark.parametrize("how", ["none", "nonsense", "another", "basic", "expired", "revoked", "off"])
def test_token_that_is_not_good_is_answered_401(living: Office, program: Programs, how: str) -> None:
    ina = program("ina")
    if how == "expired":
        ApiToken.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    if how == "revoked":
        by = Actor("user:x", user=living.at("ina"))
        revoke_token(living.tenant, ApiToken.objects.get().pk, by=by, at=datetime.now(UTC))
    if how == "off":
        living.users["ina"].is_active = False
        living.users["ina"].save()
    sent = {
        "none": None,
        "nonsense": "Bearer xh_\x00",
        "another": f"Bearer xh_{'a' * 43}",
        "basic": f"Basic {ina.secret}",
    }.get(how, f"Bearer {ina.secret}")
    answer = Client().get(f"{V1}/me", headers={"Authorization": sent} if sent else {})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_token_is_kept_as_a_digest_only_and_its_days_in_the_ledger(living: Office, program: Programs) -> None:
    ina = program("ina", "case.report")
    kept = ApiToken.objects.get()
    assert (kept.digest, kept.last_used_day) == (digest_of(ina.secret), None)
    assert ina.get("/me").json()["token"]["scopes"] == ["case.report"]
    kept.refresh_from_db()
    assert kept.last_used_day is not None
    line = LedgerLine.objects.get(verb="account.token_make")
    assert ina.secret not in json.dumps(line.facts)


def test_me_tells_how_far_one_reaches(living: Office, program: Programs) -> None:
    Post.objects.filter(user=living.users["uma"]).update(territory=living.places["A"])
    told_ = program("uma", "case.accept").get("/me").json()
    assert told_["grants"] == [
        {"verb": "case.accept", "role": "unit", "territories": ["A"], "unit": "sweepers", "classes": None}
    ]


def test_token_is_made_for_oneself_only(living: Office) -> None:
    at, ina = datetime.now(UTC), living.users["ina"]
    for by in (living.actor("ada"), living.actor("stan")):
        with pytest.raises(TokenNotYours):
            make_token(ina, name="x", scopes=["case.see"], days=1, by=by, at=at)
    shell = Actor("shell:root", grants=(Grant(EVERY),))
    assert make_token(ina, name="x", scopes=["case.see"], days=1, by=shell, at=at).token.user == ina


@pytest.mark.parametrize(
    ("name", "scopes", "days", "codes"),
    [
        ("", ["case.see"], 1, ["token.name"]),
        ("x" * 61, ["case.see"], 1, ["token.name"]),
        ("x", [], 1, ["token.scopes_missing"]),
        ("x", ["*"], 1, ["token.scope_unknown"]),
        ("x", ["api.token"], 1, ["token.scope_unknown"]),
        ("x", ["case.see"], 0, ["token.days"]),
        ("x", ["case.see"], 366, ["token.days"]),
    ],
)
def test_token_when_wrong_then_none_is_made(
    living: Office, name: str, scopes: list[str], days: int, codes: list[str]
) -> None:
    with pytest.raises(TokenRefused) as refused:
        make_token(
            living.users["ina"], name=name, scopes=scopes, days=days, by=living.actor("ina"), at=datetime.now(UTC)
        )
    assert [one.code for one in refused.value.faults] == codes
    assert ApiToken.objects.count() == 0


def test_token_is_revoked_by_its_owner_or_the_administrator_and_nobody_else(living: Office, program: Programs) -> None:
    program("ina")
    key, at = ApiToken.objects.get().pk, datetime.now(UTC)
    with pytest.raises(TokenUnknown):
        revoke_token(living.tenant, key, by=living.actor("cleo"), at=at)
    with pytest.raises(TokenUnknown):
        revoke_token(make_office("other").tenant, key, by=living.actor("ada"), at=at)
    assert revoke_token(living.tenant, key, by=living.actor("ada"), at=at).revoked_at == at
    assert revoke_token(living.tenant, key, by=living.actor("ina"), at=at + timedelta(1)).revoked_at == at
    assert LedgerLine.objects.filter(verb="account.token_revoke").count() == 1


def test_session_reads_as_a_token_does_and_changes_only_with_the_pages_token(living: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(living.users["ina"])
    session = Program("", client)
    assert session.get("/cases").status_code == 200
    refused = session.post("/reports", told())
    assert (refused.status_code, refused.json()["code"]) == (403, "request.csrf")
    client.get("/account/")
    token = client.cookies["csrftoken"].value
    assert session.post("/reports", told(), X_CSRFToken=token).status_code == 201


def test_reading_writes_nothing(living: Office, program: Programs) -> None:
    case, stan = living.report(), program("stan")
    stan.get("/me")
    before = LedgerLine.objects.count()
    there = [path for path in READS if "none" not in path and str(uuid(1)) not in path]
    for path in (*there, *(f"/cases/{case.number}{way}" for way in ("", "/history", "/moves", "/evidence"))):
        assert stan.get(path).status_code in {200, 409}, path
    assert LedgerLine.objects.count() == before


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_origin_elsewhere_is_never_let_in(program: Programs, origin: str) -> None:
    answer = program("stan").get("/me", Origin=origin)
    assert "Access-Control-Allow-Origin" not in answer


def test_who_asks_too_often_waits(living: Office, program: Programs, settings: object) -> None:
    settings.API_PER_MINUTE = 3  # type: ignore[attr-defined]
    ina, cleo = program("ina"), program("cleo")
    assert [ina.get("/me").status_code for _try in range(4)] == [200, 200, 200, 429]
    answer = ina.get("/me")
    assert (answer["Retry-After"], answer.json()["code"]) == ("20", "request.too_many")
    assert cleo.get("/me").status_code == 200


def test_bucket_fills_evenly(settings: object) -> None:
    settings.API_PER_MINUTE = 60  # type: ignore[attr-defined]
    for _request in range(60):
        limits.spend("x", tick=0.0)
    with pytest.raises(limits.TooMany) as refused:
        limits.spend("x", tick=0.5)
    assert refused.value.seconds == 1
    limits.spend("x", tick=1.0)
    with pytest.raises(limits.TooMany):
        limits.spend("x", tick=1.5)


def test_actor_kept_is_the_actor_until_the_office_changes(living: Office, django_assert_num_queries: object) -> None:
    user, day = living.users["uma"], date(2026, 11, 26)
    assert actor_kept(user, day) == actor_of(user, day)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert actor_kept(user, day) == actor_of_kept(user, day)
    Post.objects.filter(user=user).delete()
    living.tenant.revision += 1
    user.tenant = living.tenant
    assert actor_kept(user, day).grants == ()


def actor_of_kept(user: object, day: date) -> Actor:
    """Return it again."""
    return actor_kept(user, day)  # type: ignore[arg-type]


def test_page_shows_a_new_token_once_and_ends_it(living: Office) -> None:
    client = Client()
    client.force_login(living.users["cleo"])
    made = client.post("/account/tokens/", {"name": "手机", "days": "30", "scope": ["case.report", "case.see"]})
    secret = re.search(r"xh_[\w-]{43}", made.content.decode())
    assert secret is not None
    assert Program(secret[0], Client()).get("/me").status_code == 200
    assert secret[0] not in client.get("/account/tokens/").content.decode()
    key = ApiToken.objects.get().pk
    assert client.post(f"/account/tokens/{key}/revoke/").status_code == 302
    assert Program(secret[0], Client()).get("/me").status_code == 401


def test_page_when_wrong_then_says_so_beside_each_field_and_keeps_what_was_typed(living: Office) -> None:
    client = Client()
    client.force_login(living.users["cleo"])
    page = client.post("/account/tokens/", {"name": "", "days": "999", "scope": ["case.see"]}).content.decode()
    assert ("id_name-error" in page, "id_days-error" in page, 'value="999"' in page) == (True, True, True)
    assert 'value="case.see" checked' in page
    assert ApiToken.objects.count() == 0


def test_page_ends_no_token_of_somebody_else(living: Office, program: Programs) -> None:
    program("ina")
    client = Client()
    client.force_login(living.users["cleo"])
    assert client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404


def test_page_offers_what_ones_own_posts_allow(living: Office) -> None:
    client = Client()
    client.force_login(living.users["hal"])
    offered = set(re.findall(r'name="scope" value="([^"]+)"', client.get("/account/tokens/").content.decode()))
    looks = {"privacy.place"}  # a program looks at nothing: it reads texts masked
    assert offered == {grant.verb for grant in living.actor("hal").grants} - looks


def test_command_makes_lists_and_revokes(living: Office) -> None:
    def run(*given: str) -> tuple[int, Any]:
        done = CliRunner().invoke(main, ["token", *given, "--json"])
        return done.exit_code, json.loads(done.stdout)

    name = living.users["ina"].username
    code, made = run("make", name, "--name", "手机", "--scope", "case.report", "--days", "7")
    assert (code, Program(made["token"], Client()).get("/me").status_code) == (0, 200)
    code, listed = run("list")
    assert (code, [(one["username"], one["scopes"]) for one in listed["tokens"]]) == (0, [(name, ["case.report"])])
    assert "token" not in listed["tokens"][0]
    assert (run("revoke", str(made["id"]))[0], Program(made["token"], Client()).get("/me").status_code) == (0, 401)
    code, refused = run("make", name, "--name", "手机", "--scope", "everything")
    assert (code, refused["refused"]) == (1, "token.refused")
