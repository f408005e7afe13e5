"""Accounts added up by what they have in common, and the history of their scores."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.health_summaries import By, Part
from cs_workbench.core.renewals import Subscription, last_day
from cs_workbench.core.score_spans import CODES_FROM, RESIDUES, RUNS_FROM, Contract, ScoredRange
from cs_workbench.store.account_subscriptions import agreed_by_several
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
        sum(s.band_rank <> 1 AND s.band_rank < {then}),
        sum(s.account_key IS NOT NULL AND s.arr_minor IS NULL)
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
    FROM account a CROSS JOIN score c ON c.account_key = a.account_key AND {{days}}
    WHERE a.account_key BETWEEN :from AND :to
        AND a.account_key IN (SELECT value FROM json_each(:keys))
    GROUP BY a.account_key ORDER BY a.account_key"""
_CONTRACTS = """SELECT t.account_key, t.start_date,
        min(coalesce(t.end_date, '9999-12-31'),
            coalesce(date(t.cancelled_on, '-1 day'), '9999-12-31')) AS last,
        CASE WHEN t.is_trial OR t.currency <> a.currency THEN 0 ELSE coalesce(t.arr_minor, 0) END
    FROM subscription t JOIN account a ON a.account_key = t.account_key
    WHERE t.account_key BETWEEN :from AND :to AND t.start_date <= :until AND last >= :floor"""
_RANGE = 2_000  # accounts that are counted together


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
    group, name, rank, currency, accounts, arr, millions, rest, points, *counts = row
    up, down, unpriced = counts
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
        unpriced=unpriced,
    )


def scored_on(connection: Connection, day: dt.date) -> list[tuple[int, int | None]]:
    """The accounts that were scored on a day, with their whole points; None is unknown."""
    found = plain_rows(
        connection,
        "SELECT account_key, CASE WHEN band <> 'unknown' THEN points_e4 / 10000 END "
        "FROM score WHERE as_of = ? ORDER BY account_key",
        (day.isoformat(),),
    )
    return [(key, points) for key, points in found]


def finished_runs(connection: Connection, first: dt.date, last: dt.date) -> dict[int, dt.date]:
    """The days of the refreshes of a span, by run; those of days on which none was finished out."""
    found = plain_rows(
        connection,
        "SELECT run_id, as_of FROM refresh_run WHERE as_of IN (SELECT as_of FROM refresh_run "
        "WHERE report IS NOT NULL AND as_of BETWEEN ? AND ?) ORDER BY as_of, run_id",
        (first.isoformat(), last.isoformat()),
    )
    return {run_id: dt.date.fromisoformat(day) for run_id, day in found}


def scored_ranges(
    connection: Connection,
    days: Sequence[dt.date],
    *,
    keys: Sequence[int],
    scored_days: int,
    floor: dt.date,
) -> Iterator[ScoredRange]:
    """The scores of some days, and maybe of others between them, range by range of accounts.

    There is at least one day, and both `days` and `keys` ascend. `scored_days` is how many days
    between the first and the last have scores. Contracts that ended before `floor` do not matter.
    """
    each = "c.as_of IN (SELECT value FROM json_each(:days))"
    span = "c.as_of BETWEEN :first AND :last"  # quicker than to look for most of the days in it
    sql = _CODES.format(days=span if scored_days < 2 * len(days) else each)
    texts = [day.isoformat() for day in days]
    given = {"first": texts[0], "last": texts[-1], "days": json.dumps(texts)}
    limits = {"until": texts[-1], "floor": floor.isoformat()}
    several = agreed_by_several(connection, days[-1])
    for begin in range(0, len(keys), _RANGE):
        mine = list(keys[begin : begin + _RANGE])
        between = {"from": mine[0], "to": mine[-1]}
        wanted = {**given, **between, "keys": json.dumps(mine)}
        rows = plain_rows(connection, sql, wanted).fetchall()
        places = {row[0]: place for place, row in enumerate(rows)}
        contracts = [
            Contract(places[key], *rest)
            for key, *rest in plain_rows(connection, _CONTRACTS, {**limits, **between})
            if key in places and key not in several
        ]
        for key, currency, _ in rows:
            contracts += _agreed_contracts(several.get(key, ()), currency, places[key])
        yield ScoredRange([row[2] for row in rows], [row[1] for row in rows], contracts)


def _agreed_contracts(agreed: Sequence[Subscription], currency: str, at: int) -> list[Contract]:
    """Those of an account of which several sources tell, in its currency.

    Parts of one that follow one another are one, so that in the days of grace the last one counts.
    """
    found: list[Contract] = []
    before: Subscription | None = None
    for one in agreed:
        is_arr = not one.is_trial and one.currency == currency
        last = (last_day(one) or dt.date.max).isoformat()
        if before is not None and _goes_on(before, one):
            found[-1] = found[-1]._replace(last=last)
        else:
            amount = (one.arr_minor or 0) if is_arr else 0
            found.append(Contract(at, one.start_date.isoformat(), last, amount))
        before = one
    return found


def _goes_on(before: Subscription, one: Subscription) -> bool:
    end = last_day(before)
    is_same = one.subscription_id == before.subscription_id
    return is_same and end is not None and one.start_date == end + dt.timedelta(days=1)
