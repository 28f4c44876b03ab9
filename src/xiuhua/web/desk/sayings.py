"""Sentences of an analysis as a page shows them: each number with the address of the cases it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from xiuhua.analytics.words import Where
from xiuhua.insight.phrases import READ, clause, pieces, sentence
from xiuhua.insight.words import Against, Saying
from xiuhua.web.desk.again import places_href
from xiuhua.web.desk.chosen import Chosen
from xiuhua.web.desk.figures import behind, narrowing

#: The saying about all that came back: it counts cases and places.
RETURNED = "recur.total"
#: The group of what compares with last year.
YEAR = "year"
#: Facts that name a place whose cases an address can ask for, with the parameter that does.
PLACES = {"first": "again", "cell": "spot"}


@dataclass(frozen=True, slots=True)
class Linked:
    """A piece of a sentence; with an address it opens as many cases as `count`."""

    text: str
    href: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: what stands before its parts, the parts read out, those that are folded, what stands behind them."""

    head: str
    parts: tuple[Linked, ...]
    more: tuple[Linked, ...]
    tail: str
    list: Linked | None
    #: The places that the sentence counts beside its cases.
    places: Linked | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What is said under one heading: of the office, of it against last year, and of each subject by name.

    `unsaid` are the reasons why nothing is said of something, `empty` why nothing is said at all.
    """

    key: str
    title: str
    office: tuple[Sentence, ...]
    subjects: tuple[tuple[str, tuple[Sentence, ...]], ...]
    year: tuple[Sentence, ...] = ()
    unsaid: tuple[str, ...] = ()
    empty: str = ""


def where_href(choice: Chosen, where: Where) -> str:
    """Return the address of the frozen cases of `where`, which may not narrow to keys: addresses name places instead."""
    href = behind(choice, where.measure, where.part.value, by=where.by or None, subject=where.subject)
    more = narrowing(where)
    return f"{href}&{urlencode(more)}" if more else href


def saying_href(choice: Chosen, saying: Saying) -> str:
    """Return the address of the list behind a saying, "" where it has none that an address can name."""
    if saying.where is None:
        return ""
    if saying.where.keys is None:
        return where_href(choice, saying.where)
    whose = {"by": saying.where.by or None, "subject": saying.where.subject}
    for name, parameter in PLACES.items():
        if name in saying.facts:
            asked = {**whose, parameter: str(saying.facts[name])}
            return behind(choice, saying.where.measure, saying.where.part.value, **asked)
    return ""


def linked(choice: Chosen, saying: Saying) -> Linked:
    """Return a saying that is part of another."""
    return Linked(clause(saying), saying_href(choice, saying), saying.count)


def sentence_of(choice: Chosen, saying: Saying, *, named: bool = False) -> Sentence:
    """Return a saying in pieces; with `named` it begins with the name of its subject."""
    own = Linked("", saying_href(choice, saying), saying.count) if saying.where else None
    own = own if own and own.href else None
    if not saying.parts:
        return Sentence(sentence(saying) if named else clause(saying), (), (), "", own)
    head, tail = pieces(saying)
    parts = tuple(linked(choice, part) for part in saying.parts)
    places = Linked("", places_href(choice, saying.subject), len(parts)) if saying.code == RETURNED else None
    return Sentence(head, parts[:READ], parts[READ:], tail, own, places)


def grouped(choice: Chosen, sayings: Iterable[Saying]) -> dict[str, list[tuple[str, str, Sentence]]]:
    """Return {group: (subject's code, its name, sentence)} by the first word of the sayings' codes, in their order.

    What compares with last year is a group of its own, YEAR.
    """
    found: dict[str, list[tuple[str, str, Sentence]]] = {}
    for saying in sayings:
        told = (saying.subject, str(saying.facts.get("name") or ""), sentence_of(choice, saying))
        year = saying.facts.get("against") == Against.YEAR.value
        found.setdefault(YEAR if year else saying.code.partition(".")[0], []).append(told)
    return found


def by_subject(told: Iterable[tuple[str, str, Sentence]]) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    """Yield (name, sentences) of each subject, in the order in which it is first spoken of."""
    names: dict[str, str] = {}
    said: dict[str, list[Sentence]] = {}
    for code, name, one in told:
        if code:
            names.setdefault(code, name)
            said.setdefault(code, []).append(one)
    for code, name in names.items():
        yield name, tuple(said[code])
