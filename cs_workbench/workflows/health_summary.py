"""How healthy the book is: by group now, and as a whole over time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from cs_workbench.core.health_summaries import (
    By,
    Every,
    Group,
    HealthSummary,
    Span,
    Spread,
    compared_day,
    first_day,
    gather,
    spans,
    total_of,
    with_days,
)
from cs_workbench.core.rollup import families, roll_up
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.distributions import finished_runs, group_parts, scored_ranges
from cs_workbench.store.facts import account_keys as every_account
from cs_workbench.store.families import members, parents_of
from cs_workbench.store.health import scored_days, summary_day
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.sqlite import Connection

_WORST_FIRST = {"red": 0, "unknown": 1, "yellow": 2, "green": 3}


def summarise_health(
    db: Database,
    query: AccountQuery,
    scorecard: Scorecard,
    *,
    by: By,
    every: Every = "week",
    since: dt.date | None = None,
) -> HealthSummary:
    """Add up the accounts of a query as the list shows them, and the history of their scores.

    The history counts who was a customer on each day, also who is none any more; a filter is asked
    of the accounts as they are now. Weeks are counted back from the newest scored day.
    """
    with snapshot(db) as connection:
        keys = account_keys(db, query._replace(sort="id", view="all"))
        as_of = summary_day(connection)
        then = None if as_of is None else _compared(connection, as_of)
        total, groups, apart = _groups(connection, by, (keys, then), scorecard)
        history: Sequence[tuple[Span, Spread | None]] = ()
        if as_of is not None:
            wanted = spans(as_of, since or first_day(as_of, every), every)
            history = _history(connection, wanted, _all_keys(db, connection, query, keys))
    return HealthSummary(
        as_of=as_of,
        by=by,
        every=every,
        compared_with=then,
        groups=tuple(groups),
        total=total,
        history=tuple(history),
        apart=apart,
    )


def _compared(connection: Connection, as_of: dt.date) -> dt.date | None:
    return compared_day(scored_days(connection, as_of - dt.timedelta(40), as_of), as_of)


def _groups(
    connection: Connection,
    by: By,
    accounts: tuple[Sequence[int], dt.date | None],
    scorecard: Scorecard,
) -> tuple[Group, list[Group], int]:
    """All accounts, the groups, and how many accounts are in none."""
    keys, then = accounts
    parts = group_parts(connection, "all" if by == "parent" else by, keys, then)
    total = total_of(parts)
    if by == "all":
        return total, [], 0
    if by != "parent":
        return total, gather(parts), 0
    trees = families(parents_of(connection))
    top_of = {key: top for top, below in trees.items() for key in (top, *below)}
    wanted = [(key, top_of[key]) for key in keys if key in top_of]
    groups = gather(group_parts(connection, by, wanted, then))
    rolled = [_rolled(connection, one, trees, scorecard) for one in groups]
    rolled.sort(key=_family_need)
    return total, rolled, len(keys) - len(wanted)


def _rolled(
    connection: Connection, group: Group, trees: dict[int, list[int]], scorecard: Scorecard
) -> Group:
    top = int(group.group_id or 0)
    family = members(connection, [top, *trees[top]])
    head = next((one for one in family if one.account_key == top), None)
    name = None if head is None else head.name
    group_id = None if head is None else head.account_id
    return replace(group, group_id=group_id, name=name, top=head, rollup=roll_up(family, scorecard))


def _family_need(group: Group) -> tuple[int, int, str]:
    rolled = group.rollup
    if rolled is None:
        return 9, 0, (group.name or "").casefold()
    return _WORST_FIRST[rolled.band], rolled.points_e4 or 0, (group.name or "").casefold()


def _all_keys(
    db: Database, connection: Connection, query: AccountQuery, current: Sequence[int]
) -> Sequence[int]:
    """Who may be in the history."""
    if not query.filter:
        return every_account(connection)
    former = account_keys(db, query._replace(sort="id", view="former"))
    return sorted({*current, *former})


def _history(
    connection: Connection, wanted: Sequence[Span], keys: Sequence[int]
) -> list[tuple[Span, Spread | None]]:
    from cs_workbench.core.kernels.spreads import Days, count_spreads  # loads arrays

    runs = finished_runs(connection, wanted[0].first, wanted[-1].last)
    every_day = sorted(set(runs.values()))
    dated = with_days(wanted, every_day)
    days = [one.as_of for one in dated if one.as_of is not None]
    if not days:
        return [(one, None) for one in dated]
    place = {day: index for index, day in enumerate(days)}
    grace = dt.timedelta(rules_on(connection, days[-1]).grace_days)
    asked = Days(
        [day.isoformat() for day in days],
        {run: place[day] for run, day in runs.items() if day in place},
        [(day - grace).isoformat() for day in days],
    )
    scored = scored_ranges(
        connection, days, keys=keys, scored_days=len(every_day), floor=days[0] - grace
    )
    spreads = count_spreads(scored, asked)
    return [(one, None if one.as_of is None else spreads[place[one.as_of]]) for one in dated]
