"""The measures of an official document, GB/T 9704-2012, in millimetres and points; and what follows from them.

Numbers in brackets are clauses of the standard. Web tutorials that give a head of 25 mm follow the text of 1999.
"""

from __future__ import annotations

import unicodedata

#: A4 (5.1).
PAPER = (210.0, 297.0)
#: 天头, 订口 (5.2.1), and what 版心 156 × 225 mm leaves at the right and below.
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 26.0, 35.0
CORE = (156.0, 225.0)
#: 22 lines of 28 characters fill the core (5.2.3).
LINES, CHARS = 22, 28
POINTS_PER_MM = 72 / 25.4
TWIPS_PER_MM = 20 * POINTS_PER_MM
#: From baseline to baseline, and from character to character, in points.
LINE_PITCH = CORE[1] * POINTS_PER_MM / LINES
CHAR_PITCH = CORE[0] * POINTS_PER_MM / CHARS
#: 3号 the body, 2号 the title, 4号 imprint and page numbers (5.2.2, 7); tables 五号 and what stands under them 小五 are ours.
BODY, TITLE, SMALL, TABLE, UNDER_TABLE = 16.0, 22.0, 14.0, 10.5, 9.0
#: 发文机关标志: top edge 35 mm below the core's, as large as looks well (7.2.4).
MARK_BELOW_CORE = 35.0
MARK_LARGEST, MARK_SMALLEST = 62.0, 26.0
#: The red rule lies 4 mm below the number and is as wide as the core (7.2.7); its thickness is ours.
RULE_BELOW_NUMBER = 4.0
RULE_THICKNESS = 0.7
#: 发文字号 two lines below the mark; the title two below the rule (7.2.5, 7.3.1).
BLANK_BEFORE_NUMBER = BLANK_BEFORE_TITLE = 2
#: Rules of the imprint: first and last, middle (7.4.1).
IMPRINT_OUTER, IMPRINT_INNER = 0.35, 0.25
#: The dashes of the page number lie 7 mm below the core (7.5).
NUMBER_BELOW_CORE = 7.0
#: Characters left free at the right of the date under a seal, and without one (7.3.5).
SEALED_FREE, UNSEALED_FREE, UNSEALED_SHIFT = 4.0, 2.0, 2.0


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point, the unit of a DOCX."""
    return round(millimetres * TWIPS_PER_MM)


def eighths(millimetres: float) -> int:
    """Return the thickness of a rule in eighths of a point, the unit of a DOCX's borders."""
    return round(millimetres * POINTS_PER_MM * 8)


def width(text: str) -> float:
    """Return how many characters wide a text is: half a character for what is narrow (digits, Latin letters, spaces)."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def mark_size(mark: str) -> float:
    """Return the size of the mark in points: as large as its width in the core allows, within our limits (7.2.4)."""
    fits = CORE[0] * POINTS_PER_MM / max(width(mark), 1.0) * 0.94
    return float(int(min(MARK_LARGEST, max(MARK_SMALLEST, fits))))


def signoff(issuer: str, date: str, *, sealed: bool) -> tuple[float, float]:
    """Return how many characters stay free at the right of issuer and date (7.3.5.1, 7.3.5.2).

    Under a seal the date keeps four and the issuer is centred over it; without one the issuer keeps two and the date
    begins two characters to its right, or the date keeps two and the issuer moves left where the date is the longer.
    """
    issuer_width, date_width = width(issuer), width(date)
    if sealed:
        issuer_free = SEALED_FREE + (date_width - issuer_width) / 2
        short = max(0.0, -issuer_free)  # an issuer wider than that would leave the core
        return issuer_free + short, SEALED_FREE + short
    date_free = UNSEALED_FREE + issuer_width - UNSEALED_SHIFT - date_width
    short = max(0.0, UNSEALED_FREE - date_free)
    return UNSEALED_FREE + short, date_free + short
