"""A probability in a person's words: what moves it from the typical account's, in points."""

from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.columns import ALL, RENEWAL
from cs_workbench.churn.logistic import sigmoid
from cs_workbench.churn.models import Model
from cs_workbench.core.churn_said import percent

FEW, MOST_TOLD = 15, 4
LEAST_POINTS = 0.005


@dataclass(frozen=True)
class Driver:
    """One part of an explanation.

    Attributes:
        log_odds: exact; base and all parts add up to the log-odds.
        points: its share of the distance from the typical account's probability; they add up too.
        value_text: the account's own value, for a person.
    """

    name: str
    label: str
    value: float | None
    value_text: str
    log_odds: float
    points: float

    def told(self) -> str:
        """What is so, for a person."""
        return f"{self.label}: {self.value_text}"


@dataclass(frozen=True)
class Told:
    """One account's probability and what it is made of, the largest part first."""

    probability: float
    low: float
    high: float
    typical: float
    base: float
    drivers: tuple[Driver, ...]


def told_of(
    base: float, parts: list[tuple[str, float, float | None, str]], interval: tuple[float, float]
) -> Told:
    """Put an explanation together.

    Args:
        base: log-odds of the typical account.
        parts: driver, log-odds, value and how it is told.
        interval: low and high probability.
    """
    total = sum(moved for _, moved, _, _ in parts)
    typical, probability = sigmoid(np.array([base, base + total])).tolist()
    scale = (probability - typical) / total if abs(total) > 1e-12 else typical * (1 - typical)
    drivers = [
        Driver(name, ALL[name].label if name in ALL else name, value, text, moved, moved * scale)
        for name, moved, value, text in parts
    ]
    drivers.sort(key=lambda one: (-abs(one.log_odds), one.name))
    return Told(probability, interval[0], interval[1], typical, base, tuple(drivers))


def value_told(model: Model, name: str, value: float) -> str:
    """An account's value of a driver, for a person."""
    if name == RENEWAL:
        return "no fixed term" if np.isnan(value) else f"in {ALL['weeks_left'].told(value)}"
    if name == "segment":
        place = int(value)
        return model.segments[place] if 0 <= place < len(model.segments) else "none"
    return ALL[name].told(value)


def sentence(told: Told, horizon: int, lead: int) -> str:
    """One sentence: why this account has this probability."""
    ahead = f"within {horizon} days" + (f", from {lead} days on" if lead else "")
    head = (
        f"{percent(told.probability)} ({percent(told.low)} to {percent(told.high)}) to leave "
        f"{ahead}; "
        f"the typical account has {percent(told.typical)}."
    )
    moved = [one for one in told.drivers if abs(one.points) >= LEAST_POINTS][:MOST_TOLD]
    if not moved:
        return f"{head} Nothing sets it apart."
    parts = "; ".join(f"{one.told()} ({100 * one.points:+.0f} points)" for one in moved)
    return f"{head} What moves it most: {parts}."


def band_told(low: float, high: float, events: int) -> str:
    """A band in place of a probability, with what it rests on."""
    who = "1 churn" if events == 1 else f"{events} churns"
    about = f"on average about {percent(low)} to {percent(high)}"
    return f"{about}, from {who} and what is usual elsewhere"
