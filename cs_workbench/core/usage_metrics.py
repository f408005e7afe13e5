"""What is measured of usage, and how its days are put together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Rollup = Literal["sum", "mean", "max", "last"]
MetricKind = Literal["usage", "balance", "quota"]
METRIC_KINDS: tuple[MetricKind, ...] = ("usage", "balance", "quota")
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
        source: the system it comes from; the mapping's name where nobody says otherwise.
        fresh_days: data is expected to be at most so many days old; None: nothing was declared.
        kind: `usage`; `balance` is what is left of credits, `quota` what is used of an allowance.
        is_per_seat: it counts for each contracted seat; of a quota, so does the allowance.
        quota: the allowance of a period.
        low, high: a day's plausible values, ends included; None: nothing was declared. Bounds are
            never learned: what an account had so far says little about what it may have.
        declares_unit: whether the unit was declared, and not taken from the name.
    """

    name: str
    label: str
    unit: str = ""
    rollup: Rollup = "sum"
    higher_is_better: bool = True
    source: str | None = None
    fresh_days: int | None = None
    low: float | None = None
    high: float | None = None
    kind: MetricKind = "usage"
    is_per_seat: bool = False
    quota: float | None = None
    declares_unit: bool = False


FRESH_DAYS = 7  # a nightly feed may fail over a weekend and a holiday
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


_PEOPLE = frozenset({"users", "nutzer", "utilisateurs", "usuarios"})
# What else people call the actives of a day, a week and four weeks.
_ACTIVES = {
    **dict.fromkeys(
        (
            "dau",
            "users",
            "daily_active_users",
            "aktive_nutzer",
            "nutzer",
            "utilisateurs_actifs",
            "usuarios_activos",
        ),
        "active_users",
    ),
    **dict.fromkeys(("wau", "weekly_active_users"), "active_users_7d"),
    **dict.fromkeys(("mau", "monthly_active_users"), "active_users_28d"),
}

BALANCES = ("_left", "_balance", "_remaining")  # so end the names of what runs out
DIVIDER = "/"  # between a metric and the team whose part of it is meant


def is_part(metric: str) -> bool:
    """Whether a metric is a team's part of another one: `active_users/Dispatch`."""
    return DIVIDER in metric.strip(DIVIDER)


def whole_of(metric: str) -> str:
    """The metric that a part belongs to; the metric itself if it is no part."""
    return metric.partition(DIVIDER)[0] if is_part(metric) else metric


def usage_metric(name: str) -> UsageMetric:
    """What a metric of that name is, as far as its name tells; a part is what its whole is."""
    if is_part(name):
        whole = usage_metric(whole_of(name))
        label = f"{whole.label}, {name.partition(DIVIDER)[2].strip()}"
        return replace(whole, name=name, label=label)
    unit, rollup = _KNOWN.get(name, ("", "sum"))
    label = name.replace("_", " ").strip() or name
    label = label[:1].upper() + label[1:]
    if name.endswith(BALANCES):
        return UsageMetric(name, label, unit, "last", fresh_days=FRESH_DAYS, kind="balance")
    if name not in _KNOWN:
        if _PEOPLE & {name.rpartition("_")[2], name.partition("_")[0]}:
            return UsageMetric(name, label, "users", "mean")
        return UsageMetric(name, label)
    return UsageMetric(name, label, unit, rollup, name != "errors", fresh_days=FRESH_DAYS, low=0.0)


def known_name(name: str) -> str:
    """The name under which actives are known, of a heading of a table: `mau`, `Aktive Nutzer`."""
    return _ACTIVES.get(name, name)


def combined(mine: float | None, other: float | None, rollup: str) -> float | None:
    """A day of two accounts that are one: added, or the higher where days may not be added."""
    if mine is None or other is None:
        return other if mine is None else mine
    return max(mine, other) if rollup in {"max", "last"} else mine + other


def roll_up(days: Sequence[float | None], rollup: str) -> float | None:
    """The value of a longer period from those of its days; None where no day is known.

    Args:
        days: oldest first, None without data.
        rollup: `sum` and `mean` are of the known days, `last` is the newest known.
    """
    known = [value for value in days if value is not None]
    if not known:
        return None
    if rollup == "mean":
        return sum(known) / len(known)
    if rollup == "max":
        return max(known)
    return known[-1] if rollup == "last" else sum(known)
