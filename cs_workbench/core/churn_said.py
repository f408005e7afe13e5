"""What the churn model in use says of an account: a probability that adds up from its parts."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from cs_workbench.core.money import short

# What a backtest sets side by side, by the names that JSON has.
MODELS: Final[Mapping[str, str]] = {
    "model": "the model",
    "base_rate": "base rate by segment",
    "last_use": "days since last use",
    "health": "health alone",
    "calendar": "renewal calendar alone",
    "health_x_calendar": "health x calendar",
}


def percent(share: float) -> str:
    """A share with as many digits as it is worth."""
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def leaving(share: float) -> str:
    """A probability in a column: `23%`; what is rare, or nearly sure, is not told as 0 or 100."""
    whole = f"{100 * share:.0f}"
    if whole == "0" and share > 0:
        return "<1%"
    return ">99%" if whole == "100" and share < 1 else f"{whole}%"


def leaving_span(share: float, low: float, high: float) -> str:
    """The same with its interval: `23% 17-30`."""
    return f"{leaving(share)} {100 * low:.0f}-{100 * high:.0f}"


class Part(NamedTuple):
    """One driver: its name for programs and for people, the account's value, and the log-odds."""

    driver: str
    label: str
    value: str
    log_odds: float


class ChurnSaid(NamedTuple):
    """The newest that was published of an account.

    Attributes:
        model: hash of the model; `as_of` the day of the snapshot.
        window_to: the last day by which it may leave.
        probability, low, high: rates; the interval holds 80 %.
        base: log-odds of the typical account; with the parts they make those of the probability.
    """

    model: str
    as_of: dt.date
    window_to: dt.date
    probability: float
    low: float
    high: float
    arr_minor: int | None
    currency: str
    base: float
    parts: tuple[Part, ...]

    @property
    def expected_loss_minor(self) -> int | None:
        """ARR x probability; None where the ARR is not known."""
        return None if self.arr_minor is None else round(self.arr_minor * self.probability)

    @property
    def of_arr(self) -> str:
        """What the expected loss is a part of: ` of 412k`; nothing where that is not known."""
        return "" if self.arr_minor is None else f" of {short(self.arr_minor, self.currency)}"

    @property
    def typical(self) -> float:
        """The typical account's probability."""
        return 1 / (1 + math.exp(-self.base))

    def points(self, part: Part) -> float:
        """The part's share of the distance from the typical account's probability."""
        total = sum(one.log_odds for one in self.parts)
        if abs(total) < 1e-12:
            return part.log_odds * self.typical * (1 - self.typical)
        return part.log_odds * (self.probability - self.typical) / total
