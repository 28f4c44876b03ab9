"""Saying many codes with few: everything below a node is said by the node."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xiuhua.responsibility.rules.duty.matrix import leaves, line_up


def covering(codes: Collection[str], above: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the fewest nodes of a tree whose finest members are exactly these finest `codes`, in order.

    A node stands for its members only if all of them are meant; a code that the tree does not know stands for itself.
    """
    wanted = set(codes)
    missing = {code for leaf in leaves(above) if leaf not in wanted for code in line_up(leaf, above)}
    said = set()
    for code in wanted:
        whole = [node for node in line_up(code, above) if node not in missing]
        said.add(whole[-1] if whole else code)
    return tuple(sorted(said))
