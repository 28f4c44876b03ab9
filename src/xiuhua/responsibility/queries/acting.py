"""Who acts, and within which bounds: a person's posts of a day as grants."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q

from xiuhua.kernel.words import Actor, Grant
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.rules.roles import VERBS
from xiuhua.responsibility.words import Role
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.queries import family


def in_force(day: date) -> Q:
    """Return the condition for posts held on a day: first day inclusive, last exclusive, empty ends open."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def posts_of(user: User, day: date) -> list[Post]:
    """Return the posts a person holds on a day, own and as a deputy, by key. Three queries."""
    wanted = ("territory", "body", "deputy_of__territory", "deputy_of__body")
    ids = CaseClass.objects.only("pk")
    found = Post.objects.filter(in_force(day), user=user).select_related(*wanted).order_by("pk")
    return list(found.prefetch_related(Prefetch("classes", ids), Prefetch("deputy_of__classes", ids)))


def actor_of(user: User, day: date) -> Actor:
    """Return a person as an actor with what the posts of a day allow; an account switched off may nothing.

    Three queries, and for posts of a territory two more each.
    """
    if not user.is_active:
        return Actor(f"user:{user.username}", user=user.pk)
    posts = posts_of(user, day)
    grants = tuple(grant for post in posts for grant in _grants(post))
    title = "、".join(dict.fromkeys(str(Role((post.deputy_of or post).role).label) for post in posts))
    return Actor(f"user:{user.username}", title, grants, user.pk)


def _grants(post: Post) -> list[Grant]:
    held = post.deputy_of or post
    territories = family(held.territory.tenant, held.territory.code) if held.territory else None
    named = [one.pk for one in held.classes.all()]
    classes = (
        frozenset(named) | frozenset(CaseClass.objects.filter(parent__in=named).values_list("pk", flat=True))
        if named
        else None
    )
    return [Grant(verb, territories, held.body_id, classes, held.role) for verb in sorted(VERBS[Role(held.role)])]
