"""Who may take which step of a text on its way out, and what may happen to it in each state (docs/bulletins.md).

No step is skipped and none is taken out of turn, whoever asks; nobody approves what he wrote. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from xiuhua.disclosure.bulletin import ApprovalKind, BulletinState, Step, Taken

#: What may be done in a state. Saving a new text is possible until it is issued, and starts the steps again.
MAY: Mapping[BulletinState, frozenset[str]] = {
    BulletinState.DRAFT: frozenset({"save", "submit", "waive", "abandon"}),
    BulletinState.REVIEW: frozenset({"save", "approve", "send_back", "waive"}),
    BulletinState.APPROVED: frozenset({"save", "send_back", "issue", "waive"}),
    BulletinState.ISSUED: frozenset({"correct"}),
    BulletinState.ABANDONED: frozenset(),
}


def may(state: str, verb: str) -> bool:
    """Return whether a verb is possible in a state."""
    return verb in MAY[BulletinState(state)]


def next_step(steps: Sequence[Step], taken: Iterable[Taken]) -> Step | None:
    """Return the first step that nobody has passed since the text was submitted, None where all are."""
    passed = {one.step for one in taken if one.kind is ApprovalKind.PASSED}
    return next((step for step in steps if step.code not in passed), None)


def why_not(
    step: Step,
    person: int | None,
    roles: Collection[str],
    *,
    authors: Collection[int],
    taken: Iterable[Taken],
    several: bool,
) -> str:
    """Return the code of what keeps a person from taking a step, "" where nothing does.

    `roles` are those of his posts that have the right, `authors` who wrote any version of the text. `several` may let
    one person take several steps; that nobody approves his own text it cannot relax.
    """
    if person is None or person in authors:
        return "bulletin.own_text"
    if not step.roles & set(roles):
        return "bulletin.not_your_step"
    if not several and any(one.by == person and one.kind is ApprovalKind.PASSED for one in taken):
        return "bulletin.step_twice"
    return ""
