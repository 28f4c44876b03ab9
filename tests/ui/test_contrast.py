"""The pairs named here are the only ones that may carry text or edges."""

from __future__ import annotations

import pytest

from xiuhua.ui.stylesheet import themes, tokens

SURFACES = ("paper", "wall", "wall-2")
TEXT = [(text, ground) for ground in SURFACES for text in ("ink", "ink-2", "seal", "amber", "jade", "canal")]
TEXT += [
    ("on-tile", "tile"),
    ("on-tile", "tile-2"),
    ("on-tile-2", "tile"),
    ("on-act", "act"),
    ("on-act", "act-2"),
    ("on-seal", "seal-fill"),
    ("on-list-black", "list-black"),
    ("ink", "canal-wash"),
    ("ink-2", "canal-wash"),
    ("canal", "canal-wash"),
    ("ink", "seal-wash"),
    ("seal", "seal-wash"),
    ("amber", "amber-wash"),
    ("ink", "amber-wash"),
    ("jade", "jade-wash"),
    ("ink", "map-none"),
]
TEXT += [(f"on-{ramp}{step}", f"{ramp}{step}") for ramp in "sd" for step in range(1, 8)]
EDGES = [("line-2", ground) for ground in SURFACES] + [("focus", ground) for ground in SURFACES]
EDGES += [("list-edge", "wall"), ("map-edge", "map-ground")]


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, two: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "least"), [("light", 4.5), ("dark", 4.5), ("field", 7.0)])
def test_text_when_on_its_ground_then_is_readable(theme: str, least: float) -> None:
    colours = tokens(theme)
    ratios = {pair: _contrast(colours[f"--{pair[0]}"], colours[f"--{pair[1]}"]) for pair in TEXT}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least} == {}


@pytest.mark.parametrize("theme", ["light", "dark", "field"])
def test_edge_when_on_its_ground_then_is_visible(theme: str) -> None:
    colours = tokens(theme)
    ratios = {pair: _contrast(colours[f"--{pair[0]}"], colours[f"--{pair[1]}"]) for pair in EDGES}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3} == {}


def test_themes_when_compared_then_name_the_same_tokens() -> None:
    assert set(themes()) == {"light", "dark", "field"}
    assert set(tokens("light")) == set(tokens("dark")) == set(tokens("field"))
