"""How good a person's forecasts were, told with how many there were."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cs_workbench.core.forecast_policy import FULL, ForecastPolicy
from cs_workbench.core.forecasts import Category, Forecast, Outcome, slips


class Judged(NamedTuple):
    """A renewal that is over, with all that was forecast of it.

    Attributes:
        commit_by: the day on which the forecast that is held against the outcome had to stand.
    """

    commit_by: dt.date
    history: Sequence[Forecast]
    outcome: Outcome


@dataclass(frozen=True)
class Record:
    """A person's record over renewals that are over.

    Attributes:
        renewals: how many; of fewer than the policy wants, rates say nothing.
        bias_e4: (weighted forecast - renewed) / renewed, in 1/10,000; above 0 is too hopeful.
        brier_e4: the mean squared difference of probability and outcome; None where too few.
        slips: how often they moved the expected day to a later one.
    """

    author: str
    renewals: int
    forecast_minor: int
    actual_minor: int
    bias_e4: int | None
    brier_e4: int | None
    slips: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough to tell."""
        return self.brier_e4 is not None


def held(history: Sequence[Forecast], commit_by: dt.date) -> Forecast | None:
    """The forecast that stood on the commit-by day, else the first one after it."""
    ordered = sorted(history, key=lambda one: (one.made_at, one.forecast_id))
    by_then = [one for one in ordered if one.made_on <= commit_by]
    return by_then[-1] if by_then else ordered[0] if ordered else None


def records(judged: Iterable[Judged], policy: ForecastPolicy) -> list[Record]:
    """One record an author, the one with most renewals first."""
    pairs: dict[str, list[tuple[Forecast, Outcome]]] = defaultdict(list)
    slipped: dict[str, int] = defaultdict(int)
    for one in judged:
        for author, count in slips(one.history).items():
            slipped[author] += count
        forecast = held(one.history, one.commit_by)
        if forecast is not None:
            pairs[forecast.author].append((forecast, one.outcome))
    made = [
        _record(author, pairs.get(author, []), slipped.get(author, 0), policy)
        for author in {**pairs, **slipped}
    ]
    return sorted(made, key=lambda one: (-one.renewals, one.author))


def outcomes_by_category(judged: Iterable[Judged]) -> Mapping[Category, tuple[int, int]]:
    """By the category that stood on the commit-by day: how many were won, of how many."""
    found: dict[Category, tuple[int, int]] = {}
    for one in judged:
        if forecast := held(one.history, one.commit_by):
            won, count = found.get(forecast.category, (0, 0))
            found[forecast.category] = (won + (one.outcome.ending == "won"), count + 1)
    return found


def _record(
    author: str,
    pairs: Sequence[tuple[Forecast, Outcome]],
    slipped: int,
    policy: ForecastPolicy,
) -> Record:
    rates = [policy.probability(one.category, one.probability_e4) for one, _ in pairs]
    weighted = actual = 0
    for (one, outcome), rate in zip(pairs, rates, strict=True):
        amount = outcome.due_minor if one.amount_minor is None else one.amount_minor
        if amount is not None and outcome.renewed_minor is not None:
            weighted += amount * rate
            actual += outcome.renewed_minor
    squares = [
        (rate - (FULL if outcome.ending == "won" else 0)) ** 2
        for rate, (_, outcome) in zip(rates, pairs, strict=True)
    ]
    is_enough = len(pairs) >= policy.least_record
    bias = round((weighted - actual * FULL) / actual) if actual and is_enough else None
    return Record(
        author=author,
        renewals=len(pairs),
        forecast_minor=round(weighted / FULL),
        actual_minor=actual,
        bias_e4=bias,
        brier_e4=round(sum(squares) / len(squares) / FULL) if is_enough else None,
        slips=slipped,
    )
