"""The tables of renewals and of what people say about them, as SQL."""

from cs_workbench.core.forecasts import HOWS, LEVELS
from cs_workbench.store import columns

_REFUSED = "BEGIN SELECT raise(ABORT, 'what was said is said anew, never altered'); END"
_END = columns.date("renewal_end", "NOT NULL")
_AMOUNT = "amount_minor INTEGER CHECK (amount_minor >= 0)"
_SAID_BY = f"""author TEXT NOT NULL,
        {columns.instant("made_at")}"""


def _choice(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def _final(table: str, kept: tuple[str, ...]) -> str:
    """A trigger: what was said is never altered; only erasing may blank texts."""
    differs = " OR ".join(f"new.{name} IS NOT old.{name}" for name in kept)
    return (
        f"CREATE TRIGGER {table}_is_final BEFORE UPDATE OF {', '.join(kept)} ON {table} "
        f"WHEN {differs} {_REFUSED}"
    )


# What follows from the subscriptions, written by `csw refresh`; may be made anew at any time.
# known_from and known_to say when it was known so; filed_as is the end date that statements name.
RENEWALS = (
    f"""CREATE TABLE renewal (
        renewal_key INTEGER PRIMARY KEY,
        {columns.ACCOUNT},
        {columns.date("end_date", "NOT NULL")},
        {columns.CURRENCY},
        {columns.date("filed_as", "NOT NULL")},
        {columns.date("known_from", "NOT NULL")},
        {columns.date("known_to")},
        subscription_ids TEXT NOT NULL,
        due_minor INTEGER NOT NULL CHECK (due_minor >= 0),
        cancelled_minor INTEGER NOT NULL CHECK (cancelled_minor >= 0),
        {columns.date("notice_date")},
        {columns.date("deadline", "NOT NULL")},
        deadline_by TEXT NOT NULL CHECK (deadline_by IN ('notice', 'procurement', 'end')),
        {columns.date("commit_by", "NOT NULL")},
        {columns.date("announce_by", "NOT NULL")},
        {columns.flag("auto_renew")},
        {columns.flag("is_rolling")},
        term_months INTEGER,
        renewed_minor INTEGER CHECK (renewed_minor >= 0),
        {columns.date("renewed_on")},
        CHECK ((renewed_minor IS NULL) = (renewed_on IS NULL)),
        CHECK (known_to > known_from)
    ) STRICT""",
    "CREATE INDEX renewal_by_deadline ON renewal (deadline, end_date)",
    "CREATE INDEX renewal_of_account ON renewal (account_key, filed_as)",
    "CREATE INDEX renewal_rolling ON renewal (end_date) WHERE is_rolling AND known_to IS NULL "
    "AND renewed_minor IS NULL",
    f"ALTER TABLE forecast ADD COLUMN {columns.date('renewal_end')}",
    "ALTER TABLE forecast ADD COLUMN missing_fact TEXT",
    f"ALTER TABLE forecast ADD COLUMN {columns.date('missing_on')}",
    "ALTER TABLE forecast ADD COLUMN renew_today INTEGER CHECK (renew_today BETWEEN 1 AND 10)",
    "ALTER TABLE forecast ADD COLUMN renew_ten TEXT",
    "ALTER TABLE forecast ADD COLUMN review_id TEXT",
    _final("forecast", ("category", "amount_minor", "probability_e4", "closes_on", "made_at")),
    "CREATE TRIGGER forecast_is_filed_once BEFORE UPDATE OF renewal_end ON forecast "
    f"WHEN old.renewal_end IS NOT NULL AND new.renewal_end IS NOT old.renewal_end {_REFUSED}",
    "CREATE INDEX forecast_of_renewal ON forecast (account_key, renewal_end, made_at)",
    # What the customer agreed to. It is void from the day on which its signer has left.
    f"""CREATE TABLE commitment (
        commitment_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        {_END},
        level TEXT NOT NULL CHECK (level IN {_choice(LEVELS)}),
        signer TEXT NOT NULL,
        contact_id TEXT,
        {columns.date("given_on", "NOT NULL")},
        evidence TEXT NOT NULL,
        {_AMOUNT},
        {columns.CURRENCY},
        term_months INTEGER CHECK (term_months > 0),
        {_SAID_BY},
        review_id TEXT
    ) STRICT""",
    _final("commitment", ("level", "given_on", "amount_minor", "term_months", "made_at")),
    "CREATE INDEX commitment_of_renewal ON commitment (account_key, renewal_end, made_at)",
    f"""CREATE TABLE notice (
        notice_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        {_END},
        {columns.date("received_on", "NOT NULL")},
        given_by TEXT NOT NULL,
        scope TEXT NOT NULL CHECK (scope IN ('all', 'part')),
        part_minor INTEGER CHECK (part_minor >= 0),
        {columns.CURRENCY},
        document TEXT,
        {_SAID_BY},
        CHECK ((scope = 'part') = (part_minor IS NOT NULL))
    ) STRICT""",
    _final("notice", ("received_on", "scope", "part_minor", "made_at")),
    "CREATE INDEX notice_of_renewal ON notice (account_key, renewal_end, made_at)",
    # How a renewal ended. Never restated: a correction is another row that names the one before.
    f"""CREATE TABLE renewal_outcome (
        outcome_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        {_END},
        ending TEXT NOT NULL CHECK (ending IN ('won', 'lost')),
        how TEXT NOT NULL CHECK (how IN {_choice(HOWS)}),
        {columns.date("closed_on", "NOT NULL")},
        due_minor INTEGER NOT NULL CHECK (due_minor >= 0),
        renewed_minor INTEGER NOT NULL CHECK (renewed_minor >= 0),
        {columns.CURRENCY},
        {_SAID_BY},
        reason TEXT,
        corrects TEXT REFERENCES renewal_outcome,
        CHECK (ending = 'won' OR renewed_minor = 0)
    ) STRICT""",
    _final(
        "renewal_outcome", ("ending", "how", "closed_on", "due_minor", "renewed_minor", "made_at")
    ),
    "CREATE INDEX outcome_of_renewal ON renewal_outcome (account_key, renewal_end, made_at)",
)


def _kept(table: str, key: str) -> str:
    """A trigger: what was said goes only with an undo that the log tells of."""
    return f"""CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}
        WHEN NOT EXISTS (SELECT 1 FROM change c JOIN change_set u ON u.undoes = c.change_set_id
            WHERE c.entity = '{table}' AND c.entity_id = old.{key} AND c.field IS NULL)
        BEGIN SELECT raise(ABORT, 'what was said is never deleted; csw undoes it'); END"""


KEPT = (
    _kept("forecast", "forecast_id"),
    _kept("commitment", "commitment_id"),
    _kept("notice", "notice_id"),
    _kept("renewal_outcome", "outcome_id"),
)

# Of what is cancelled amounts do not tell it: a part may have no price, or cost nothing. The next
# refresh derives all renewals anew.
CANCELLED = (
    f"ALTER TABLE renewal ADD COLUMN {columns.flag('is_cancelled')}",
    "UPDATE renewal SET is_cancelled = 1 WHERE cancelled_minor IS due_minor "
    "AND cancelled_minor IS NOT 0 AND renewed_on IS NULL",
    "DELETE FROM setting WHERE name = 'renewals derived'",
)

# Of how many contracts that end no price is known, so that amounts can say that they are a part.
PARTLY_PRICED = (
    "ALTER TABLE renewal ADD COLUMN unpriced INTEGER NOT NULL DEFAULT 0 CHECK (unpriced >= 0)",
)
