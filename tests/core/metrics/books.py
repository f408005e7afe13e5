"""Random books for property tests: terms, gaps, products, trials, currencies, cancellations."""

import datetime as dt

from hypothesis import strategies as st

from cs_workbench.core.metrics.book import Line
from cs_workbench.core.metrics.policy import MetricPolicy

FIRST = dt.date(2024, 1, 1)


@st.composite
def chains(draw: st.DrawFn, account: int, product: str) -> list[Line]:
    """Some terms of one product, one after another, with gaps now and then."""
    found = []
    start = FIRST + dt.timedelta(draw(st.integers(0, 700)))
    for number in range(draw(st.integers(1, 3))):
        length = draw(st.sampled_from((30, 90, 365, 366)))
        end = None if draw(st.integers(0, 9)) == 0 else start + dt.timedelta(length - 1)
        cancelled = None
        if draw(st.integers(0, 4)) == 0:
            cancelled = start + dt.timedelta(draw(st.integers(0, length)))
        found.append(
            Line(
                subscription_id=f"{account}{product}{number}",
                account_key=account,
                product=product,
                plan=None,
                arr_minor=draw(st.sampled_from((0, 1, 99, 100, 12_345))),
                currency="USD",
                start_date=start,
                end_date=end,
                notice_days=draw(st.sampled_from((0, 30, 60))),
                is_trial=draw(st.integers(0, 9)) == 0,
                cancelled_on=cancelled,
            )
        )
        start += dt.timedelta(length + draw(st.sampled_from((0, 0, 0, 1, 10, 30, 31, 90))))
    return found


@st.composite
def books(draw: st.DrawFn) -> list[Line]:
    """Up to six accounts of up to two products."""
    found: list[Line] = []
    for account in range(1, draw(st.integers(0, 6)) + 1):
        for product in draw(st.sampled_from(("P", "PQ", "Q"))):
            found += draw(chains(account, product))
    return found


policies = st.builds(
    MetricPolicy,
    churn_date=st.sampled_from(("entitlement", "notice")),
    reactivation_days=st.sampled_from((0, 30, 60)),
    grace_days=st.sampled_from((0, 30)),
    early_renewal=st.sampled_from(("due", "signed")),
    count_trials=st.booleans(),
)
days = st.integers(0, 1200).map(lambda offset: FIRST + dt.timedelta(offset))
