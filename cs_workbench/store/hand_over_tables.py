"""The table of hand-overs, as SQL."""

from cs_workbench.store import columns

HAND_OVERS = (
    # One person's accounts and what hangs on them, given to another: for good, or until a day.
    # accounts: keys; moved: [entity, id, field] of each thing, so that a cover can be given back.
    f"""CREATE TABLE hand_over (
        hand_over_id TEXT PRIMARY KEY,
        from_person TEXT NOT NULL,
        to_person TEXT NOT NULL,
        {columns.date("begins_on", "NOT NULL")},
        {columns.date("until")},
        accounts TEXT NOT NULL CHECK (json_valid(accounts)),
        moved TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(moved)),
        state TEXT NOT NULL CHECK (state IN ('planned', 'begun', 'over')),
        author TEXT NOT NULL,
        {columns.date("made_on", "NOT NULL")}
    ) STRICT""",
    "CREATE INDEX hand_over_by_state ON hand_over (state, to_person)",
)
