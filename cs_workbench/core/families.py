"""Accounts that are part of other accounts."""

from collections.abc import Sequence


def in_circles(parents: Sequence[int]) -> list[int]:
    """The accounts that come back to themselves when one goes up from parent to parent.

    Args:
        parents: at each account's key the key of its parent, 0 where it has none.
    """
    seen_from = [0] * len(parents)
    found: list[int] = []
    for start in range(1, len(parents)):
        at = start
        while at and not seen_from[at]:
            seen_from[at] = start
            at = parents[at]
        if at and seen_from[at] == start:
            found.extend(_circle(parents, at))
    return found


def _circle(parents: Sequence[int], first: int) -> list[int]:
    circle, at = [first], parents[first]
    while at != first:
        circle.append(at)
        at = parents[at]
    return circle
