"""Words of lists that go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.tables.writing import Cell


class ListUnknown(Refusal):
    """No list has this name."""

    code = "export.list_unknown"
    sentence = marked("没有叫“%(name)s”的清单；有的是：%(names)s。")


class ListBarred(Refusal):
    """The actor may not see the list, so he may not take it along."""

    code = "export.list_barred"
    sentence = marked("您的岗位看不到“%(name)s”，不能导出。")


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a list: its heading, its width in characters, and whether people wrote, or are named, in it."""

    label: str
    width: int = 14
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to take along: which office's list, narrowed to what, in which order, when."""

    tenant: Tenant
    by: Actor
    at: datetime
    given: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it goes out: the same rows in the same order as its page, read one by one."""

    heads: Sequence[Head]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list that can go out. `right` is what its page takes, `title` a marked sentence, `labels` those of its filters.

    `personal`: it names people, so that every file of it leaves a line in the ledger.
    """

    code: str
    title: str
    right: str
    read: Callable[[Asked], Listing]
    labels: Mapping[str, str] = field(default_factory=dict)
    personal: bool = False
    #: Whether it stands by itself, so that a plan may name it; others belong to one thing, such as an import.
    alone: bool = True
