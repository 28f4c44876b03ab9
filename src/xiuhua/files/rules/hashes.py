"""Perceptual hashes of 64 bits, and how near ones are found among very many without comparing all.

A hash is cut into four quarters of 16 bits. Two hashes that differ in at most d bits differ in at most d // 4 bits in
some quarter (pigeonhole), so it is enough to look up, in an index on each quarter, the values within that radius: 1 value
a quarter up to 3 bits, 17 up to 7, 137 up to 11. What comes back is compared in full. (Multi-index hashing: Norouzi,
Punjani, Fleet, "Fast Search in Hamming Space", 2012.)
"""

from __future__ import annotations

from itertools import combinations

QUARTERS = 4
BITS = 16
#: Bits by which hashes may differ and still be looked for; 548 values are looked up then.
WIDEST = 11


def quarters(phash: str) -> tuple[int, ...]:
    """Return the four quarters of a hash of 16 hexadecimal digits, the first digits first; each 0 … 65535."""
    return tuple(int(phash[at : at + QUARTERS], 16) for at in range(0, 16, QUARTERS))


def distance(one: str, other: str) -> int:
    """Return in how many of 64 bits two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def nearby(quarter: int, within: int) -> list[int]:
    """Return the values a quarter may have in a hash that differs in at most `within` bits, if it is the nearest quarter.

    Raises ValueError beyond WIDEST: a wider search is a search of everything.
    """
    if not 0 <= within <= WIDEST:
        raise ValueError(f"within must be 0 … {WIDEST}, is {within}")
    return [
        quarter ^ sum(1 << bit for bit in bits)
        for radius in range(within // QUARTERS + 1)
        for bits in combinations(range(BITS), radius)
    ]
