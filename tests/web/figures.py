"""The numbers of a page that open a list: which there are, and how many their lists have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

Figure = tuple[str, int]
_LINK = re.compile(r'<a (?:class="[^"]*" )?href="([^"]+)" data-count="(\d+)"')
#: Parameters whose value makes another kind of list; of the others it is enough to know that they are there.
TELLING = frozenset({"measure", "part", "apart", "none"})


def figures(page: str) -> list[Figure]:
    """Return (address, count) of every number of a page that opens a list."""
    return [(unescape(href), int(count)) for href, count in _LINK.findall(page)]


def kind(href: str) -> tuple[str, ...]:
    """Return what kind of list an address opens: its path, what it asks for, and by which other parameters it narrows."""
    parts = urlsplit(href)
    asked = parse_qsl(parts.query)
    return parts.path, *sorted({f"{name}={value}" if name in TELLING else name for name, value in asked})


def one_of_each(found: Iterable[Figure]) -> list[Figure]:
    """Return of each kind of list the figure with the largest count."""
    best: dict[tuple[str, ...], Figure] = {}
    for figure in sorted(found, key=lambda one: one[1]):
        best[kind(figure[0])] = figure
    return list(best.values())


def total(client: Client, address: str) -> int:
    """Return how many rows the list at an address says it has."""
    found = re.search(r'data-total="(\d+)"', client.get(address).content.decode())
    assert found, address
    return int(found[1])
