"""Accounts added up by what they have in common, and the history of their scores."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.health_summaries import By, Part
from cs_workbench.core.score_spans import CODES_FROM, RESIDUES, RUNS_FROM, Contract, Scored
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

# What is grouped by, and what people call it; `k` is an account with the group it was given.
_GROUPS: Mapping[By, tuple[str, str]] = {
    "csm": ("a.csm", "coalesce(p.name, a.csm)"),
    "segment": ("a.segment", "a.segment"),
    "region": ("a.region", "a.region"),
    "industry": ("a.industry", "a.industry"),
    "stage": ("a.lifecycle_stage", "a.lifecycle_stage"),
    "parent": ("k.family", "NULL"),
    "all": ("NULL", "NULL"),
}
_KEYS = "SELECT value AS account_key, NULL AS family FROM json_each(:keys)"
_FAMILIES = "SELECT value ->> 0 AS account_key, value ->> 1 AS family FROM json_each(:keys)"
_MILLION = 1_000_000  # ARR x points of a whole book is more than SQLite's integers hold

# Bands of four weeks ago as ranks; what was unknown neither rises nor falls.
_THEN = "CASE b.band WHEN 'red' THEN 0 WHEN 'yellow' THEN 2 WHEN 'green' THEN 3 END"
_PARTS = """SELECT {group_id} AS group_id, {name} AS name, coalesce(s.band_rank, 1) AS band_rank,
        coalesce(s.currency, a.currency) AS currency, count(*), sum(coalesce(s.arr_minor, 0)),
        sum(s.arr_minor / {million} * s.points_e4), sum(s.arr_minor % {million} * s.points_e4),
        json_group_array(s.points_e4) FILTER (WHERE s.points_e4 IS NOT NULL),
        sum(s.band_rank <> 1 AND s.band_rank > {then}),
        sum(s.band_rank <> 1 AND s.band_rank < {then})
    FROM ({keys}) k CROSS JOIN account a ON a.account_key = k.account_key
    LEFT JOIN account_summary s ON s.account_key = a.account_key
    LEFT JOIN person p ON p.person_id = a.csm
    LEFT JOIN score b ON b.account_key = a.account_key AND b.as_of = :then
    GROUP BY 1, 3, 4"""

# The scores of an account follow one another by day, as their key has them.
_TENTHS = "coalesce(c.points_e4, 0) / 1000"
_SIGN = f"{CODES_FROM} + {_TENTHS} * {RESIDUES} + unicode(c.band) % {RESIDUES}"
_CODE = f"char({_SIGN}, {RUNS_FROM} + c.run_id)"
_CODES = f"""SELECT a.account_key, a.currency, group_concat({_CODE}, '')
    FROM {{accounts}} JOIN score c ON c.account_key = a.account_key AND {{days}}
    GROUP BY a.account_key ORDER BY a.account_key"""
_EVERY_ACCOUNT = "account a CROSS"
_GIVEN = (
    "(SELECT value FROM json_each(:keys)) w CROSS JOIN account a ON a.account_key = w.value CROSS"
)
_CONTRACTS = """SELECT t.account_key, t.start_date,
        min(coalesce(t.end_date, '9999-12-31'),
            coalesce(date(t.cancelled_on, '-1 day'), '9999-12-31')) AS last,
        CASE WHEN t.is_trial OR t.currency <> a.currency THEN 0 ELSE t.arr_minor END
    FROM subscription t JOIN account a ON a.account_key = t.account_key
    WHERE t.start_date <= :until AND last >= :floor ORDER BY t.account_key"""


def group_parts(
    connection: Connection,
    by: By,
    keys: Sequence[int] | Sequence[tuple[int, int]],
    then: dt.date | None,
) -> list[Part]:
    """What the accounts add up to, by group, band and currency.

    `keys` are of the accounts; by parent, each comes with the key of the family's top. Bands are
    compared with those of the day `then`.
    """
    group_id, name = _GROUPS[by]
    sql = _PARTS.format(
        group_id=group_id,
        name=name,
        million=_MILLION,
        then=_THEN,
        keys=_FAMILIES if by == "parent" else _KEYS,
    )
    values = {"keys": json.dumps(list(keys)), "then": then.isoformat() if then else None}
    return [_part(row) for row in plain_rows(connection, sql, values)]


def _part(row: tuple[Any, ...]) -> Part:
    group, name, rank, currency, accounts, arr, millions, rest, points, up, down = row
    return Part(
        group_id=None if group is None else str(group),
        name=name,
        band=BANDS[rank],
        currency=currency,
        accounts=accounts,
        arr_minor=arr,
        weighted=(millions or 0) * _MILLION + (rest or 0),
        points=json.loads(points),
        up=up or 0,
        down=down or 0,
    )


def finished_runs(connection: Connection, first: dt.date, last: dt.date) -> dict[int, dt.date]:
    """The days of the refreshes of a span, by run; those of days on which none was finished out."""
    found = plain_rows(
        connection,
        "SELECT run_id, as_of FROM refresh_run WHERE as_of IN (SELECT as_of FROM refresh_run "
        "WHERE report IS NOT NULL AND as_of BETWEEN ? AND ?) ORDER BY as_of, run_id",
        (first.isoformat(), last.isoformat()),
    )
    return {run_id: dt.date.fromisoformat(day) for run_id, day in found}


def scored_accounts(
    connection: Connection,
    days: Sequence[dt.date],
    *,
    keys: Sequence[int] | None,
    scored_days: int,
    floor: dt.date,
) -> Iterator[Scored]:
    """The scores of some days, and maybe of others between them, account by account.

    There is at least one day, and both `days` and `keys` ascend; no keys: all accounts.
    `scored_days` is how many days between the first and the last have scores. Contracts that ended
    before `floor` do not matter.
    """
    each = "c.as_of IN (SELECT value FROM json_each(:days))"
    span = "c.as_of BETWEEN :first AND :last"  # quicker than to look for most of the days in it
    sql = _CODES.format(
        accounts=_EVERY_ACCOUNT if keys is None else _GIVEN,
        days=span if scored_days < 2 * len(days) else each,
    )
    texts = [day.isoformat() for day in days]
    given = {"first": texts[0], "last": texts[-1], "days": json.dumps(texts)}
    values = {**given, "keys": None if keys is None else json.dumps(list(keys))}
    limits = {"until": texts[-1], "floor": floor.isoformat()}
    contracts = _contracts(connection, limits)
    current, mine = next(contracts, _NO_MORE)
    for key, currency, codes in plain_rows(connection, sql, values):
        while current < key:
            current, mine = next(contracts, _NO_MORE)
        yield Scored(codes, currency, mine if current == key else ())


_NO_MORE: tuple[int, list[Contract]] = (2**63, [])


def _contracts(
    connection: Connection, limits: Mapping[str, str]
) -> Iterator[tuple[int, list[Contract]]]:
    rows = plain_rows(connection, _CONTRACTS, limits)
    for key, group in groupby(rows, key=lambda row: row[0]):
        yield key, [Contract(*row[1:]) for row in group]
