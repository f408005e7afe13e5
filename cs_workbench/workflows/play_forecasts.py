"""Forecasts and commitments that *record* steps of plays say of the renewal decided next."""

from collections.abc import Mapping
from typing import Any

from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.pipeline import default_amount
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.core.typed_amounts import read_money, read_share
from cs_workbench.errors import UsageError
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.statements import new_statement
from cs_workbench.workflows.forecasting import (
    Speaker,
    check_commitment,
    check_forecast,
    find_renewal,
    new_commitment,
    new_forecast,
)
from cs_workbench.workflows.pipeline import bring_up_to_date
from cs_workbench.workflows.renewal_policy import policy_at
from cs_workbench.workflows.tasks import By

Values = Mapping[str, str]


def forecast_made(db: Database, by: By, account_key: int, values: Values) -> tuple[Change, str]:
    """A forecast of the account's next renewal, not yet written down, and in words.

    Raises:
        UsageError: a value cannot be, or the renewal policy wants more.
        ConflictError: the renewal is decided already.
        NotFoundError: the account has no renewal.
    """
    speaker, entry, policy = _renewal(db, by, account_key)
    category: Any = values["category"].casefold()
    amount = read_money(values.get("amount"), entry.renewal.currency)
    missing_by = values.get("missing_by")
    one = new_forecast(
        speaker,
        entry,
        category=category,
        amount_minor=default_amount(entry.renewal, entry.said.notice, category)
        if amount is None
        else amount,
        probability_e4=read_share(values.get("probability")),
        risk=values.get("risk"),
        narrative=values["narrative"],
        reason=values.get("reason"),
        missing_fact=values.get("missing"),
        missing_on=None if missing_by is None else read_date(missing_by, by.today),
    )
    told = check_forecast(db, speaker, one, policy=policy)
    return new_statement(one, by.today), told.removesuffix(f" · {entry.account.name}")


def commitment_made(db: Database, by: By, account_key: int, values: Values) -> tuple[Change, str]:
    """A commitment on the account's next renewal, not yet written down, and in words.

    Raises:
        UsageError: a value cannot be, or whoever gave it may not.
        NotFoundError: the account has no renewal.
    """
    speaker, entry, policy = _renewal(db, by, account_key)
    one = new_commitment(
        db,
        speaker,
        entry,
        policy=policy,
        level=values["level"].casefold(),
        signer=values["signer"],
        evidence=values["evidence"],
        given_on=read_past_date(values.get("date", "today"), by.today),
        amount_minor=read_money(values.get("amount"), entry.renewal.currency),
        term_months=_months(values.get("term")),
    )
    told = check_commitment(db, speaker, one, policy=policy)
    return new_statement(one, by.today), told.removesuffix(f" · {entry.account.name}")


def _renewal(db: Database, by: By, account_key: int) -> tuple[Speaker, Entry, ForecastPolicy]:
    policy = policy_at(by.renewals)
    bring_up_to_date(db, by.today, policy)
    entry = find_renewal(db, account_key, day=by.today, policy=policy)
    return Speaker(by.actor, by.today), entry, policy


def _months(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 3:
        raise UsageError("A term is 1 to 120 months.")
    return int(text)
