"""Parts that are rounded so that what is shown adds up to what is shown as their sum."""

from collections.abc import Sequence


def apportioned(parts: Sequence[int], step: int, total: int) -> list[int]:
    """Parts in whole steps that add up to `total` steps, by largest remainder.

    Args:
        parts: in a finer unit, of which `step` make one step; they may be negative.
        step: how many of the finer unit are one.
        total: in steps; the sum of the parts, rounded in whatever way it is shown.

    Returns:
        for each part its steps; where fractions are alike, the first takes what is left.
    """
    shown = [part // step for part in parts]
    left = total - sum(shown)
    by_fraction = sorted(range(len(parts)), key=lambda place: -(parts[place] % step))
    for place in by_fraction[:left]:
        shown[place] += 1
    return shown
