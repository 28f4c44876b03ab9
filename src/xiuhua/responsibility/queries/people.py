"""People with their posts, as lists, pages and refusals show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.queries.acting import in_force
from xiuhua.responsibility.rules.rights import OFFICE_WIDE
from xiuhua.responsibility.rules.roles import holders
from xiuhua.responsibility.words import Role
from xiuhua.taxonomy.models import CaseClass

PEOPLE_SORTS = {"username": "username", "name": "name", "unit": "body__name"}


class PersonUnknown(Refusal):
    """No account of the office has this name."""

    code = "person.unknown"
    sentence = marked("没有账号 %(username)s。")


class PostUnknown(Refusal):
    """No post of the office has this key."""

    code = "post.unknown"
    sentence = marked("没有编号为 %(post)s 的岗位。")


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list of people is narrowed to. Empty means not narrowed; `day` decides which posts are held."""

    day: date
    text: str = ""
    role: str = ""
    body: str = ""
    active: bool | None = None
    #: People without any post on the day.
    idle: bool = False


def people_wanted(given: Mapping[str, str], day: date) -> PeopleFilter:
    """Return the filter that these parameters mean on a day; what means nothing narrows nothing."""
    state = given.get("state", "")
    return PeopleFilter(
        day=day,
        text=given.get("q", ""),
        role=given.get("role", ""),
        body=given.get("unit", ""),
        active={"on": True, "idle": True, "off": False}.get(state),
        idle=state == "idle",
    )


def filtered_people(tenant: Tenant, wanted: PeopleFilter, *, sort: str = "username") -> QuerySet[User]:
    """Return the accounts of an office that match, each with its unit and the posts of the day as `held`. Four queries."""
    of_day = Post.objects.filter(in_force(wanted.day))
    shown = of_day.select_related("territory", "body", *_DEPUTY).prefetch_related(*_CLASSES).order_by("pk")
    found = User.objects.filter(tenant=tenant).select_related("body")
    found = found.prefetch_related(Prefetch("posts", shown, to_attr="held"))
    if wanted.text:
        found = found.filter(Q(username__icontains=wanted.text) | Q(name__icontains=wanted.text))
    held = of_day.filter(user=OuterRef("pk"))
    if wanted.role:
        found = found.filter(Exists(held.filter(_as(wanted.role))))
    if wanted.body:
        found = found.filter(Q(body__code=wanted.body) | Exists(held.filter(body__code=wanted.body)))
    if wanted.active is not None:
        found = found.filter(is_active=wanted.active)
    if wanted.idle:
        found = found.filter(~Exists(held))
    field = PEOPLE_SORTS.get(sort.lstrip("-"), "username")
    return found.order_by(("-" if sort.startswith("-") else "") + field, "pk")


_CLASSES = ("classes", "deputy_of__classes")
_DEPUTY = ("deputy_of__user", "deputy_of__territory", "deputy_of__body")


def _as(role: str) -> Q:
    """Return the condition for posts that act in a role: a deputy's acts in that of the post it stands in for."""
    return Q(deputy_of__isnull=True, role=role) | Q(deputy_of__role=role)


def person_named(tenant: Tenant, username: str) -> User:
    """Return an account of the office with its unit. One query. Raises PersonUnknown."""
    found = User.objects.filter(tenant=tenant, username=username).select_related("body", "tenant").first()
    if found is None:
        raise PersonUnknown(username=username)
    return found


def all_posts(user: User) -> list[Post]:
    """Return every post a person holds, held or will hold, those without an end and the newest first. Two queries."""
    found = Post.objects.filter(user=user).select_related("territory", "body", *_DEPUTY)
    ordered = sorted(found.prefetch_related(*_CLASSES), key=lambda post: (post.valid_to or date.max, post.pk))
    return ordered[::-1]


def deputies_of(user: User) -> list[Post]:
    """Return the posts of others that stand in for this person's posts, the newest first. One query."""
    found = Post.objects.filter(deputy_of__user=user).select_related("user", "deputy_of__body", "deputy_of__territory")
    return list(found.order_by("-pk"))


def post_keyed(tenant: Tenant, key: int) -> Post:
    """Return a post of the office. One query. Raises PostUnknown."""
    found = Post.objects.filter(user__tenant=tenant, pk=key)
    post = found.select_related("user", "territory", "body", *_DEPUTY).first()
    if post is None:
        raise PostUnknown(post=key)
    return post


def posts_on(tenant: Tenant, day: date) -> list[Post]:
    """Return the posts of an office that are held on a day, by account and key. Two queries."""
    found = Post.objects.filter(in_force(day), user__tenant=tenant, user__is_active=True)
    wanted = found.select_related("user", "territory", "body", *_DEPUTY).prefetch_related(*_CLASSES)
    return list(wanted.order_by("user__username", "pk"))


def holding(tenant: Tenant, right: str, day: date) -> QuerySet[User]:
    """Return the people whose posts of a day allow a right somewhere (rules.rights.holds), by account name."""
    roles = [str(role) for role in holders(right)]
    held = Post.objects.filter(in_force(day), user=OuterRef("pk"))
    own, lent = Q(deputy_of__isnull=True, role__in=roles), Q(deputy_of__role__in=roles)
    if right in OFFICE_WIDE:
        own &= Q(territory=None, body=None, classes=None)
        lent &= Q(deputy_of__territory=None, deputy_of__body=None, deputy_of__classes=None)
    acting = held.filter(own | lent)
    return User.objects.filter(Exists(acting), tenant=tenant, is_active=True).order_by("username")


def main_classes(tenant: Tenant) -> list[tuple[str, str]]:
    """Return (key, name) of the main classes of all schemes, by name. One query."""
    found = CaseClass.objects.filter(tenant=tenant, parent=None).order_by("name", "pk")
    return [(one.key, one.name) for one in found]


def role_names(roles: Collection[Role]) -> list[str]:
    """Return roles as they are called. No query."""
    return [str(role.label) for role in roles]
