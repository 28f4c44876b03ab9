"""Check digits and the forms that numbers of persons have."""

from __future__ import annotations

from datetime import date

#: Weights and check signs of citizens' identity numbers (GB 11643-1999, after ISO 7064 MOD 11-2).
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"
#: First two digits of an identity number: provinces (GB/T 2260).
_PROVINCES = frozenset(
    map(
        str,
        (
            *(*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)),
            *(71, 81, 82, 83),
        ),
    )
)
#: Identity numbers of 15 digits went to people born in the last century; codes of grid cells have a street's number
#: (001 …) where those have the year of birth, so the years in which nobody who writes today was born tell them apart.
_OLDEST_SHORT_YEAR = 20
_LONG, _SHORT = 18, 15
_CARD_LENGTHS = range(16, 20)
_NINE = 9


def identity_valid(text: str) -> bool:
    """Return whether `text` is an identity number: 18 signs with the right check sign, or 15 digits of the old kind."""
    if text[:2] not in _PROVINCES:
        return False
    if len(text) == _LONG and text[:17].isdigit():
        return _is_day(text[6:10], text[10:12], text[12:14]) and check_sign(text[:17]) == text[17].upper()
    if len(text) == _SHORT and text.isdigit():
        return int(text[6:8]) >= _OLDEST_SHORT_YEAR and _is_day("19" + text[6:8], text[8:10], text[10:12])
    return False


def check_sign(digits: str) -> str:
    """Return the check sign of the first 17 digits of an identity number."""
    return _SIGNS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return False
    return 1900 <= found.year < 2100  # noqa: PLR2004 - the centuries in which people with such numbers live


def luhn_valid(digits: str) -> bool:
    """Return whether digits pass the check of bank cards (ISO/IEC 7812-1, Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - _NINE if value > _NINE else value
    return total % 10 == 0


def card_valid(digits: str) -> bool:
    """Return whether digits have the length and the check digit of a bank card."""
    return len(digits) in _CARD_LENGTHS and digits.isdigit() and luhn_valid(digits)
