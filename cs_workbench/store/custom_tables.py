"""The tables of a team's own fields of accounts: schema 18."""

from cs_workbench.core.custom_fields import TYPES
from cs_workbench.store import columns

_TYPES = ", ".join(f"'{one}'" for one in TYPES)
CUSTOM = (
    f"""CREATE TABLE custom_field (
        custom_field_id TEXT PRIMARY KEY,
        label TEXT NOT NULL,
        type TEXT NOT NULL CHECK (type IN ({_TYPES}))
    ) STRICT""",
    # A value is text in one way for each type, so that it sorts and compares; NULL: none now.
    f"""CREATE TABLE custom_value (
        custom_value_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        custom_field_id TEXT NOT NULL REFERENCES custom_field,
        value TEXT,
        {columns.IMPORT},
        UNIQUE (account_key, custom_field_id)
    ) STRICT""",
    "CREATE INDEX custom_value_of ON custom_value (custom_field_id, value)",
)
