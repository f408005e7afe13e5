"""The tables of the metrics, as SQL: closed periods, and what was done about a missed target."""

from cs_workbench.store import columns

METRICS = (
    # What a period's numbers were when it was closed; never restated, so corrections found later
    # count in the next. `document` is what `csw metrics --json` said, `policy` the file's text.
    f"""CREATE TABLE closed_period (
        name TEXT PRIMARY KEY,
        {columns.date("first_day", "NOT NULL")},
        {columns.date("last_day", "NOT NULL")},
        {columns.date("closed_on", "NOT NULL")},
        {columns.instant("closed_at")},
        actor TEXT NOT NULL,
        policy_hash TEXT NOT NULL,
        policy TEXT NOT NULL,
        document TEXT NOT NULL,
        CHECK (first_day <= last_day)
    ) STRICT""",
    f"""CREATE TABLE closed_position (
        period TEXT NOT NULL REFERENCES closed_period,
        {columns.ACCOUNT},
        {columns.CURRENCY},
        arr_minor INTEGER NOT NULL CHECK (arr_minor > 0),
        PRIMARY KEY (period, account_key, currency)
    ) STRICT, WITHOUT ROWID""",
    *(
        f"""CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT raise(ABORT, 'a closed period is never restated'); END"""
        for table in ("closed_period", "closed_position")
        for verb in ("UPDATE", "DELETE")
    ),
    f"""CREATE TABLE kpi_response (
        response_id TEXT PRIMARY KEY,
        metric TEXT NOT NULL,
        period TEXT NOT NULL,
        what TEXT NOT NULL,
        author TEXT NOT NULL,
        {columns.date("made_on", "NOT NULL")}
    ) STRICT""",
    # When it was agreed, and how far below the list price: of a subscription, where that is told.
    f"ALTER TABLE subscription ADD COLUMN {columns.date('signed_on')}",
    "ALTER TABLE subscription ADD COLUMN discount_e4 INTEGER "
    "CHECK (discount_e4 BETWEEN 0 AND 10000)",
)
