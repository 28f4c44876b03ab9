"""Keeping a narrowed queue under a name: one person's bookmark, no matter of the office and so in no ledger."""

from __future__ import annotations

from django.db import transaction

from xiuhua.cases.models import SavedView
from xiuhua.kernel.words import Actor, Refusal, marked

#: Views that one person keeps.
MOST_VIEWS = 30


class ViewNameless(Refusal):
    """A view is kept under a name."""

    code = "view.nameless"
    sentence = marked("给这个视图起个名字，最多 40 字。")


class ViewsFull(Refusal):
    """So many views nobody finds his way in."""

    code = "view.full"
    sentence = marked("最多存 %(most)s 个视图，先删去不用的。")


def keep_view(name: str, query: str, *, by: Actor) -> SavedView:
    """Keep an address's parameters under a name, in place of what was under it; return the view.

    Raises ViewNameless, ViewsFull.
    """
    name = name.strip()
    longest = 40
    if not name or len(name) > longest or by.user is None:
        raise ViewNameless
    with transaction.atomic():
        others = SavedView.objects.filter(user=by.user).exclude(name=name)
        if others.count() >= MOST_VIEWS:
            raise ViewsFull(most=MOST_VIEWS)
        made, _created = SavedView.objects.update_or_create(user_id=by.user, name=name, defaults={"query": query[:500]})
    return made


def forget_view(key: int, *, by: Actor) -> bool:
    """Forget a view of the actor's own; return whether there was one."""
    deleted, _each = SavedView.objects.filter(pk=key, user=by.user).delete()
    return bool(deleted)
