"""Personal data in a text: where it stands and what it is masked with. Pure, and linear in the length of the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from xiuhua.privacy.rules.houses import houses
from xiuhua.privacy.rules.masks import masked
from xiuhua.privacy.rules.names import names, names_beside
from xiuhua.privacy.rules.numbers import numbers
from xiuhua.privacy.rules.signs import accounts, emails, plates
from xiuhua.privacy.words import Found, Kind

#: Full width to half width, sign for sign, so that offsets stay: digits, letters, marks, the ideographic space.
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, ord("．"): ord(".")}
#: A text without any of these holds nothing: most short texts are done with here.
_HINTS = re.compile(
    r"[0-9@]|[一二三四五六七八九十]|人|主|户|民|东|客|名|属|微|薇|对象|者|群众|qq|wechat|[A-Za-z]{4}", re.IGNORECASE
)
#: Which of two that begin at one place is taken: the more telling number, then the longer.
_RANK = {
    kind: place
    for place, kind in enumerate(
        (Kind.EMAIL, Kind.IDENTITY, Kind.CARD, Kind.PLATE, Kind.PHONE, Kind.ACCOUNT, Kind.HOUSE, Kind.NAME)
    )
}

_Reading = tuple[Kind, int, int, int]


def find(text: str, *, known: Iterable[str] = ()) -> tuple[Found, ...]:
    """Return the personal data in a text in the order in which it stands there, none overlapping another.

    `known` are numbers that are known to be nobody's – the case's own number, its task number –: whatever lies within
    one of them is left alone.
    """
    plain = text.translate(_HALF)
    if not _HINTS.search(plain):
        return ()
    spared = [span for one in known if one for span in _places(text, one)]
    chosen: list[_Reading] = []
    last = 0
    for kind, start, end, surname in sorted(_readings(plain), key=lambda one: (one[1], _RANK[one[0]], -one[2])):
        if start < last or any(start < stop and begin < end for begin, stop in spared):
            if start < last < end and kind is Kind.HOUSE and chosen[-1][0] is Kind.HOUSE:
                chosen[-1] = (kind, chosen[-1][1], end, 0)
                last = end
            continue
        chosen.append((kind, start, end, surname))
        last = end
    return tuple(
        Found(kind, start, end, masked(kind, text[start:end], surname=surname)) for kind, start, end, surname in chosen
    )


def mask(text: str, *, known: Iterable[str] = (), spared: Collection[Kind] = ()) -> str:
    """Return the text with its personal data masked but for kinds that are spared; what is masked already stays as it is."""
    found = [one for one in find(text, known=known) if one.kind not in spared]
    if not found:
        return text
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], one.masked]
        at = one.end
    return "".join((*parts, text[at:]))


def _places(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    at = text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + len(wanted))


def _readings(text: str) -> Iterator[_Reading]:
    for kind, start, end in numbers(text):
        yield kind, start, end, 0
        if kind is Kind.PHONE:
            for (what, begin, stop), surname in names_beside(text, start, end):
                yield what, begin, stop, surname
    for reader in (plates, emails, accounts, houses):
        for kind, start, end in reader(text):
            yield kind, start, end, 0
    for (kind, start, end), surname in names(text):
        yield kind, start, end, surname
