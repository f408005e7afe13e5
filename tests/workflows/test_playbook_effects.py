"""From eligible accounts to a verdict, on a real file."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import keep_playbook
from cs_workbench.workflows.playbook_effects import playbook_effects
from cs_workbench.workflows.playbooks import find_playbook
from tests.factories import TODAY, add_account, add_subscription, insert, portfolio

ELIGIBLE = TODAY - dt.timedelta(days=200)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Forty accounts a contract of which was due: half treated, most of which stayed."""
    renewal = find_playbook("renewal").playbook
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            keep_playbook(c, renewal)
            for number in range(40):
                key = add_account(c, f"a{number}")
                treated = number % 2 == 0
                stays = number % 10 != 0 if treated else number % 5 == 1
                end = "2027-06-30" if stays else (ELIGIBLE + dt.timedelta(days=60)).isoformat()
                add_subscription(c, key, start_date="2025-01-01", end_date=end, arr_minor=1_200_000)
                trial = {"playbook_id": "renewal", "version": renewal.version}
                values = {"segment": "smb", "band": "yellow", "tenure_days": 400}
                money = {"arr_minor": 1_200_000, "currency": "USD"}
                day = {"eligible_on": ELIGIBLE.isoformat()}
                insert(c, "trial", {"account_key": key, **trial, **values, **money, **day})
                if treated:
                    play = {
                        "play_id": f"p{number}",
                        "account_key": key,
                        "playbook_hash": renewal.digest,
                        "state": "completed" if number % 4 else "abandoned",
                        "started_on": (ELIGIBLE + dt.timedelta(days=3)).isoformat(),
                        "ended_on": TODAY.isoformat(),
                    }
                    insert(c, "play", {**play, **trial})
        yield opened


def test_retained_money_against_accounts_that_nobody_came_to(db: Database) -> None:
    (found,) = playbook_effects(db, TODAY)
    counts, effect = found.counts, found.effect
    assert (counts.eligible, counts.started, counts.completed, counts.abandoned) == (40, 20, 10, 10)
    # Given up or completed: both count as treated.
    assert (effect.n_treated, effect.n_control) == (20, 20)
    assert effect.difference == pytest.approx(0.8 - 0.2)
    assert effect.verdict == "better"
    assert effect.low is not None
    assert 0 < effect.low < 0.6


def test_before_the_window_is_over_nothing_is_claimed(db: Database) -> None:
    (found,) = playbook_effects(db, ELIGIBLE + dt.timedelta(days=179))
    assert (found.effect.n_treated, found.effect.verdict) == (0, "not enough data")
    assert playbook_effects(db, TODAY, playbook_id="save") == []
