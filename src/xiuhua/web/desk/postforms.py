"""The form of a post: what somebody asks for, what he typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import code_sentence
from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.models import Post
from xiuhua.responsibility.queries import bodies_of, main_classes
from xiuhua.responsibility.words import PostAsked, Role
from xiuhua.territory.queries import options

#: What the form holds; nothing else that is posted is read.
FIELDS = ("role", "unit", "territory", "main", "first", "last", "username")
#: Column of a fault → field of the form.
_FIELD = {"valid_from": "first", "valid_to": "last", "classes": "main"}


@dataclass(frozen=True, slots=True)
class PostForm:
    """What was typed, the post that it asks for, and (id of the field, sentence) for what is wrong."""

    given: Mapping[str, str]
    asked: PostAsked
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """Return the sentence beside each field."""
        return {name.removeprefix("id_"): sentence for name, sentence in self.errors}

    def refused(self, refusal: Refusal) -> PostForm:
        """Return the form with what a refusal says, beside its fields where it names any."""
        faults = [
            (f"id_{_FIELD.get(fault.column, fault.column)}", code_sentence(fault.code, dict(fault.facts)))
            for fault in refusal.faults
        ]
        return replace(self, errors=tuple(faults) or (("", str(refusal)),))


def post_form(posted: Mapping[str, str]) -> PostForm:
    """Return the form as it was sent; the last day is included, and a day that is none is an error."""
    given = {name: posted.get(name, "").strip() for name in FIELDS}
    errors = [
        (f"id_{name}", code_sentence("post.day", {"text": given[name][:40]}))
        for name in ("first", "last")
        if given[name] and _day(given[name]) is None
    ]
    last = _day(given["last"])
    asked = PostAsked(
        role=given["role"],
        unit=given["unit"],
        territory=given["territory"],
        classes=(given["main"],) if given["main"] else (),
        valid_from=_day(given["first"]),
        valid_to=last + timedelta(1) if last else None,
    )
    return PostForm(given, asked, tuple(errors))


def form_of(post: Post) -> PostForm:
    """Return the form filled with a post as it stands."""
    held = post.deputy_of or post
    classes = tuple(one.key for one in held.classes.all())
    given = {
        "role": held.role,
        "unit": held.body.code if held.body else "",
        "territory": held.territory.code if held.territory else "",
        "main": classes[0] if classes else "",
        "first": post.valid_from.isoformat() if post.valid_from else "",
        "last": (post.valid_to - timedelta(1)).isoformat() if post.valid_to else "",
        "username": "",
    }
    asked = PostAsked(held.role, given["unit"], given["territory"], classes, post.valid_from, post.valid_to)
    return PostForm(given, asked)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found < date.max else None


def choices(tenant: Tenant, form: PostForm, every: str, choose: str) -> dict[str, list[tuple[str, str]]]:
    """Return what the form of a post offers; `every` is what narrows nothing, `choose` asks for a role.

    Territories of the level by which the office is assessed, and the one that is chosen already.
    """
    none, chosen = ("", every), form.given.get("territory", "")
    level = str(tenant.settings.get("by") or "")
    places = options(tenant, level)
    if chosen and chosen not in dict(places):
        places = [*places, *(one for one in options(tenant) if one[0] == chosen)]
    return {
        "roles": [("", choose), *((str(role), str(role.label)) for role in Role)],
        "units": [none, *((one.code, one.name) for one in bodies_of(tenant))],
        "territories": [none, *places],
        "classes": [none, *main_classes(tenant)],
    }
