"""What is kept of an import besides its rows, as SQL."""

RUN_LOG = (
    # Rows that are not meant by the mapping, and rows that went because a full file lacked them.
    "ALTER TABLE import_run ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE import_run ADD COLUMN removed INTEGER NOT NULL DEFAULT 0",
)

GIVEN_UP = (
    # A run that was broken off and that another followed. SQLite alters no check of a column, so
    # that another column takes its name.
    "ALTER TABLE import_run ADD COLUMN ended TEXT NOT NULL DEFAULT 'running' "
    "CHECK (ended IN ('running', 'done', 'given up'))",
    "UPDATE import_run SET ended = state",
    "ALTER TABLE import_run DROP COLUMN state",
    "ALTER TABLE import_run RENAME COLUMN ended TO state",
)

SECOND_HAND = (
    # Whether what the file's system says goes behind what another one does (`fills_only`).
    "ALTER TABLE import_run ADD COLUMN is_second_hand INTEGER NOT NULL DEFAULT 0 "
    "CHECK (is_second_hand IN (0, 1))",
    "UPDATE import_run SET is_second_hand = 1 "
    "WHERE source IN ('stripe', 'chargebee', 'gainsight', 'churnzero', 'spreadsheet')",
)
