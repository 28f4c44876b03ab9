"""Writing on a bulletin's text: saving a version, masking what was found, letting a finding pass, giving a draft up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from xiuhua.disclosure.actions.guards import APPROVE, WRITE, add_version, opened, told
from xiuhua.disclosure.bulletin import Block, BulletinState
from xiuhua.disclosure.models import Abandonment, Bulletin, BulletinVersion, Waiver
from xiuhua.disclosure.queries.bulletins import blocks_of, fields_kept, standing_of, version_of
from xiuhua.disclosure.rules.findings import TITLE, masked
from xiuhua.disclosure.rules.texts import read_text
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.privacy.rules import mask

REASON_LENGTH = 500


class TextRefused(Refusal):
    """A locked number was changed, or the text is none; the faults say where."""

    code = "bulletin.text_refused"
    sentence = marked("没有存：有 %(count)s 处不对。")


class FindingUnknown(Refusal):
    """The text has no such finding any more."""

    code = "bulletin.finding_unknown"
    sentence = marked("这处问题在现在的正文里已经没有了。")


class NotMaskable(Refusal):
    """Nothing is known to put in the finding's place."""

    code = "bulletin.not_maskable"
    sentence = marked("这处要自己改：不知道该换成什么。")


class SecondPerson(Refusal):
    """Who wrote the text cannot let it pass himself."""

    code = "bulletin.second_person"
    sentence = marked("写过这份通报的人不能自己放行，请另一个有审核权的人来。")


class ReasonMissing(Refusal):
    """Without a reason nothing is let pass, and nothing sent back."""

    code = "bulletin.reason_missing"
    sentence = marked("请写明理由。")


def save_version(
    tenant: Tenant, key: int, *, seen: int, title: str, texts: Sequence[str], by: Actor, at: datetime
) -> BulletinVersion:
    """Save a new text of a bulletin and return it; the same text again changes nothing and returns the present one.

    `seen` is the version that its author had before him. Until it is issued a text can be changed; then all steps of
    approval start again. Raises NoRight, NotNow, Stale, TextRefused with every fault.
    """
    with transaction.atomic():
        bulletin = opened(tenant, key, "save", WRITE, by=by, version=seen)
        head, blocks, faults = read_text(title, texts, fields_kept(bulletin))
        if faults:
            raise TextRefused(faults, count=len(faults))
        return _saved(bulletin, head, blocks, by=by, at=at)


def mask_findings(
    tenant: Tenant, key: int, keys: Collection[str], *, seen: int, by: Actor, at: datetime
) -> BulletinVersion:
    """Put what should stand there in the place of findings, wherever they occur, and return the new version.

    Raises NoRight, NotNow, Stale, FindingUnknown, NotMaskable.
    """
    with transaction.atomic():
        bulletin = opened(tenant, key, "save", WRITE, by=by, version=seen)
        found = [one for one in standing_of(bulletin).findings if one.key in keys]
        if not found:
            raise FindingUnknown
        if any(not one.instead for one in found):
            raise NotMaskable
        version = version_of(bulletin)
        blocks = [
            Block(one.kind, masked(one.text, [hit for hit in found if hit.block == number]))
            for number, one in enumerate(blocks_of(version))
        ]
        title = masked(version.title, [hit for hit in found if hit.block == TITLE])
        return _saved(bulletin, title, blocks, by=by, at=at)


def _saved(bulletin: Bulletin, title: str, blocks: Sequence[Block], *, by: Actor, at: datetime) -> BulletinVersion:
    """Write the next version; whatever was approved of the last one counts no more."""
    before = version_of(bulletin)
    if before.title == title and blocks_of(before) == tuple(blocks):
        return before
    state = bulletin.state
    bulletin.version += 1
    bulletin.title, bulletin.state = title, BulletinState.DRAFT
    bulletin.save(update_fields=["version", "title", "state"])
    made = add_version(bulletin, title, blocks, by=by, at=at)
    told("save", bulletin, by=by, at=at, before=before.digest, after=made.digest, state=state)
    return made


def waive(tenant: Tenant, key: int, finding: str, reason: str, *, seen: int, by: Actor, at: datetime) -> Waiver:
    """Let a finding pass, with a reason, by somebody who has written no version of the text; return what was written.

    Raises NoRight, NotNow, Stale, SecondPerson, ReasonMissing, FindingUnknown.
    """
    with transaction.atomic():
        bulletin = opened(tenant, key, "waive", APPROVE, by=by, version=seen)
        standing = standing_of(bulletin)
        if by.user is None or by.user in standing.authors:
            raise SecondPerson
        if not reason.strip():
            raise ReasonMissing
        hit = next((one for one in standing.findings if one.key == finding and one.blocks), None)
        if hit is None:
            raise FindingUnknown
        said = mask(" ".join(reason.split()))[:REASON_LENGTH]
        made = Waiver.objects.create(bulletin=bulletin, key=finding, person_id=by.user, reason=said, at=at)
        told("waive", bulletin, by=by, at=at, reason=said, finding=finding, kind=str(hit.kind))
    return made


def abandon(tenant: Tenant, key: int, reason: str, *, seen: int, by: Actor, at: datetime) -> Bulletin:
    """Give a draft up, with a reason, and return it: it stays readable, has no number and takes none.

    One that is being approved is sent back first. Raises NoRight, NotNow, Stale, ReasonMissing.
    """
    with transaction.atomic():
        bulletin = opened(tenant, key, "abandon", WRITE, by=by, version=seen)
        if not reason.strip() or by.user is None:
            raise ReasonMissing
        said = mask(" ".join(reason.split()))[:REASON_LENGTH]
        bulletin.state = BulletinState.ABANDONED
        bulletin.save(update_fields=["state"])
        Abandonment.objects.create(bulletin=bulletin, person_id=by.user, reason=said, at=at)
        told("abandon", bulletin, by=by, at=at, before=version_of(bulletin).digest, reason=said)
    return bulletin
