"""What is measured of usage, and how its days are put together."""

from dataclasses import dataclass
from typing import Literal

Rollup = Literal["sum", "mean", "max", "last"]
ROLLUPS: tuple[Rollup, ...] = ("sum", "mean", "max", "last")


@dataclass(frozen=True, slots=True)
class UsageMetric:
    """A usage metric.

    Attributes:
        name: as files write it.
        label: as screens show it.
        unit: what is counted.
        rollup: how days make a longer period.
        higher_is_better: more of it is good news.
    """

    name: str
    label: str
    unit: str = ""
    rollup: Rollup = "sum"
    higher_is_better: bool = True


# Actives of a day must not be added up: the same people come back.
_KNOWN: dict[str, tuple[str, Rollup]] = {
    "active_users": ("users", "mean"),
    "active_users_7d": ("users", "last"),
    "active_users_28d": ("users", "last"),
    "key_actions": ("actions", "sum"),
    "api_calls": ("calls", "sum"),
    "reports_run": ("reports", "sum"),
    "logins": ("logins", "sum"),
    "errors": ("errors", "sum"),
}


def usage_metric(name: str) -> UsageMetric:
    """What a metric of that name is, as far as its name tells."""
    unit, rollup = _KNOWN.get(name, ("", "sum"))
    label = name.replace("_", " ").strip() or name
    return UsageMetric(name, label[:1].upper() + label[1:], unit, rollup, name != "errors")
