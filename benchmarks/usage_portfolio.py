"""A portfolio with a year of three metrics, straight in the tables, and the same days as raw rows.

Through the real import a year of usage would take longer than all that is measured with it.
"""

import datetime as dt
from pathlib import Path

from cs_workbench.store.database import open_database, write
from cs_workbench.store.sqlite import sqlite3

UNTIL = dt.date(2026, 11, 22)
LAST_WEEK = 2968  # its Sunday is UNTIL
WEEKS, METRICS = 53, 3

# A repeatable disorder: (n * a + b) % m instead of random().
FILL = (
    """INSERT INTO import_run (import_id, source, kind, mapping, file_name, file_hash, recorded_at,
        actor, known_policy, state) VALUES (1, 'native', 'usage', 'native', 'usage.csv', 'x',
        '2026-11-22T20:00:00Z', 'benchmark', 'assumed', 'done')""",
    """INSERT INTO account (account_key, account_id, name, segment, lifecycle_stage, started_on,
        currency, search_text, import_id)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :accounts)
    SELECT i, 'A' || i, 'Account ' || i, iif(i % 7, 'smb', 'enterprise'), 'mature', '2025-01-01',
        'USD', 'account ' || i, 1 FROM n""",
    """INSERT INTO subscription (subscription_id, account_key, product, seats, arr_minor, currency,
        start_date, end_date, term_months, notice_days, auto_renew, import_id)
    SELECT account_key || '-' || term, account_key, 'platform', 10 + account_key % 90,
        100000 * (1 + account_key % 50), 'USD', date('2025-01-01', (account_key % 300) || ' days',
        (term * 365) || ' days'), date('2025-12-31', (account_key % 300) || ' days',
        (term * 365) || ' days'), 12, 30, account_key % 2, 1
    FROM account, (SELECT 0 AS term UNION ALL SELECT 1)""",
    """INSERT INTO ticket (ticket_id, account_key, opened_at, first_response_at, closed_at,
        priority, reopened_count, is_complaint, csat, import_id)
    SELECT account_key || '-' || n, account_key,
        date('2026-11-20', -((account_key * 13 + n * 97) % 360) || ' days') || 'T09:00:00Z', NULL,
        iif((account_key + n) % 20, date('2026-11-22', -((account_key * 13 + n * 97) % 360) ||
        ' days') || 'T09:00:00Z', NULL), iif((account_key + n) % 9, 'normal', 'urgent'),
        (account_key + n) % 11 = 0, (account_key + n) % 23 = 0, 1 + (account_key + n) % 5, 1
    FROM account, (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2)""",
    """INSERT INTO survey_response (response_id, account_key, answered_on, kind, score, import_id)
    SELECT 'r' || account_key, account_key, date('2026-11-20', -(account_key % 200) || ' days'),
        'nps', account_key % 11, 1 FROM account""",
    """INSERT INTO touchpoint (touchpoint_id, account_key, occurred_at, channel, direction,
        import_id)
    SELECT account_key || '-' || n, account_key,
        date('2026-11-20', -((account_key * 7 + n * 61) % 200) || ' days') || 'T09:00:00Z', 'email',
        iif(n % 2, 'inbound', 'outbound'), 1
    FROM account, (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)""",
    """INSERT INTO usage_metric (metric_id, name, label, unit, rollup) VALUES
        (1, 'active_users', 'Active users', 'users', 'max'),
        (2, 'key_actions', 'Key actions', 'actions', 'sum'),
        (3, 'api_calls', 'API calls', 'calls', 'sum')""",
    "INSERT INTO usage_frontier SELECT metric_id, 1, :until FROM usage_metric",
    """INSERT INTO usage_week
    WITH RECURSIVE w(week) AS (
        SELECT :last - :weeks + 1 UNION ALL SELECT week + 1 FROM w WHERE week < :last)
    SELECT a.account_key, m.metric_id, week, level + 1, level + 4, level + 2, level + 3, level, 1, 0
    FROM account a, usage_metric m, w, (SELECT 5 AS level)
    WHERE 1 ORDER BY 1, 2, 3""",
    "UPDATE usage_week SET d0 = d0 + account_key % 40 + week % 5, d2 = d2 * (1 + week % 3)",
)


def year_of_usage(folder: Path, accounts: int) -> Path:
    """The portfolio, built once in a folder."""
    path = folder / f"refresh-{accounts}.db"
    if path.exists():
        return path
    part = folder / f"refresh-{accounts}.part"
    with open_database(part, create=True) as db, write(db) as connection:
        given = {
            "accounts": accounts,
            "until": UNTIL.isoformat(),
            "last": LAST_WEEK,
            "weeks": WEEKS,
        }
        for statement in FILL:
            connection.execute(statement, given)
    with open_database(part) as db:
        db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return part.rename(path)


def copy_days(path: Path, raw: Path) -> None:
    """The same usage as a table of day rows."""
    raw.unlink(missing_ok=True)
    with open_database(path) as db:
        db.connection.execute("ATTACH ? AS raw", (str(raw),))
        db.connection.execute(
            "CREATE TABLE raw.usage (account_key INTEGER, metric_id INTEGER, day TEXT, value REAL)"
        )
        db.connection.execute(
            "INSERT INTO raw.usage SELECT account_key, metric_id, day, value FROM usage_day"
        )
        db.connection.execute("DETACH raw")


def scan(raw: Path) -> None:
    """One `SELECT sum(value)` over the day rows."""
    connection = sqlite3.connect(raw)
    try:
        connection.execute("SELECT sum(value) FROM usage").fetchone()
    finally:
        connection.close()
