"""What more is declared of a usage metric, as SQL: what kind of number it is, and of how much."""

USAGE_KINDS = (
    # balance: what is left, and runs out; quota: what is used of an allowance, of `quota` for the
    # account or for each of its seats; both foretell when nothing is left.
    """ALTER TABLE usage_metric ADD COLUMN kind TEXT NOT NULL DEFAULT 'usage'
        CHECK (kind IN ('usage', 'balance', 'quota'))""",
    """ALTER TABLE usage_metric ADD COLUMN per_seat INTEGER NOT NULL DEFAULT 0
        CHECK (per_seat IN (0, 1))""",
    "ALTER TABLE usage_metric ADD COLUMN quota REAL CHECK (quota > 0)",
)
