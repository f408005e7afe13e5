"""What is kept of an import besides its rows, as SQL."""

RUN_LOG = (
    # Rows that are not meant by the mapping, and rows that went because a full file lacked them.
    "ALTER TABLE import_run ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE import_run ADD COLUMN removed INTEGER NOT NULL DEFAULT 0",
)
