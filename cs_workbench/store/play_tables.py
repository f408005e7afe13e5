"""The tables of plays, as SQL."""

from cs_workbench.store import columns

PLAYS = (
    # What a running play keeps to, whatever becomes of the file.
    """CREATE TABLE playbook_text (
        hash TEXT PRIMARY KEY,
        playbook_id TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        title TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    f"""CREATE TABLE play (
        play_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        playbook_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        playbook_hash TEXT NOT NULL REFERENCES playbook_text,
        state TEXT NOT NULL
            CHECK (state IN ('suggested', 'active', 'completed', 'abandoned', 'dismissed')),
        evidence TEXT NOT NULL DEFAULT '',
        signal_id TEXT REFERENCES signal,
        {columns.date("signal_on")},
        {columns.date("suggested_on")},
        {columns.date("started_on")},
        {columns.date("ended_on")},
        owner TEXT,
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE UNIQUE INDEX play_once ON play (account_key, playbook_id)
        WHERE state IN ('suggested', 'active')""",
    "CREATE INDEX play_of_account ON play (account_key, ended_on)",
    "CREATE INDEX play_of_playbook ON play (playbook_id, state)",
    # answers: JSON, texts by field; `go` is where a branch led.
    f"""CREATE TABLE play_step (
        play_step_id TEXT PRIMARY KEY,
        play_id TEXT NOT NULL REFERENCES play,
        step_id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('done', 'skipped', 'passed', 'snoozed')),
        {columns.date("done_on")},
        answers TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(answers)),
        reason TEXT NOT NULL DEFAULT '',
        evidence TEXT NOT NULL DEFAULT '',
        owner TEXT,
        {columns.date("snoozed_until")},
        actor TEXT NOT NULL DEFAULT '',
        UNIQUE (play_id, step_id)
    ) STRICT""",
    # What is drafted for a customer; csw never sends. override_reason: why a cap was passed.
    f"""CREATE TABLE message (
        message_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        play_id TEXT REFERENCES play,
        step_id TEXT,
        contact_id TEXT REFERENCES contact,
        channel TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('give', 'ask', 'fix', 'check-in')),
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'sent', 'dropped')),
        author TEXT NOT NULL,
        {columns.date("drafted_on", "NOT NULL")},
        approved_by TEXT,
        {columns.date("sent_on")},
        override_reason TEXT
    ) STRICT""",
    "CREATE INDEX message_of_account ON message (account_key, state, sent_on)",
    "CREATE INDEX message_of_play ON message (play_id, step_id)",
    # One row for each time that an account became eligible for a playbook, treated or not, with
    # what it is matched by: what the playbook changes is measured on these.
    f"""CREATE TABLE trial (
        trial_id INTEGER PRIMARY KEY,
        {columns.ACCOUNT},
        playbook_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        {columns.date("eligible_on", "NOT NULL")},
        {columns.date("ended_on")},
        {columns.flag("is_held_out")},
        segment TEXT,
        tenure_days INTEGER,
        band TEXT NOT NULL,
        points_e4 INTEGER,
        arr_minor INTEGER NOT NULL,
        {columns.CURRENCY},
        outcome_value REAL
    ) STRICT""",
    """CREATE UNIQUE INDEX trial_once ON trial (account_key, playbook_id)
        WHERE ended_on IS NULL""",
    "CREATE INDEX trial_of_playbook ON trial (playbook_id, eligible_on)",
)
