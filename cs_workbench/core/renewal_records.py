"""Renewals and forecasts under their stable keys, for JSON and CSV."""

import datetime as dt
from decimal import Decimal
from typing import Final

from cs_workbench.core.forecast_moves import Move, Position
from cs_workbench.core.forecast_policy import FULL, ForecastPolicy
from cs_workbench.core.forecast_records import Record
from cs_workbench.core.forecasts import Commitment, Forecast, Notice, Outcome
from cs_workbench.core.money import to_major
from cs_workbench.core.pipeline_entries import Brief, Entry, marks_of
from cs_workbench.core.points import Points
from cs_workbench.core.projections import Bucket, Projection, Range
from cs_workbench.core.retention_outlook import Retention

RENEWAL_KEYS: Final = (
    *("account_id", "name", "csm", "segment", "subscription_ids", "end_date", "notice_date"),
    *("deadline", "deadline_by", "days", "commit_by", "announce_by", "auto_renew", "term_months"),
    *("currency", "arr_due", "unpriced", "arr_cancelled", "state", "in_grace", "category"),
    *("forecast_amount", "probability", "weighted", "author", "forecast_on", "risk", "narrative"),
    *("missing_fact", "missing_on", "closes_on"),
    *("commitment_level", "commitment_by", "commitment_on"),
    *("commitment_overdue", "notice_received", "renewed", "outcome", "how", "closed_on"),
    *("band", "score", "trend", "leaves", "leaves_low", "leaves_high"),
    *("expected_loss", "disagrees", "gate", "stale", "section"),
    *("next_step", "next_step_owner", "next_step_due", "promises_late"),
)


def rate(value_e4: int | None) -> Decimal | None:
    """A rate of 1/10,000 as a number from 0 to 1."""
    return None if value_e4 is None else Decimal(value_e4) / FULL


def renewal_record(entry: Entry, day: dt.date, policy: ForecastPolicy) -> dict[str, object]:
    """One renewal as it stands, under the keys of `RENEWAL_KEYS`."""
    found = {
        **_account(entry.account),
        **_terms(entry, day),
        **_said(entry),
        **_model(entry),
        **_closing(entry),
        **_marks(entry, day, policy),
    }
    return {key: found[key] for key in RENEWAL_KEYS}


def _account(account: Brief) -> dict[str, object]:
    return {
        "account_id": account.account_id,
        "name": account.name,
        "csm": account.csm_name,
        "segment": account.segment,
        "band": account.band,
        "score": None if account.points_e4 is None else Points(account.points_e4),
        "trend": None if account.trend_e4 is None else Points(account.trend_e4),
        "next_step": account.next_step,
        "next_step_owner": account.next_step_owner,
        "next_step_due": account.next_step_due,
        "promises_late": account.promises_late,
    }


def _terms(entry: Entry, day: dt.date) -> dict[str, object]:
    renewal = entry.renewal
    return {
        "subscription_ids": list(renewal.subscription_ids),
        "end_date": renewal.end_date,
        "notice_date": renewal.notice_date,
        "deadline": renewal.deadline,
        "deadline_by": renewal.deadline_by,
        "days": entry.days(day),
        "commit_by": renewal.commit_by,
        "announce_by": renewal.announce_by,
        "auto_renew": renewal.auto_renew,
        "term_months": renewal.term_months,
        "currency": renewal.currency,
        "arr_due": to_major(renewal.due_minor, renewal.currency),
        "unpriced": renewal.unpriced,
        "arr_cancelled": to_major(renewal.cancelled_minor, renewal.currency),
    }


def _said(entry: Entry) -> dict[str, object]:
    now, money = entry.standing, entry.renewal.currency
    weighted = to_major(now.weighted_e4, money)
    forecast, commitment, notice = entry.said.forecast, entry.said.commitment, entry.said.notice
    return {
        "state": now.state,
        "in_grace": now.state == "in grace",
        "category": now.category,
        "forecast_amount": to_major(now.amount_minor, money),
        "probability": rate(now.probability_e4),
        "weighted": None if weighted is None else weighted / FULL,
        "author": forecast.author if forecast else None,
        "forecast_on": forecast.made_on if forecast else None,
        "risk": forecast.risk if forecast else None,
        "narrative": forecast.narrative if forecast else None,
        "missing_fact": forecast.missing_fact if forecast else None,
        "missing_on": forecast.missing_on if forecast else None,
        "closes_on": forecast.closes_on if forecast else None,
        "commitment_level": commitment.level if commitment else None,
        "commitment_by": commitment.signer if commitment else None,
        "commitment_on": commitment.given_on if commitment else None,
        "notice_received": notice.received_on if notice else None,
    }


def _model(entry: Entry) -> dict[str, object]:
    """What the churn model in use says; nothing of it is in the forecast."""
    return {
        "leaves": rate(entry.account.leaves_e4),
        "leaves_low": rate(entry.account.leaves_low_e4),
        "leaves_high": rate(entry.account.leaves_high_e4),
        "expected_loss": to_major(entry.loss_minor, entry.renewal.currency),
    }


def _closing(entry: Entry) -> dict[str, object]:
    outcome, renewal, now = entry.said.outcome, entry.renewal, entry.standing
    renewed = outcome.renewed_minor if outcome else renewal.renewed_minor
    return {
        "renewed": to_major(renewed, renewal.currency),
        "outcome": outcome.ending if outcome else None if now.is_open else now.state,
        "how": outcome.how if outcome else None,
        "closed_on": outcome.closed_on if outcome else None,
    }


def _marks(entry: Entry, day: dt.date, policy: ForecastPolicy) -> dict[str, object]:
    marks = marks_of(entry, day, policy)
    return {
        "commitment_overdue": marks.overdue,
        "disagrees": marks.disagrees,
        "gate": marks.gate,
        "stale": marks.stale,
        "section": marks.section,
    }


def forecast_record(one: Forecast) -> dict[str, object]:
    """A forecast as it was said."""
    return {
        "forecast_id": one.forecast_id,
        "category": one.category,
        "amount": None if one.amount_minor is None else to_major(one.amount_minor, one.currency),
        "currency": one.currency,
        "probability": rate(one.probability_e4),
        "closes_on": one.closes_on,
        "risk": one.risk,
        "narrative": one.narrative,
        "reason": one.reason,
        "missing_fact": one.missing_fact,
        "missing_on": one.missing_on,
        "renew_today": one.renew_today,
        "renew_ten": one.renew_ten,
        "author": one.author,
        "made_at": one.made_at,
    }


def commitment_record(one: Commitment, day: dt.date) -> dict[str, object]:
    """A commitment as it was given, and whether it holds on a day."""
    return {
        "commitment_id": one.commitment_id,
        "level": one.level,
        "signer": one.signer,
        "given_on": one.given_on,
        "evidence": one.evidence,
        "amount": None if one.amount_minor is None else to_major(one.amount_minor, one.currency),
        "currency": one.currency,
        "term_months": one.term_months,
        "void": one.is_void(day),
        "signer_left_on": one.signer_left_on,
        "author": one.author,
        "made_at": one.made_at,
    }


def notice_record(one: Notice) -> dict[str, object]:
    """A notice as it was received."""
    return {
        "notice_id": one.notice_id,
        "received_on": one.received_on,
        "given_by": one.given_by,
        "scope": one.scope,
        "part": None if one.part_minor is None else to_major(one.part_minor, one.currency),
        "document": one.document,
        "author": one.author,
        "made_at": one.made_at,
    }


def outcome_record(one: Outcome) -> dict[str, object]:
    """How a renewal ended."""
    return {
        "outcome": one.ending,
        "how": one.how,
        "closed_on": one.closed_on,
        "due": to_major(one.due_minor, one.currency),
        "renewed": to_major(one.renewed_minor, one.currency),
        "expansion": to_major(one.expansion_minor, one.currency),
        "contraction": to_major(one.contraction_minor, one.currency),
        "is_late": one.closed_on > one.renewal_end,
        "author": one.author,
        "made_at": one.made_at,
        "reason": one.reason,
        "corrects": one.corrects,
    }


def bucket_record(one: Bucket, currency: str) -> dict[str, object]:
    """The renewals of a category."""
    return {
        "renewals": one.renewals,
        "due": to_major(one.due_minor, currency),
        "amount": to_major(one.amount_minor, currency),
    }


def range_record(one: Range | None) -> dict[str, object] | None:
    """Low, mid and high of a rate, as numbers from 0."""
    if one is None:
        return None
    return {"low": rate(one.low), "mid": rate(one.mid), "high": rate(one.high)}


def outlook_record(outlook: Retention) -> dict[str, object]:
    """GRR and NRR of the fiscal year, and how many accounts are in neither."""
    return {
        "grr": range_record(outlook.grr),
        "nrr": range_record(outlook.nrr),
        "accounts_left_out": outlook.left_out,
    }


def totals_record(totals: Projection, currency: str) -> dict[str, object]:
    """The figures of a window."""
    amount = totals.amount
    return {
        "renewals": totals.renewals,
        "due": to_major(totals.due_minor, currency),
        "without_price": totals.unpriced,
        "without_amount": totals.uncounted,
        "buckets": {name: bucket_record(one, currency) for name, one in totals.buckets.items()},
        "cumulative": {
            f"{name} or better": bucket_record(one, currency)
            for name, one in totals.cumulative.items()
        },
        "weighted": to_major(totals.weighted_minor, currency),
        "sd": to_major(totals.sd_minor, currency),
        "amount": None
        if amount is None
        else {
            "low": to_major(amount.low, currency),
            "mid": to_major(amount.mid, currency),
            "high": to_major(amount.high, currency),
        },
        "renewal_rate_of_due": range_record(totals.rate),
        "without_rate": totals.unrated,
    }


def author_record(one: Record, currency: str) -> dict[str, object]:
    """A person's record; rates are null where there are too few to tell."""
    return {
        "author": one.author,
        "renewals": one.renewals,
        "enough": one.is_enough,
        "forecast": to_major(one.forecast_minor, currency),
        "renewed": to_major(one.actual_minor, currency),
        "bias": rate(one.bias_e4),
        "brier": rate(one.brier_e4),
        "slips": one.slips,
    }


def move_record(one: Move, names: dict[int, tuple[str, str]], currency: str) -> dict[str, object]:
    """What moved of one renewal; `names` has account ids and names by key."""
    account_id, name = names.get(one.account_key, ("", ""))
    return {
        "account_id": account_id,
        "name": name,
        "end_date": one.filed,
        "kind": one.kind,
        "weighted_change": to_major(one.delta_e4, currency) / FULL,
        "before": _position(one.before, currency),
        "after": _position(one.after, currency),
    }


def _position(one: Position | None, currency: str) -> dict[str, object] | None:
    if one is None:
        return None
    return {
        "arr_due": to_major(one.due_minor, currency),
        "deadline": one.deadline,
        "closes_on": one.closes_on,
        "state": one.standing.state,
        "category": one.standing.category,
        "amount": to_major(one.standing.amount_minor, currency),
        "probability": rate(one.standing.probability_e4),
    }
