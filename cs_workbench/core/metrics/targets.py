"""Targets of key figures: from which day, whose, and whether a figure meets them."""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.words import LOW_IS_GOOD, WORDS
from cs_workbench.errors import InputError

State = Literal["met", "missed", "unsure", "unknown"]
_KEYS = {"metric", "value", "owner", "valid_from", "provisional"}


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should come to.

    Attributes:
        value: as the metric's own: a share from 0 to 1, hours, days; money in major units.
        owner: who answers for it; empty: nobody yet.
        valid_from: the first day on which it holds.
        provisional: not agreed on yet.
    """

    metric: str
    value: Fraction
    owner: str
    valid_from: dt.date
    provisional: bool


def read_targets(text: str, place: str) -> tuple[Target, ...]:
    """Read a targets file.

    Raises:
        InputError: with what is wrong and where.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{place} is not TOML: {problem}") from None
    entries = given.get("targets", [])
    if set(given) - {"targets"} or not isinstance(entries, list):
        raise InputError(f"{place}: has [[targets]] entries and nothing else.")
    return tuple(_target(one, f"{place}, target {at}") for at, one in enumerate(entries, start=1))


def in_force(targets: Sequence[Target], day: dt.date) -> dict[str, Target]:
    """The newest target of each metric that holds on a day."""
    found: dict[str, Target] = {}
    for one in sorted(targets, key=lambda one: one.valid_from):
        if one.valid_from <= day:
            found[one.metric] = one
    return found


def judge(metric: Metric, target: Target, money: Fraction = Fraction(1)) -> State:
    """Whether a figure meets its target; `unsure` where it misses by less than chance explains.

    Args:
        metric: the figure.
        target: what it should come to.
        money: minor units in a major unit of its currency, for amounts.
    """
    value = metric.value
    if value is None:
        return "unknown"
    wanted = target.value * money if metric.unit == "money" else target.value
    low_is_good = metric.key in LOW_IS_GOOD
    if value <= wanted if low_is_good else value >= wanted:
        return "met"
    near = metric.low if low_is_good else metric.high
    if near is not None and (near <= wanted if low_is_good else near >= wanted):
        return "unsure"
    return "missed"


def _target(given: Any, place: str) -> Target:
    if not isinstance(given, Mapping) or set(given) - _KEYS:
        raise InputError(f"{place}: knows {', '.join(sorted(_KEYS))}.")
    metric, value, since = given.get("metric"), given.get("value"), given.get("valid_from")
    if metric not in WORDS:
        raise InputError(f"{place}: {metric!r} is no metric. There are: {', '.join(WORDS)}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{place}: value is a number such as 0.85, not {value!r}.")
    if isinstance(since, str):
        try:
            since = dt.date.fromisoformat(since)
        except ValueError:
            since = None
    if not isinstance(since, dt.date) or isinstance(since, dt.datetime):
        raise InputError(f"{place}: valid_from is a date such as 2026-01-01.")
    owner, provisional = given.get("owner", ""), given.get("provisional", False)
    if not isinstance(owner, str) or not isinstance(provisional, bool):
        raise InputError(f"{place}: owner is a name in quotes, provisional true or false.")
    return Target(str(metric), Fraction(str(value)), owner, since, provisional)
