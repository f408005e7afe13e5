"""The table of tasks, as SQL."""

from cs_workbench.store import columns

TASKS = (
    # What somebody has to do by a day; of an account, or of the whole book where there is none.
    # origin says what it came from (a person, a review, a play) and origin_id which of them.
    f"""CREATE TABLE task (
        task_id TEXT PRIMARY KEY,
        account_key INTEGER REFERENCES account,
        what TEXT NOT NULL CHECK (what <> ''),
        owner TEXT NOT NULL,
        {columns.date("due_on")},
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
        origin TEXT NOT NULL CHECK (origin IN ('person', 'review', 'play', 'complaint', 'promise')),
        origin_id TEXT,
        author TEXT NOT NULL,
        {columns.date("made_on", "NOT NULL")},
        {columns.date("ended_on")},
        ended_by TEXT,
        note TEXT,
        {columns.date("snoozed_until")}
    ) STRICT""",
    "CREATE INDEX task_open ON task (state, due_on)",
    "CREATE INDEX task_of_account ON task (account_key, state)",
    "CREATE INDEX task_of_origin ON task (origin, origin_id)",
)
