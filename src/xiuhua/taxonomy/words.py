"""Words of the taxonomy: kinds of cases and schemes, what a table means by its words, what reading one gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiuhua.clock.words import Limits, Unit
from xiuhua.kernel.words import Fault

#: The kind of data pack that holds a scheme of classes.
KIND = "taxonomy"


class CaseKind(TextChoices):
    """What a class is about; both halves of a standard number their classes from 01."""

    EVENT = "event", pgettext_lazy("case", "事件")
    COMPONENT = "component", pgettext_lazy("case", "部件")


class SchemeKind(TextChoices):
    """Whose numbering a scheme is."""

    NATIONAL = "national", _("国家标准")
    OLD = "old", _("旧标准")
    LOCAL = "local", _("地方标准")


class Matched(TextChoices):
    """How a class was found in the standard."""

    CODE = "code", _("按代码")
    NAME = "name", _("按名称")


@dataclass(frozen=True, slots=True)
class Means:
    """What a table's bare 天 and 小时 mean, as its importer declared; None: not declared."""

    day: Unit | None = None
    hour: Unit | None = None


@dataclass(frozen=True, slots=True)
class LimitReading:
    """A limit as it was read, or the fault that says why it was not; notes are sentences to tell, not refusals."""

    limits: Limits = ()
    fault: Fault | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassScheme:
    """A numbering of classes: whose it is, how many digits its codes have, and which scheme it replaced."""

    code: str
    title: dict[str, str]
    kind: SchemeKind
    main_digits: int = 2
    sub_digits: int = 2
    predecessor: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ClassKey:
    """A class within a scheme: event 0401 and component 0401 are two classes."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A main class (no parent) or a sub-class of a pack."""

    key: ClassKey
    name: str
    parent: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A filing condition of a pack. `limits` is empty where `limit_text` could not be read."""

    key: ClassKey
    number: str
    text: str
    limits: Limits
    limit_text: str
    closing: str = ""
    thresholds: str = ""
    basis: str = ""
    remedy: str = ""
    default: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """One class of an older scheme and what became of it; an empty `to` has no counterpart."""

    scheme: str
    key: ClassKey
    to: ClassKey | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of an identifier: how many digits, and what they say."""

    name: str
    length: int
    kind: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """A pattern of identifiers: segments from left to right."""

    name: str
    title: dict[str, str]
    segments: tuple[Segment, ...]

    @property
    def length(self) -> int:
        """Return the number of digits."""
        return sum(segment.length for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Standard:
    """A whole pack as values."""

    scheme: ClassScheme
    classes: tuple[ClassRow, ...] = ()
    conditions: tuple[ConditionRow, ...] = ()
    translations: tuple[Translation, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class TableReading:
    """A standard table as it was read: what it holds, which rows were refused, which limits stayed unread, and remarks."""

    classes: tuple[ClassRow, ...] = ()
    conditions: tuple[ConditionRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    unread: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionOnFile:
    """A filing condition as the book keeps it, with the class and the version it belongs to."""

    pk: int
    case_class: int
    scheme: str
    kind: str
    code: str
    main: str
    name: str
    number: str
    text: str
    limits: Limits
    limit_text: str
    closing: str
    remedy: str
    default: bool
    version: str
    effective_from: date


@dataclass(frozen=True, slots=True)
class Found:
    """A condition in force, and how its class was found."""

    condition: ConditionOnFile
    by: Matched


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """What the columns of standard tables are called: field → names, and what kinds of cases are called."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Texts that mark a condition as the one meant when none is named.
    yes: tuple[str, ...] = ()
