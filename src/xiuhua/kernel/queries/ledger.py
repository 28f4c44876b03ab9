"""Reading the ledger, and proving that it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.rules import GENESIS, keyed_digest, link
from xiuhua.kernel.rules.anchors import Anchor

#: How long before a line sealed earlier a line may have been written: long imports commit long after they began.
PATIENCE = timedelta(minutes=30)


@dataclass(slots=True)
class Proof:
    """What a walk along the chain found. Numbers are chain numbers, in order.

    `broken`: an edit, a deletion, an insertion or a reordering shows there. `went_back`: the clock that wrote the line
    was behind that of an earlier line or of an anchor. `torn`: anchors whose line is gone or is another one: the end
    was cut off or everything was written anew.
    """

    lines: int = 0
    unsealed: int = 0
    head: str = GENESIS
    broken: list[int] = field(default_factory=list)
    went_back: list[int] = field(default_factory=list)
    anchors: int = 0
    torn: list[int] = field(default_factory=list)
    guarded: bool = True

    @property
    def whole(self) -> bool:
        """Return whether nothing was found."""
        return not (self.broken or self.went_back or self.torn) and self.guarded


def line_content(line: LedgerLine) -> dict[str, Any]:
    """Return what a line's hash covers: everything but its place in the chain."""
    written = {"written": line.written_at.timestamp()} if line.written_at else {}
    return {
        **written,
        "pk": line.pk,
        "tenant": line.tenant_id,
        "at": line.at.timestamp(),
        "actor": line.actor,
        "post": line.post,
        "verb": line.verb,
        "about": line.about,
        "before": line.before,
        "after": line.after,
        "reason": line.reason,
        "facts": line.facts,
    }


def prove(anchors: Iterable[Anchor] = (), *, first: int = 1, last: int | None = None) -> Proof:
    """Return what a walk from chain number `first` to `last` (the end, if None) finds, held against the anchors given.

    Four queries however long the chain; lines are read one after the other. Unsealed lines are counted, not proved.
    """
    known = {one.chain_no: one for one in anchors}
    proof = Proof(anchors=len(known), guarded=guarded(), unsealed=LedgerLine.objects.filter(chain_no=None).count())
    before = LedgerLine.objects.filter(chain_no=first - 1).first() if first > 1 else None
    prev, number = (before.hash, first - 1) if before else (GENESIS, first - 1)
    if first > 1 and before is None:
        proof.broken.append(first - 1)
    latest = before.written_at if before else None
    for line in _sealed(first, last):
        expected, number = number + 1, line.chain_no or 0
        if number != expected or line.prev_hash != prev or line.hash != link(prev, line_content(line)):
            proof.broken.append(number)
        written = line.written_at
        if latest is not None and written is not None and written < latest - PATIENCE:
            proof.went_back.append(number)
        anchor = known.pop(number, None)
        if anchor and anchor.hash != line.hash:
            proof.torn.append(number)
        latest = max(filter(None, (written, latest, anchor.at if anchor else None)), default=None)
        prev = line.hash
        proof.lines += 1
    proof.head = prev
    proof.torn = sorted([*proof.torn, *_missing(known, first, last)])
    return proof


def _missing(anchors: Iterable[int], first: int, last: int | None) -> Iterator[int]:
    return (number for number in anchors if number >= first and (last is None or number <= last))


def _sealed(first: int, last: int | None) -> Iterator[LedgerLine]:
    lines = LedgerLine.objects.filter(chain_no__gte=first)
    lines = lines if last is None else lines.filter(chain_no__lte=last)
    return lines.order_by("chain_no").iterator()


def broken_links() -> list[int]:
    """Return the chain numbers at which an edit, a deletion or a reordering shows; empty when the chain holds."""
    return prove().broken


def chain_head() -> LedgerLine | None:
    """Return the last sealed line, None while there is none. One query."""
    return LedgerLine.objects.filter(chain_no__isnull=False).order_by("-chain_no").first()


def guarded() -> bool:
    """Return whether the database still refuses to change or delete lines by itself. One query."""
    names = {"postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s AND tgenabled <> 'D'"}
    query = names.get(connection.vendor, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s")
    with connection.cursor() as cursor:
        cursor.execute(query, ["ledger_guard%"])
        found = {str(row[0]) for row in cursor.fetchall()}
    return found == (
        {"ledger_guard"} if connection.vendor == "postgresql" else {"ledger_guard_delete", "ledger_guard_update"}
    )


def personal_digest(text: str) -> str:
    """Return what a ledger line may keep of a phone, a name or an address: a digest keyed with this installation's key.

    Equal texts give equal digests, so that a line can be found by who knows the text; without the key nobody can try
    all phone numbers. Deleting the text elsewhere leaves the chain whole.
    """
    return keyed_digest(settings.LEDGER_KEY, text)


def lines_about(tenant: int, *abouts: str) -> list[LedgerLine]:
    """Return an office's ledger lines about any of these things ("case:17", "batch:3"), oldest first. One query."""
    return list(LedgerLine.objects.filter(tenant=tenant, about__in=abouts).order_by("at", "pk"))
