"""What every verb of a bulletin asks first: the right, the state, the version that its author had before him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xiuhua.disclosure.bulletin import Block, BulletinState, Finding
from xiuhua.disclosure.models import Bulletin, BulletinVersion
from xiuhua.disclosure.queries.bulletins import bulletin_keyed
from xiuhua.disclosure.rules.approval import may
from xiuhua.kernel.actions import emit, record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Actor, Fact, Fault, Refusal, marked
from xiuhua.responsibility.rules.rights import holds

WRITE, APPROVE, ISSUE = "bulletin.write", "bulletin.approve", "bulletin.issue"


class NoRight(Refusal):
    """The person's posts do not allow it."""

    code = "bulletin.no_right"
    sentence = marked("您的岗位不能办这一步。")


class NotNow(Refusal):
    """The bulletin's state does not allow it."""

    code = "bulletin.not_now"
    sentence = marked("这份通报现在是“%(state)s”，不能办这一步。")


class Stale(Refusal):
    """Somebody else has saved a text since this one was begun."""

    code = "bulletin.stale"
    sentence = marked("您打开之后，别人存了新的一稿（第 %(now)s 稿）。您写的还在下面：对照差别，改好再存。")


class Unfit(Refusal):
    """The text holds what may not go out; the faults say what."""

    code = "bulletin.unfit"
    sentence = marked("正文里还有 %(count)s 处不能发出：改掉、遮住，或请另一个人写明理由放行。")


def opened(tenant: Tenant, key: int, verb: str, right: str, *, by: Actor, version: int | None = None) -> Bulletin:
    """Return a bulletin, locked, for a verb that is possible now. Raises BulletinUnknown, NoRight, NotNow, Stale."""
    if not holds(by, right):
        raise NoRight
    found = bulletin_keyed(tenant, key, lock=True)
    if not may(found.state, verb):
        raise NotNow(state=str(BulletinState(found.state).label))
    if version is not None and version != found.version:
        raise Stale(now=found.version, seen=version)
    return found


def add_version(bulletin: Bulletin, title: str, blocks: Sequence[Block], *, by: Actor, at: datetime) -> BulletinVersion:
    """Write a bulletin's present version and return it."""
    stored = [{"kind": str(one.kind), "text": one.text} for one in blocks]
    return BulletinVersion.objects.create(
        bulletin=bulletin,
        number=bulletin.version,
        title=title,
        blocks=stored,
        digest=digest({"title": title, "blocks": stored}),
        author_id=by.user,
        at=at,
    )


def told(
    verb: str,
    bulletin: Bulletin,
    *,
    by: Actor,
    at: datetime,
    before: str = "",
    after: str = "",
    reason: str = "",
    **facts: Any,
) -> None:
    """Append the ledger line of a verb; texts stay out of it, their digests stand for them."""
    record(
        f"bulletin.{verb}",
        about=f"bulletin:{bulletin.pk}",
        by=by,
        at=at,
        tenant=bulletin.tenant,
        before=before,
        after=after,
        reason=reason,
        facts={"period": bulletin.period, "version": bulletin.version, **facts},
    )


def announce(what: str, bulletin: Bulletin, *, by: Actor, at: datetime, step: str = "") -> None:
    """Write into the outbox, in the caller's transaction, that a bulletin moved on; `step` is the code of the one that waits now.

    Who hears of it is worked out when it is handed on (`notices.actions.bulletins`).
    """
    facts = {"bulletin": bulletin.pk, "by": by.user, "step": step, "round": bulletin.round}
    emit(f"bulletin.{what}", tenant=bulletin.tenant, about=f"bulletin:{bulletin.pk}", at=at, facts=facts)


def fault_of(one: Finding) -> Fault:
    """Return a finding as the fault of its block: rows count blocks from 1, the title is row 0. Personal texts stay masked."""
    hidden = {"personal", "colleague"}
    facts: dict[str, Fact] = {"text": one.instead if one.kind in hidden else one.text, "what": one.what}
    return Fault(f"bulletin.{one.kind}", row=one.block + 1, facts=facts)
