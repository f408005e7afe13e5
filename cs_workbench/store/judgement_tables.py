"""The tables of what people judge, as SQL: schema 2."""

from cs_workbench.store import columns

JUDGEMENTS = (
    # A person's own call on the band, beside the computed score. It stands from made_on to
    # expires_on, both included, unless it is withdrawn before; nothing else of it ever changes.
    f"""CREATE TABLE override (
        override_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        band TEXT NOT NULL CHECK (band IN ('red', 'yellow', 'green')),
        points_e4 INTEGER CHECK (points_e4 BETWEEN 0 AND 1000000),
        reason TEXT NOT NULL,
        author TEXT NOT NULL,
        {columns.date("made_on", "NOT NULL")},
        {columns.date("expires_on", "NOT NULL")},
        {columns.date("withdrawn_on")},
        withdrawn_by TEXT,
        CHECK (expires_on >= made_on)
    ) STRICT""",
    """CREATE TRIGGER override_is_final
        BEFORE UPDATE OF override_id, band, points_e4, made_on, expires_on ON override
        WHEN new.override_id IS NOT old.override_id OR new.band IS NOT old.band
            OR new.points_e4 IS NOT old.points_e4 OR new.made_on IS NOT old.made_on
            OR new.expires_on IS NOT old.expires_on
        BEGIN SELECT raise(ABORT, 'an override is withdrawn, never altered'); END""",
    "CREATE INDEX override_of_account ON override (account_key, made_on)",
    # What a person found on rated_on and wrote down on known_on: 'sentiment', or the id of a rating
    # that a scorecard asks for.
    f"""CREATE TABLE rating (
        rating_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        rated TEXT NOT NULL,
        value INTEGER NOT NULL CHECK (value BETWEEN 1 AND 5),
        reason TEXT NOT NULL,
        author TEXT NOT NULL,
        {columns.date("rated_on", "NOT NULL")},
        {columns.date("known_on", "NOT NULL")},
        CHECK (known_on >= rated_on)
    ) STRICT""",
    """CREATE TRIGGER rating_is_final
        BEFORE UPDATE OF rating_id, value, rated_on, known_on ON rating
        WHEN new.rating_id IS NOT old.rating_id OR new.value IS NOT old.value
            OR new.rated_on IS NOT old.rated_on OR new.known_on IS NOT old.known_on
        BEGIN SELECT raise(ABORT, 'a newer rating takes its place; none is altered'); END""",
    "CREATE INDEX rating_of_account ON rating (account_key, rated, rated_on)",
)
