import datetime as dt

import pytest

from cs_workbench.core.commitments import CommitForecast
from cs_workbench.core.renewals import Subscription

LAST_TERM, THIS_TERM = dt.date(2026, 1, 31), dt.date(2027, 1, 31)
MADE = dt.date(2026, 1, 12)


def term(end: dt.date, *, is_trial: bool = False, years: int = 1) -> Subscription:
    start = end.replace(year=end.year - years) + dt.timedelta(days=1)
    return Subscription(f"s{end}", "p", 10, 100, "USD", start, end, 12, 30, True, is_trial, None)


TERMS = (term(LAST_TERM), term(THIS_TERM))


@pytest.mark.parametrize(
    ("forecast", "holds_until"),
    [
        (CommitForecast(MADE, None, None), LAST_TERM),
        (CommitForecast(MADE, None, THIS_TERM), THIS_TERM),  # its author named the term
        (CommitForecast(dt.date(2026, 2, 20), None, None), LAST_TERM),  # late, not of the next
        (CommitForecast(dt.date(2026, 4, 1), None, None), THIS_TERM),
        (CommitForecast(MADE, dt.date(2026, 1, 20), None), LAST_TERM),
        (CommitForecast(dt.date(2026, 10, 1), dt.date(2026, 12, 15), None), THIS_TERM),
    ],
)
def test_a_forecast_commits_to_the_term_that_it_is_about(
    forecast: CommitForecast, holds_until: dt.date
) -> None:
    assert forecast.holds(TERMS, holds_until)
    assert not forecast.holds(TERMS, holds_until + dt.timedelta(days=1))


def test_a_term_that_began_later_is_never_meant() -> None:
    early = CommitForecast(dt.date(2025, 3, 1), None, None)
    assert not early.holds(TERMS, LAST_TERM + dt.timedelta(days=1))


@pytest.mark.parametrize("terms", [(), (term(LAST_TERM, is_trial=True),)])
def test_without_a_paid_term_it_holds_as_long_as_it_is_the_newest(
    terms: tuple[Subscription, ...],
) -> None:
    assert CommitForecast(MADE, None, None).holds(terms, dt.date(2026, 12, 31))
