"""Posts: given, changed, ended, stood in for, handed over – by whom, and what the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.living import START, Office, make_office

from xiuhua.cases.actions import hand_over
from xiuhua.cases.models import CaseMove, Hand, Request
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.words import SYSTEM, Refusal
from xiuhua.responsibility.actions import change_post, deactivate, deputise, end_post, give_post
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.queries import PeopleFilter, actor_of, filtered_people, holding
from xiuhua.responsibility.rules.posts import overlap, post_faults
from xiuhua.responsibility.words import PostAsked, Role

TODAY = date(2026, 11, 23)


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return make_office()


def _refused(act: Callable[[], object]) -> tuple[str, list[str]]:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code, [fault.code for fault in refused.value.faults]


def _give(office: Office, who: str, by: str = "ada", **asked: object) -> Post:
    wanted = PostAsked(**asked)  # type: ignore[arg-type]
    return give_post(office.tenant, f"{who}@living", wanted, by=office.actor(by), at=START)


def _verbs(about: str) -> list[str]:
    return list(LedgerLine.objects.filter(about=about).order_by("pk").values_list("verb", flat=True))


def _post(office: Office, who: str) -> Post:
    return Post.objects.get(user=office.users[who])


def test_post_when_given_then_it_is_held_from_its_first_day_to_its_last(office: Office) -> None:
    first, end = TODAY + timedelta(1), TODAY + timedelta(8)
    post = _give(office, "ina", role="verifier", unit="sweepers", territory="A", valid_from=first, valid_to=end)
    assert (post.body, post.territory) == (office.bodies["sweepers"], office.places["A"])
    held = [actor_of(office.users["ina"], day).may("case.confirm") for day in (TODAY, first, end)]
    passes = [actor_of(office.users["ina"], day).granted("case.pass_check") for day in (TODAY, first, end)]
    assert (held, [len(one) for one in passes]) == ([True] * 3, [1, 2, 1])
    assert _verbs("user:ina@living") == ["post.give"]


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        ({"role": "king"}, ["post.role_unknown"]),
        ({"role": "unit"}, ["post.scope_missing"]),
        ({"role": "secretary"}, ["post.scope_missing"]),
        ({"role": "clerk", "unit": "nowhere"}, ["post.unit_unknown"]),
        ({"role": "clerk", "territory": "nowhere"}, ["post.territory_unknown"]),
        ({"role": "clerk", "classes": ("a:b",)}, ["post.class_unknown"]),
        ({"role": "clerk", "valid_from": TODAY, "valid_to": TODAY}, ["post.period"]),
        ({"role": "inspector"}, ["post.repeated"]),
        ({"role": "unit", "unit": "x", "territory": "y"}, ["post.unit_unknown", "post.territory_unknown"]),
    ],
)
def test_post_when_it_cannot_be_so_then_every_fault_is_named_and_nothing_is_written(
    office: Office, asked: dict[str, object], faults: list[str]
) -> None:
    lines = LedgerLine.objects.count()
    assert _refused(lambda: _give(office, "ina", **asked)) == ("post.refused", faults)
    assert (Post.objects.filter(user=office.users["ina"]).count(), LedgerLine.objects.count()) == (1, lines)


@pytest.mark.parametrize("by", ["ina", "cleo", "uma", "bo", "sue"])
def test_post_when_given_by_who_does_not_manage_people_then_refused(office: Office, by: str) -> None:
    assert _refused(lambda: _give(office, "ina", by, role="clerk")) == ("post.not_manager", [])


def test_post_when_given_by_a_manager_of_one_unit_then_refused(office: Office) -> None:
    Post.objects.filter(user=office.users["stan"]).update(body=office.bodies["sweepers"])
    assert _refused(lambda: _give(office, "ina", "stan", role="clerk")) == ("post.not_manager", [])


def test_nobody_gives_himself_a_post_changes_his_own_or_stands_in_himself(office: Office) -> None:
    own, asked = _post(office, "ada"), PostAsked("staff")
    ada, other = office.actor("ada"), _post(office, "dan")
    acts: list[Callable[[], object]] = [
        lambda: _give(office, "ada", role="staff"),
        lambda: change_post(office.tenant, own.pk, asked, by=ada, at=START),
        lambda: deputise(
            office.tenant, other.pk, "ada@living", first=TODAY, end=TODAY + timedelta(1), by=ada, at=START
        ),
        lambda: hand_over(office.tenant, "dan@living", "ada@living", by=ada, at=START),
    ]
    assert [_refused(act) for act in acts] == [("post.own", [])] * len(acts)


def test_last_manager_when_removed_in_any_way_then_refused(office: Office) -> None:
    ada, stan = office.actor("ada"), _post(office, "stan")
    end_post(office.tenant, stan.pk, TODAY, by=ada, at=START)
    own = _post(office, "ada")
    assert {one.username for one in holding(office.tenant, "people.manage", TODAY)} == {"ada@living"}
    assert _refused(lambda: end_post(office.tenant, own.pk, TODAY, by=ada, at=START)) == ("post.last_manager", [])
    assert _refused(lambda: deactivate(office.tenant, "ada@living", by=ada, at=START)) == ("account.own", [])
    assert _refused(lambda: deactivate(office.tenant, "ada@living", by=SYSTEM, at=START)) == ("post.last_manager", [])
    assert User.objects.get(pk=office.at("ada")).is_active


def test_post_when_ended_then_whoever_stands_in_for_it_ends_too(office: Office) -> None:
    ada, dan = office.actor("ada"), _post(office, "dan")
    week = TODAY + timedelta(7)
    lent = deputise(office.tenant, dan.pk, "ina@living", first=TODAY, end=week, by=ada, at=START)
    assert actor_of(office.users["ina"], TODAY).may("case.dispatch")
    end_post(office.tenant, dan.pk, TODAY + timedelta(2), by=ada, at=START)
    lent.refresh_from_db()
    assert (lent.valid_to, _verbs("user:ina@living")) == (TODAY + timedelta(2), ["post.deputise", "post.end"])
    assert _refused(lambda: end_post(office.tenant, dan.pk, week, by=ada, at=START + timedelta(3))) == (
        "post.ended",
        [],
    )


@pytest.mark.parametrize(
    ("who", "days", "faults"),
    [
        ("dan", (0, 7), ["post.deputy_self"]),
        ("ina", (7, 7), ["post.period"]),
        ("ina", (-40, -30), ["post.deputy_outside"]),
        ("hank", (0, 7), ["post.person_off"]),
    ],
)
def test_deputy_when_he_cannot_be_one_then_refused(
    office: Office, who: str, days: tuple[int, int], faults: list[str]
) -> None:
    User.objects.filter(username="hank@living").update(is_active=False)
    Post.objects.filter(user=office.users["dan"]).update(valid_from=TODAY - timedelta(10))
    first, end = (TODAY + timedelta(one) for one in days)
    post = _post(office, "dan")
    ada = office.actor("ada")
    assert _refused(
        lambda: deputise(office.tenant, post.pk, f"{who}@living", first=first, end=end, by=ada, at=START)
    ) == ("post.refused", faults)


def test_handover_when_somebody_leaves_then_all_that_waits_for_him_is_the_successors(office: Office) -> None:
    office.users["hugo"] = User.objects.create(username="hugo@living", tenant=office.tenant)
    cases = [office.dispatch(office.file(office.report())) for _number in range(3)]
    for case in cases[:2]:
        office.move(case, Verb.ACCEPT, "uma", person=office.at("hal"))
    office.move(cases[0], Verb.REQUEST_EXTENSION, "hal", reason="weather")
    before = {case.number: len(_verbs(f"case:{case.number}")) for case in cases}
    stand_in = deputise(
        office.tenant,
        _post(office, "hal").pk,
        "uri@living",
        first=TODAY,
        end=TODAY + timedelta(9),
        by=office.actor("ada"),
        at=START,
    )
    done = hand_over(office.tenant, "hal@living", "hugo@living", by=office.actor("ada"), at=office.now, reason="调离")
    assert (done.posts, done.cases, done.requests, done.stood_in) == (1, 2, 1, 0)
    for case in cases:
        case.refresh_from_db()
    hugo = office.at("hugo")
    assert [case.person_id for case in cases] == [hugo, hugo, None]
    added = {case.number: _verbs(f"case:{case.number}")[before[case.number] :] for case in cases}
    assert list(added.values()) == [["case.assign"], ["case.assign"], []]
    assert Request.objects.get(case=cases[0]).asked_by_id == hugo
    assert Hand.objects.filter(case=cases[0], user_id=hugo, doing=True).count() == 1
    assert CaseMove.objects.filter(case=cases[0]).order_by("-version")[0].version == cases[0].version
    made = _post(office, "hugo")
    stand_in.refresh_from_db()
    assert (made.role, made.body, stand_in.deputy_of_id) == (Role.HANDLER, office.bodies["sweepers"], made.pk)
    assert not actor_of(User.objects.get(pk=office.at("hal")), TODAY).grants
    assert _verbs("user:hal@living") == ["post.end", "account.off"]
    office.move(cases[0], Verb.RECTIFY, "hugo", photos=(office.photo(cases[0], "hugo"),))


@pytest.mark.parametrize("successor", ["hal@living", "hank@living", "nobody"])
def test_handover_when_the_successor_is_unfit_then_nothing_moves(office: Office, successor: str) -> None:
    User.objects.filter(username="hank@living").update(is_active=False)
    code, _faults = _refused(
        lambda: hand_over(office.tenant, "hal@living", successor, by=office.actor("ada"), at=START)
    )
    assert code in {"post.successor_unfit", "person.unknown"}
    assert (_post(office, "hal").valid_to, User.objects.get(pk=office.at("hal")).is_active) == (None, True)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (PeopleFilter(TODAY, role="handler"), ["hal", "hank"]),
        (PeopleFilter(TODAY, body="repairs"), ["hank", "uri"]),
        (PeopleFilter(TODAY, text="SUE"), ["sue"]),
        (PeopleFilter(TODAY, active=False), []),
        (PeopleFilter(TODAY, idle=True), []),
        (PeopleFilter(TODAY - timedelta(9), active=True, idle=True), ["ina"]),
    ],
    ids=["role", "unit", "name", "off", "idle", "idle then"],
)
def test_people_when_filtered_then_only_such(office: Office, wanted: PeopleFilter, names: list[str]) -> None:
    Post.objects.filter(user=office.users["ina"]).update(valid_from=TODAY)
    assert [one.name for one in filtered_people(office.tenant, wanted)] == names


DAYS = st.one_of(st.none(), st.integers(0, 9).map(lambda n: TODAY + timedelta(n)))


@given(st.tuples(DAYS, DAYS), st.tuples(DAYS, DAYS))
def test_periods_overlap_when_and_only_when_they_share_a_day(
    first: tuple[date | None, date | None], second: tuple[date | None, date | None]
) -> None:
    days = [TODAY + timedelta(n) for n in range(-1, 11)]

    def held(day: date, period: tuple[date | None, date | None]) -> bool:
        return (period[0] is None or period[0] <= day) and (period[1] is None or day < period[1])

    assert overlap(first, second) == any(held(day, first) and held(day, second) for day in days)


@given(st.sampled_from(Role), st.booleans(), st.booleans())
def test_role_that_stands_for_a_unit_when_without_any_scope_then_is_no_post(
    role: Role, unit: bool, place: bool
) -> None:
    faults = post_faults(PostAsked(role, "u" if unit else "", "t" if place else ""))
    bounded = role in {Role.UNIT, Role.HANDLER, Role.SECRETARY}
    assert [fault.code for fault in faults] == (["post.scope_missing"] if bounded and not (unit or place) else [])
