"""Words every package shares: the actor, places in a file, faults and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

Fact = str | int | float | bool | None


def marked(text: str) -> str:
    """Return `text` unchanged: marks a sentence for translation where no framework may be imported."""
    return text


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `id` is stable and printable ("user:lin"), `post` says in which capacity."""

    id: str
    post: str = ""


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: a code, where it stands and the facts its sentence needs.

    `row` is the 1-based row of the file as its reader sees it (the header is row 1), `column` its header.
    """

    code: str
    row: int | None = None
    column: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    #: Path within a pack of several files; empty where there is one file only.
    file: str = ""


class Refusal(Exception):
    """What the regulation forbids or the input lacks. Bugs raise ordinary exceptions instead.

    `code` is stable, `sentence` a gettext message with %(name)s places filled from `facts`.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "%(reason)s"

    def __init__(self, faults: tuple[Fault, ...] | list[Fault] = (), **facts: Fact) -> None:
        self.facts = facts
        self.faults = tuple(faults)
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        from django.utils.translation import gettext  # a refusal is worded where it is shown

        return gettext(self.sentence) % self.facts
