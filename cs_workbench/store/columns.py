"""Columns that many tables have, with their checks."""

ACCOUNT = "account_key INTEGER NOT NULL REFERENCES account"
CURRENCY = "currency TEXT NOT NULL CHECK (length(currency) = 3)"
IMPORT = "import_id INTEGER REFERENCES import_run"


def date(name: str, null: str = "") -> str:
    """An ISO date."""
    return f"{name} TEXT {null} CHECK ({name} IS date({name}))"


def instant(name: str, null: str = "NOT NULL") -> str:
    """A UTC instant."""
    return f"{name} TEXT {null} CHECK ({name} IS strftime('%Y-%m-%dT%H:%M:%SZ', {name}))"


def flag(name: str) -> str:
    """0 or 1."""
    return f"{name} INTEGER NOT NULL DEFAULT 0 CHECK ({name} IN (0, 1))"
