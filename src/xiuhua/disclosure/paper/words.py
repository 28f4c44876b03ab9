"""What stands on a sheet of paper, not how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a sheet, or with `small` the head of a part of it."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `quiet` is set small, for where numbers come from."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty height in millimetres."""

    height: int


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a new page."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: head (empty: none), rows, widths in relation to each other, least height of a row in millimetres.

    Columns in `left` are set flush left, all others centred. `size` is that of its text in points.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    least: int = 8
    left: frozenset[int] = field(default_factory=frozenset)
    size: int = 11


Block = Heading | Text | Gap | NewPage | Grid


@dataclass(frozen=True, slots=True)
class Paper:
    """Sheets of A4. `made` is the moment (ISO 8601) that the files carry as theirs; `foot` stands at every page's foot."""

    title: str
    author: str
    blocks: tuple[Block, ...]
    made: str
    language: str
    foot: str = ""
    landscape: bool = False
