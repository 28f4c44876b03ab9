"""The one way in which numbers are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xiuhua.disclosure.rules import printing


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(printing.rate(562, 588), "95.6%", id="a rate"),
        pytest.param(printing.rate(0, 0), "—", id="a rate of nothing"),
        pytest.param(printing.count(12345), "12345", id="no separators"),
        pytest.param(printing.place(Fraction(5, 2)), "2.5", id="a mean place"),
        pytest.param(printing.place(Fraction(3)), "3", id="a place"),
        pytest.param(printing.place(None), "—", id="no place"),
        pytest.param(printing.change(Fraction(5, 4), 2), "+1.25", id="up"),
        pytest.param(printing.change(Fraction(-1, 3), 2), "−0.33", id="down"),
        pytest.param(printing.change(Fraction(1, 900), 2), "0.00", id="too small to have a sign"),
        pytest.param(printing.change(Fraction(-1, 900), 2), "0.00", id="too small below"),
        pytest.param(printing.change(Fraction(0), 0), "0", id="nothing"),
        pytest.param(printing.change(None, 2), "—", id="no comparison"),
    ],
)
def test_numbers_are_written_alike(made: str, expected: str) -> None:
    assert made == expected
