"""How whole portfolios moved on one usage metric over some newest days, counted by SQLite."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from cs_workbench.core.ruler import (
    DAILY_DAYS,
    DEFAULT_POLICY,
    WEEKS,
    DayMoves,
    Quiet,
    Rest,
)
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

_COLUMNS = tuple(f"d{day}" for day in range(7))
_ROWS = """FROM account a CROSS JOIN usage_week u ON u.account_key = a.account_key
        AND u.metric_id = :metric
        AND (u.week BETWEEN :first AND :base OR u.week BETWEEN :week - 1 AND :week)
    WHERE a.account_key % :every = 0"""
# Of a week: what the days in question hold, and how many of them are known.
_WEEKS = f"""SELECT u.account_key,
        CASE u.week WHEN :week THEN {{here}} WHEN :week - 1 THEN {{before}} END AS newest,
        CASE u.week WHEN :week THEN {{here_days}} WHEN :week - 1 THEN {{before_days}} END AS days,
        CASE WHEN u.week <= :base THEN ({{here}} + {{before}})
            / nullif({{here_days}} + {{before_days}}, 0.0) END AS level{{more}}
    {_ROWS}"""
_MOVES = f"""SELECT count(*), total(up), total(down),
        coalesce(sum(value) FILTER (WHERE up) / sum(mean) FILTER (WHERE up), 1),
        coalesce(sum(value) FILTER (WHERE down) / sum(mean) FILTER (WHERE down), 1)
    FROM (SELECT value, mean, value > highest AND value >= mean * :factor AS up,
            value < lowest AND value <= mean / :factor AS down
        FROM (SELECT total(newest) / sum(days) AS value, sum(days) AS days, avg(level) AS mean,
                max(level) AS highest, min(level) AS lowest, count(level) AS known
            FROM ({_WEEKS}) GROUP BY account_key)
        WHERE days > 0 AND known >= :weeks - 1 AND mean * days >= :least)"""
_QUIETEST = (
    f", CASE WHEN u.week <= :base THEN min({', '.join(f'coalesce({d}, 9e99)' for d in _COLUMNS)})"
    " END AS quiet"
)
_REST = f"""SELECT total(fell), total(fell AND value >= :rest * quietest), count(*),
        total(quietest <= :rhythm * mean)
    FROM (SELECT value, mean, quietest, value <= mean / :factor AS fell
        FROM (SELECT total(newest) / sum(days) AS value, sum(days) AS days, avg(level) AS mean,
                min(quiet) AS quietest, count(level) AS known
            FROM ({_WEEKS}) GROUP BY account_key)
        WHERE days > 0 AND known >= :weeks - 1 AND mean * days >= :least)"""
_QUIET = f"""SELECT count(*), total(heard = 0)
    FROM (SELECT total(CASE u.week WHEN :week THEN {{here_days}} WHEN :week - 1 THEN {{before_days}}
                END) AS heard,
            total(CASE WHEN u.week <= :base
                THEN {" + ".join(f"({one} IS NOT NULL)" for one in _COLUMNS)} END) AS known
        {_ROWS} GROUP BY a.account_key)
    WHERE known >= :daily"""


def moves_on(
    connection: Connection,
    metric_id: int,
    day: dt.date,
    *,
    days: int = 1,
    base_week: int | None = None,
    every: int = 1,
) -> DayMoves:
    """How accounts moved over so many days, the last of them given.

    They are compared with the same weekdays of the four weeks up to `base_week`, or up to the week
    before the first of the days. At most seven days, each weekday once. With `every` only one
    account of so many is looked at.
    """
    row = _row(connection, _MOVES, metric_id, (day, days, base_week), every)
    return DayMoves(int(row[0]), int(row[1]), int(row[2]), row[3], row[4])


def rest_on(
    connection: Connection,
    metric_id: int,
    day: dt.date,
    *,
    days: int = 1,
    base_week: int | None = None,
) -> Rest:
    """Whether those that fell over these days are where they are on a quiet day, as a Sunday."""
    fell, resting, accounts, rhythmic = _row(connection, _REST, metric_id, (day, days, base_week))
    return Rest(int(fell), int(resting), int(accounts), int(rhythmic))


def quiet_on(connection: Connection, metric_id: int, day: dt.date, *, every: int = 1) -> Quiet:
    """Of how many accounts whose data came daily nothing came in the week to that day."""
    accounts, quiet = _row(connection, _QUIET, metric_id, (day, 7, None), every)
    return Quiet(int(accounts), int(quiet))


def account_total(connection: Connection) -> int:
    """How many accounts there are, whatever their state."""
    return int(connection.execute("SELECT count(*) FROM account").fetchone()[0])


def _row(
    connection: Connection,
    statement: str,
    metric_id: int,
    span: tuple[dt.date, int, int | None],
    every: int = 1,
) -> Any:
    """The one row of a statement about some days: the last, how many, and the base, if given."""
    day, days, base_week = span
    week, weekday = week_and_weekday(day)
    first_week, _ = week_and_weekday(day - dt.timedelta(days=days - 1))
    base = first_week - 1 if base_week is None else base_week
    given = {
        "metric": metric_id,
        "week": week,
        "base": base,
        "first": base - WEEKS + 1,
        "weeks": WEEKS,
        "factor": DEFAULT_POLICY.factor,
        "least": DEFAULT_POLICY.least_value,
        "rest": DEFAULT_POLICY.rest,
        "rhythm": DEFAULT_POLICY.rhythm,
        "daily": DAILY_DAYS,
        "every": every,
    }
    return next(plain_rows(connection, _statement(statement, weekday, days), given))


@cache
def _statement(template: str, weekday: int, days: int) -> str:
    """The statement for days that end on that weekday: those of its week, and of the one before."""
    here = _COLUMNS[max(0, weekday - days + 1) : weekday + 1]
    before = _COLUMNS[weekday - days + 8 :] if days > weekday + 1 else ()
    return template.format(
        here=_sum(f"coalesce({one}, 0)" for one in here),
        here_days=_sum(f"({one} IS NOT NULL)" for one in here),
        before=_sum(f"coalesce({one}, 0)" for one in before),
        before_days=_sum(f"({one} IS NOT NULL)" for one in before),
        more=_QUIETEST if template is _REST else "",
    )


def _sum(parts: Iterable[str]) -> str:
    return f"({' + '.join(parts) or '0'})"
