"""The tables of our loyalty and of the customers' voice, as SQL."""

from cs_workbench.store import columns

LOYALTY = (
    # As `score`: contributions in the order of the card whose text `scorecard` keeps.
    f"""CREATE TABLE loyalty_score (
        {columns.ACCOUNT},
        {columns.date("as_of", "NOT NULL")},
        points_e4 INTEGER CHECK (points_e4 BETWEEN 0 AND 1000000),
        band TEXT NOT NULL CHECK (band IN ('red', 'yellow', 'green', 'unknown')),
        coverage_e4 INTEGER NOT NULL CHECK (coverage_e4 BETWEEN 0 AND 10000),
        low_e4 INTEGER NOT NULL,
        high_e4 INTEGER NOT NULL,
        scorecard_hash TEXT NOT NULL REFERENCES scorecard,
        input_hash TEXT NOT NULL,
        contributions TEXT NOT NULL,
        PRIMARY KEY (account_key, as_of)
    ) STRICT, WITHOUT ROWID""",
    # How many were asked, for the response rate: one row for each person and survey.
    f"""CREATE TABLE survey_invitation (
        invitation_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        contact_id TEXT,
        kind TEXT NOT NULL CHECK (kind IN ('nps', 'csat', 'ces')),
        {columns.date("sent_on", "NOT NULL")},
        {columns.IMPORT}
    ) STRICT""",
    "CREATE INDEX survey_invitation_sent ON survey_invitation (kind, sent_on)",
    # What is said of us elsewhere; account_key NULL: nobody knows yet whose it is.
    f"""CREATE TABLE mention (
        mention_id TEXT PRIMARY KEY,
        account_key INTEGER REFERENCES account,
        source TEXT NOT NULL,
        url TEXT,
        said_by TEXT,
        {columns.date("said_on", "NOT NULL")},
        text TEXT NOT NULL,
        sentiment INTEGER CHECK (sentiment BETWEEN 1 AND 5),
        severity TEXT NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'urgent')),
        {columns.date("handled_on")},
        handled_by TEXT,
        {columns.IMPORT}
    ) STRICT""",
    "CREATE INDEX mention_of_account ON mention (account_key, said_on)",
    # What people call a theme that was found by its terms.
    """CREATE TABLE theme_name (
        theme_name_id TEXT PRIMARY KEY,
        terms TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        author TEXT NOT NULL
    ) STRICT""",
)
