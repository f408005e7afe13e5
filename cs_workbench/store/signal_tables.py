"""The tables of signals, as SQL; a part of `schema`."""

from cs_workbench.store import columns

SIGNALS = (
    # One row for each time that something was so: from opened_on to ended_on, the day on which the
    # data no longer said so. What a person resolved before that stays resolved until then.
    f"""CREATE TABLE signal (
        signal_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        kind TEXT NOT NULL,
        reason TEXT NOT NULL,
        severity TEXT NOT NULL CHECK (severity IN ('high', 'medium', 'low')),
        {columns.flag("is_opportunity")},
        evidence TEXT NOT NULL,
        resolves_when TEXT NOT NULL,
        {columns.date("opened_on", "NOT NULL")},
        {columns.date("last_seen_on", "NOT NULL")},
        {columns.date("snoozed_until")},
        {columns.date("resolved_on")},
        resolution TEXT,
        resolved_by TEXT,
        {columns.date("ended_on")},
        CHECK (ended_on IS NULL OR resolved_on IS NOT NULL)
    ) STRICT""",
    "CREATE UNIQUE INDEX signal_once ON signal (account_key, kind, reason) WHERE ended_on IS NULL",
    "CREATE INDEX signal_ended ON signal (account_key, ended_on)",
    # A day on which most accounts moved the same way on one metric; lifted by itself, or by one
    # who says that the customers did change.
    f"""CREATE TABLE ruler_change (
        ruler_change_id TEXT PRIMARY KEY,
        metric_id INTEGER NOT NULL REFERENCES usage_metric,
        {columns.date("day", "NOT NULL")},
        direction TEXT NOT NULL CHECK (direction IN ('up', 'down')),
        accounts INTEGER NOT NULL,
        moved INTEGER NOT NULL,
        factor REAL NOT NULL,
        {columns.date("noticed_on", "NOT NULL")},
        {columns.date("lifted_on")},
        lifted_by TEXT,
        reason TEXT,
        UNIQUE (metric_id, day)
    ) STRICT""",
)

# Which segments a change of a ruler is about (an empty list: all accounts), and the unit that a
# later file declared of a metric, as long as it is another one.
RULER_SEGMENTS = (
    "ALTER TABLE usage_metric ADD COLUMN other_unit TEXT",
    "ALTER TABLE ruler_change ADD COLUMN segments TEXT NOT NULL DEFAULT '[]' "
    "CHECK (json_valid(segments))",
)
