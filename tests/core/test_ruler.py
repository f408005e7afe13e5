import datetime as dt
import math
import random

import pytest

from cs_workbench.core.health import measure_account, score_health
from cs_workbench.core.measures import MISSING, Measured
from cs_workbench.core.ruler import (
    DayMoves,
    RulerChange,
    binomial_tail,
    find_move,
    still_moved,
    tell_change,
    with_trusted,
)
from cs_workbench.workflows.scoring import default_scorecard
from tests.core.signals.situations import used

CHANGE = RulerChange("active_users", "Active users", dt.date(2026, 11, 22), "up", 500, 498, 9.9871)


def moves(accounts: int, up: int = 0, down: int = 0) -> DayMoves:
    return DayMoves(accounts, up, down, 10.0 * up, float(up), 0.1 * down, float(down))


@pytest.mark.parametrize(
    ("successes", "trials", "chance", "expected"),
    [(0, 10, 0.25, 1), (10, 10, 0.25, 0.25**10), (1, 2, 0.5, 0.75), (2, 3, 0.2, 0.104)],
)
def test_the_tail_is_the_binomial_one(
    successes: int, trials: int, chance: float, expected: float
) -> None:
    assert math.isclose(binomial_tail(successes, trials, chance), expected, rel_tol=1e-9)


def test_the_tail_of_a_large_portfolio_is_no_overflow() -> None:
    assert binomial_tail(50_000, 100_000, 0.25) == 0
    assert 0.4 < binomial_tail(25_000, 100_000, 0.25) < 0.6


@pytest.mark.parametrize(
    ("found", "given"),
    [
        (("up", 500, 10.0), moves(500, up=500)),
        (("down", 260, 0.1), moves(500, down=260)),
        (("up", 250, 10.0), moves(500, up=250)),
        (None, moves(500, up=249)),
        (None, moves(500, up=130, down=130)),
        (None, moves(19, up=19)),
        (("up", 17, 10.0), moves(20, up=17)),
        (None, moves(20, up=14)),
        (None, moves(0)),
    ],
)
def test_half_of_many_accounts_or_nearly_all_of_few_move_a_ruler(
    found: object, given: DayMoves
) -> None:
    assert find_move(given) == found


def test_a_move_stands_while_half_are_away_or_nobody_can_tell() -> None:
    assert still_moved(moves(100, up=50), "up")
    assert not still_moved(moves(100, up=49), "up")
    assert not still_moved(moves(100, up=100), "down")
    assert still_moved(moves(19), "up")


def test_chance_alone_moves_no_ruler() -> None:
    """Days whose values are shuffled: the new one is the highest of four at most as often."""
    dice = random.Random(7)
    for _ in range(300):
        accounts = dice.choice([20, 60, 500])
        ups = sum(max(range(4), key=lambda _: dice.random()) == 0 for _ in range(accounts))
        assert find_move(moves(accounts, up=ups)) is None


def test_the_alarm_names_the_metric_the_share_and_the_factor() -> None:
    told = tell_change(CHANGE)
    assert told.startswith("The ruler changed, not the customers: active_users went up for 498 of")
    assert "500 accounts on 2026-11-22, to about 10 times as much." in told
    assert "holiday" not in told
    assert "logins, seats moved the same way: a holiday" in tell_change(CHANGE, {"seats", "logins"})


def test_scores_can_leave_out_what_a_metric_measures() -> None:
    card, facts = default_scorecard(), used(40, peak=40).facts
    outcomes = measure_account(card, facts)
    trusted = with_trusted(card, facts.portfolio, outcomes, {"active_users"})
    by_name = dict(zip((line.measure_id for line in card.measures), trusted, strict=True))
    assert by_name["usage_level"] is by_name["seat_utilisation"] is MISSING
    assert isinstance(by_name["two_way_contact"], Measured)
    assert score_health(card, trusted).coverage_e4 < score_health(card, outcomes).coverage_e4
    assert with_trusted(card, facts.portfolio, outcomes, {"logins"}) == outcomes
