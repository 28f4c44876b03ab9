"""What a reader sees of texts that hold personal data, and what a masked text that came back from a form stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiuhua.kernel.words import Fact
from xiuhua.privacy.rules.finding import find, mask
from xiuhua.privacy.rules.masks import masked
from xiuhua.privacy.rules.surnames import DOUBLE
from xiuhua.privacy.words import Kind


@dataclass(frozen=True, slots=True)
class Sight:
    """How texts are shown: everything personal masked but for the kinds that are spared and the numbers that are known.

    `known` are numbers of the thing itself – the case's, the platform's task number –, which are nobody's.
    """

    known: tuple[str, ...] = ()
    spared: frozenset[Kind] = frozenset()

    def of(self, text: str) -> str:
        """Return a text as it is seen."""
        return mask(text, known=self.known, spared=self.spared)

    def hides(self, text: str) -> bool:
        """Return whether anything in a text is masked."""
        return any(one.kind not in self.spared for one in find(text, known=self.known))


#: The sight of who has not looked.
MASKED = Sight()


def masked_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return the facts of a fault or finding with their texts masked: cells of a file are free text too."""
    return {name: mask(value) if isinstance(value, str) else value for name, value in facts.items()}


def hide(kind: Kind, value: str) -> str:
    """Return a value that is known to be of a kind – a name in its own field – masked; "" stays "".

    A telephone number of fewer than seven digits is hidden whole: too little would be left of it.
    """
    if not value.strip():
        return ""
    if kind is Kind.PHONE and sum(map(str.isdigit, value)) < _FEWEST:
        return "****"
    return masked(kind, value, surname=2 if value[:2] in DOUBLE else 1)


#: Digits of the shortest telephone number of which some are shown.
_FEWEST = 7


def restore(text: str, original: str) -> str:
    """Return a text that came back from a form with what was masked in it put back from the original.

    A form shows its texts masked; who corrects a word in one must not wipe out the numbers that he did not see. What is
    put back never shows more: where the outcome would not be masked again as it was shown, the text stays as it came.
    """
    if text == original or not text:
        return text
    parts, at = [], 0
    for one in find(original):
        place = text.find(one.masked, at)
        if place >= 0:
            parts += [text[at:place], original[one.start : one.end]]
            at = place + len(one.masked)
    whole = "".join((*parts, text[at:]))
    return whole if mask(whole) == mask(text) else text
