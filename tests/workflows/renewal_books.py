"""Small books with renewals, for tests of what is said of them."""

import datetime as dt

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.forecasting import Speaker, find_renewal
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import TODAY, add_account, add_contact, add_subscription, add_summary

POLICY = ForecastPolicy()
ANA = Speaker("ana", TODAY)
END = dt.date(2027, 2, 28)
TERM = {"start_date": "2026-03-01", "end_date": "2027-02-28", "arr_minor": 41_200_000}


def kestrel(db: Database, **fields: object) -> int:
    """An account whose notice date is 30 December, with Lena, Tomasz and a user."""
    with write(db) as connection:
        key = add_account(connection, "kestrel", name="Kestrel", csm="ana", segment="enterprise")
        add_summary(connection, key, band="red", points_e4=310_000)
        add_subscription(connection, key, **{**TERM, **fields})
        add_contact(connection, key, role="champion", contact_id="c1")
        add_contact(connection, key, name="Tomasz Brandt", role="decision maker", contact_id="c2")
        add_contact(connection, key, name="Uwe User", role="user", contact_id="c3")
    settle_renewals(db, today=TODAY, policy=POLICY)
    return key


def entry_of(db: Database, key: int, day: dt.date = TODAY) -> Entry:
    return find_renewal(db, key, day=day, policy=POLICY)
