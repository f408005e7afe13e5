"""How whole portfolios moved on one usage metric over some newest days, counted by SQLite."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    WHERE a.account_key % :every = 0
        AND (:segments IS NULL OR a.segment IN (SELECT value FROM json_each(:segments)))"""
# Of a week: what the days in question hold, and how many of them are known.
_WEEKS = f"""SELECT u.account_key, a.segment,
        CASE u.week WHEN :week THEN {{here}} WHEN :week - 1 THEN {{before}} END AS newest,
        CASE u.week WHEN :week THEN {{here_days}} WHEN :week - 1 THEN {{before_days}} END AS days,
        CASE WHEN u.week <= :base THEN ({{here}} + {{before}})
            / nullif({{here_days}} + {{before_days}}, 0.0) END AS level{{more}}
    {_ROWS}"""
_MOVES = f"""SELECT segment, count(*), total(up), total(down),
        total(value) FILTER (WHERE up), total(mean) FILTER (WHERE up),
        total(value) FILTER (WHERE down), total(mean) FILTER (WHERE down)
    FROM (SELECT segment, value, mean, value > highest AND value >= mean * :factor AS up,
            value < lowest AND value <= mean / :factor AS down
        FROM (SELECT segment, total(newest) / sum(days) AS value, sum(days) AS days,
                avg(level) AS mean, max(level) AS highest, min(level) AS lowest,
                count(level) AS known
            FROM ({_WEEKS}) GROUP BY account_key)
        WHERE days > 0 AND known >= :weeks - 1 AND mean * days >= :least)
    GROUP BY segment"""
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


@dataclass(frozen=True, slots=True)
class Span:
    """Some newest days, and with what they are compared.

    Attributes:
        last: the last of the days, and `days` how many, at most seven, each weekday once.
        base_week: the same weekdays of the four weeks up to it are compared; None: up to the week
            before the first of the days.
        segments: only of these are accounts looked at; empty: of all.
        every: one account of so many is looked at.
    """

    last: dt.date
    days: int = 1
    base_week: int | None = None
    segments: tuple[str, ...] = ()
    every: int = 1


def moves_by_segment(connection: Connection, metric_id: int, span: Span) -> dict[str, DayMoves]:
    """How the accounts of each segment moved; those without one are under an empty name."""
    return {
        segment or "": DayMoves(int(accounts), int(up), int(down), *sums)
        for segment, accounts, up, down, *sums in _rows(connection, _MOVES, metric_id, span)
    }


def moves_on(connection: Connection, metric_id: int, span: Span) -> DayMoves:
    """How all of the accounts moved."""
    return sum(moves_by_segment(connection, metric_id, span).values(), DayMoves())


def rest_on(connection: Connection, metric_id: int, span: Span) -> Rest:
    """Whether those that fell over these days are where they are on a quiet day, as a Sunday."""
    fell, resting, accounts, rhythmic = next(_rows(connection, _REST, metric_id, span))
    return Rest(int(fell), int(resting), int(accounts), int(rhythmic))


def quiet_on(connection: Connection, metric_id: int, day: dt.date, *, every: int = 1) -> Quiet:
    """Of how many accounts whose data came daily nothing came in the week to that day."""
    span = Span(day, 7, every=every)
    accounts, quiet = next(_rows(connection, _QUIET, metric_id, span))
    return Quiet(int(accounts), int(quiet))


def account_total(connection: Connection) -> int:
    """How many accounts there are, whatever their state."""
    return int(connection.execute("SELECT count(*) FROM account").fetchone()[0])


def _rows(connection: Connection, statement: str, metric_id: int, span: Span) -> Iterator[Any]:
    """The rows of a statement about some days."""
    week, weekday = week_and_weekday(span.last)
    first_week, _ = week_and_weekday(span.last - dt.timedelta(days=span.days - 1))
    base = first_week - 1 if span.base_week is None else span.base_week
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
        "every": span.every,
        "segments": json.dumps(span.segments) if span.segments else None,
    }
    return plain_rows(connection, _statement(statement, weekday, span.days), given)


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
