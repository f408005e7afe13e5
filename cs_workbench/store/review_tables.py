"""The tables of reviews, as SQL."""

from cs_workbench.store import columns

REVIEWS = (
    # A meeting. place and seconds are kept while it goes on, so that it can be resumed where it
    # was; snapshot is all that its exports are made of, written once when it closes.
    f"""CREATE TABLE review (
        review_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        chair TEXT NOT NULL,
        {columns.date("day", "NOT NULL")},
        {columns.date("since")},
        window_days INTEGER NOT NULL CHECK (window_days > 0),
        filter_text TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
        place INTEGER NOT NULL DEFAULT 0,
        seconds INTEGER NOT NULL DEFAULT 0,
        {columns.instant("started_at")},
        {columns.instant("closed_at", "")},
        snapshot TEXT
    ) STRICT""",
    "CREATE INDEX review_by_day ON review (state, day)",
    f"""CREATE TABLE review_item (
        review_id TEXT NOT NULL REFERENCES review,
        number INTEGER NOT NULL,
        {columns.ACCOUNT},
        {columns.date("renewal_end", "NOT NULL")},
        section TEXT NOT NULL,
        why TEXT NOT NULL,
        seconds INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (review_id, number)
    ) STRICT, WITHOUT ROWID""",
    # ref_id names the forecast, task, play or concession that the decision made.
    f"""CREATE TABLE review_decision (
        review_decision_id TEXT PRIMARY KEY,
        review_id TEXT NOT NULL REFERENCES review,
        {columns.ACCOUNT},
        {columns.date("renewal_end", "NOT NULL")},
        kind TEXT NOT NULL CHECK (kind IN
            ('no change', 'forecast', 'next step', 'play', 'escalate', 'concession', 'parked')),
        told TEXT NOT NULL,
        ref_id TEXT,
        author TEXT NOT NULL,
        {columns.instant("made_at")}
    ) STRICT""",
    "CREATE INDEX review_decision_of_review ON review_decision (review_id, account_key)",
)
