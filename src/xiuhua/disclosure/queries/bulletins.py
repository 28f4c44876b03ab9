"""Named reads of bulletins: lists, texts, what stands in the way, who acts next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from xiuhua.assessment.models import Assessment
from xiuhua.disclosure.bulletin import (
    ApprovalKind,
    Block,
    BlockKind,
    BulletinState,
    Finding,
    NumberField,
    Step,
    Taken,
    where_read,
)
from xiuhua.disclosure.models import Approval, Bulletin, BulletinVersion, Waiver
from xiuhua.disclosure.queries.templates import template_of
from xiuhua.disclosure.rules.approval import next_step
from xiuhua.disclosure.rules.findings import findings
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked
from xiuhua.responsibility.models import User
from xiuhua.responsibility.words import Role


class BulletinUnknown(Refusal):
    """The office has no such bulletin."""

    code = "bulletin.unknown"
    sentence = marked("没有这份通报。")


@dataclass(frozen=True, slots=True)
class Listed:
    """A bulletin of the list with the step that waits, None where none does."""

    bulletin: Bulletin
    step: Step | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a bulletin stands: its present text, what is wrong with it, the steps taken in this round, who wrote it.

    `decisions` are all decisions ever made, oldest first; `older` says that the month was assessed anew since.
    """

    bulletin: Bulletin
    version: BulletinVersion
    blocks: tuple[Block, ...]
    fields: dict[str, NumberField]
    findings: tuple[Finding, ...]
    waivers: tuple[Waiver, ...]
    steps: tuple[Step, ...]
    several: bool
    taken: tuple[Taken, ...]
    decisions: tuple[Approval, ...]
    authors: frozenset[int]
    older: bool

    @property
    def next(self) -> Step | None:
        """Return the step that waits, None before the text is submitted and after the last step."""
        return next_step(self.steps, self.taken) if self.bulletin.state == BulletinState.REVIEW else None

    @property
    def barred(self) -> tuple[Finding, ...]:
        """Return the findings with which the text may not go out."""
        return tuple(one for one in self.findings if one.blocks)


def bulletins_of(tenant: Tenant, *, abandoned: bool = False) -> list[Listed]:
    """Return the office's bulletins that were not given up, or those that were, the latest month first. Two queries."""
    steps = template_of(tenant).steps
    decided = Prefetch("approvals", Approval.objects.order_by("pk"))
    found = Bulletin.objects.filter(tenant=tenant).select_related("correction_of", "abandonment__person")
    given_up = Q(state=BulletinState.ABANDONED)
    found = found.filter(given_up if abandoned else ~given_up).prefetch_related(decided)
    return [Listed(one, _waiting(one, steps)) for one in found.order_by("-period", "-pk")]


def _waiting(bulletin: Bulletin, steps: tuple[Step, ...]) -> Step | None:
    if bulletin.state != BulletinState.REVIEW:
        return None
    return next_step(steps, _taken(bulletin, bulletin.approvals.all()))


def _taken(bulletin: Bulletin, decisions: Iterable[Approval]) -> tuple[Taken, ...]:
    """Return what was decided of the present text in the present round."""
    return tuple(
        Taken(one.step, one.person_id, ApprovalKind(one.kind))
        for one in decisions
        if (one.round, one.version) == (bulletin.round, bulletin.version)
    )


def abandoned_count(tenant: Tenant) -> int:
    """Return how many drafts were given up. One query."""
    return Bulletin.objects.filter(tenant=tenant, state=BulletinState.ABANDONED).count()


def bulletin_keyed(tenant: Tenant, key: int, *, lock: bool = False) -> Bulletin:
    """Return a bulletin of the office, locked until the transaction's end on request. One query. Raises BulletinUnknown."""
    rows: QuerySet[Bulletin] = Bulletin.objects.select_for_update() if lock else Bulletin.objects.all()
    found = rows.filter(tenant=tenant, pk=key).first()
    if found is None:
        raise BulletinUnknown
    return found


def version_of(bulletin: Bulletin, number: int | None = None) -> BulletinVersion:
    """Return a version of a bulletin, the present one unless another is asked for. One query. Raises BulletinUnknown."""
    found = bulletin.versions.select_related("author").filter(number=number or bulletin.version).first()
    if found is None:
        raise BulletinUnknown
    return found


def versions_of(bulletin: Bulletin) -> list[BulletinVersion]:
    """Return all versions, the newest first. One query."""
    return list(bulletin.versions.select_related("author").order_by("-number"))


def blocks_of(version: BulletinVersion) -> tuple[Block, ...]:
    """Return the blocks of a version. No query."""
    return tuple(Block(BlockKind(one["kind"]), one["text"]) for one in version.blocks)


def fields_kept(bulletin: Bulletin) -> dict[str, NumberField]:
    """Return the numbers that a bulletin's text may use, by name. No query."""
    return {
        one["name"]: NumberField(
            one["name"], one["title"], one["value"], one["unit"], tuple(one["words"]), where_read(one["where"])
        )
        for one in bulletin.fields
    }


def people_names(tenant: Tenant) -> list[str]:
    """Return the names of the office's people, without those that are names of posts. One query."""
    posts = {str(role.label) for role in Role}
    found = User.objects.filter(tenant=tenant).exclude(name="").values_list("name", flat=True)
    return sorted(set(found) - posts)


def standing_of(bulletin: Bulletin) -> Standing:
    """Return where a bulletin stands. Six queries."""
    version, fields = version_of(bulletin), fields_kept(bulletin)
    blocks, template = blocks_of(version), template_of(bulletin.tenant)
    waivers = tuple(bulletin.waivers.select_related("person").order_by("pk"))
    decisions = tuple(bulletin.approvals.select_related("person").order_by("pk"))
    names = people_names(bulletin.tenant)
    found = findings(version.title, blocks, fields, names=names, waived={one.key for one in waivers})
    written = bulletin.versions.exclude(author=None).values_list("author_id", flat=True)
    return Standing(
        bulletin=bulletin,
        version=version,
        blocks=blocks,
        fields=fields,
        findings=found,
        waivers=waivers,
        steps=template.steps,
        several=template.several,
        taken=_taken(bulletin, decisions),
        decisions=decisions,
        authors=frozenset(one for one in written if one is not None),
        older=_older(bulletin),
    )


def _older(bulletin: Bulletin) -> bool:
    """Return whether the month was assessed anew, with another outcome, since the text was begun."""
    newer = Assessment.objects.filter(
        tenant=bulletin.tenant,
        period=bulletin.period,
        scheme=bulletin.scheme,
        by=bulletin.by,
        month_by=bulletin.month_by,
        assessed_at__gt=bulletin.made_at,
    )
    return newer.exclude(digest=bulletin.sheet).exists()
