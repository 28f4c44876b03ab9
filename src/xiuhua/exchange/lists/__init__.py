"""Every list that goes out, by name, and the one gate through which its texts go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from xiuhua.cases.words import Stage, Undetermined
from xiuhua.cases.words.queues import Queue
from xiuhua.exchange.lists import batches, cases, registers
from xiuhua.exchange.lists.words import Asked, Head, ListBarred, Listing, ListKind, ListUnknown
from xiuhua.exchange.words import FileForm
from xiuhua.kernel.words import Actor
from xiuhua.privacy.rules import mask
from xiuhua.responsibility.rules.rights import holds
from xiuhua.responsibility.words import Role
from xiuhua.tables.writing import Gate, Sheet

#: Filters whose values are codes of ours, with what they are called.
_WORDS: Mapping[str, type[TextChoices]] = {"stage": Stage, "undetermined": Undetermined, "role": Role, "queue": Queue}
LISTS: Mapping[str, ListKind] = {kind.code: kind for kind in (*cases.KINDS, *registers.KINDS, *batches.KINDS)}

__all__ = ["LISTS", "Asked", "FileForm", "ListBarred", "ListKind", "ListUnknown", "Listing", "gate_of", "kind_named"]
__all__ += ["note_of", "said", "sheet_of", "title_of"]


def kind_named(name: str, by: Actor) -> ListKind:
    """Return the list called `name`. Raises ListUnknown, and ListBarred for who may not see its page."""
    kind = LISTS.get(name)
    if kind is None:
        raise ListUnknown(name=name, names=", ".join(LISTS))
    if not holds(by, kind.right):
        raise ListBarred(name=title_of(kind))
    return kind


def title_of(kind: ListKind) -> str:
    """Return what a list is called in the reader's language."""
    return _(kind.title)


def gate_of(heads: Sequence[Head]) -> Gate:
    """Return the gate of a list: every text of every file that leaves goes through it, with the place of its column.

    Columns whose head is `personal` hold what people wrote: personal data in it leaves masked, whoever takes the list.
    """
    written = frozenset(place for place, head in enumerate(heads) if head.personal)
    return lambda column, text: mask(text) if column in written else text


def said(kind: ListKind, given: Mapping[str, str]) -> str:
    """Return in words to what a list is narrowed, "" if to nothing."""
    found = [_condition(name, _(label), given[name]) for name, label in kind.labels.items() if given.get(name)]
    return "；".join(found)


def _condition(name: str, label: str, value: str) -> str:
    """Return one condition in words; what stands for itself, such as a place's code, stays as it is."""
    if name == "unplaced":
        return label
    choices: dict[str, str] = {str(code): str(word) for code, word in _WORDS[name].choices} if name in _WORDS else {}
    return f"{label}：{choices.get(value, value)}"


def note_of(kind: ListKind, asked: Asked) -> str:
    """Return what a file says of itself: which list, narrowed to what, for whom, when."""
    moment = asked.at.astimezone(cases.zone_in(asked.tenant))
    facts = {
        "office": asked.tenant.name,
        "list": title_of(kind),
        "filter": said(kind, asked.given) or _("不限"),
        "who": asked.by.id,
        "when": f"{moment:%Y-%m-%d %H:%M}",
    }
    return _("%(office)s · %(list)s · 条件：%(filter)s · %(who)s 于 %(when)s 导出") % facts


def sheet_of(kind: ListKind, asked: Asked) -> Sheet:
    """Return a list as a sheet to write; its rows are read while it is written. Raises BatchUnknown for lists of a batch."""
    listing = kind.read(asked)
    return Sheet(
        title_of(kind),
        [head.label for head in listing.heads],
        listing.rows,
        [head.width for head in listing.heads],
        gate=gate_of(listing.heads),
    )
