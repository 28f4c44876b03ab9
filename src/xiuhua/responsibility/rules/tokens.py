"""What a program's token is and how far it reaches: never beyond its owner, never beyond its own scopes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace

from xiuhua.kernel.words import EVERY, Grant
from xiuhua.responsibility.rules.roles import VERBS

#: By this a secret is known in a log, a mail or a repository where it does not belong.
PREFIX = "xh_"
#: Random bytes of a secret: 256 bits are not guessed, so no slow hash is needed.
BYTES = 32
_SECRET = re.compile(r"xh_[A-Za-z0-9_-]{43}")
#: What the API has doors for besides the moves of cases.
_DOORS = frozenset({"register.see", "month.see", "reporter.see", "evidence.add"})
#: What a token may be made for, by name. Never for more of its kind, nor for choosing who may do what.
OFFERED = tuple(
    sorted(verb for verb in frozenset().union(*VERBS.values()) if verb.startswith("case.") or verb in _DOORS)
)


def well_formed(text: str) -> bool:
    """Return whether a text can be a secret at all; what cannot is not looked up."""
    return bool(_SECRET.fullmatch(text))


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def unknown_scopes(scopes: Iterable[str]) -> list[str]:
    """Return the scopes that name nothing a token may do, in their order."""
    return sorted(set(scopes) - set(OFFERED))


def narrowed(grants: Iterable[Grant], scopes: Iterable[str]) -> tuple[Grant, ...]:
    """Return the part of grants that lies within the scopes: the intersection, where a grant keeps its own bounds."""
    wanted = sorted(set(scopes) & set(OFFERED))
    return tuple(
        grant if grant.verb == verb else replace(grant, verb=verb)
        for grant in grants
        for verb in wanted
        if grant.verb in {verb, EVERY}
    )
