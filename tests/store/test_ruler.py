import datetime as dt
import random
from collections.abc import Sequence

import pytest

from cs_workbench.core.ruler import RulerChange, find_move
from cs_workbench.store.database import Database, write
from cs_workbench.store.ruler import (
    lift_change,
    metrics_changed_over,
    rulers,
    save_change,
    save_tested,
    standing_changes,
)
from cs_workbench.store.ruler_moves import Span, moves_on
from tests.factories import TODAY, add_account, add_import, add_usage, insert

DAY = dt.timedelta(days=1)
START = TODAY - 34 * DAY


def used(db: Database, *series: Sequence[float | None], metric: str = "logins") -> int:
    """Accounts with five weeks of days each; gives the metric."""
    with write(db) as connection:
        for values in series:
            count = connection.execute("SELECT count(*) FROM account").fetchone()[0]
            add_usage(connection, add_account(connection, f"a{count}"), START, values, metric)
    found = db.connection.execute("SELECT metric_id FROM usage_metric WHERE name = ?", (metric,))
    return int(found.fetchone()[0])


def test_an_account_moves_beyond_all_four_weeks_and_by_half(db: Database) -> None:
    flat = [10.0] * 34
    metric = used(db, [*flat, 15.0], [*flat, 14.9], [*flat, 6.6], [*flat, 6.7], [*flat, 10.0])
    moves = moves_on(db.connection, metric, Span(TODAY))
    assert (moves.accounts, moves.up, moves.down) == (5, 1, 1)
    assert (moves.factor_up, round(moves.factor_down, 9)) == (1.5, 0.66)


def test_a_day_is_compared_with_its_own_weekday(db: Database) -> None:
    week = [100.0, 100, 100, 100, 100, 20, 20]
    metric = used(db, week * 5)
    for back in range(7):
        moves = moves_on(db.connection, metric, Span(TODAY - back * DAY))
        assert (moves.accounts, moves.up, moves.down) == (1, 0, 0)


def test_a_level_that_was_there_before_is_no_move(db: Database) -> None:
    values = [10.0] * 35
    values[34 - 14], values[34] = 40.0, 40.0
    assert moves_on(db.connection, used(db, values), Span(TODAY)).up == 0


def test_small_new_and_silent_accounts_are_not_compared(db: Database) -> None:
    metric = used(
        db,
        [4.9] * 34 + [50.0],
        [None] * 20 + [10.0] * 14 + [100.0],
        [10.0] * 34 + [None],
        [None] * 7 + [10.0] * 27 + [100.0],
    )
    moves = moves_on(db.connection, metric, Span(TODAY))
    assert (moves.accounts, moves.up) == (1, 1)


def test_normal_weeks_of_noisy_accounts_move_no_ruler(db: Database) -> None:
    dice = random.Random(3)
    metric = 0
    for seed in range(20):
        rows: list[list[float | None]] = []
        for _ in range(30):
            level, growth = dice.lognormvariate(3, 1), dice.uniform(0.99, 1.01)
            rows.append(
                [
                    float(max(0, round(dice.gauss(m := level * growth**d, m**0.5))))
                    * (1 if (START + d * DAY).weekday() < 5 else 0.3)
                    for d in range(35)
                ]
            )
        metric = used(db, *rows, metric=f"m{seed}")
        for back in range(7):
            assert find_move(moves_on(db.connection, metric, Span(TODAY - back * DAY))) is None


CHANGE = RulerChange("logins", "logins", TODAY, "up", 40, 39, 10.0)


def test_a_change_stands_until_it_is_lifted(db: Database) -> None:
    metric = used(db, [1.0])
    with write(db) as connection:
        save_change(connection, metric, CHANGE, TODAY + DAY)
    (standing,) = standing_changes(db.connection)
    assert (standing.metric_id, standing.change) == (metric, CHANGE)
    assert standing.noticed_on == TODAY + DAY
    with write(db) as connection:
        lift_change(connection, standing, TODAY + 3 * DAY)
    assert standing_changes(db.connection) == []


@pytest.mark.parametrize(("offset", "tainted"), [(-1, False), (0, True), (2, True), (3, False)])
def test_days_on_which_the_ruler_was_off_are_known_later(
    db: Database, offset: int, tainted: bool
) -> None:
    metric = used(db, [1.0])
    with write(db) as connection:
        save_change(connection, metric, CHANGE, TODAY)
        lift_change(connection, standing_changes(connection)[0], TODAY + 3 * DAY)
    found = metrics_changed_over(db.connection, [None, TODAY + offset * DAY])
    assert {name for name, _ in found} == (frozenset({"logins"}) if tainted else frozenset())


def test_a_metric_ends_where_its_imports_did_and_not_after_the_day(db: Database) -> None:
    metric = used(db, [1.0] * 35)
    with write(db) as connection:
        run = add_import(connection)
        row = {"metric_id": metric, "import_id": run, "last_day": TODAY.isoformat()}
        insert(connection, "usage_frontier", row)
        save_tested(connection, metric, TODAY - DAY)
    (one,) = rulers(db.connection, TODAY + DAY)
    assert (one.last_day, one.tested_until) == (TODAY, TODAY - DAY)
    assert rulers(db.connection, TODAY - 2 * DAY)[0].last_day == TODAY - 2 * DAY
