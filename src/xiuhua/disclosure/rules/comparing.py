"""What differs between two versions of a text: block by block, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from xiuhua.disclosure.bulletin import Block, BlockChange, Run

#: A locked number or a number, a Latin word, white space, or one sign: Chinese has no blanks between its words.
_WORD = re.compile(r"〔[^〔〕\n]*〕|\d+(?:\.\d+)?%?|[A-Za-z]+|\s+|.", re.DOTALL)
#: Blocks less alike are shown as one gone and one new, not as a heap of single signs.
ALIKE = 0.4


def runs(before: str, after: str) -> tuple[Run, ...]:
    """Return two texts as runs that are the same, gone or new; the same and gone together are `before`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Run] = []
    for verb, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verb == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += [(kind, "".join(part)) for kind, part in (("gone", old[a:b]), ("new", new[c:d])) if part]
    return tuple(found)


def difference(before: Sequence[Block], after: Sequence[Block]) -> tuple[BlockChange, ...]:
    """Return the blocks of two versions in the order of the later one, each with what became of it."""
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after], autojunk=False)
    found: list[BlockChange] = []
    for verb, a, b, c, d in matcher.get_opcodes():
        if verb == "equal":
            found += [BlockChange("same", one.kind, (("same", one.text),)) for one in after[c:d]]
        else:
            found += _replaced(before[a:b], after[c:d])
    return tuple(found)


def _replaced(before: Sequence[Block], after: Sequence[Block]) -> Iterator[BlockChange]:
    """Yield blocks that stand in each other's place: those alike in pairs, the rest as gone and new."""
    left = list(before)
    for block in after:
        at = next((number for number, one in enumerate(left) if _alike(one.text, block.text)), None)
        if at is None:
            yield BlockChange("added", block.kind, (("new", block.text),))
            continue
        yield from (_gone(one) for one in left[:at])
        yield BlockChange("changed", block.kind, runs(left[at].text, block.text))
        del left[: at + 1]
    yield from (_gone(one) for one in left)


def _gone(block: Block) -> BlockChange:
    return BlockChange("removed", block.kind, (("gone", block.text),))


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
