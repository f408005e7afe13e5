"""What a team asks of its forecasts: gates, fields, defaults, authority."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from cs_workbench.core.forecasts import Category
from cs_workbench.core.renewals import DEFAULT_POLICY, RenewalPolicy

FULL: Final = 10_000  # a rate of 1 in 1/10,000
Field = Literal[
    "amount",
    "probability",
    "risk",
    "narrative",
    "reason",
    "closes_on",
    "missing_fact",
    "commitment",
    "renew_today",
]
FIELDS: Final[tuple[Field, ...]] = (
    *("amount", "probability", "risk", "narrative", "reason", "closes_on", "missing_fact"),
    *("commitment", "renew_today"),
)


@dataclass(frozen=True)
class ForecastPolicy:
    """Read from `renewals.toml`; the values here are those of the file that comes with it.

    Attributes:
        renewal: when a renewal is decided.
        default_e4: by category, its probability where none is given, in 1/10,000.
        gate_days: this long before the deadline the gate begins.
        gate_allows: categories that pass it, and `gate_if_missing` those that pass with the one
            missing fact and its day.
        required: by category, what a forecast has to say.
        required_on_change: what it has to say besides where the category differs from before.
        signers: roles of contacts who may give a commitment; one without a role may.
        stale_days: a forecast older than that is said to be old.
        fiscal_month: the month in which the fiscal year begins.
        calibrate_from: from so many outcomes a category's own rate replaces its default.
        least_record: below so many outcomes a person's record says nothing.
        disagree_e4: model and forecast disagree from this difference on.
    """

    renewal: RenewalPolicy = DEFAULT_POLICY
    default_e4: Mapping[Category, int] = field(
        default_factory=lambda: MappingProxyType(
            {
                "closed": FULL,
                "commit": 9_500,
                "likely": 7_500,
                "at risk": 4_500,
                "churn expected": 1_500,
                "omitted": 0,
            }
        )
    )
    gate_days: int = 90
    gate_allows: tuple[Category, ...] = ("closed", "commit", "at risk", "churn expected")
    gate_if_missing: tuple[Category, ...] = ("likely",)
    required: Mapping[Category, tuple[Field, ...]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "closed": (),
                "commit": ("amount",),
                "likely": ("amount",),
                "at risk": ("amount", "risk", "narrative"),
                "churn expected": ("risk", "narrative"),
                "omitted": ("narrative",),
            }
        )
    )
    required_on_change: tuple[Field, ...] = ()
    signers: tuple[str, ...] = ("decision maker", "sponsor", "champion")
    stale_days: int = 14
    fiscal_month: int = 1
    calibrate_from: int = 30
    least_record: int = 10
    disagree_e4: int = 3_000

    def probability(self, category: Category | None, given_e4: int | None = None) -> int:
        """What is reckoned with, in 1/10,000; no forecast counts as at risk."""
        if given_e4 is not None and category not in {"closed", "omitted"}:
            return given_e4
        return self.default_e4[category or "at risk"]


def calibrated(
    policy: ForecastPolicy, outcomes: Mapping[Category, tuple[int, int]]
) -> Mapping[Category, int]:
    """The probabilities by category: the team's own where there are enough outcomes.

    Args:
        policy: the defaults, and how many outcomes are enough.
        outcomes: by category, how many renewals were won and how many there were.
    """
    rates = dict(policy.default_e4)
    for category, (won, count) in outcomes.items():
        if category not in {"closed", "omitted"} and count >= policy.calibrate_from:
            rates[category] = round(won * FULL / count)
    return rates
