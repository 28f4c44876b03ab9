"""What a password has to be. Two regulations disagree, so there are two profiles.

`asvs` follows OWASP ASVS 5.0 §6.2: long, any characters, nothing common or of the place, no composition, no rotation.
`mlps3` follows the third level of GB/T 22239-2019 §8.1.4.1 a) as it is usually examined: complex and changed regularly.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace

from xiuhua.kernel.words import Fault

#: Longer texts are refused before they are hashed; ASVS 6.2.9 asks for at least 64.
MAXIMUM = 256
#: A password of fewer different characters is a pattern, however long.
DIFFERENT = 5
#: What has to be left of a password when names and phone numbers are taken out of it.
LEFT = 8
#: A common password with so few characters around it is still common.
AROUND = 4
#: Digits in a row that are a phone number, a date of birth or a counter rather than chance.
_DIGITS = re.compile(r"\d{7,}")
_RISING, _WORD = "01234567890123456789", 4


@dataclass(frozen=True, slots=True)
class Profile:
    """The demands of one regulation. `kinds` of the four kinds of characters, `days` until it is due, `history` hashes."""

    code: str
    minimum: int
    kinds: int = 0
    days: int = 0
    history: int = 1


PROFILES = {
    "asvs": Profile("asvs", minimum=12),
    "mlps3": Profile("mlps3", minimum=10, kinds=3, days=90, history=5),
}


def profile_of(code: str, *, days: int | None = None, history: int | None = None) -> Profile:
    """Return the profile `code`; `days` and `history` replace its own where given. Raises KeyError for an unknown code."""
    found = PROFILES[code]
    return replace(
        found, days=found.days if days is None else days, history=found.history if history is None else history
    )


def password_faults(password: str, profile: Profile, *, common: Container[str], local: Iterable[str]) -> list[Fault]:
    """Return everything that a password lacks under a profile, empty if it may be used.

    `common` holds well-known passwords in small letters, `local` the names that anybody around would try.
    """
    if len(password) > MAXIMUM:
        return [Fault("password.long", facts={"maximum": MAXIMUM})]
    faults = []
    if len(password) < profile.minimum:
        faults.append(Fault("password.short", facts={"minimum": profile.minimum, "given": len(password)}))
    if missing := missing_kinds(password, profile.kinds):
        faults.append(Fault("password.kinds", facts={"missing": ",".join(missing), "wanted": profile.kinds}))
    return faults + _guessable(password, common, local)


def missing_kinds(password: str, wanted: int) -> list[str]:
    """Return the kinds of characters (lower, upper, digit, other) that are missing, empty if `wanted` kinds are there."""
    there = {
        "lower": any(one.islower() for one in password),
        "upper": any(one.isupper() for one in password),
        "digit": any(one.isdigit() for one in password),
        # letters without case, as Chinese has them, are of the fourth kind
        "other": any(not (one.islower() or one.isupper() or one.isdigit()) for one in password),
    }
    return [kind for kind, has in there.items() if not has] if sum(there.values()) < wanted else []


def _guessable(password: str, common: Container[str], local: Iterable[str]) -> list[Fault]:
    small = password.casefold()
    core = small.strip("0123456789!@#$%^&*()-_=+.,?~` ")
    if small in common or (core in common and len(small) - len(core) <= AROUND) or small in _RISING:
        return [Fault("password.common")]
    if len(set(small)) < DIFFERENT:
        return [Fault("password.pattern", facts={"different": DIFFERENT})]
    word, left = _without(small, local)
    if word and len(left) < LEFT:
        return [Fault("password.local", facts={"word": word, "left": LEFT})]
    without_digits = _DIGITS.sub("", left)
    if without_digits != left and len(without_digits) < LEFT:
        return [Fault("password.phone", facts={"left": LEFT})]
    return []


def _without(small: str, local: Iterable[str]) -> tuple[str, str]:
    """Return the first local word that is in the password, "" if none, and what is left without all of them."""
    found = ""
    for word in sorted(set(_worth(local)), key=lambda one: (-len(one), one)):
        if word in small:
            found, small = found or word, small.replace(word, "")
    return found, small


def _worth(local: Iterable[str]) -> Collection[str]:
    """Return the words long enough to matter: four letters, or two Chinese characters."""
    folded = (word.strip().casefold() for word in local)
    return [word for word in folded if len(word) >= (_WORD if word.isascii() else 2)]
