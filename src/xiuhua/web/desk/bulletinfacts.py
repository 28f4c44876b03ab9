"""What the pages of bulletins show: locked numbers with their lists, findings in their words, who took which step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.assessment.phrases import title
from xiuhua.disclosure.bulletin import (
    ApprovalKind,
    Block,
    BulletinState,
    Finding,
    FindingKind,
    IssuedForm,
    NumberField,
    Step,
)
from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.queries.bulletins import Standing
from xiuhua.disclosure.rules.findings import TITLE
from xiuhua.disclosure.rules.numbers import marker, pieces, used
from xiuhua.kernel.phrases import code_sentence
from xiuhua.privacy.words import Kind
from xiuhua.responsibility.queries import role_names
from xiuhua.responsibility.words import Role
from xiuhua.web.desk.figures import narrowing

#: Signs shown on either side of what was found.
AROUND = 14
#: Signs of a line of the editor, for the height of a field without its own.
LINE = 44


def step_title(step: Step) -> str:
    """Return what a step is called in the reader's language."""
    return title(step.title)


def step_roles(step: Step) -> str:
    """Return which posts take a step."""
    return _("、").join(role_names([role for role in Role if role in step.roles]))


def list_of(bulletin: Bulletin, field: NumberField) -> str:
    """Return the address of the frozen cases behind a locked number, of the sheet behind a score; "" where there is none."""
    what, _dot, code = field.name.partition(".")
    query = {"month": bulletin.period, "scheme": bulletin.scheme, "by": bulletin.by}
    if what in {"score", "rank"} and code:
        return f"{reverse('desk:sheet', args=[code])}?{urlencode(query)}"
    if field.where is None:
        return ""
    where = field.where
    asked = {
        "snapshot": bulletin.snapshot,
        "measure": where.measure,
        "part": str(where.part),
        "by": where.by,
        "subject": where.subject or "",
        "month_by": bulletin.month_by if bulletin.month_by != "due" else "",
    }
    known = [(name, value) for name, value in asked.items() if value]
    return f"{reverse('desk:frozen')}?{urlencode([*known, *narrowing(where)])}"


def chip(bulletin: Bulletin, field: NumberField) -> dict[str, str]:
    """Return the parameters of a `locked`."""
    return {"value": field.value, "title": field.title, "href": list_of(bulletin, field), "marker": marker(field)}


def runs_of(bulletin: Bulletin, block: Block, fields: dict[str, NumberField]) -> list[dict[str, Any]]:
    """Return a block as runs of words and locked numbers: {"text"} or {"chip"}."""
    return [
        {"text": one} if isinstance(one, str) else {"chip": chip(bulletin, one)} for one in pieces(block.text, fields)
    ]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the editor: its text, the locked numbers in it, what is wrong with it."""

    id: str
    number: int
    kind: str
    text: str
    rows: int
    chips: tuple[dict[str, str], ...]
    errors: tuple[str, ...]


def editor_fields(
    bulletin: Bulletin,
    texts: Sequence[tuple[str, str]],
    fields: dict[str, NumberField],
    wrong: dict[int, list[str]],
) -> list[Field]:
    """Return the fields of the editor for (kind, text as shown) of each block, and one empty one to go on with."""
    shown = []
    for number, (kind, text) in enumerate([*texts, ("paragraph", "")], start=1):
        inside = [one for one in fields.values() if marker(one) in text]
        inside.sort(key=lambda one, text=text: text.index(marker(one)))  # type: ignore[misc]
        shown.append(
            Field(
                id=f"id_block_{number}",
                number=number,
                kind=kind,
                text=text,
                rows=max(1 if kind == "heading" else 2, -(-len(text) // LINE)),
                chips=tuple(chip(bulletin, one) for one in inside),
                errors=tuple(wrong.get(number, ())),
            )
        )
    return shown


def offered(bulletin: Bulletin, fields: dict[str, NumberField]) -> list[dict[str, Any]]:
    """Return the locked numbers that a text may use, in groups by what they are about."""
    groups: dict[str, list[dict[str, str]]] = {}
    for one in fields.values():
        subject, dot, _rest = one.title.rpartition("·")
        groups.setdefault(subject if dot else _("全部"), []).append(chip(bulletin, one))
    return [{"name": name, "chips": chips} for name, chips in groups.items()]


def finding_rows(standing: Standing) -> list[dict[str, Any]]:
    """Return what was found: once for each key, where it first stands, in what words, and what a click would do."""
    rows: dict[str, dict[str, Any]] = {}
    for one in standing.findings:
        if one.key in rows:
            rows[one.key]["times"] += 1
            continue
        rows[one.key] = {
            "key": one.key,
            "kind": str(FindingKind(one.kind).label),
            "sentence": _sentence(one),
            "place": _("标题") if one.block == TITLE else _("第 %(number)s 段") % {"number": one.block + 1},
            "at": "id_title" if one.block == TITLE else f"id_block_{one.block + 1}",
            "around": _around(standing, one),
            "bars": one.blocks,
            "click": _click(one),
            "times": 1,
            "waiver": next((waiver for waiver in standing.waivers if waiver.key == one.key), None),
        }
    return sorted(rows.values(), key=lambda row: not row["bars"])


def _sentence(one: Finding) -> str:
    if one.kind is FindingKind.PERSONAL:
        return _(str(Kind(one.what).label))
    return code_sentence(f"bulletin.{one.kind}", {"text": one.text, "what": one.what})


def _click(one: Finding) -> str:
    """Return what the button says that puts something in the finding's place, "" where nothing is known."""
    if not one.instead:
        return ""
    if one.kind in {FindingKind.PERSONAL, FindingKind.COLLEAGUE}:
        return _("遮成 %(masked)s") % {"masked": one.instead}
    return _("换成锁定的“%(title)s”") % {"title": one.what}


def _around(standing: Standing, one: Finding) -> tuple[str, str, str]:
    """Return the words before, what was found, and the words after; locked numbers as their values."""
    text = standing.version.title if one.block == TITLE else standing.blocks[one.block].text
    before, after = text[: one.start], text[one.end :]
    for name in used(text):
        if name in standing.fields:
            before, after = (part.replace(f"{{{{{name}}}}}", standing.fields[name].value) for part in (before, after))
    return before[-AROUND:], one.text, after[:AROUND]


def way(standing: Standing) -> tuple[list[tuple[str, str]], int]:
    """Return the parameters of `steps`: writing, each step of approval, issuing; and the number of the one at hand."""
    labels = [_("起草"), *(step_title(step) for step in standing.steps), _("发出")]
    state = BulletinState(standing.bulletin.state)
    if state is BulletinState.ISSUED:
        return [(label, "") for label in labels], len(labels) + 1
    if state is BulletinState.APPROVED:
        return [(label, "") for label in labels], len(labels)
    waiting = standing.next
    current = 2 + standing.steps.index(waiting) if waiting in standing.steps else 1
    return [(label, "") for label in labels], current


def step_rows(standing: Standing) -> list[dict[str, Any]]:
    """Return each step with the posts that take it, and who passed it in this round and when."""
    here = {
        one.step: one
        for one in standing.decisions
        if (one.round, one.version) == (standing.bulletin.round, standing.bulletin.version)
        and one.kind == ApprovalKind.PASSED
    }
    return [
        {
            "title": step_title(step),
            "roles": step_roles(step),
            "done": here.get(step.code),
            "waits": standing.next == step,
        }
        for step in standing.steps
    ]


def last_decided(standing: Standing) -> int | None:
    """Return the version of the last decision, of which a reviewer wants to see the difference; None before any."""
    return standing.decisions[-1].version if standing.decisions else None


def kept_rows(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return the kept files of an issued bulletin: form, digest, bytes, since when, and whether that is not its issue."""
    return [
        {
            "form": one.form,
            "label": str(IssuedForm(one.form).label),
            "sha256": one.file.sha256,
            "bytes": one.file.size,
            "at": one.at,
            "late": one.at != bulletin.issued_at,
        }
        for one in bulletin.files.select_related("file").order_by("form")
    ]


def decision_rows(standing: Standing) -> Iterable[dict[str, Any]]:
    """Yield every decision ever made, the newest first."""
    titles = {step.code: step_title(step) for step in standing.steps}
    for one in reversed(standing.decisions):
        yield {
            "step": titles.get(one.step, one.step),
            "kind": str(ApprovalKind(one.kind).label),
            "back": one.kind == ApprovalKind.SENT_BACK,
            "person": str(one.person),
            "at": one.at,
            "version": one.version,
            "reason": one.reason,
        }
