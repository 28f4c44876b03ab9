"""Every address of the resolver with what it needs to be opened: arguments, query, form. Tests that walk all pages use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, slots=True)
class Things:
    """One of each thing that an address may name, all of one owner."""

    case: int
    number: str
    report: int
    #: user key → signed address of the case's photo; several at once would be several cases' worth of work.
    photo: Callable[[int], str]
    batch: int
    intake: int
    territory: str
    redraw: int
    username: str
    post: int
    channel: int
    snapshot: str
    extra: Mapping[str, Any] = field(default_factory=dict)


#: Name of an address → what it needs from the things and the visitor's key; none where it names nothing.
ARGUMENTS: Mapping[str, Callable[[Things, int], Mapping[str, Any]]] = {
    "desk:sheet": lambda it, _me: {"code": it.territory},
    "desk:case": lambda it, _me: {"key": it.case},
    "desk:photo": lambda it, me: {"signed": it.photo(me)},
    "desk:move": lambda it, _me: {"key": it.case, "verb": "comment"},
    "desk:undo": lambda it, _me: {"key": it.case, "number": 0},
    "desk:add-photos": lambda it, _me: {"key": it.case},
    "desk:reveal-reporter": lambda it, _me: {"key": it.case, "number": it.report},
    "desk:clear-texts": lambda it, _me: {"key": it.case},
    "desk:token-revoke": lambda _it, _me: {"key": 0},
    "desk:import": lambda it, _me: {"key": it.batch},
    "desk:findings": lambda it, _me: {"key": it.batch},
    "desk:import-filled": lambda it, _me: {"key": it.batch},
    "desk:import-photos": lambda it, _me: {"key": it.batch},
    "desk:export-switch": lambda _it, _me: {"key": 0},
    "desk:export-file": lambda _it, _me: {"key": 0},
    "desk:meeting-file": lambda it, _me: {"key": it.extra.get("pack", 0), "name": "manifest.json"},
    **{
        f"desk:{name}": lambda it, _me: {"key": it.extra.get("pack", 0)}
        for name in ("meeting-state", "meeting-do", "meeting-zip")
    },
    "desk:reconcile-table": lambda _it, _me: {"form": "xlsx"},
    "desk:queue-sheet": lambda _it, _me: {"form": "csv"},
    "desk:frozen-sheet": lambda _it, _me: {"form": "csv"},
    "desk:again-sheet": lambda _it, _me: {"form": "csv"},
    "desk:case-sheet": lambda _it, _me: {"form": "xlsx"},
    "desk:ranking-sheet": lambda _it, _me: {"form": "xlsx"},
    "desk:analysis-sheet": lambda _it, _me: {"form": "csv"},
    "desk:case-own": lambda _it, _me: {"form": "csv"},
    "desk:suspended-sheet": lambda _it, _me: {"form": "xlsx"},
    "desk:supervised-sheet": lambda _it, _me: {"form": "csv"},
    "desk:requests-sheet": lambda _it, _me: {"form": "xlsx"},
    "desk:imports-sheet": lambda _it, _me: {"form": "csv"},
    "desk:people-sheet": lambda _it, _me: {"form": "xlsx"},
    "desk:units-list": lambda _it, _me: {"form": "csv"},
    "desk:sites-list": lambda _it, _me: {"form": "csv"},
    "desk:findings-sheet": lambda it, _me: {"key": it.batch, "form": "csv"},
    "desk:records-sheet": lambda it, _me: {"key": it.batch, "form": "xlsx"},
    "desk:records": lambda it, _me: {"key": it.batch},
    "desk:import-undo": lambda it, _me: {"key": it.batch},
    "desk:import-again": lambda it, _me: {"key": it.batch},
    **{
        f"desk:{name}": lambda it, _me: {"key": it.intake}
        for name in ("intake", "intake-piece", "intake-mapping", "intake-state", "intake-marked", "intake-do")
    },
    **{
        f"desk:{name}": lambda it, _me: {"key": it.extra.get("bulletin", 0)}
        for name in ("bulletin", "bulletin-do", "bulletin-versions", "bulletin-paper")
    },
    "desk:bulletin-file": lambda it, _me: {"key": it.extra.get("bulletin", 0), "form": "docx"},
    "desk:duty-found": lambda _it, _me: {"what": "gaps"},
    "desk:territory": lambda it, _me: {"code": it.territory},
    "desk:outline": lambda it, _me: {"code": it.territory},
    "desk:outline-undo": lambda it, _me: {"code": it.territory, "key": it.redraw},
    "desk:person": lambda it, _me: {"username": it.username},
    "desk:account-do": lambda it, _me: {"username": it.username},
    "desk:handover": lambda it, _me: {"username": it.username},
    "desk:post-change": lambda it, _me: {"username": it.username, "key": it.post},
    "desk:channel-do": lambda it, _me: {"key": it.channel},
    "desk:reset": lambda _it, _me: {"token": "none.such"},
    "desk:invitation": lambda _it, _me: {"token": "none.such"},
    "desk:set-up": lambda _it, _me: {"token": "none.such"},
    "nowhere": lambda _it, _me: {"rest": "nowhere"},
}
QUERY: Mapping[str, Callable[[Things], Mapping[str, str]]] = {
    "desk:frozen": lambda it: {"snapshot": it.snapshot, "measure": "due", "part": "of"},
    "desk:frozen-sheet": lambda it: {"snapshot": it.snapshot, "measure": "due", "part": "of"},
    "desk:findings": lambda _it: {"code": "name_unknown"},
}
#: What is posted beside nothing else, so that the door is answered by its view.
FORMS: Mapping[str, Mapping[str, str]] = {"desk:post-change": {"do": "end"}}
#: Addresses whose arguments name a case: it has to be within the visitor's scope.
OF_CASES = frozenset(
    {
        *("desk:case", "desk:photo", "desk:move", "desk:undo", "desk:add-photos", "desk:reveal-reporter"),
        "desk:clear-texts",
    }
)
#: Addresses whose arguments, or query, name a thing of the office: another office's is not there.
OF_OFFICES = frozenset(
    {
        *("desk:frozen-sheet", "desk:findings-sheet", "desk:records-sheet", "desk:import-filled", "desk:import-photos"),
        *("desk:import", "desk:findings", "desk:records", "desk:territory", "desk:outline", "desk:person"),
        *("desk:intake", "desk:intake-piece", "desk:intake-mapping", "desk:intake-state", "desk:intake-marked"),
        *("desk:intake-do", "desk:import-undo", "desk:import-again"),
        *("desk:bulletin", "desk:bulletin-do", "desk:bulletin-versions", "desk:bulletin-paper"),
        *("desk:bulletin-file", "desk:meeting-state", "desk:meeting-do", "desk:meeting-zip", "desk:meeting-file"),
        *("desk:handover", "desk:account-do", "desk:post-change", "desk:channel-do", "desk:frozen"),
    }
)


def names() -> list[str]:
    """Return the name of every address of the resolver; an address without one is ""."""
    return list(_walked(get_resolver(), ()))


def _walked(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _walked(one, (*spaces, one.namespace) if one.namespace else spaces)
        elif isinstance(one, URLPattern):
            yield ":".join([*spaces, one.name]) if one.name else ""


def address(name: str, things: Things, me: int) -> str:
    """Return an address about these things for the person with key `me`."""
    arguments = ARGUMENTS.get(name, lambda _it, _me: {})(things, me)
    query = QUERY.get(name, lambda _it: {})(things)
    path = reverse(name, kwargs=dict(arguments))
    return f"{path}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else path
