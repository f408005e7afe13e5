"""An account as JSON and CSV tell it; `docs/json.md` explains the keys."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.judgements import Override, Rating
from cs_workbench.core.money import to_major

Value = str | int | Decimal | dt.date | bool | None
ACCOUNTS_SCHEMA = "csw.accounts/1"


def account_record(line: AccountLine, today: dt.date) -> dict[str, Value | Mapping[str, Value]]:
    """The account under its stable keys; what no refresh has computed yet is None."""
    return {
        "account_id": line.account_id,
        "name": line.name,
        "segment": line.segment,
        "region": line.region,
        "industry": line.industry,
        "csm": line.csm,
        "lifecycle_stage": line.lifecycle_stage,
        "arr": to_major(line.arr_minor, line.currency),
        "currency": line.currency,
        "score": in_points(line.known_points_e4),
        "score_low": None if line.as_of is None else in_points(line.low_e4),
        "score_high": None if line.as_of is None else in_points(line.high_e4),
        "band": line.band,
        "coverage": None if line.as_of is None else Decimal(line.coverage_e4) / 10_000,
        "trend": in_points(line.trend_e4),
        "override": override_record(line.override),
        "seats": line.seats,
        "seats_used": line.seats_used,
        "end_date": line.end_date,
        "deadline": line.deadline,
        "deadline_by": line.deadline_by,
        "days_to_deadline": line.days_to_deadline(today),
        "last_two_way_on": line.last_two_way_on,
        "next_step": line.next_step,
        "next_step_owner": line.next_step_owner,
        "next_step_due": line.next_step_due,
        "promises_late": line.promises_late,
        **_model(line),
        "signals": line.signals,
        "is_former": line.is_former,
        "as_of": line.as_of,
        "custom": line.custom,
    }


RECORD_KEYS = (
    *("account_id", "name", "segment", "region", "industry", "csm", "lifecycle_stage"),
    *("arr", "currency", "score", "score_low", "score_high", "band", "coverage", "trend"),
    "override",
    *("seats", "seats_used", "end_date", "deadline", "deadline_by", "days_to_deadline"),
    *("last_two_way_on", "next_step", "next_step_owner", "next_step_due", "promises_late"),
    *("leaves", "leaves_low", "leaves_high", "expected_loss"),
    *("signals", "is_former", "as_of", "custom"),
)


def override_record(override: Override | None) -> dict[str, Value] | None:
    """A person's own call under its stable keys; None where none stands."""
    if override is None:
        return None
    return {
        "override_id": override.override_id,
        "band": override.band,
        "score": in_points(override.points_e4),
        "reason": override.reason,
        "author": override.author,
        "made_on": override.made_on,
        "expires_on": override.expires_on,
    }


def rating_record(rating: Rating) -> dict[str, Value]:
    """A rating under its stable keys."""
    return {
        "rating_id": rating.rating_id,
        "rated": rating.rated,
        "value": rating.value,
        "reason": rating.reason,
        "author": rating.author,
        "rated_on": rating.rated_on,
        "known_on": rating.known_on,
    }


def _model(line: AccountLine) -> dict[str, Value]:
    """What the churn model in use says."""
    loss = line.loss_minor
    return {
        "leaves": in_rate(line.leaves_e6),
        "leaves_low": in_rate(line.leaves_low_e6),
        "leaves_high": in_rate(line.leaves_high_e6),
        "expected_loss": None if loss is None else to_major(loss, line.currency),
    }


def in_rate(share_e6: int | None) -> Decimal | None:
    """A probability as a rate, exactly."""
    return None if share_e6 is None else Decimal(share_e6) / 1_000_000


def in_points(points_e4: int | None) -> Decimal | None:
    """A score or a change of one in points, exactly."""
    return None if points_e4 is None else Decimal(points_e4) / 10_000
