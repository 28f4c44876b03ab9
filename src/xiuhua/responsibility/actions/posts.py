"""The only writers of posts: given, changed, ended, stood in for. Nobody gives himself one; somebody always manages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Actor, Fault, Refusal, marked
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.queries.people import person_named, post_keyed
from xiuhua.responsibility.rules.posts import overlap, period_faults, post_faults
from xiuhua.responsibility.rules.rights import holds
from xiuhua.responsibility.rules.roles import holders
from xiuhua.responsibility.words import PostAsked
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory

MANAGE = "people.manage"


class PostRefused(Refusal):
    """Something about the post cannot be so; the faults say what."""

    code = "post.refused"
    sentence = marked("岗位有 %(count)s 处不对。")


class NotManager(Refusal):
    """Only who manages people changes posts."""

    code = "post.not_manager"
    sentence = marked("只有管人员和岗位的人才能改岗位。")


class OwnPost(Refusal):
    """Nobody gives himself a post, or more of one."""

    code = "post.own"
    sentence = marked("不能给自己派岗位、改岗位，请另一位管人员的人来办。")


class LastManager(Refusal):
    """Somebody has to be left who manages people."""

    code = "post.last_manager"
    sentence = marked("这样就没有人管人员和岗位了：请先让另一个人长期担任管理员。")


class PostEnded(Refusal):
    """The post has ended, or would end before it began."""

    code = "post.ended"
    sentence = marked("这个岗位已经到期，不能再改。")


@dataclass(frozen=True, slots=True)
class Scope:
    """The keys behind a post's codes."""

    unit: Body | None
    territory: Territory | None
    classes: tuple[CaseClass, ...]


def give_post(tenant: Tenant, username: str, asked: PostAsked, *, by: Actor, at: datetime) -> Post:
    """Give a person of the office a post and return it.

    Raises PersonUnknown, NotManager, OwnPost, PostRefused with every fault.
    """
    with transaction.atomic():
        user = person_named(tenant, username)
        check_manager(by, user)
        scope = _checked(tenant, user, asked)
        made = new_post(user, asked, scope)
        _told("post.give", made, by=by, at=at, before="")
    return made


def change_post(tenant: Tenant, key: int, asked: PostAsked, *, by: Actor, at: datetime) -> Post:
    """Change role, scope or period of a post that has not ended, and return it. Deputies' posts change their period only.

    Raises PostUnknown, NotManager, OwnPost, PostEnded, PostRefused, LastManager.
    """
    with transaction.atomic():
        post = _open_post(tenant, key, at)
        check_manager(by, post.user)
        before, managed = post_digest(post), manages(post)
        if post.deputy_of_id is None:
            scope = _checked(tenant, post.user, asked, but=post.pk)
            post.role, post.body, post.territory = asked.role, scope.unit, scope.territory
        elif faults := period_faults(asked.valid_from, asked.valid_to):
            raise PostRefused(faults, count=len(faults))
        post.valid_from, post.valid_to = asked.valid_from, asked.valid_to
        post.save()
        if post.deputy_of_id is None:
            post.classes.set(scope.classes)
        _told("post.change", post, by=by, at=at, before=before)
        if managed:
            check_managed(tenant, office_day(tenant, at))
    return post


def end_post(tenant: Tenant, key: int, day: date, *, by: Actor, at: datetime) -> Post:
    """End a post, and those that stand in for it: `day` is the first day on which it is held no longer.

    A day before the post began makes it never have been held. Raises PostUnknown, NotManager, PostEnded, LastManager.
    """
    with transaction.atomic():
        post = _open_post(tenant, key, at)
        check_manager(by, None)
        for one in (post, *Post.objects.filter(deputy_of=post)):
            cut(one, day, by=by, at=at)
        if manages(post):
            check_managed(tenant, max(day, office_day(tenant, at)))
    return post


def deputise(tenant: Tenant, key: int, username: str, *, first: date, end: date, by: Actor, at: datetime) -> Post:
    """Let a person stand in for a post from `first` until the day before `end`, with its role and scope; return his post.

    Raises PostUnknown, PersonUnknown, NotManager, OwnPost, PostEnded, PostRefused.
    """
    with transaction.atomic():
        post, user = _open_post(tenant, key, at), person_named(tenant, username)
        check_manager(by, user)
        faults = _deputy_faults(post, user, first, end)
        if faults:
            raise PostRefused(faults, count=len(faults))
        made = Post.objects.create(user=user, role=post.role, deputy_of=post, valid_from=first, valid_to=end)
        _told("post.deputise", made, by=by, at=at, before="")
    return made


def _deputy_faults(post: Post, user: User, first: date, end: date) -> list[Fault]:
    faults = period_faults(first, end)
    if not user.is_active:
        faults.append(Fault("post.person_off", column="username"))
    if post.user_id == user.pk:
        faults.append(Fault("post.deputy_self", column="username"))
    if post.deputy_of_id is not None:
        faults.append(Fault("post.deputy_chain", column="username"))
    if end > first and not overlap((first, end), (post.valid_from, post.valid_to)):
        faults.append(Fault("post.deputy_outside", column="valid_from"))
    others = Post.objects.filter(deputy_of=post, user=user)
    if any(overlap((first, end), (one.valid_from, one.valid_to)) for one in others):
        faults.append(Fault("post.repeated", column="username"))
    return faults


def check_manager(by: Actor, user: User | None) -> None:
    """Raise NotManager for who does not manage people, OwnPost where the post would be his own."""
    if not holds(by, MANAGE):
        raise NotManager
    if user is not None and by.user == user.pk:
        raise OwnPost


def manages(post: Post) -> bool:
    """Return whether a post is one of those that manage people."""
    return post.deputy_of_id is None and post.role in holders(MANAGE)


def check_managed(tenant: Tenant, day: date) -> None:
    """Raise LastManager if nobody would manage people from a day on without an end. One query."""
    roles = [str(role) for role in holders(MANAGE)]
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    held = Post.objects.filter(begun, user__tenant=tenant, user__is_active=True, valid_to=None, role__in=roles)
    if not held.filter(deputy_of=None, territory=None, body=None, classes=None).exists():
        raise LastManager


def new_post(user: User, asked: PostAsked, scope: Scope) -> Post:
    """Write a checked post; the ledger line is the caller's."""
    made = Post.objects.create(
        user=user,
        role=asked.role,
        body=scope.unit,
        territory=scope.territory,
        valid_from=asked.valid_from,
        valid_to=asked.valid_to,
    )
    made.classes.set(scope.classes)
    return made


def cut(post: Post, day: date, *, by: Actor, at: datetime) -> None:
    """End one post on a day with its ledger line; a post that would not have begun is held on no day at all."""
    if post.valid_to is not None and post.valid_to <= day:
        return
    before = post_digest(post)
    if post.valid_from is not None and post.valid_from > day:
        post.valid_from = day
    post.valid_to = day
    post.save(update_fields=["valid_from", "valid_to"])
    _told("post.end", post, by=by, at=at, before=before)


def scope_of(tenant: Tenant, asked: PostAsked) -> tuple[Scope, list[Fault]]:
    """Return what a post's codes name in the office, and a fault for each that names nothing. Three queries at most."""
    faults: list[Fault] = []
    unit = Body.objects.filter(tenant=tenant, code=asked.unit).first() if asked.unit else None
    territory = Territory.objects.filter(tenant=tenant, code=asked.territory).first() if asked.territory else None
    if asked.unit and unit is None:
        faults.append(Fault("post.unit_unknown", column="unit", facts={"text": asked.unit[:60]}))
    if asked.territory and territory is None:
        faults.append(Fault("post.territory_unknown", column="territory", facts={"text": asked.territory[:60]}))
    known = {one.key: one for one in CaseClass.objects.filter(tenant=tenant)} if asked.classes else {}
    strange = [text for text in asked.classes if text not in known]
    faults += [Fault("post.class_unknown", column="classes", facts={"text": text[:60]}) for text in strange]
    return Scope(unit, territory, tuple(known[text] for text in asked.classes if text in known)), faults


def _checked(tenant: Tenant, user: User, asked: PostAsked, *, but: int = 0) -> Scope:
    scope, unknown = scope_of(tenant, asked)
    faults = post_faults(asked) + unknown
    if not user.is_active:
        faults.append(Fault("post.person_off", column="username"))
    if not faults and _held_already(user, asked, scope, but):
        faults.append(Fault("post.repeated", column="role"))
    if faults:
        raise PostRefused(faults, count=len(faults))
    return scope


def _held_already(user: User, asked: PostAsked, scope: Scope, but: int) -> bool:
    """Return whether a person holds the same post at some time of the period."""
    same = Post.objects.filter(
        user=user, role=asked.role, body=scope.unit, territory=scope.territory, deputy_of=None
    ).exclude(pk=but)
    wanted = {one.pk for one in scope.classes}
    period = (asked.valid_from, asked.valid_to)
    return any(
        overlap(period, (one.valid_from, one.valid_to)) and {each.pk for each in one.classes.all()} == wanted
        for one in same.prefetch_related("classes")
    )


def _open_post(tenant: Tenant, key: int, at: datetime) -> Post:
    post = post_keyed(tenant, key)
    if post.valid_to is not None and post.valid_to <= office_day(tenant, at):
        raise PostEnded
    return post


def office_day(tenant: Tenant, at: datetime) -> date:
    """Return the day of a moment in the office's zone, in UTC's while none was declared."""
    return at.astimezone(ZoneInfo(tenant.zone) if tenant.zone else UTC).date()


def post_facts(post: Post) -> dict[str, Any]:
    """Return a post as the ledger keeps it: by keys and codes, no names."""
    return {
        "post": post.pk,
        "role": post.role,
        "unit": post.body.code if post.body else None,
        "territory": post.territory.code if post.territory else None,
        "classes": sorted(one.key for one in post.classes.all()),
        "from": post.valid_from.isoformat() if post.valid_from else None,
        "until": post.valid_to.isoformat() if post.valid_to else None,
        "deputy_of": post.deputy_of_id,
    }


def post_digest(post: Post) -> str:
    """Return the digest of a post as it stands."""
    return digest(post_facts(post))


def _told(verb: str, post: Post, *, by: Actor, at: datetime, before: str) -> None:
    facts = post_facts(post)
    about, tenant = f"user:{post.user.username}", post.user.tenant
    record(verb, about=about, by=by, at=at, tenant=tenant, before=before, after=digest(facts), facts=facts)


def told_given(posts: Collection[Post], *, by: Actor, at: datetime) -> None:
    """Write the ledger line of each post that was given as part of another action."""
    for post in posts:
        _told("post.give", post, by=by, at=at, before="")
