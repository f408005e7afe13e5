import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.core.health import measure_account, score_health, stored_form
from cs_workbench.core.kernels.scores import CardTables, score_columns
from cs_workbench.core.kernels.texts import stored_rows
from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.shipped import shipped
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.fact_columns import columns_between
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.facts_history import Day, columns_on_days
from cs_workbench.store.known import read_known
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import TODAY
from tests.store.test_facts_history import invent_portfolio

# The first one changes contracts later on and corrects usage.
SEEDS = [5, *(pytest.param(n, marks=pytest.mark.deep) for n in (0, 1, 2, 3, 4, 6, 7))]


def every_measure() -> Scorecard:
    """A scorecard that asks for all there is."""
    card = default_scorecard()
    line = card.measures[0]
    given = {"metric": "key_actions", "per": "active_users", "daily": "active_users"}
    measures = tuple(
        replace(
            line,
            measure_id=f"m{number}",
            source=name,
            measure=measure,
            given={**measure.defaults, **{k: v for k, v in given.items() if k in measure.defaults}}
            if number % 2
            else measure.defaults,
            weight=1 + number % 7,
            max_age_days=(None, 10, 60)[number % 3],
            missing_e4=(None, None, 0, 420_000)[number % 4],
            if_imported=number % 5 == 0,
        )
        for number, (name, measure) in enumerate(sorted(ALL_MEASURES.items()))
        if name != "rating"
    )
    return replace(card, measures=measures, profiles=(), variants={})


def differences(db: Database, card: Scorecard, day: dt.date) -> int:
    """Compare what columns give with what the plain functions give; how many accounts."""
    known = read_known(db.connection, day)
    portfolio, usage = read_portfolio(db.connection, known, card)
    keys = account_keys(db.connection)
    given = (db.connection, known, portfolio, usage, (keys[0], keys[-1]))
    plain, chunk = facts_between(*given), columns_between(*given)
    assert plain == list(chunk.facts)
    scores = score_columns(CardTables(card), chunk)
    for at, (one, row) in enumerate(zip(plain, stored_rows(scores), strict=True)):
        own = card.of_account(one)
        score = score_health(own, measure_account(own, one))
        assert score == scores.score(at)
        assert stored_form(own, score) == row
    return len(plain)


@pytest.mark.parametrize("seed", SEEDS)
def test_columns_give_what_the_plain_functions_give(db: Database, seed: int) -> None:
    invent_portfolio(db, seed, 6)
    cards = default_scorecard(), every_measure()
    days = [TODAY - dt.timedelta(days=back) for back in (*range(8), 40, 90, 300)]
    assert sum(differences(db, card, day) for card in cards for day in days) > 60


@pytest.mark.parametrize("seed", SEEDS)
def test_days_read_together_are_scored_as_each_alone(db: Database, seed: int) -> None:
    invent_portfolio(db, seed, 6)
    card = every_measure()
    tables, keys = CardTables(card), account_keys(db.connection)
    days: list[Day] = []
    for back in range(200, -1, -9):
        known = read_known(db.connection, TODAY - dt.timedelta(days=back))
        days.append((known, *read_portfolio(db.connection, known, card)))
    span = keys[0], keys[-1]
    for day, together in zip(days, columns_on_days(db.connection, days, span), strict=True):
        alone = columns_between(db.connection, *day, span)
        rows = list(stored_rows(score_columns(tables, together)))
        assert rows == list(stored_rows(score_columns(tables, alone)))


def test_columns_score_the_sample_as_the_plain_functions_do(tmp_path: Path) -> None:
    copy = tmp_path / "sample.db"
    shutil.copyfile(shipped("sample.db"), copy)
    with open_database(copy) as db:
        for day in (TODAY, TODAY - dt.timedelta(days=200)):
            assert differences(db, default_scorecard(), day) > 100
        assert differences(db, every_measure(), TODAY) > 100
