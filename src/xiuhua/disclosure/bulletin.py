"""Words of a bulletin 通报 on its way out: its states, its text in blocks, locked numbers, findings, steps of approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from xiuhua.analytics.words import Part, Where
from xiuhua.assessment.words import Title


class BulletinKind(TextChoices):
    """What a bulletin is about."""

    MONTHLY = "monthly", _("月度考核通报")


class BulletinState(TextChoices):
    """Where a bulletin is on its way out (docs/bulletins.md)."""

    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("审核中")
    APPROVED = "approved", _("审核完、待发出")
    ISSUED = "issued", _("已发出")
    ABANDONED = "abandoned", _("已作废")


class IssuedForm(TextChoices):
    """In which forms an issued bulletin is kept for good."""

    DOCX = "docx", "DOCX"
    PDF = "pdf", "PDF"


class ApprovalKind(TextChoices):
    """What was decided at a step of approval."""

    PASSED = "passed", _("同意")
    SENT_BACK = "sent_back", _("退回")


class BlockKind(TextChoices):
    """What a block of a bulletin's text is: a heading of the first layer, or a paragraph."""

    HEADING = "heading", _("标题行")
    PARAGRAPH = "paragraph", _("段落")


class FindingKind(TextChoices):
    """What is wrong with a text before it may go out."""

    PERSONAL = "personal", _("个人信息")
    COLLEAGUE = "colleague", _("本单位人员姓名")
    NUMBER = "number", _("数字与系统不符")
    TYPED = "typed", _("手打的数字")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading of a bulletin. Locked numbers stand in it as "{{name}}"."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number of the month that a text may use and nobody may change: its name, how it prints, the list behind it.

    `title` names it uniquely within a text ("甲社区·应结案数"); `words` are what people write beside such a number.
    """

    name: str
    title: str
    value: str
    unit: str = ""
    words: tuple[str, ...] = ()
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not go out as it is: where in the text, what, and what a click would put in its place.

    `block` is the number of the block from 0, −1 for the title; `start` and `end` are signs of its stored text.
    `key` names the finding over versions; `blocks` whether the text may not be submitted with it.
    """

    kind: FindingKind
    block: int
    start: int
    end: int
    text: str
    instead: str
    key: str
    what: str = ""
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A named step of approval: its code, how it is called, and the roles whose posts take it."""

    code: str
    title: Title
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Made:
    """A block of a template. With a list `items`, "{items}" in its text is each thing of the list in words, joined.

    `when` and `unless` name what must be there, or must not; `numbered` puts 一是, 二是 … before the things.
    """

    kind: BlockKind
    text: str
    items: str = ""
    each: str = ""
    join: str = "、"
    numbered: bool = False
    when: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """How an office's bulletins are begun and approved: data of a pack (`packs/bulletins`).

    `several` lets one person take several steps of one text; his own text nobody ever approves. `correction` is the
    title of a document that corrects another and its first paragraph, with places for the other's {title} and {number}.
    """

    code: str
    version: str
    steps: tuple[Step, ...]
    several: bool
    blocks: tuple[Made, ...]
    correction: tuple[str, str]
    digest: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the analysis as it goes into a draft; `count` is how many rows `where` holds, None without a list."""

    text: str
    count: int | None = None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it begins: its title, its blocks, and the numbers that it may use."""

    title: str
    blocks: tuple[Block, ...]
    fields: tuple[NumberField, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: which, by whom (key of the account), and how it went."""

    step: str
    by: int
    kind: ApprovalKind


#: A run of a difference: "same", "gone" or "new", and its text.
Run = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block of two versions side by side: "same", "changed", "added" or "removed", its runs word by word."""

    change: str
    kind: BlockKind
    runs: tuple[Run, ...]


def where_stored(where: Where | None) -> dict[str, object] | None:
    """Return which rows stand behind a number, as it is kept with a bulletin."""
    if where is None:
        return None
    return {
        "measure": where.measure,
        "part": where.part.value,
        "by": where.by,
        "subject": where.subject,
        "equal": dict(where.equal),
        "among": {name: list(values) for name, values in where.among.items()},
    }


def where_read(stored: Mapping[str, object] | None) -> Where | None:
    """Return what `where_stored` kept."""
    if not stored:
        return None
    equal, among = stored.get("equal"), stored.get("among")
    return Where(
        measure=str(stored["measure"]),
        part=Part(str(stored["part"])),
        by=str(stored["by"]),
        subject=None if stored["subject"] is None else str(stored["subject"]),
        equal={str(key): value for key, value in equal.items()} if isinstance(equal, dict) else {},
        among={str(key): tuple(values) for key, values in among.items()} if isinstance(among, dict) else {},
    )
