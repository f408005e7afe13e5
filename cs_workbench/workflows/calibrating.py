"""Fit the thresholds of usage detection on a portfolio's own history."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.usage_calibration import ENOUGH, Fit, fit
from cs_workbench.core.usage_findings import DEFAULT_THRESHOLDS, Thresholds
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database, snapshot, write
from cs_workbench.store.detection_settings import (
    Calibration,
    forget_calibration,
    load_calibration,
    save_calibration,
)
from cs_workbench.store.known import read_known
from cs_workbench.store.peers import peer_samples
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_days import Days, days_of
from cs_workbench.store.usage_facts import Metric, pick_usage

HISTORY = dt.timedelta(weeks=104)
MOST = 2_000  # accounts whose history is looked at night by night, a few seconds of work
LEAST_EACH = 40  # accounts of a group, so that its calendar can be told
WHOLE = 7 * 26


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """What a calibration found.

    Attributes:
        calibration: what was kept, or would be; None where the history is too short.
        thresholds: that hold now.
        alarms_a_week: drops that these thresholds are expected to tell in the whole portfolio, in a
            usual week, and `false_a_week` how many of them are none.
        accounts: with usage, in the portfolio; `looked_at` those whose history was replayed.
    """

    metric: str
    label: str
    budget: float
    fitted: Fit | None
    calibration: Calibration | None
    thresholds: Thresholds
    alarms_a_week: float | None
    false_a_week: float | None
    accounts: int
    looked_at: int

    @property
    def why_not(self) -> str | None:
        """Why nothing was fitted; None where it was."""
        if self.calibration is not None:
            return None
        years = 0.0 if self.fitted is None else self.fitted.account_years
        return (
            f"{years:.0f} account-years of history are too few to count false alarms "
            f"({ENOUGH:.0f} are needed); the program's thresholds stay"
        )


def calibrate(
    db: Database,
    scorecard: Scorecard,
    *,
    today: dt.date,
    budget: float,
    actor: str,
    dry_run: bool = False,
) -> CalibrationReport:
    """Replay up to two years night by night, and keep the lowest thresholds within the budget.

    `budget` is in false alarms an account and year; nothing after `today` is looked at.

    Raises:
        UsageError: there is no usage to look at.
    """
    with snapshot(db) as connection:
        known = read_known(connection, today)
        usage = pick_usage(connection, known, scorecard)
        if usage.main is None:
            raise UsageError("There is no usage yet: import some first (docs/importing.md).")
        rows, groups, accounts = _history(connection, usage.main, known.until)
        before = load_calibration(connection)
    found = fit(rows, groups, budget)
    calibration = _calibration(found, usage.main, budget, (today, actor))
    if calibration is not None and not dry_run:
        _keep(db, calibration)
    kept = calibration or before
    return CalibrationReport(
        metric=usage.main.name,
        label=usage.labels[usage.main.name],
        budget=budget,
        fitted=found,
        calibration=calibration,
        thresholds=kept.thresholds if kept else DEFAULT_THRESHOLDS,
        alarms_a_week=_a_week(found, accounts),
        false_a_week=None if found is None else found.false_a_year * accounts * 7 / 365,
        accounts=accounts,
        looked_at=len(rows),
    )


def _keep(db: Database, calibration: Calibration) -> None:
    with write(db) as connection:
        save_calibration(connection, calibration)


def _calibration(
    found: Fit | None, metric: Metric, budget: float, asked: tuple[dt.date, str]
) -> Calibration | None:
    """What is kept: with the day and who asked for it; None where the history is too short."""
    if found is None or not found.is_enough:
        return None
    today, actor = asked
    years = round(found.account_years, 1)
    return Calibration(found.thresholds, budget, today.isoformat(), actor, metric.name, years)


def reset_calibration(db: Database) -> None:
    """Go back to the thresholds of the program."""
    with write(db) as connection:
        forget_calibration(connection)


def _history(
    connection: Connection, metric: Metric, until: str
) -> tuple[list[Days], list[int], int]:
    """Days of about `MOST` accounts, the number of each one's group, and how many have usage."""
    span = metric.last_day - HISTORY + dt.timedelta(days=1), metric.last_day
    rows: list[Days] = []
    groups: list[int] = []
    accounts = 0.0
    samples = peer_samples(connection, each=MOST)
    room = max(LEAST_EACH, MOST // max(1, len(samples)))
    for number, sample in enumerate(samples):
        keys = sample.keys[:: -(-len(sample.keys) // room)]
        found = days_of(connection, metric, span, keys, until=until)
        rows += found.values()
        groups += [number] * len(found)
        accounts += len(found) * sample.size / len(keys)
    empty = min((_first(row) for row in rows), default=0)
    return [row[empty:] for row in rows], groups, round(accounts)


def _first(row: Days) -> int:
    """Where the days with data begin."""
    return next((at for at, value in enumerate(row) if value is not None), len(row))


def _a_week(found: Fit | None, accounts: int) -> float | None:
    if found is None or not found.accounts:
        return None
    return found.alarms / found.weeks * accounts / found.accounts
