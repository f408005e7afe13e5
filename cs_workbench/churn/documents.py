"""Readiness and backtests as JSON has them."""

import datetime as dt
from typing import Any

from cs_workbench.churn.backtest import Backtest, Record
from cs_workbench.churn.draws import Interval
from cs_workbench.churn.leaks import Alarm
from cs_workbench.churn.parts import Part
from cs_workbench.churn.quality import Bin
from cs_workbench.churn.readiness import Readiness
from cs_workbench.churn.walking import Origin

DIGITS = 6


def readiness_document(found: Readiness) -> dict[str, Any]:
    """What `csw churn readiness --json` prints below its schema."""
    return {
        "step": found.step,
        "can_learn": found.can_learn,
        "horizon": found.horizon,
        "lead": found.lead,
        "accounts": found.accounts,
        "snapshots": found.snapshots,
        "events": found.churned_accounts,
        "departures": found.departures,
        "first_departure": found.first_departure,
        "first_day": found.first_day,
        "last_day": found.last_day,
        "data_end": found.data_end,
        "coverage": {name: _rounded(share) for name, share in found.coverage.items()},
        "kinds_missing": list(found.kinds_missing),
        "departures_by_month": list(found.by_month),
        "alarms": [alarm_document(one) for one in found.alarms],
        "findings": [{"level": one.level, "what": one.what} for one in found.findings],
    }


def alarm_document(found: Alarm) -> dict[str, Any]:
    """One leak alarm."""
    return {
        "kind": found.kind,
        "name": found.name,
        "auc": _rounded(found.auc),
        "events": found.events,
        "left_out": found.inputs,
        "what": found.told(),
    }


def backtest_parts(found: Backtest | None) -> dict[str, Any]:
    """The measured parts of `csw churn backtest --json`; empty where nothing was measured."""
    if found is None:
        return {
            "origins": [],
            "n": 0,
            "models": {},
            "segments": [],
            "renewals": [],
            "reliability": [],
            "k": None,
        }
    return {
        "origins": [_origin(*pair) for pair in zip(found.origins, found.per_origin, strict=True)],
        "n": found.n,
        "models": {name: record_document(one) for name, one in found.records.items()},
        "segments": [part_document(one, "segment") for one in found.per_segment],
        "renewals": [numbered(one, "days_before") for one in found.renewals],
        "reliability": [_bin(one) for one in found.records["model"].bins],
        "k": found.k,
    }


def record_document(one: Record) -> dict[str, Any]:
    """One model; `low` and `high` bound `auc`, the other bounds are named."""
    numbers = {
        **_bounded("auc", one.auc, prefix=""),
        **_bounded("auc_in_window", one.auc_in_window),
        **_bounded("auc_pre_notice", one.auc_pre_notice),
        "average_precision": one.average_precision,
        "log_loss": one.log_loss,
        **_bounded("skill", one.skill),
        **_bounded("gain", one.gain),
        "brier": one.brier,
        "brier_skill": one.brier_skill,
        "ece": one.ece,
        "ece_floor": one.ece_floor,
        **_bounded("o_e", one.o_e),
        **_bounded("slope", one.slope),
        **_bounded("arr_captured_10", one.captured_share),
        "precision_10": one.captured.precision,
        "arr_captured_k": one.captured_k.arr_share,
        "precision_k": one.captured_k.precision,
    }
    return {name: _rounded(value) for name, value in numbers.items()}


def _bounded(name: str, one: Interval, prefix: str | None = None) -> dict[str, float | None]:
    before = f"{name}_" if prefix is None else prefix
    return {name: one.value, f"{before}low": one.low, f"{before}high": one.high}


def part_document(one: Part, key: str) -> dict[str, Any]:
    """The model on some of the rows."""
    return {
        key: one.name,
        "n": one.n,
        "events": one.events,
        **{
            name: _rounded(value)
            for measure, told in (("auc", one.auc), ("o_e", one.o_e), ("skill", one.skill))
            for name, value in _bounded(measure, told).items()
        },
    }


def numbered(one: Part, key: str) -> dict[str, Any]:
    """The same of a part that is named by a number of days."""
    return {**part_document(one, key), key: int(one.name)}


def _origin(origin: Origin, part: Part) -> dict[str, Any]:
    return {
        "as_of": dt.date.fromordinal(origin.day),
        "method": origin.method,
        "trained_n": origin.trained_rows,
        "trained_events": origin.trained_events,
        **{name: value for name, value in part_document(part, "place").items() if name != "place"},
    }


def _bin(one: Bin) -> dict[str, Any]:
    return {
        "expected": _rounded(one.expected),
        "observed": _rounded(one.observed),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "n": one.n,
        "events": one.events,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DIGITS)
