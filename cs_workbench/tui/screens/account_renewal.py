"""The forms of screen 3 for the next renewal of the account whose page is open."""

import asyncio
from typing import Literal

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.errors import ConflictError
from cs_workbench.store.database import open_database
from cs_workbench.tui.screens.fields_form import FieldsForm
from cs_workbench.tui.screens.renewal_sheets import SHEETS
from cs_workbench.tui.session import Session
from cs_workbench.workflows.forecasting import Speaker, find_renewal
from cs_workbench.workflows.pipeline import bring_up_to_date, own_rates
from cs_workbench.workflows.renewal_policy import policy_at


async def renewal_form(
    session: Session, account_key: int, form: Literal["forecast", "commitment"]
) -> FieldsForm:
    """The form for what is said of the account's next renewal.

    Raises:
        NotFoundError: the account has no renewal.
        ConflictError: its last one is decided, and none follows.
    """
    entry, policy = await asyncio.to_thread(_next, session, account_key)
    if not entry.standing.is_open:
        raise ConflictError(f"{entry.account.name}: the renewal is {entry.standing.state} already.")
    speaker = Speaker(session.me, session.today)
    return FieldsForm(session, SHEETS[form](session, entry, policy, speaker))


def _next(session: Session, account_key: int) -> tuple[Entry, ForecastPolicy]:
    day, policy = session.today, policy_at(session.renewal_policy_file)
    with open_database(session.db.path) as db:
        bring_up_to_date(db, day, policy)
        rated = own_rates(db, day, policy)
        return find_renewal(db, account_key, day=day, policy=rated), rated
