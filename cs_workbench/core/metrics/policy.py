"""The policy file `metrics.toml`: what counts as churn, when, in which currency, and for whom.

Vendors and finance departments disagree on these, so every result carries the file's hash.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from cs_workbench.core.metrics.rates import NO_RATES, Rates, read_rates
from cs_workbench.core.toml_lines import key_lines, line_of
from cs_workbench.errors import InputError

MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class MetricPolicy:
    """How the metrics are counted.

    Attributes:
        name, version: of the file, for people.
        churn_date: churn falls on the first day without entitlement, or on the last day on which
            notice could be given.
        reactivation_days: who is back within so many days never left.
        grace_days: a renewal that comes so late is one; until then the account is *in grace*.
        early_renewal: a renewal belongs to the period of its original due date, or of its signing.
        minimum_per: GRR takes the smaller ARR of each account, or of each product of an account.
        count_trials: whether trials are ARR.
        outside_arr: products and plans (any case) that are not recurring, such as services.
        handover: a CSM answers for the accounts held at the opening, or at the closing.
        fiscal_year_starts: month, 1 to 12.
        gross_margin: share of revenue, for CLV; None: not told, so CLV is unknown.
        clv_months: no life is counted for longer.
        discount_rate: yearly, for CLV; None: not discounted.
        fast_growth: simple churn is warned about when new accounts pass this share of the old.
        unavoidable: reasons of leaving that are tagged, and counted all the same.
        escalators: yearly rise that contracts provide for, by product (`*`: any).
        tat_hours: target from opening to closing, by priority.
        rates: dated exchange rates; without them currencies are never added up.
    """

    name: str = "default"
    version: int = 1
    churn_date: Literal["entitlement", "notice"] = "entitlement"
    reactivation_days: int = 30
    grace_days: int = 30
    early_renewal: Literal["due", "signed"] = "due"
    minimum_per: Literal["account", "subscription"] = "account"
    count_trials: bool = False
    outside_arr: tuple[str, ...] = ()
    handover: Literal["opening", "closing"] = "opening"
    fiscal_year_starts: int = 1
    gross_margin: Fraction | None = None
    clv_months: int = 60
    discount_rate: Fraction | None = None
    fast_growth: Fraction = Fraction(1, 10)
    unavoidable: tuple[str, ...] = ("bankruptcy", "shut down", "business closed")
    escalators: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    tat_hours: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType(
            {"urgent": 8, "high": 24, "normal": 72, "low": 120}
        )
    )
    rates: Rates = NO_RATES

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits of what the policy says; comments do not count."""
        plain = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        text = json.dumps(plain, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def label(self) -> str:
        """How a number names its policy."""
        return f"{self.name} v{self.version} · {self.digest}"

    def escalator(self, product: str | None) -> Fraction:
        """The yearly rise that the contracts of a product provide for."""
        given = self.escalators.get((product or "").casefold(), self.escalators.get("*"))
        return given or Fraction(0)


DEFAULT_POLICY = MetricPolicy()


def policy_words(policy: MetricPolicy) -> tuple[str, ...]:
    """The policy in sentences, as it stands under a number."""
    notice = policy.churn_date == "notice"
    outside = ", ".join(policy.outside_arr) or "none named"
    per = "account" if policy.minimum_per == "account" else "product of an account"
    early = "due date" if policy.early_renewal == "due" else "signing"
    trials = "" if policy.count_trials else ", trials"
    return (
        f"Policy {policy.label}.",
        "Churn falls on the last day for notice."
        if notice
        else "Churn falls on the first day without entitlement.",
        f"Back within {policy.reactivation_days} days: never left.",
        f"A renewal up to {policy.grace_days} days late is one; until then it is in grace.",
        f"A renewal counts in the period of its {early}.",
        f"GRR takes the smaller ARR of each {per}.",
        f"Outside ARR: free plans{trials}, contracts without a known price; products: {outside}.",
        f"A CSM answers for the accounts held at the {policy.handover} of the period.",
        _rate_words(policy.rates),
    )


def _rate_words(rates: Rates) -> str:
    if not rates.base:
        return "No exchange rates: different currencies are not added up."
    return f"Currencies are turned into {rates.base} at the rate of the opening day."


def read_policy(text: str, place: str) -> MetricPolicy:
    """Read a policy file.

    Raises:
        InputError: with every mistake of the file.
    """
    policy, mistakes = check_policy(text)
    if mistakes or policy is None:
        raise InputError("\n".join(f"{place}: {one}" for one in mistakes))
    return policy


def check_policy(text: str) -> tuple[MetricPolicy | None, tuple[str, ...]]:
    """The policy, and everything that is wrong with its text."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        return None, (f"is not TOML: {problem}",)
    lines = key_lines(text)
    mistakes: list[str] = []
    values: dict[str, Any] = {}
    known = {one.name for one in fields(MetricPolicy)}
    for key, value in given.items():
        if key not in known:
            listed = ", ".join(sorted(known))
            mistakes.append(
                f"line {line_of(lines, (key,))}: unknown setting {key!r}. Known: {listed}."
            )
            continue
        try:
            values[key] = _READERS[key](value)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            mistakes.append(f"line {line_of(lines, (key,))}: {key} {problem}")
    if mistakes:
        return None, tuple(mistakes)
    return MetricPolicy(**values), ()


def _plain(value: object) -> object:
    """A setting as JSON writes it, the same for the same meaning."""
    if isinstance(value, Rates):
        return value.plain()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return str(value) if isinstance(value, Fraction) else value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be a text in quotes, not {value!r}")
    return value.strip()


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    return read


def _share(high: int) -> Callable[[object], Fraction]:
    def read(value: object) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"must be a number such as 0.8, not {value!r}")
        share = Fraction(str(value))
        if not 0 <= share <= high:
            raise ValueError(f"must be from 0 to {high}, not {value!r}")
        return share

    return read


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {value!r}")
        return str(value)

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"must be true or false, not {value!r}")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"must be a list of texts, not {value!r}")
    return tuple(_text(one).casefold() for one in value)


def _table(read: Callable[[object], Any]) -> Callable[[object], Mapping[str, Any]]:
    def read_all(value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise TypeError("must be a table")
        return MappingProxyType({str(key).casefold(): read(one) for key, one in value.items()})

    return read_all


_days = _whole(0, MAX_DAYS)
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "name": _text,
    "version": _whole(1, 10**6),
    "churn_date": _one_of("entitlement", "notice"),
    "reactivation_days": _days,
    "grace_days": _days,
    "early_renewal": _one_of("due", "signed"),
    "minimum_per": _one_of("account", "subscription"),
    "count_trials": _flag,
    "outside_arr": _texts,
    "handover": _one_of("opening", "closing"),
    "fiscal_year_starts": _whole(1, 12),
    "gross_margin": _share(1),
    "clv_months": _whole(1, 600),
    "discount_rate": _share(1),
    "fast_growth": _share(10),
    "unavoidable": _texts,
    "escalators": _table(_share(1)),
    "tat_hours": _table(_whole(1, 24 * 366)),
    "rates": read_rates,
}
