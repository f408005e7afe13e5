import datetime as dt

import pytest

from cs_workbench.core.signals.usage_signals import (
    find_drift,
    find_expansion,
    find_overage,
    find_shock,
    still_drifting,
    still_growing,
    still_over,
    still_shocked,
)
from tests.core.signals.situations import account, used

STALE = dt.date(2026, 11, 8)


@pytest.mark.parametrize(("last", "found"), [(20, True), (20.1, False), (40, False)])
def test_half_of_the_usual_week_is_a_shock(last: float, found: bool) -> None:
    assert bool(list(find_shock(used(40, last)))) is found


def test_a_shock_says_what_fell_and_by_how_much() -> None:
    (signal,) = find_shock(used(48, 19))
    assert signal.evidence == (
        "active users fell from 48 to 19 a day (−60%) in the week to 22 Nov 2026, "
        "against the median of twelve weeks"
    )
    assert (signal.reason, signal.severity) == ("active_users", "medium")
    assert next(find_shock(used(48, 0))).severity == "high"


def test_an_account_that_swings_has_no_shock() -> None:
    assert not list(find_shock(used(40, 18, 40, 40, 40, 19)))
    assert list(find_shock(used(40, 18, 40, 40, 40, 17)))


@pytest.mark.parametrize(("base", "found"), [(6, True), (5.7, False)])
def test_a_small_account_is_left_alone(base: float, found: bool) -> None:
    assert bool(list(find_shock(used(base, 0)))) is found
    assert bool(list(find_drift(used(base, base / 2, base / 2, base / 2, base * 0.6)))) is found


def test_without_a_past_or_fresh_data_there_is_no_shock() -> None:
    assert not list(find_shock(account()))
    assert not list(find_shock(used(None, *[40] * 7, 0)))
    assert list(find_shock(used(None, *[40] * 8, 0)))
    assert not list(find_shock(used(40, 10, last_day=STALE)))
    assert not list(find_shock(used(40, None)))


@pytest.mark.parametrize(("last", "lasts"), [(20, True), (27, True), (28, False), (40, False)])
def test_a_shock_lets_go_at_seventy_percent(last: float, lasts: bool) -> None:
    assert still_shocked(used(40, last), "active_users") is lasts


def test_a_shock_stays_while_nobody_can_tell() -> None:
    assert still_shocked(used(40, 40, last_day=STALE), "active_users")
    assert still_shocked(used(40, None), "active_users")
    assert not still_shocked(used(40, 20), "logins")


@pytest.mark.parametrize(
    ("weeks", "found"),
    [
        ((32, 31, 29, 28), True),
        ((32, 31, 29, 29), False),
        ((35, 28, 25, 25), False),
        ((29, 27, 25, 19), False),
    ],
)
def test_four_weeks_below_the_usual_drift_unless_it_is_a_shock(
    weeks: tuple[float, ...], found: bool
) -> None:
    assert bool(list(find_drift(used(40, *weeks)))) is found


def test_drift_says_so_and_lets_go_later() -> None:
    (signal,) = find_drift(used(40, 30, 30, 30, 28))
    assert "active users fell from 40 to 30 a day (−26%) over the four weeks" in signal.evidence
    assert still_drifting(used(40, 33, 33, 33, 33), "active_users")
    assert not still_drifting(used(40, 34, 34, 34, 34), "active_users")
    assert still_drifting(used(40, 40, last_day=STALE), "active_users")
    assert not still_drifting(used(40, 30), "logins")


def test_a_drift_needs_all_four_weeks() -> None:
    assert not list(find_drift(used(40, 28, None, 28, 28)))


@pytest.mark.parametrize(("peak", "severity"), [(51, "low"), (60, "low"), (61, "medium")])
def test_more_users_than_seats_is_an_opportunity(peak: float, severity: str) -> None:
    (signal,) = find_overage(used(40, peak=peak))
    assert signal.is_opportunity
    assert signal.severity == severity
    assert signal.evidence.startswith(f"{peak:.0f} users on 50 seats (1")


def test_as_many_users_as_seats_is_no_overage() -> None:
    assert not list(find_overage(used(40, peak=50)))
    assert not list(find_overage(used(40, peak=80, subscriptions=())))
    assert not list(find_overage(account()))


def test_an_overage_lets_go_when_the_users_fit_well() -> None:
    assert still_over(used(40, peak=48), "seats")
    assert not still_over(used(40, peak=47.5), "seats")
    assert still_over(account(), "seats")


@pytest.mark.parametrize(
    ("peak", "growing", "found"),
    [(45, 45, True), (44, 45, False), (45, 44, False), (51, 45, False)],
)
def test_nearly_full_seats_with_growth_want_more(peak: float, growing: float, found: bool) -> None:
    now = used(40, growing, growing, growing, growing, peak=peak)
    assert bool(list(find_expansion(now))) is found


def test_an_expansion_lets_go_when_growth_ends() -> None:
    assert still_growing(used(40, 41, 41, 41, 41, peak=43), "seats")
    assert not still_growing(used(40, 40, 40, 40, 40, peak=45), "seats")
    assert not still_growing(used(40, 45, 45, 45, 45, peak=42), "seats")
    assert not still_growing(used(40, 45, 45, 45, 45, peak=51), "seats")
    assert still_growing(account(), "seats")
