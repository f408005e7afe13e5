"""A CRM's contracts, what is billed in their time, and what a list says of them, for tests."""

import datetime as dt

from cs_workbench.core.renewals import Subscription

D = dt.date
DAY = D(2026, 11, 23)
CONTRACT = Subscription(
    subscription_id="c1",
    product="101",
    seats=None,
    arr_minor=None,
    currency="EUR",
    start_date=D(2026, 1, 1),
    end_date=D(2027, 6, 30),
    term_months=18,
    notice_days=60,
    auto_renew=False,
    is_trial=False,
    cancelled_on=None,
    source="crm",
)
LATER = CONTRACT._replace(
    subscription_id="c2", product="102", start_date=D(2027, 7, 1), end_date=D(2028, 6, 30)
)
LINE = Subscription(
    subscription_id="l1",
    product="team",
    seats=5,
    arr_minor=120_000,
    currency="USD",
    start_date=D(2026, 1, 12),
    end_date=D(2027, 1, 11),
    term_months=12,
    notice_days=0,
    auto_renew=True,
    is_trial=False,
    cancelled_on=None,
    source="billing",
)
OTHER = LINE._replace(subscription_id="l2", product="api", seats=2, arr_minor=30_000)

LISTED = CONTRACT._replace(subscription_id="c9", source="list", hand=3)
