"""The tables of what people remember of an account: promises' past, goals, complaints and others.

`origin` says where a row was made, as `touchpoint ID`, `play ID` or `review ID`; None: by itself.
"""

from collections.abc import Sequence

from cs_workbench.store import columns

_SEVERITIES = ("low", "normal", "high", "urgent")
_STATES = (
    *("received", "acknowledged", "investigating", "solution offered", "resolved"),
    *("followed up", "closed"),
)
_KINDS = ("refund", "credit", "discount", "right-sizing", "exit help", "other")
_REASONS = (
    *("product", "price", "support", "better deal", "people", "adoption", "company", "other"),
)
_AUTHOR = "author TEXT NOT NULL, origin TEXT"


def _one_of(name: str, choices: Sequence[str], null: str = "NOT NULL") -> str:
    known = ", ".join(f"'{one}'" for one in choices)
    return f"{name} TEXT {null} CHECK ({name} IN ({known}))"


_WIDER = (
    *(f"ALTER TABLE touchpoint ADD COLUMN {name} TEXT" for name in ("reason", "note", "origin")),
    *(f"ALTER TABLE promise ADD COLUMN {name} TEXT" for name in ("follows", "origin")),
    *(
        f"ALTER TABLE account ADD COLUMN {column}"
        for column in (
            "value_driver TEXT",
            _one_of("fit", ("good", "fair", "poor"), ""),
            columns.flag("advisory_board"),
            _one_of("advocacy", ("willing", "reference", "case study", "referral", "no"), ""),
            "preferred_channel TEXT",
        )
    ),
    "ALTER TABLE person ADD COLUMN role TEXT",
    *(
        f"ALTER TABLE ticket ADD COLUMN {name} INTEGER NOT NULL DEFAULT 0 CHECK ({name} >= 0)"
        for name in ("reassigned_count", "asked_again_count", "waiting_minutes")
    ),
    f"ALTER TABLE survey_response ADD COLUMN {columns.date('replied_on')}",
    "ALTER TABLE survey_response ADD COLUMN replied_by TEXT",
)

_KEPT = (
    # What the customer wants to reach, in their words: one row for kickoff, value case and QBR.
    f"""CREATE TABLE goal (
        goal_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        what TEXT NOT NULL,
        measure TEXT,
        unit TEXT,
        baseline REAL,
        target REAL,
        now_value REAL,
        {columns.date("now_on")},
        {columns.date("due_on")},
        contact_id TEXT,
        confirmed_by TEXT,
        {columns.date("confirmed_on")},
        {_one_of("state", ("open", "reached", "missed", "dropped"))},
        {columns.date("said_on", "NOT NULL")},
        {_AUTHOR},
        {columns.IMPORT}
    ) STRICT""",
    f"""CREATE TABLE pain_point (
        pain_point_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        what TEXT NOT NULL,
        contact_id TEXT,
        {columns.date("said_on", "NOT NULL")},
        {columns.date("solved_on")},
        {_AUTHOR}
    ) STRICT""",
    # limit_minor: what the author's role may give alone; None where the role has no limit.
    f"""CREATE TABLE concession (
        concession_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        {_one_of("kind", _KINDS)},
        reason TEXT NOT NULL,
        cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
        {columns.CURRENCY},
        {_one_of("state", ("proposed", "approved", "declined", "given"))},
        {columns.date("asked_on", "NOT NULL")},
        limit_role TEXT,
        limit_minor INTEGER CHECK (limit_minor >= 0),
        decided_by TEXT,
        {columns.date("decided_on")},
        {columns.date("given_on")},
        outcome TEXT,
        {columns.date("outcome_on")},
        {_AUTHOR}
    ) STRICT""",
    # What we did to them: a price, a product that changed, a new CSM.
    f"""CREATE TABLE imposed_change (
        imposed_change_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        {_one_of("kind", ("price", "product", "CSM", "terms", "support", "other"))},
        what TEXT NOT NULL,
        {columns.date("announced_on", "NOT NULL")},
        {columns.date("effective_on")},
        {_AUTHOR}
    ) STRICT""",
    f"""CREATE TABLE product_request (
        product_request_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        contact_id TEXT,
        what TEXT NOT NULL,
        theme TEXT,
        {columns.date("asked_on", "NOT NULL")},
        {_one_of("state", ("open", "planned", "shipped", "declined"))},
        {columns.date("decided_on")},
        {columns.date("told_on")},
        {_AUTHOR}
    ) STRICT""",
    # A complaint has a human owner always; its steps say whether the customer was told.
    f"""CREATE TABLE complaint (
        complaint_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        contact_id TEXT,
        ticket_id TEXT,
        what TEXT NOT NULL,
        {_one_of("severity", _SEVERITIES)},
        owner TEXT NOT NULL CHECK (trim(owner) <> ''),
        {_one_of("state", _STATES)},
        {columns.date("arrived_on", "NOT NULL")},
        {columns.date("answer_due_on")},
        {columns.date("resolved_on")},
        {columns.date("follow_up_on")},
        {columns.date("closed_on")},
        {_one_of("verdict", ("advocate", "satisfied", "unhappy"), "")},
        {_AUTHOR}
    ) STRICT""",
    f"""CREATE TABLE complaint_step (
        complaint_step_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        complaint_id TEXT NOT NULL REFERENCES complaint,
        {_one_of("state", _STATES)},
        {columns.date("reached_on", "NOT NULL")},
        {columns.date("told_on")},
        told_how TEXT,
        note TEXT,
        {_AUTHOR}
    ) STRICT""",
    # Why they left: as they said it, and as we found it; never one for the other.
    f"""CREATE TABLE exit_reason (
        exit_reason_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        {_one_of("view", ("stated", "diagnosed"))},
        {_one_of("reason", _REASONS)},
        detail TEXT,
        said TEXT,
        contact_id TEXT,
        competitor TEXT,
        {columns.date("noted_on", "NOT NULL")},
        {columns.date("win_back_on")},
        {_AUTHOR}
    ) STRICT""",
    f"""CREATE TABLE note (
        note_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        contact_id TEXT,
        {columns.date("written_on", "NOT NULL")},
        text TEXT NOT NULL,
        {_AUTHOR}
    ) STRICT""",
    # One outage that hit many: a row each, and who was told of it.
    f"""CREATE TABLE incident (
        incident_id TEXT PRIMARY KEY,
        {columns.ACCOUNT},
        shared TEXT NOT NULL,
        what TEXT NOT NULL,
        {_one_of("severity", _SEVERITIES)},
        {columns.date("began_on", "NOT NULL")},
        {columns.date("told_on")},
        told_by TEXT,
        {_AUTHOR}
    ) STRICT""",
)

_TABLES = (
    *("goal", "pain_point", "concession", "imposed_change", "product_request", "complaint"),
    *("complaint_step", "exit_reason", "note", "incident"),
)
_INDEXES = (
    *(f"CREATE INDEX {table}_of_account ON {table} (account_key)" for table in _TABLES),
    "CREATE INDEX complaint_step_of_complaint ON complaint_step (complaint_id, reached_on)",
    "CREATE INDEX incident_shared ON incident (shared)",
    "CREATE INDEX promise_of_account ON promise (account_key, made_on)",
)

MEMORY = (*_WIDER, *_KEPT, *_INDEXES)
