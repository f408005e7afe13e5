"""Reading `renewals.toml`, finding every mistake in it with its line."""

import tomllib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from cs_workbench.core.forecast_policy import FIELDS, FULL, ForecastPolicy
from cs_workbench.core.forecasts import CATEGORIES
from cs_workbench.core.records import ROLES
from cs_workbench.core.renewals import RenewalPolicy
from cs_workbench.core.scorecard_files import Mistake
from cs_workbench.core.scorecard_schema import structure_mistakes
from cs_workbench.core.toml_lines import Path, key_lines, line_of
from cs_workbench.errors import InputError

_DAYS: Final = {"type": "integer", "minimum": 0}
_PERCENT: Final = {"type": "number", "minimum": 0, "maximum": 100}
_CATEGORY: Final = {"type": "string", "enum": CATEGORIES}
_CATEGORIES: Final = {"type": "array", "items": _CATEGORY}
_FIELDS: Final = {"type": "array", "items": {"type": "string", "enum": FIELDS}}
_ROLE: Final = {"type": "string", "enum": ROLES}
_COUNT: Final = {"type": "integer", "minimum": 1}


def _table(properties: Mapping[str, Any], *, others: object = False) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": others}


POLICY_SCHEMA: Final[Mapping[str, Any]] = _table(
    {
        "deadline": _table(
            {
                "commit_days": _DAYS,
                "grace_days": _DAYS,
                "price_days": _DAYS,
                "procurement_days": _table({}, others=_DAYS),
            }
        ),
        "gate": _table({"days": _DAYS, "allows": _CATEGORIES, "if_missing_fact": _CATEGORIES}),
        "probability": _table(dict.fromkeys(CATEGORIES, _PERCENT)),
        "required": _table({**dict.fromkeys(CATEGORIES, _FIELDS), "on change": _FIELDS}),
        "commitment": _table({"signers": {"type": "array", "items": _ROLE}}),
        "concession": _table({}, others=_PERCENT),
        "forecast": _table(
            {
                "stale_days": _DAYS,
                "fiscal_month": {"type": "integer", "minimum": 1, "maximum": 12},
                "calibrate_from": _COUNT,
                "least_record": _COUNT,
                "disagree_points": _PERCENT,
            }
        ),
    }
)


def check_policy(text: str) -> tuple[ForecastPolicy | None, tuple[Mistake, ...]]:
    """The policy and no mistake, or none and all of them by line."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        line = getattr(problem, "lineno", None) or max(1, len(text.splitlines()))
        return None, (Mistake(line, f"not TOML: {problem}"),)
    found: list[tuple[Path, str]] = [*structure_mistakes(given, POLICY_SCHEMA)]
    if not found:
        found = [*_contradictions(given)]
    if found:
        lines = key_lines(text)
        return None, tuple(sorted({Mistake(line_of(lines, path), why) for path, why in found}))
    return _read(given), ()


def read_policy(text: str, place: str) -> ForecastPolicy:
    """The policy; `place` names the file in messages.

    Raises:
        InputError: it is none; the message has the line and the first mistake.
    """
    policy, mistakes = check_policy(text)
    if policy is None:
        first, others = mistakes[0], len(mistakes) - 1
        more = f" ({others} more: `csw renewal policy check` names them all)" if others else ""
        raise InputError(f"{place}:{first.line}: {first.message}{more}.")
    return policy


def _contradictions(given: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    gate = given.get("gate", {})
    for name in set(gate.get("allows", ())) & set(gate.get("if_missing_fact", ())):
        yield ("gate", "if_missing_fact"), f"{name} passes the gate in any case: name it once"
    rates = given.get("probability", {})
    for name, wanted in (("closed", 100), ("omitted", 0)):
        if rates.get(name, wanted) != wanted:
            yield ("probability", name), f"{name} is {wanted} by what it means"
    ordered = [rates[one] for one in CATEGORIES if one in rates]
    if ordered != sorted(ordered, reverse=True):
        yield ("probability",), "a better category must not have a lower probability"
    if "concession" in given:
        yield ("concession",), "who may grant how much is in authority.toml: delete this here"
    segments = [one.casefold() for one in _lead(given)]
    for name in {one for one in segments if segments.count(one) > 1}:
        yield ("deadline", "procurement_days"), f"segment {name} is named twice"


def _lead(given: Mapping[str, Any]) -> Mapping[str, int]:
    lead: Mapping[str, int] = given.get("deadline", {}).get("procurement_days", {})
    return lead


def _read(given: Mapping[str, Any]) -> ForecastPolicy:
    base = ForecastPolicy()
    gate, more = given.get("gate", {}), given.get("forecast", {})
    rates = {name: round(value * 100) for name, value in given.get("probability", {}).items()}
    required = dict(given.get("required", {}))
    on_change = required.pop("on change", base.required_on_change)
    return ForecastPolicy(
        renewal=_renewal(given),
        default_e4=MappingProxyType({**base.default_e4, **rates}),
        gate_days=gate.get("days", base.gate_days),
        gate_allows=tuple(gate.get("allows", base.gate_allows)),
        gate_if_missing=tuple(gate.get("if_missing_fact", base.gate_if_missing)),
        required=MappingProxyType(
            {**base.required, **{name: tuple(fields) for name, fields in required.items()}}
        ),
        required_on_change=tuple(on_change),
        signers=tuple(given.get("commitment", {}).get("signers", base.signers)),
        stale_days=more.get("stale_days", base.stale_days),
        fiscal_month=more.get("fiscal_month", base.fiscal_month),
        calibrate_from=more.get("calibrate_from", base.calibrate_from),
        least_record=more.get("least_record", base.least_record),
        disagree_e4=round(more.get("disagree_points", base.disagree_e4 / FULL * 100) * 100),
    )


def _renewal(given: Mapping[str, Any]) -> RenewalPolicy:
    base, deadline = RenewalPolicy(), given.get("deadline", {})
    lead = {name.casefold(): days for name, days in _lead(given).items()}
    default = lead.pop("default", base.procurement_default)
    return RenewalPolicy(
        procurement_days=MappingProxyType(lead) if lead else base.procurement_days,
        procurement_default=default,
        commit_days=deadline.get("commit_days", base.commit_days),
        grace_days=deadline.get("grace_days", base.grace_days),
        price_days=deadline.get("price_days", base.price_days),
    )
