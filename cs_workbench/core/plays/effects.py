"""What a playbook changes: accounts that became eligible, treated or not, matched and compared.

Intention to treat: an account counts as treated once the play was started, whatever became of it.
Controls are accounts that were eligible and not treated: those left alone by chance (hold-out), and
those that nobody came to. Each treated account is compared with the untreated ones of its stratum
(segment, tenure, band, ARR). The interval is the normal one of a difference of means, weighted by
strata, at 95 %.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance
from typing import Literal

from cs_workbench.core.playbooks.model import Playbook

Verdict = Literal["better", "worse", "no difference shown", "not enough data"]
LEAST = 10  # matched accounts on either side; fewer say nothing
Z = 1.959964
YOUNG, OLD = 365, 1_095  # days since the start
SMALL, LARGE = 50_000, 250_000  # ARR in major units


@dataclass(frozen=True)
class TrialResult:
    """One account that was eligible, and what came of it.

    Attributes:
        is_treated: the play was started within the window.
        before, after: what the playbook is judged by, when it became eligible and at the end of the
            window; an account without both is left out.
    """

    account_key: int
    eligible_on: dt.date
    is_treated: bool
    segment: str | None
    tenure_days: int | None
    band: str
    arr: float | None
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """What changed; None where it is not known."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Effect:
    """The difference that the playbook made, treated less untreated.

    Attributes:
        n_treated, n_control: accounts that could be matched.
        difference: None where there is not enough data, as `low` and `high`.
    """

    n_treated: int
    n_control: int
    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class PlayCounts:
    """How far the plays of one version came."""

    eligible: int
    held_out: int
    suggested: int
    started: int
    completed: int
    abandoned: int


@dataclass(frozen=True)
class PlaybookEffect:
    """One version of a playbook, its plays, and the difference it made.

    Attributes:
        steps: by step, how often it was done, and in how many days on average.
        stalls_at: the step after which most plays went no further; None where none did.
    """

    playbook: Playbook
    counts: PlayCounts
    steps: Mapping[str, tuple[int, float]]
    stalls_at: str | None
    effect: Effect


def effect_of(results: Iterable[TrialResult], *, higher_is_better: bool) -> Effect:
    """Compare treated accounts with untreated ones of the same stratum."""
    strata: dict[tuple[str, ...], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for one in results:
        if one.change is not None:
            strata[stratum_of(one)][not one.is_treated].append(one.change)
    matched = [pair for pair in strata.values() if pair[0] and pair[1]]
    treated = sum(len(pair[0]) for pair in matched)
    control = sum(len(pair[1]) for pair in matched)
    spread = _variance(matched, treated)
    if treated < LEAST or control < LEAST or spread is None:
        return Effect(treated, control, None, None, None, "not enough data")
    difference = sum(len(one) * (fmean(one) - fmean(other)) for one, other in matched) / treated
    half = Z * sqrt(spread)
    low, high = difference - half, difference + half
    return Effect(
        treated,
        control,
        difference,
        low,
        high,
        _verdict(low, high, higher_is_better=higher_is_better),
    )


def stratum_of(one: TrialResult) -> tuple[str, ...]:
    """What accounts are matched by."""
    tenure = one.tenure_days
    age = "" if tenure is None else "new" if tenure < YOUNG else "old" if tenure > OLD else "mid"
    return (one.segment or "").casefold(), age, one.band, _size(one.arr)


def _size(arr: float | None) -> str:
    if arr is None:
        return ""
    return "small" if arr < SMALL else "large" if arr > LARGE else "middle"


def _variance(matched: Sequence[tuple[list[float], list[float]]], treated: int) -> float | None:
    """Of the weighted difference, with one variance for each side pooled over the strata."""
    pooled = [_pooled([pair[side] for pair in matched]) for side in (0, 1)]
    if None in pooled or not treated:
        return None
    total = 0.0
    for one, other in matched:
        weight = len(one) / treated
        total += weight**2 * ((pooled[0] or 0) / len(one) + (pooled[1] or 0) / len(other))
    return total


def _pooled(groups: Sequence[Sequence[float]]) -> float | None:
    freedom = sum(len(group) - 1 for group in groups)
    if freedom < 2:
        return None
    squares = sum((len(group) - 1) * variance(group) for group in groups if len(group) > 1)
    return squares / freedom


def _verdict(low: float, high: float, *, higher_is_better: bool) -> Verdict:
    if low <= 0 <= high:
        return "no difference shown"
    return "better" if (low > 0) == higher_is_better else "worse"
