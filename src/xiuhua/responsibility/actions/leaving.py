"""When somebody leaves: his posts go to a successor, his account is switched off. His cases are `cases.actions.hand_over`'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.responsibility.actions.posts import Scope, check_manager, cut, new_post, told_given
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import PostAsked


class SuccessorUnfit(Refusal):
    """Whoever takes over is another person of the office, with an account that is in use."""

    code = "post.successor_unfit"
    sentence = marked("接手的人要是另一个在用的账号。")


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of somebody's posts: those his successor has now, and how many stand-ins of his own ended."""

    posts: tuple[Post, ...]
    stood_in: int


def check_successor(leaving: User, successor: User, by: Actor) -> None:
    """Raise NotManager, OwnPost where the successor would be the actor himself, SuccessorUnfit."""
    check_manager(by, successor)
    if leaving.pk == successor.pk or not successor.is_active or leaving.tenant_id != successor.tenant_id:
        raise SuccessorUnfit


def pass_posts(leaving: User, successor: User, day: date, *, by: Actor, at: datetime) -> Passed:
    """End every post a person still holds or will hold, give the successor the same from `day` on; return them.

    Whoever stands in for one of the posts stands in for the successor from then on – the successor himself not for
    himself. In the caller's transaction, with a ledger line each. Raises what `check_successor` does.
    """
    check_successor(leaving, successor, by)
    open_ended = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    held = Post.objects.filter(open_ended, user=leaving).select_related("user__tenant", "body", "territory")
    given: list[Post] = []
    stood_in = 0
    for post in held.order_by("pk"):
        if post.deputy_of_id is not None:
            stood_in += 1
            cut(post, day, by=by, at=at)
            continue
        given.append(_passed(post, successor, day, by, at))
    told_given(given, by=by, at=at)
    return Passed(tuple(given), stood_in)


def _passed(post: Post, successor: User, day: date, by: Actor, at: datetime) -> Post:
    first = max(post.valid_from or day, day)
    asked = PostAsked(post.role, valid_from=first, valid_to=post.valid_to)
    made = new_post(successor, asked, Scope(post.body, post.territory, tuple(post.classes.all())))
    deputies = Post.objects.filter(deputy_of=post).select_related("user__tenant")
    for deputy in deputies.filter(user=successor):
        cut(deputy, day, by=by, at=at)
    deputies.exclude(user=successor).update(deputy_of=made)
    cut(post, day, by=by, at=at)
    return made
