"""Metrics as documents: for programs (`--json`), and exactly, for a closed period's snapshot."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.revenue import Bridge
from cs_workbench.core.money import to_major

DIGITS = 6
Names = Mapping[int, tuple[str, str]]


def metric_document(metric: Metric, currency: str, names: Names | None = None) -> dict[str, Any]:
    """One metric; amounts in major units, shares as numbers from 0 to 1.

    Args:
        metric: the metric.
        currency: of its amounts.
        names: id and name of the accounts, where their list is wanted.
    """
    money_value = metric.unit == "money"
    found: dict[str, Any] = {
        "value": _number(metric.value, currency, is_money=money_value),
        "unit": metric.unit,
        "numerator": _number(metric.numerator, currency, is_money=metric.of == "money"),
        "denominator": _number(metric.denominator, currency, is_money=metric.of == "money"),
        "n": metric.n,
        "low": _limit(metric.low, currency, is_money=money_value),
        "high": _limit(metric.high, currency, is_money=money_value),
        "of": metric.of,
        "flags": list(metric.flags),
    }
    if names is not None:
        found["accounts"] = account_rows(metric, currency, names)
    return found


def account_rows(metric: Metric, currency: str, names: Names) -> list[dict[str, Any]]:
    """What each account gave above and below the line."""
    members = metric.members
    below = members.denominators or [0] * len(members.keys)
    is_money = metric.of == "money"
    return [
        {
            "account_id": names.get(key, (str(key), ""))[0],
            "name": names.get(key, ("", ""))[1],
            "numerator": _number(above, currency, is_money=is_money),
            "denominator": _number(beneath, currency, is_money=is_money),
        }
        for key, above, beneath in zip(members.keys, members.numerators, below, strict=True)
    ]


def bridge_document(bridge: Bridge, currency: str) -> dict[str, Decimal]:
    """The bridge in major units; `escalators` is a part of `expansion`."""
    return {name: to_major(minor, currency) for name, minor in bridge.plain().items()}


def frozen_metric(metric: Metric) -> dict[str, Any]:
    """A metric exactly, without its accounts."""
    return {
        "key": metric.key,
        "unit": metric.unit,
        "numerator": str(metric.numerator),
        "denominator": str(metric.denominator),
        "n": metric.n,
        "interval": metric.interval,
        "flags": list(metric.flags),
        "by": metric.by,
        "of": metric.of,
    }


def thawed_metric(given: Mapping[str, Any]) -> Metric:
    """The metric of such a document."""
    interval = given["interval"]
    return Metric(
        given["key"],
        given["unit"],
        Fraction(given["numerator"]),
        Fraction(given["denominator"]),
        given["n"],
        interval=None if interval is None else (interval[0], interval[1]),
        flags=tuple(given["flags"]),
        by=given["by"],
        of=given["of"],
    )


def thawed_bridge(given: Mapping[str, int]) -> Bridge:
    """The bridge of the amounts that `Bridge.plain` gave."""
    known = {one.name for one in fields(Bridge)} - {"members"}
    amounts: dict[str, Any] = {name: minor for name, minor in given.items() if name in known}
    return Bridge(**amounts)


def _number(value: Fraction | int | None, currency: str, *, is_money: bool) -> Decimal | int | None:
    """An exact value for JSON: money to the smallest coin, others to six digits."""
    if value is None:
        return None
    if is_money:
        return to_major(round(value), currency)
    exact = Fraction(value)
    if exact.denominator == 1:
        return exact.numerator
    return round(Decimal(exact.numerator) / Decimal(exact.denominator), DIGITS)


def _limit(value: float | None, currency: str, *, is_money: bool) -> Decimal | None:
    if value is None:
        return None
    return to_major(round(value), currency) if is_money else round(Decimal(value), DIGITS)
