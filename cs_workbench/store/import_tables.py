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

HANDS = (
    # At which hand a source tells of contracts: 1 whose they are, 2 who bills them, 3 a list of
    # them; kept for each run, the same for all of a source.
    "ALTER TABLE import_run ADD COLUMN hand INTEGER NOT NULL DEFAULT 1 "
    "CHECK (hand BETWEEN 1 AND 3)",
    "UPDATE import_run SET hand = iif(source IN ('stripe', 'chargebee'), 2, 3) "
    "WHERE source IN ('stripe', 'chargebee', 'gainsight', 'churnzero', 'spreadsheet')",
)
