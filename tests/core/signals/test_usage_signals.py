import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.depletion import foresee
from cs_workbench.core.signals.model import Situation
from cs_workbench.core.signals.usage_signals import (
    find_drift,
    find_expansion,
    find_growth,
    find_overage,
    find_running_out,
    find_shock,
    find_usage_silence,
    still_down,
    still_growing,
    still_higher,
    still_over,
    still_running_out,
)
from cs_workbench.core.usage_findings import UsageFinding, UsageState
from tests.core.signals.situations import PORTFOLIO, SUBSCRIPTION, account, used

D = dt.date
STALE = D(2026, 11, 8)
FADING = tuple(40 * (1 - 0.035 * week) for week in range(1, 13))


def found(**given: Any) -> UsageFinding:
    plain = UsageFinding(
        "shock", "active_users", D(2026, 10, 26), 48, 19, -0.6, -0.02, 2.5, is_sudden=True
    )
    return replace(plain, **given)


def looked_at(*findings: UsageFinding, **state: Any) -> Situation:
    return replace(used(40), usage=UsageState(findings, **state))


def test_a_sudden_fall_is_a_shock_and_no_drift() -> None:
    now = used(48, 19, 19)
    (signal,) = find_shock(now)
    assert signal.evidence == (
        "active users fell from 48 to 19 a day (−60%) since the week of 9 Nov 2026; very likely"
    )
    assert (signal.reason, signal.severity) == ("active_users", "medium")
    assert signal.resolves_when == "four weeks are back at 90% of the usual"
    assert not list(find_drift(now))


@pytest.mark.parametrize(("change", "severity"), [(-0.74, "medium"), (-0.75, "high")])
def test_a_fall_of_three_quarters_weighs_more(change: float, severity: str) -> None:
    (signal,) = find_shock(looked_at(found(change=change)))
    assert signal.severity == severity


def test_a_slow_fall_is_a_drift_and_no_shock() -> None:
    now = used(40, *FADING)
    (signal,) = find_drift(now)
    assert signal.evidence.startswith("active users faded from ")
    assert not list(find_shock(now))


def test_a_fall_that_a_shock_tells_already_is_no_drift() -> None:
    now = used(40, *FADING)
    assert not list(find_drift(replace(now, standing=frozenset({"usage shock"}))))


@pytest.mark.parametrize(("onset", "is_news"), [(D(2026, 10, 19), True), (D(2026, 10, 18), False)])
def test_a_shock_within_a_drift_is_told_only_while_it_is_new(onset: D, is_news: bool) -> None:
    now = looked_at(found(onset=onset))
    assert bool(list(find_shock(replace(now, standing=frozenset({"usage drift"}))))) is is_news
    both = frozenset({"usage drift", "usage shock"})
    assert list(find_shock(replace(now, standing=both)))
    assert list(find_shock(now))


@pytest.mark.parametrize(
    ("peers", "told"),
    [
        (None, "2026; almost"),
        (-0.02, "2026; peers steady; almost"),
        (-0.11, "2026; peers −11% in that time; almost"),
    ],
)
def test_the_words_say_what_the_peers_did(peers: float | None, told: str) -> None:
    (signal,) = find_shock(looked_at(found(peers=peers)))
    assert told in signal.evidence


@pytest.mark.parametrize(
    ("strength", "words"),
    [(1.0, "likely"), (1.29, "likely"), (1.3, "very likely"), (1.9, "almost certain")],
)
def test_confidence_is_in_words(strength: float, words: str) -> None:
    assert found(strength=strength).confidence == words


def test_without_fresh_data_nothing_is_found_and_nothing_ends() -> None:
    stale = replace(used(40, 19, last_day=STALE))
    assert not list(find_shock(stale))
    assert still_down(stale, "active_users")
    assert still_higher(stale, "active_users")
    assert not list(find_shock(account()))


def test_a_fall_lasts_until_four_weeks_are_back() -> None:
    assert still_down(used(40, 19, 35), "active_users")
    assert still_down(used(40, 19, 30, 30, 30, 30), "active_users")
    assert not still_down(used(40, 19, 38, 38, 38, 38), "active_users")
    assert not still_down(used(40, 19), "logins")


def test_growth_is_an_opportunity_until_it_is_the_usual() -> None:
    now = used(20, 30, 30, 30, 30, peak=30)
    (signal,) = find_growth(now)
    assert signal.is_opportunity
    assert signal.evidence == (
        "active users rose from 20 to 30 a day (+50%) since the week of 26 Oct 2026; likely"
    )
    assert still_higher(now, "active_users")
    assert not still_higher(used(20), "active_users")
    assert not still_higher(now, "logins")


def test_an_overage_or_full_seats_say_growth_already() -> None:
    assert list(find_expansion(used(20, 30, 30, 30, 30, peak=46)))
    assert not list(find_growth(used(20, 30, 30, 30, 30, peak=46)))
    assert not list(find_growth(used(20, 30, 30, 30, 30, peak=51)))


def test_an_account_that_falls_silent_is_no_fall_and_is_told() -> None:
    silent = looked_at(silent_days=12)
    (signal,) = find_usage_silence(silent)
    assert signal.evidence.startswith("no data of active users since 22 Nov 2026 (12 days)")
    assert "the data cannot say which" in signal.evidence
    assert not list(find_shock(silent))
    assert not list(find_usage_silence(used(40)))
    assert not list(find_usage_silence(account()))


@pytest.mark.parametrize(("peak", "severity"), [(51, "low"), (60, "low"), (61, "medium")])
def test_more_users_than_seats_is_an_opportunity(peak: float, severity: str) -> None:
    (signal,) = find_overage(used(40, peak=peak))
    assert signal.is_opportunity
    assert signal.severity == severity
    assert signal.evidence.startswith(f"{peak:.0f} users on 50 seats (1")


def test_an_overage_says_since_which_week_by_the_seats_of_each() -> None:
    now = used(40, 60, 61, 62, peak=62)
    series = replace(now.facts.usage["active_users"], metric="active_users_28d")
    portfolio = replace(PORTFOLIO, seat_metric="active_users_28d")
    facts = replace(now.facts, usage={"active_users_28d": series}, portfolio=portfolio)
    (signal,) = find_overage(replace(now, facts=facts))
    assert signal.evidence == "62 users on 50 seats (124%), since the week of 2 Nov 2026"
    grown = (
        SUBSCRIPTION._replace(end_date=D(2026, 11, 15), seats=61),
        SUBSCRIPTION._replace(start_date=D(2026, 11, 16)),
    )
    (later,) = find_overage(replace(now, facts=replace(facts, subscriptions=grown)))
    assert later.evidence.endswith("since the week of 16 Nov 2026")


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


def supplied(left: float, a_day: float = 10.0) -> Situation:
    days = [left + a_day * back for back in range(55, -1, -1)]
    supply = foresee("credits_left", "Credits left", days, D(2026, 11, 22))
    assert supply is not None
    return replace(used(40), supplies=(supply,))


@pytest.mark.parametrize(
    ("left", "severity"), [(211, None), (210, "medium"), (90, "medium"), (80, "high"), (0, "high")]
)
def test_credits_that_end_within_twenty_days_are_told(left: float, severity: str | None) -> None:
    found = list(find_running_out(supplied(left)))
    assert [one.severity for one in found] == ([] if severity is None else [severity])


def test_running_out_says_when_and_lets_go_after_a_refill() -> None:
    (signal,) = find_running_out(supplied(150))
    assert signal.reason == "credits_left"
    assert signal.evidence.startswith(
        "credits left: 150 left, 10 a day: runs out about 7 Dec 2026, in 14 days"
    )
    assert still_running_out(supplied(280), "credits_left")
    assert not still_running_out(supplied(290), "credits_left")
    assert still_running_out(used(40), "credits_left")


def test_who_stopped_is_told_with_its_begin_and_without_a_second_signal() -> None:
    stopped = found(kind="silence", onset=D(2026, 11, 9), before=0.5, now=0, strength=1.4)
    now = looked_at(stopped)
    (signal,) = find_usage_silence(now)
    assert signal.evidence == (
        "active users stopped: none since 9 Nov 2026, 3.5 a week before; very likely"
    )
    assert not list(find_shock(now)) + list(find_drift(now)) + list(find_growth(now))
