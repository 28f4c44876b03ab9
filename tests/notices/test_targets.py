"""No call leads back into the house: addresses, names that resolve inside, names that change their mind, redirects."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.notices.conftest import Server

from xiuhua.notices.outgoing import MOST_BYTES, NoAnswer, Outgoing, Uncertain
from xiuhua.notices.rules.targets import TargetForbidden, public, target

INSIDE = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    *("127.0.0.1", "127.255.255.254", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1"),
    *(
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "2001:db8::1",
    ),
    *("not an address", ""),
]
OUTSIDE = ["8.8.8.8", "93.184.216.34", "223.5.5.5", "2606:2800:220:1:248:1893:25c8:1946", "2400:3200::1"]


@pytest.mark.parametrize("address", INSIDE)
def test_address_when_inside_then_it_is_not_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_address_when_outside_then_it_is_public(address: str) -> None:
    assert public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_address_law_when_written_as_mapped_then_it_is_no_more_public(address: object) -> None:
    assert [public(str(address)), public(f"::ffff:{address}")] == [False, False]


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://example.org/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
            "example.org",
            "",
        ),
        *("https://", "https:///x", "https://user@example.org/", "https://user:pw@example.org/", "https://:pw@h/"),
        *("https://example.org:0/", "https://example.org:99999/", "https://example.org:x/", "https://exa mple.org/"),
        *("https://example.org/\r\nX: y", "https://example.org\\@127.0.0.1/", "javascript:alert(1)", "https://[::1/"),
        *("//example.org/", "https://example.org/\x00", " https://example.org/"),
    ],
)
def test_url_when_odd_then_it_is_refused(url: str) -> None:
    with pytest.raises(TargetForbidden):
        target(url)


def test_url_when_plain_https_then_it_is_taken_apart() -> None:
    found = target("https://Example.org/in/x?y=1#part")
    assert (found.place, found.path) == ("example.org:443", "/in/x?y=1")


def _gives(*addresses: Sequence[str]) -> tuple[list[tuple[str, int]], Outgoing]:
    """Return where was connected to, and a caller whose resolver gives these answers in turn and then fails the test."""
    left, went = [list(one) for one in addresses], []

    def connect(address: tuple[str, int], _timeout: float) -> socket.socket:
        went.append(address)
        raise ConnectionRefusedError

    return went, Outgoing(resolve=lambda _host, _port: left.pop(0), connect=connect)


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.parametrize("others", [[], ["8.8.8.8"]], ids=["alone", "after-a-public-one"])
def test_call_when_the_name_resolves_inside_then_nothing_is_connected(address: str, others: list[str]) -> None:
    went, caller = _gives([*others, address])
    with pytest.raises(TargetForbidden):
        caller.post("https://example.org/", b"", {})
    assert went == []


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://localhost/",
            "https://LOCALHOST:8443/",
            "https://localhost./",
            "https://127.0.0.1/",
            "https://[::1]/",
        ),
        *("https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://0177.0.0.1/", "https://0/"),
        *("https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest/meta-data/", "https://10.1.2.3:8080/x"),
    ],
)
def test_call_when_it_names_the_house_itself_then_the_real_resolver_does_not_help(url: str) -> None:
    went: list[tuple[str, int]] = []
    caller = Outgoing(connect=lambda address, _timeout: went.append(address))  # type: ignore[arg-type,return-value]
    with pytest.raises((TargetForbidden, NoAnswer)):
        caller.post(url, b"", {})
    assert went == []


def test_call_when_the_name_changes_its_mind_then_the_address_that_was_looked_at_is_called() -> None:
    went, caller = _gives(["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(NoAnswer):
        caller.post("https://rebinding.example/", b"", {})
    assert went == [("93.184.216.34", 443)]
    with pytest.raises(TargetForbidden):
        caller.post("https://rebinding.example/", b"", {})


def test_call_when_the_place_is_excepted_then_it_is_called_once_resolved_under_its_own_name(server: Server) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    place = f"inside.example:{server.port}"
    caller = Outgoing(exceptions=frozenset({place}), resolve=resolve)
    answer = caller.post(f"http://{place}/x", b"{}", {"Content-Type": "application/json"})
    assert (answer.status, asked, server.got[0][1]["host"]) == (200, ["inside.example"], place)


def test_call_when_another_port_of_an_excepted_host_then_it_is_refused(server: Server) -> None:
    caller = Outgoing(exceptions=frozenset({server.place}))
    with pytest.raises(TargetForbidden):
        caller.post("https://127.0.0.1:1/", b"", {})


def test_call_when_redirected_then_the_redirect_is_the_answer(server: Server) -> None:
    server.answers = [(302, f"http://{server.place}/secret")]
    answer = Outgoing(exceptions=frozenset({server.place})).post(f"http://{server.place}/", b"", {})
    assert (answer.status, len(server.got)) == (302, 1)


def test_call_when_the_answer_is_endless_then_only_its_beginning_is_read(server: Server) -> None:
    server.answers = [(200, "x" * 10 * MOST_BYTES)]
    answer = Outgoing(exceptions=frozenset({server.place})).post(f"http://{server.place}/", b"", {})
    assert len(answer.body) == MOST_BYTES


def test_call_when_the_other_side_hangs_then_it_is_uncertain(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiuhua.notices.outgoing.TIMEOUT", 0.2)
    server.answers = [(0, None)]
    with pytest.raises(Uncertain):
        Outgoing(exceptions=frozenset({server.place})).post(f"http://{server.place}/", b"", {})
