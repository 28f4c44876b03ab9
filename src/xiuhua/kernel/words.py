"""Words every package shares: the actor, places in a file, faults and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Fact = str | int | float | bool | None


def worded(text: str) -> str:
    """Return a marked sentence in the reader's language."""
    from django.utils.translation import gettext  # worded where it is shown

    return gettext(text)


def marked(text: str) -> str:
    """Return `text` unchanged: marks a sentence for translation where no framework may be imported."""
    return text


#: The verb of a grant that allows every verb.
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """What one post allows: a verb ("case.dispatch", EVERY) within a scope. None narrows nothing.

    Territories and classes are keys that include everything below what the post names. `post` is the role's code.
    """

    verb: str
    territories: frozenset[int] | None = None
    body: int | None = None
    classes: frozenset[int] | None = None
    post: str = ""

    @property
    def whole(self) -> bool:
        """Return whether it reaches the whole office."""
        return self.territories is None and self.body is None and self.classes is None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `id` is stable and printable ("user:lin"), `post` says in which capacity, `grants` what is allowed.

    `user` is the key of the account, None for a program.
    """

    id: str
    post: str = ""
    grants: tuple[Grant, ...] = ()
    user: int | None = None
    #: The program that acts for him ("token:7"), empty where he acts himself.
    via: str = ""

    def acting_as(self, post: str) -> Actor:
        """Return who the ledger shall name for one act: the same, in the capacity given (his own where ""), allowed nothing."""
        return Actor(self.id, post or self.post, via=self.via)

    def granted(self, verb: str) -> tuple[Grant, ...]:
        """Return the grants that allow a verb, each within its own scope."""
        return tuple(one for one in self.grants if one.verb in {verb, EVERY})

    def may(self, verb: str) -> bool:
        """Return whether any grant allows the verb, whatever its scope."""
        return bool(self.granted(verb))

    def may_everywhere(self, verb: str) -> bool:
        """Return whether a grant that reaches the whole office allows the verb."""
        return any(one.whole for one in self.granted(verb))


SYSTEM = Actor("system", grants=(Grant(EVERY),))


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


@dataclass(frozen=True, slots=True)
class PackContent:
    """A data pack as its folder holds it: the header's fields, and the other files as texts by their path.

    `digest` is over the paths and texts of all files, line ends made alike.
    """

    kind: str
    code: str
    version: str
    title: dict[str, str]
    effective_from: date
    provenance: dict[str, Any]
    files: dict[str, str]
    digest: str
    made_up: bool = False

    @property
    def name(self) -> str:
        """Return what people call it: "calendar/cn@2026-1"."""
        return f"{self.kind}/{self.code}@{self.version}"


@dataclass(frozen=True, slots=True)
class FilePack:
    """A pack that is one TOML file, kind/code.toml: what its head says. `version` is empty where such packs have none."""

    kind: str
    code: str
    version: str
    title: dict[str, str]
    file: str
    digest: str

    @property
    def name(self) -> str:
        """Return what people call it: "schemes/basic@1", "names/zh-suffixes"."""
        return f"{self.kind}/{self.code}@{self.version}" if self.version else f"{self.kind}/{self.code}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a pack's table: its line in the file (the header is 1) and its cells by column, trimmed."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two packs differ. `what` is a row's key or a field's path; values are empty where absent."""

    file: str
    what: str
    change: Literal["added", "removed", "changed"]
    field: str = ""
    before: str = ""
    after: str = ""


class EventState(TextChoices):
    """What became of an event in the outbox."""

    WAITING = "waiting", _("等待")
    SPREAD = "spread", _("已分发")
    WITHDRAWN = "withdrawn", _("已收回")


class DeliveryState(TextChoices):
    """What became of one event for one subscriber."""

    WAITING = "waiting", _("待送")
    DONE = "done", _("已送")
    DEAD = "dead", _("送不出去")
    DROPPED = "dropped", _("不再送")


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a whole hour (0–23) of the office's civil time."""

    hour: int


#: How often a job runs: every so much time, or daily at an hour.
Rhythm = timedelta | Daily


class NotYet(Exception):
    """What a subscriber raises that cannot take an event before a moment: it is brought again then, without counting."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


class GiveUp(Exception):
    """What a subscriber raises that no further attempt can help: the delivery becomes a dead letter at once.

    `why` is shown to who operates the system; it names no person.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


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
