"""Conditions as they are written in playbooks: `usage change <= -0.25`, `answer.reached = yes`.

A condition holds, or does not, or is not known: what is not known never starts, ends or branches,
unless the condition says so: `arr >= 10k or unknown`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Operator = Literal["<", "<=", "=", "!=", ">=", ">", "is known", "is unknown"]
Value = str | float | bool | dt.date | None
Known = Mapping[str, Value]

_COMPARED = re.compile(r"(?P<name>[^<>=!]+?)\s*(?P<operator><=|>=|!=|<|>|=)\s*(?P<value>[^<>=!]+)")
_NAMED = re.compile(r"(?P<name>[^<>=!]+?) is (?P<what>known|unknown)")
_NUMBER = re.compile(r"(?P<digits>-?\d{1,15}(?:\.\d{1,9})?)\s?(?P<unit>[kM%]?)")
_OR_UNKNOWN = " or unknown"
_UNITS = {"": 1.0, "k": 1_000.0, "M": 1_000_000.0, "%": 0.01}
_OPERATORS: Mapping[str, Operator] = {
    "<": "<",
    "<=": "<=",
    "=": "=",
    "!=": "!=",
    ">=": ">=",
    ">": ">",
}


@dataclass(frozen=True)
class Condition:
    """One comparison.

    Attributes:
        name: a fact, a measure, or `answer.FIELD`.
        number: what is compared with, where it is a number.
        words: what is compared with otherwise; one of them has to be equal, in small letters.
        text: as it was written.
        or_unknown: it holds too where what it asks for is not known.
    """

    name: str
    operator: Operator
    number: float | None
    words: tuple[str, ...]
    text: str
    or_unknown: bool = False

    @property
    def is_threshold(self) -> bool:
        """Whether it compares a number with a limit."""
        return self.number is not None


def parse_condition(text: str) -> Condition | None:
    """Read a condition; None where it cannot be understood."""
    written = " ".join(text.split())
    asked = written.removesuffix(_OR_UNKNOWN)
    or_unknown = asked != written
    named = _NAMED.fullmatch(written)
    if named:
        what: Operator = "is known" if named["what"] == "known" else "is unknown"
        return Condition(named["name"], what, None, (), written)
    parts = _COMPARED.fullmatch(asked)
    if parts is None:
        return None
    operator, value = _OPERATORS[parts["operator"]], parts["value"].strip()
    number = _NUMBER.fullmatch(value)
    if number:
        amount = float(number["digits"]) * _UNITS[number["unit"]]
        return Condition(parts["name"], operator, amount, (), written, or_unknown)
    if operator not in {"=", "!="}:
        return None
    words = tuple(word.strip().casefold() for word in value.split("|"))
    if not all(words):
        return None
    return Condition(parts["name"], operator, None, words, written, or_unknown)


def holds(condition: Condition, known: Known) -> bool | None:
    """Whether it holds; None where what it asks for is not known."""
    value = known.get(condition.name)
    if condition.operator in {"is known", "is unknown"}:
        return (value is not None) == (condition.operator == "is known")
    if value is None:
        return True if condition.or_unknown else None
    if condition.number is None:
        is_one_of = _word(value) in condition.words
        return is_one_of if condition.operator == "=" else not is_one_of
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _compare(float(value), condition.operator, condition.number)


def all_hold(conditions: Iterable[Condition], known: Known) -> bool:
    """Whether every condition is known to hold; none at all hold."""
    return all(holds(one, known) is True for one in conditions)


def contradiction(conditions: Iterable[Condition]) -> str:
    """A name that no value of could meet all its conditions; empty where each can be met."""
    by_name: dict[str, list[Condition]] = {}
    for one in conditions:
        if not one.or_unknown:
            by_name.setdefault(one.name, []).append(one)
    return next((name for name, some in by_name.items() if not _can_be_met(some)), "")


def _can_be_met(some: Iterable[Condition]) -> bool:
    low, high = float("-inf"), float("inf")
    low_open = high_open = False
    words: set[str] | None = None
    operators = {one.operator for one in some}
    if "is unknown" in operators and len(operators) > 1:
        return False
    for one in some:
        if one.number is None:
            if one.operator == "=":
                words = set(one.words) if words is None else words & set(one.words)
            continue
        if one.operator in {">", ">=", "="} and one.number >= low:
            low, low_open = one.number, one.operator == ">" or (low_open and one.number == low)
        if one.operator in {"<", "<=", "="} and one.number <= high:
            high, high_open = one.number, one.operator == "<" or (high_open and one.number == high)
    if words is not None and not words:
        return False
    return low < high or (low == high and not low_open and not high_open)


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).casefold()


def _compare(value: float, operator: Operator, limit: float) -> bool:
    match operator:
        case "<":
            return value < limit
        case "<=":
            return value <= limit
        case ">":
            return value > limit
        case ">=":
            return value >= limit
        case "!=":
            return value != limit
        case _:
            return value == limit
