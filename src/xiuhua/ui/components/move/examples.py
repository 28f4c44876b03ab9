"""Changes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "升是好": {"change": Fraction(18, 10), "unit": "点"},
    "降是差": {"change": Fraction(-23, 10), "unit": "分"},
    "降是好": {"change": -7, "unit": "件", "good": "down", "digits": 0},
    "升是差": {"change": Fraction(6, 10), "unit": "点", "good": "down"},
    "说不上好坏": {"change": -31, "unit": "件", "good": "none", "digits": 0},
    "持平": {"change": 0},
    "没有上月": {"change": None},
}
