"""A usage metric as TOML files declare one: what it is called, counted in, and expected of."""

from collections.abc import Mapping
from typing import Any

from cs_workbench.core.toml_checks import TomlChecks
from cs_workbench.core.usage_metrics import (
    METRIC_KINDS,
    ROLLUPS,
    MetricKind,
    UsageMetric,
    usage_metric,
)

METRIC_KEYS = (
    *("name", "label", "unit", "rollup", "higher_is_better", "source", "fresh_days", "low", "high"),
    *("kind", "per_seat", "quota"),
)
QUIET_DAYS = ("zero", "unknown")


def read_metric(checks: TomlChecks, where: str, given: Mapping[str, Any]) -> UsageMetric:
    """The metric that a table declares; what it leaves open is told by its name.

    Args:
        checks: of the file.
        where: the place of the table, for messages.
        given: the table; other keys than `METRIC_KEYS` are the caller's.

    Raises:
        InputError: a value that such a key cannot have.
    """
    base = usage_metric(checks.text(f"{where} name", given.get("name")))
    rollup = given.get("rollup", base.rollup)
    if rollup not in ROLLUPS:
        raise checks.fail(where, f"rollup must be one of: {', '.join(ROLLUPS)}")
    return UsageMetric(
        base.name,
        checks.text(f"{where} label", given.get("label", base.label)),
        checks.optional_text(f"{where} unit", given.get("unit", base.unit)) or "",
        rollup,
        checks.flag(
            f"{where} higher_is_better", given.get("higher_is_better", base.higher_is_better)
        ),
        checks.optional_text(f"{where} source", given.get("source")),
        *_contract(checks, where, given, base),
        *_supply(checks, where, given, base),
        declares_unit="unit" in given,
    )


def read_quiet_days(
    checks: TomlChecks, where: str, given: Mapping[str, Any], otherwise: str
) -> bool:
    """Whether a day on which events came, but none of an account, is a zero of that account.

    Raises:
        InputError: `quiet_days` is something else than `zero` or `unknown`.
    """
    told = given.get("quiet_days", otherwise)
    told = checks.choice(f"{where} quiet_days", told, QUIET_DAYS)
    return bool(told == QUIET_DAYS[0])


def _supply(
    checks: TomlChecks, where: str, given: Mapping[str, Any], base: UsageMetric
) -> tuple[MetricKind, bool, float | None]:
    """Whether it is use, a balance or a quota; for each seat or not; and how much of it."""
    kind = given.get("kind", base.kind)
    if kind not in METRIC_KINDS:
        raise checks.fail(where, f"kind must be one of: {', '.join(METRIC_KINDS)}")
    per_seat = checks.flag(f"{where} per_seat", given.get("per_seat", base.is_per_seat))
    quota = given.get("quota", base.quota)
    is_number = isinstance(quota, int | float) and not isinstance(quota, bool)
    if quota is not None and (not is_number or quota <= 0):
        raise checks.fail(where, "quota must be a number above zero")
    if quota is not None and kind != "quota":
        raise checks.fail(where, 'a quota needs kind = "quota"')
    return kind, per_seat, quota


def _contract(
    checks: TomlChecks, where: str, given: Mapping[str, Any], base: UsageMetric
) -> tuple[int | None, float | None, float | None]:
    """How fresh a metric is to be, and between what a day's value is plausible."""
    fresh = given.get("fresh_days", base.fresh_days)
    if fresh is not None and (type(fresh) is not int or fresh < 1):
        raise checks.fail(where, "fresh_days must be a whole number above zero")
    low, high = (given.get(key, getattr(base, key)) for key in ("low", "high"))
    for value in (low, high):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise checks.fail(where, "low and high must be numbers")
    if low is not None and high is not None and low > high:
        raise checks.fail(where, "low is above high")
    return fresh, low, high
