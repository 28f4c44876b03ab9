"""An official document as data: what stands in it, not where (GB/T 9704-2012, 7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xiuhua.disclosure.official.measures import TABLE


class Layer(StrEnum):
    """The layers of a text: 一、 in black type, （一） in regular script, 1. and （1） as the body."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    FOUR = "four"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its layer; a layer's number is part of its text."""

    text: str
    layer: Layer = Layer.BODY


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its head, rows, the relative widths of its columns, and what is printed under it.

    `left` are the numbers of columns that are set flush left; all others are centred. `size` is that of its type in points.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    notes: tuple[str, ...] = ()
    left: frozenset[int] = frozenset()
    size: float = TABLE


@dataclass(frozen=True, slots=True)
class Attachment:
    """An annex on pages of its own; `landscape` turns the sheet, its head to the left (7.4 and 7.5)."""

    title: str
    blocks: tuple[Paragraph | Table, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Imprint:
    """The imprint 版记: who gets copies, who printed, and when."""

    copies: str
    printed_by: str
    printed_on: str


@dataclass(frozen=True, slots=True)
class Official:
    """A document in the form of a 文件. Empty texts are elements it does not have.

    `title` holds its lines, broken where words end. `copy_number` has six digits. `signed_by` (签发人) only upwards.
    `made` is the moment (ISO 8601) that the files carry as theirs. `language` is that of the words.
    """

    mark: str
    number: str
    title: tuple[str, ...]
    addressee: str
    body: tuple[Paragraph, ...]
    attachments: tuple[Attachment, ...]
    issuer: str
    date: str
    sealed: bool
    note: str
    imprint: Imprint | None
    made: str
    language: str = "zh-hans"
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""
    signed_by: str = ""
    #: What every page says at its head of a text that is not issued.
    draft: str = ""
