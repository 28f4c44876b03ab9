"""Who may: see a case, move it. A pair each time – the predicate on one case and the scope on a queryset."""

from __future__ import annotations

from django.db.models import Q

from xiuhua.cases.models import Case
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.words import Actor, Grant
from xiuhua.privacy.words import Kind

SEE = "case.see"
#: The right to see who told of a case.
REPORTER = "reporter.see"
#: The rights to see texts as they were written: all personal data in them, or what tells the place – doors and plates.
CLEAR, PLACE = "privacy.see", "privacy.place"
_PLACES = frozenset({Kind.HOUSE, Kind.PLATE})
#: The condition that no case meets.
NOBODY = Q(pk__in=())


def right(verb: Verb | str) -> str:
    """Return the name of the right to a move."""
    return f"case.{verb!s}"


def visible(actor: Actor, verb: str = SEE, *, through: str = "") -> Q:
    """Return the condition for the cases in which the actor holds a right, by default that to see them.

    `through` is the way from another table to its case: "case__" for what belongs to one.
    """
    found = Q(**{f"{through}pk__in": ()})
    for grant in actor.granted(verb):
        if grant.whole:
            return Q()
        found |= _scope(grant, through)
    return found


def sees_all(actor: Actor) -> bool:
    """Return whether the actor sees every case of the office."""
    return actor.may_everywhere(SEE)


def _scope(grant: Grant, through: str) -> Q:
    found = Q()
    if grant.territories is not None:
        found &= Q(**{f"{through}territory__in": grant.territories})
    if grant.body is not None:
        found &= Q(**{f"{through}body": grant.body})
    if grant.classes is not None:
        found &= Q(**{f"{through}case_class__in": grant.classes})
    return found


def sees(actor: Actor, case: Case) -> bool:
    """Return whether the actor may see a case: the same as being among `visible`."""
    return may(actor, SEE, case)


def may(actor: Actor, verb: str, case: Case) -> bool:
    """Return whether the actor holds a right in a case."""
    return any(_holds(grant, case) for grant in actor.granted(verb))


def may_move(actor: Actor, verb: Verb, case: Case) -> bool:
    """Return whether the actor holds the post for a move of a case; where the case stands is no matter here."""
    return may(actor, right(verb), case)


def sees_reporters(actor: Actor, case: Case) -> bool:
    """Return whether the actor may see who told of a case: never by a post of a unit, whatever that post allows."""
    return any(_holds(grant, case) for grant in actor.granted(REPORTER) if grant.body is None)


def clear_kinds(actor: Actor, case: Case) -> frozenset[Kind]:
    """Return the kinds of personal data in a case's texts that the actor may look at; none for who may not look.

    By a post of a unit never more than doors and plates: who told of a case is kept from the unit it is about.
    """
    if any(_holds(grant, case) for grant in actor.granted(CLEAR) if grant.body is None):
        return frozenset(Kind)
    return _PLACES if may(actor, PLACE, case) or may(actor, CLEAR, case) else frozenset()


def post_for(actor: Actor, verb: Verb, case: Case) -> str:
    """Return the role of the post under which the actor makes a move; empty if there is none."""
    return next((grant.post for grant in actor.granted(right(verb)) if _holds(grant, case)), "")


def _holds(grant: Grant, case: Case) -> bool:
    return (
        (grant.territories is None or case.territory_id in grant.territories)
        and (grant.body is None or case.body_id == grant.body)
        and (grant.classes is None or case.case_class_id in grant.classes)
    )
