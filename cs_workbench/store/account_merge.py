"""Accounts that turn out to be one, or that get another id: with their history."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cs_workbench.core.text import fold
from cs_workbench.core.usage_metrics import combined
from cs_workbench.core.weeks import monday
from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.changes import Change, record_change_set
from cs_workbench.store.custom_values import doubled_values
from cs_workbench.store.database import Database, utc_now, write
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import Connection, Row

_CHILDREN = (
    "contact",
    "subscription",
    "ticket",
    "survey_response",
    "touchpoint",
    "churn_event",
    "invoice",
    "promise",
    "forecast",
    "override",
    "rating",
    "task",
    "commitment",
    "notice",
    "renewal_outcome",
    "review_decision",
    "goal",
    "pain_point",
    "concession",
    "imposed_change",
    "product_request",
    "complaint",
    "complaint_step",
    "exit_reason",
    "note",
    "incident",
    "survey_invitation",
    "mention",
    "play",
    "message",
    "custom_value",
)
_IS_BELOW = (  # UNION, not UNION ALL: it ends even where accounts run in a circle
    "WITH above(key) AS (SELECT parent_key FROM account WHERE account_key = ? UNION "
    "SELECT parent_key FROM account JOIN above ON account_key = key) "
    "SELECT 1 FROM above WHERE key = ?"
)


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What moved: rows by table, and the days of usage that both accounts had."""

    moved: dict[str, int]
    days_combined: int


@dataclass(frozen=True, slots=True)
class _Merge:
    """One merge under way."""

    connection: Connection
    source: Row
    target: Row
    actor: str
    at: str


def merge_accounts(db: Database, merged: str, into: str, *, actor: str) -> MergeReport:
    """Move everything of one account to another; its id means the other from then on.

    The merged account's row and past scores stay, marked as merged. Usage that both have on a day
    is combined as its metric says: added, or the higher one.

    Raises:
        NotFoundError: there is no account of that id.
        ConflictError: both are the same, or one is already merged into another.
    """
    with write(db) as connection:
        source, target = _account(connection, merged), _account(connection, into)
        if source["account_key"] == target["account_key"]:
            raise ConflictError(f"{merged} and {into} are the same account already.")
        merge = _Merge(connection, source, target, actor, utc_now())
        changes = [
            *_end_doubled_plays(merge),
            *doubled_values(connection, source["account_key"], target["account_key"]),
            *_moves(merge),
        ]
        moved = dict.fromkeys(_CHILDREN, 0)
        for change in changes:
            if change.field == "account_key":
                moved[change.entity] += 1
        _move_rows(merge, changes)
        days = _combine_usage(merge)
        record_change_set(
            connection,
            actor=actor,
            cause="merge",
            summary=f"{source['account_id']} merged into {target['account_id']}",
            changes=changes,
        )
    return MergeReport(moved, days)


def rekey_account(db: Database, old: str, new: str, *, actor: str) -> None:
    """Give the account another id; the old one stays an alias.

    Raises:
        NotFoundError: there is no account of the old id.
        ConflictError: the new id is taken.
    """
    with write(db) as connection:
        account = _account(connection, old)
        taken = connection.execute(
            "SELECT account_key FROM account WHERE account_id = ? UNION ALL "
            "SELECT account_key FROM account_alias WHERE alias = ? AND account_key <> ?",
            (new, new, account["account_key"]),
        ).fetchone()
        if taken is not None or not new.strip():
            raise ConflictError(f"The id {new!r} is taken or empty. Choose another.")
        key = account["account_key"]
        connection.execute(
            "INSERT OR REPLACE INTO account_alias (source, alias, account_key) "
            "VALUES ('rekey', ?, ?)",
            (account["account_id"], key),
        )
        connection.execute("DELETE FROM account_alias WHERE alias = ?", (new,))
        connection.execute(
            "UPDATE account SET account_id = ?, search_text = ? WHERE account_key = ?",
            (new, fold(f"{account['name']} {new} {account['domain'] or ''}"), key),
        )
        record_change_set(
            connection,
            actor=actor,
            cause="rekey",
            summary=f"{account['account_id']} is {new} now",
            changes=[Change("account", str(key), "account_id", account["account_id"], new)],
        )


def _account(connection: Connection, text: str) -> Row:
    """The account of that id, or of one that it had."""
    row: Row | None = connection.execute(
        "SELECT account_key, account_id, name, domain, parent_key, merged_into FROM account "
        "WHERE account_id = ?1 OR account_key = "
        "(SELECT account_key FROM account_alias WHERE alias = ?1) "
        "ORDER BY account_id = ?1 DESC LIMIT 1",
        (text,),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no account {text!r}. Give its id, as `csw accounts` does.")
    if row["merged_into"] is not None:
        raise ConflictError(f"{text!r} is merged into another account already.")
    return row


def _moves(merge: _Merge) -> Iterator[Change]:
    """One change for each row that changes hands."""
    old, new = merge.source["account_key"], merge.target["account_key"]
    for table in _CHILDREN:
        key = ENTITIES[table].key
        rows = merge.connection.execute(
            f"SELECT {key} FROM {table} WHERE account_key = ? ORDER BY {key}", (old,)
        )
        for row in rows:
            yield Change(table, str(row[0]), "account_key", old, new)
    yield from _family_moves(merge)
    yield Change("account", str(old), "merged_into", None, new)


def _end_doubled_plays(merge: _Merge) -> Iterator[Change]:
    """One playbook runs on an account once: of two running plays the target's goes on."""
    rows = merge.connection.execute(
        "SELECT play_id, state FROM play WHERE account_key = :old AND ended_on IS NULL "
        "AND playbook_id IN (SELECT playbook_id FROM play WHERE account_key = :new "
        "AND ended_on IS NULL)",
        {"old": merge.source["account_key"], "new": merge.target["account_key"]},
    ).fetchall()
    for play_id, state in rows:
        ended = "dismissed" if state == "suggested" else "abandoned"
        reason = f"merged into {merge.target['account_id']}, where it runs too"
        values = {"state": ended, "reason": reason, "ended_on": merge.at[:10]}
        merge.connection.execute(
            "UPDATE play SET state = ?, reason = ?, ended_on = ? WHERE play_id = ?",
            (*values.values(), play_id),
        )
        yield Change("play", play_id, "state", state, ended)
        yield Change("play", play_id, "reason", "", reason)
        yield Change("play", play_id, "ended_on", None, merge.at[:10])


def _family_moves(merge: _Merge) -> Iterator[Change]:
    """What was part of the merged account is part of the other, which cannot be part of itself."""
    old, new = merge.source["account_key"], merge.target["account_key"]
    for field in ("merged_into", "parent_key"):
        rows = merge.connection.execute(
            f"SELECT account_key FROM account WHERE {field} = ? AND account_key <> ?", (old, new)
        )
        for row in rows:
            yield Change("account", str(row[0]), field, old, new)
    if merge.connection.execute(_IS_BELOW, (new, old)).fetchone() is not None:
        before, above = merge.target["parent_key"], merge.source["parent_key"]
        yield Change("account", str(new), "parent_key", before, above)


def _move_rows(merge: _Merge, changes: Sequence[Change]) -> None:
    old, new = merge.source["account_key"], merge.target["account_key"]
    run = merge.connection.execute
    for table in (*_CHILDREN, "account_alias"):
        run(f"UPDATE {table} SET account_key = ? WHERE account_key = ?", (new, old))
    for change in changes:
        if change.entity == "account":
            values = (change.new, int(change.entity_id))
            run(f"UPDATE account SET {change.field} = ? WHERE account_key = ?", values)
    run(
        "INSERT OR REPLACE INTO account_alias (source, alias, account_key) VALUES ('merge', ?, ?)",
        (merge.source["account_id"], new),
    )
    run("DELETE FROM account_summary WHERE account_key = ?", (old,))


def _combine_usage(merge: _Merge) -> int:
    """Move the week rows, each changed day logged; returns on how many days both had data."""
    weeks = merge.connection.execute(
        "SELECT w.*, m.rollup FROM usage_week AS w JOIN usage_metric AS m USING (metric_id) "
        "WHERE account_key = ?",
        (merge.source["account_key"],),
    ).fetchall()
    if not weeks:
        return 0
    import_id = merge.connection.execute(
        "INSERT INTO import_run (source, kind, mapping, file_name, file_hash, recorded_at, actor, "
        "known_policy, state) VALUES ('merge', 'usage', 'merge', '', '', ?, ?, 'recorded', 'done') "
        "RETURNING import_id",
        (merge.at, merge.actor),
    ).fetchone()[0]
    both = sum(_combine_week(merge, week, import_id) for week in weeks)
    merge.connection.execute(
        "DELETE FROM usage_week WHERE account_key = ?", (merge.source["account_key"],)
    )
    return both


def _combine_week(merge: _Merge, week: Row, import_id: int) -> int:
    key = merge.target["account_key"]
    metric, number = week["metric_id"], week["week"]
    found = merge.connection.execute(
        "SELECT d0, d1, d2, d3, d4, d5, d6 FROM usage_week "
        "WHERE account_key = ? AND metric_id = ? AND week = ?",
        (key, metric, number),
    ).fetchone()
    old = tuple(found) if found else (None,) * 7
    moved = tuple(week[f"d{day}"] for day in range(7))
    new = [combined(a, b, week["rollup"]) for a, b in zip(old, moved, strict=True)]
    merge.connection.execute(
        "INSERT OR REPLACE INTO usage_week VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (key, metric, number, *new),
    )
    merge.connection.executemany(
        "INSERT INTO usage_correction VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (merge.at, account, metric, _day(number, day), before, after, import_id)
            for account, befores, afters in (
                (key, old, new),
                (merge.source["account_key"], moved, (None,) * 7),
            )
            for day, (before, after) in enumerate(zip(befores, afters, strict=True))
            if before != after
        ],
    )
    return sum(a is not None and b is not None for a, b in zip(old, moved, strict=True))


def _day(week: int, day: int) -> str:
    return (monday(week) + dt.timedelta(days=day)).isoformat()
