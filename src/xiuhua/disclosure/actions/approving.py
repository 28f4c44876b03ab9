"""A bulletin's way through its named steps: submitted, passed step by step, or sent back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiuhua.disclosure.actions.guards import APPROVE, WRITE, Unfit, announce, fault_of, opened, told
from xiuhua.disclosure.actions.writing import REASON_LENGTH, ReasonMissing
from xiuhua.disclosure.bulletin import ApprovalKind, BulletinState, Step
from xiuhua.disclosure.models import Approval, Bulletin
from xiuhua.disclosure.queries.bulletins import Standing, standing_of
from xiuhua.disclosure.rules.approval import next_step, why_not
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.privacy.rules import mask


class OwnText(Refusal):
    """Nobody approves what he wrote."""

    code = "bulletin.own_text"
    sentence = marked("自己写过的通报不能自己审，请别人来审。")


class StepTwice(Refusal):
    """Nobody takes two steps of one text."""

    code = "bulletin.step_twice"
    sentence = marked("您已经审过这一稿的前一步，后面的要由别人审。")


class NotYourStep(Refusal):
    """The step belongs to other posts."""

    code = "bulletin.not_your_step"
    sentence = marked("“%(step)s”不归您的岗位。")


class WrongStep(Refusal):
    """Another step comes first."""

    code = "bulletin.wrong_step"
    sentence = marked("现在轮到的是“%(step)s”，不能跳过。")


_WHY: dict[str, type[Refusal]] = {one.code: one for one in (OwnText, StepTwice, NotYourStep)}


def submit(tenant: Tenant, key: int, *, seen: int, by: Actor, at: datetime) -> Bulletin:
    """Hand a text in for approval, beginning with the first step, and return the bulletin.

    Raises NoRight, NotNow, Stale, Unfit with every finding that nobody has let pass.
    """
    with transaction.atomic():
        bulletin = opened(tenant, key, "submit", WRITE, by=by, version=seen)
        standing = standing_of(bulletin)
        check_fit(standing)
        bulletin.round += 1
        bulletin.state = BulletinState.REVIEW
        bulletin.save(update_fields=["round", "state"])
        told("submit", bulletin, by=by, at=at, after=standing.version.digest, round=bulletin.round)
        announce("submit", bulletin, by=by, at=at, step=standing.steps[0].code)
    return bulletin


def check_fit(standing: Standing) -> None:
    """Refuse a text with findings that nobody has let pass. Raises Unfit."""
    if standing.barred:
        raise Unfit([fault_of(one) for one in standing.barred], count=len(standing.barred))


def approve(tenant: Tenant, key: int, step: str, *, seen: int, by: Actor, at: datetime) -> Approval:
    """Pass the step that waits, and return the decision. `step` is the code of the one the person has before him.

    Raises NoRight, NotNow, Stale, WrongStep, OwnText, StepTwice, NotYourStep, Unfit.
    """
    with transaction.atomic():
        bulletin = opened(tenant, key, "approve", APPROVE, by=by, version=seen)
        standing = standing_of(bulletin)
        waiting = _turn(standing, step, by)
        check_fit(standing)
        made = _decided(standing, waiting, ApprovalKind.PASSED, "", by=by, at=at)
        following = next_step([one for one in standing.steps if one != waiting], standing.taken)
        if following is None:
            bulletin.state = BulletinState.APPROVED
            bulletin.save(update_fields=["state"])
        told("approve", bulletin, by=by, at=at, after=made.digest, step=waiting.code, last=following is None)
        if following is None:
            announce("pass", bulletin, by=by, at=at)
        else:
            announce("approve", bulletin, by=by, at=at, step=following.code)
    return made


def send_back(tenant: Tenant, key: int, reason: str, *, seen: int, by: Actor, at: datetime) -> Bulletin:
    """Send a text back to its authors, with a reason, and return the bulletin; its steps start again once it is submitted.

    Whoever may take the step that waits may send it back; after the last step, whoever may take any.
    Raises NoRight, NotNow, Stale, ReasonMissing, OwnText, StepTwice, NotYourStep.
    """
    with transaction.atomic():
        bulletin = opened(tenant, key, "send_back", APPROVE, by=by, version=seen)
        standing = standing_of(bulletin)
        if not reason.strip():
            raise ReasonMissing
        said = mask(" ".join(reason.split()))[:REASON_LENGTH]
        waiting = standing.next
        if waiting is not None:
            _check(standing, waiting, by)
            _decided(standing, waiting, ApprovalKind.SENT_BACK, said, by=by, at=at)
        bulletin.state = BulletinState.DRAFT
        bulletin.save(update_fields=["state"])
        step = waiting.code if waiting else ""
        told("send_back", bulletin, by=by, at=at, before=standing.version.digest, reason=said, step=step)
        announce("send_back", bulletin, by=by, at=at, step=step)
    return bulletin


def _turn(standing: Standing, step: str, by: Actor) -> Step:
    waiting = standing.next
    if waiting is None or waiting.code != step:
        raise WrongStep(step=waiting.title.zh if waiting else "—")
    _check(standing, waiting, by)
    return waiting


def _check(standing: Standing, step: Step, by: Actor) -> None:
    roles = {grant.post for grant in by.granted(APPROVE) if grant.whole}
    code = why_not(step, by.user, roles, authors=standing.authors, taken=standing.taken, several=standing.several)
    if code:
        raise _WHY[code](step=step.title.zh)


def _account(by: Actor) -> int:
    """Return the key of a person's account. A program decides nothing: `why_not` has refused it."""
    if by.user is None:
        raise OwnText
    return by.user


def _decided(standing: Standing, step: Step, kind: ApprovalKind, reason: str, *, by: Actor, at: datetime) -> Approval:
    return Approval.objects.create(
        bulletin=standing.bulletin,
        version=standing.version.number,
        digest=standing.version.digest,
        round=standing.bulletin.round,
        step=step.code,
        kind=kind,
        person_id=_account(by),
        reason=reason,
        at=at,
    )
