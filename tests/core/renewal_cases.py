"""Renewals and what is said of them, for tests: every field has a plain default."""

import datetime as dt
from typing import Any

from cs_workbench.core.forecasts import Commitment, Forecast, Notice, Outcome
from cs_workbench.core.renewal_terms import Renewal
from cs_workbench.core.renewals import Subscription

TODAY = dt.date(2026, 11, 23)
END = dt.date(2027, 2, 28)
BASE = Subscription(
    subscription_id="s1",
    product="platform",
    seats=50,
    arr_minor=41_200_000,
    currency="USD",
    start_date=dt.date(2026, 3, 1),
    end_date=dt.date(2027, 2, 28),
    term_months=12,
    notice_days=60,
    auto_renew=True,
    is_trial=False,
    cancelled_on=None,
)
KESTREL = Renewal(
    end_date=END,
    currency="USD",
    subscription_ids=("s1",),
    due_minor=41_200_000,
    cancelled_minor=0,
    notice_date=dt.date(2026, 12, 30),
    deadline=dt.date(2026, 12, 30),
    deadline_by="notice",
    commit_by=dt.date(2026, 11, 30),
    announce_by=dt.date(2026, 11, 30),
    auto_renew=True,
    is_rolling=False,
    term_months=12,
)


def forecast(category: str = "at risk", on: str = "2026-11-20", **fields: Any) -> Forecast:
    row = {
        "forecast_id": f"{on}-{category}",
        "account_key": 1,
        "renewal_end": END,
        "category": category,
        "amount_minor": 41_200_000,
        "currency": "USD",
        "probability_e4": None,
        "author": "ana",
        "made_at": f"{on}T09:00:00Z",
        **fields,
    }
    return Forecast(**row)


def commitment(level: str = "verbal", on: str = "2026-10-19", **fields: Any) -> Commitment:
    row = {
        "commitment_id": f"{on}-{level}",
        "account_key": 1,
        "renewal_end": END,
        "level": level,
        "signer": "Lena Voss",
        "contact_id": "c1",
        "given_on": dt.date.fromisoformat(on),
        "evidence": "we will renew",
        "amount_minor": 43_000_000,
        "currency": "USD",
        "term_months": 12,
        "author": "ana",
        "made_at": f"{on}T09:00:00Z",
        **fields,
    }
    return Commitment(**row)


def notice(scope: str = "all", on: str = "2026-11-21", **fields: Any) -> Notice:
    row = {
        "notice_id": f"{on}-{scope}",
        "account_key": 1,
        "renewal_end": END,
        "received_on": dt.date.fromisoformat(on),
        "given_by": "Tomasz Brandt",
        "scope": scope,
        "part_minor": None,
        "currency": "USD",
        "document": None,
        "author": "ana",
        "made_at": f"{on}T10:00:00Z",
        **fields,
    }
    return Notice(**row)


def outcome(ending: str = "won", **fields: Any) -> Outcome:
    row = {
        "outcome_id": "o1",
        "account_key": 1,
        "renewal_end": END,
        "ending": ending,
        "how": "signed" if ending == "won" else "lapsed",
        "closed_on": TODAY,
        "due_minor": 41_200_000,
        "renewed_minor": 41_200_000 if ending == "won" else 0,
        "currency": "USD",
        "author": "ana",
        "made_at": "2026-11-23T09:00:00Z",
        **fields,
    }
    return Outcome(**row)
