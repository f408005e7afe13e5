"""The tables, as SQL. STRICT, with checks; see `docs/database.md` for the reasons.

Dates are ISO dates, instants UTC `YYYY-MM-DDTHH:MM:SSZ`, money integer minor units of the row's
currency, rates and scores integers in 1/10,000. `account_key` is ours and never changes;
`account_id` is the name that the user's other systems know, and may be re-keyed.
"""

from cs_workbench.store.columns import ACCOUNT as _ACCOUNT
from cs_workbench.store.columns import CURRENCY as _CURRENCY
from cs_workbench.store.columns import IMPORT as _IMPORT
from cs_workbench.store.columns import date as _date
from cs_workbench.store.columns import flag as _flag
from cs_workbench.store.columns import instant as _instant
from cs_workbench.store.signal_tables import SIGNALS

HISTORY = (
    # What a file brought, and whether its facts count as known at their own dates (a source's
    # first load) or only from the moment of the import.
    f"""CREATE TABLE import_run (
        import_id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        kind TEXT NOT NULL,
        mapping TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_hash TEXT NOT NULL,
        {_instant("recorded_at")},
        actor TEXT NOT NULL,
        known_policy TEXT NOT NULL CHECK (known_policy IN ('assumed', 'recorded')),
        rows INTEGER NOT NULL DEFAULT 0,
        new INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL DEFAULT 0,
        same INTEGER NOT NULL DEFAULT 0,
        rejected INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done'))
    ) STRICT""",
    f"""CREATE TABLE change_set (
        change_set_id TEXT PRIMARY KEY,
        actor TEXT NOT NULL,
        {_instant("at")},
        cause TEXT NOT NULL CHECK (cause IN ('person', 'import', 'undo', 'merge', 'rekey')),
        summary TEXT NOT NULL,
        import_id INTEGER REFERENCES import_run,
        undoes TEXT UNIQUE REFERENCES change_set
    ) STRICT""",
    # A row that a person created is one change without field; old and new are SQL values as JSON.
    f"""CREATE TABLE change (
        seq INTEGER PRIMARY KEY,
        change_set_id TEXT NOT NULL REFERENCES change_set,
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        field TEXT,
        old TEXT,
        new TEXT,
        {_date("effective_on")},
        {_instant("known_at")}
    ) STRICT""",
    # Append-only; erasing a person's data may only blank the values.
    """CREATE TRIGGER change_is_kept BEFORE DELETE ON change
        BEGIN SELECT raise(ABORT, 'changes are never deleted'); END""",
    """CREATE TRIGGER change_is_final BEFORE UPDATE ON change
        WHEN new.seq IS NOT old.seq OR new.change_set_id IS NOT old.change_set_id
            OR new.entity IS NOT old.entity OR new.entity_id IS NOT old.entity_id
            OR new.field IS NOT old.field OR new.known_at IS NOT old.known_at
            OR new.effective_on IS NOT old.effective_on
            OR (new.old IS NOT old.old AND new.old IS NOT NULL)
            OR (new.new IS NOT old.new AND new.new IS NOT NULL)
        BEGIN SELECT raise(ABORT, 'changes are never altered'); END""",
)

BOOK = (
    """CREATE TABLE person (
        person_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        email TEXT
    ) STRICT""",
    # has_churned is what the source claims of any time past, to be held against the events.
    f"""CREATE TABLE account (
        account_key INTEGER PRIMARY KEY,
        account_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        domain TEXT,
        segment TEXT,
        industry TEXT,
        region TEXT,
        csm TEXT REFERENCES person,
        lifecycle_stage TEXT CHECK (lifecycle_stage IN
            ('onboarding', 'adopting', 'mature', 'renewing', 'churned', 'won back')),
        {_date("started_on")},
        {_CURRENCY},
        has_churned INTEGER CHECK (has_churned IN (0, 1)),
        parent_key INTEGER REFERENCES account,
        merged_into INTEGER REFERENCES account,
        next_step TEXT,
        next_step_owner TEXT,
        {_date("next_step_due")},
        {_date("next_step_said_on")},
        search_text TEXT NOT NULL,
        {_IMPORT}
    ) STRICT""",
    # Other names of an account: its id in another system, or the id of one merged into it.
    f"""CREATE TABLE account_alias (
        source TEXT NOT NULL,
        alias TEXT NOT NULL,
        {_ACCOUNT},
        PRIMARY KEY (source, alias)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE contact (
        contact_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        name TEXT NOT NULL,
        email TEXT,
        role TEXT CHECK (role IN ('champion', 'sponsor', 'decision maker', 'user', 'detractor')),
        title TEXT,
        preferred_channel TEXT,
        {_flag("opted_out")},
        {_date("left_on")},
        {_IMPORT}
    ) STRICT""",
    # end_date is the last day of entitlement; cancelled_on the first day without it.
    f"""CREATE TABLE subscription (
        subscription_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        product TEXT,
        plan TEXT,
        seats INTEGER CHECK (seats >= 0),
        arr_minor INTEGER NOT NULL CHECK (arr_minor >= 0),
        {_CURRENCY},
        {_date("start_date", "NOT NULL")},
        {_date("end_date")},
        term_months INTEGER CHECK (term_months > 0),
        notice_days INTEGER NOT NULL DEFAULT 0 CHECK (notice_days >= 0),
        {_flag("auto_renew")},
        {_flag("is_trial")},
        {_date("cancelled_on")},
        {_IMPORT}
    ) STRICT""",
)

EVENTS = (
    f"""CREATE TABLE ticket (
        ticket_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        subject TEXT,
        {_instant("opened_at")},
        {_instant("first_response_at", "")},
        {_instant("closed_at", "")},
        priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
        driver TEXT,
        channel TEXT,
        reopened_count INTEGER NOT NULL DEFAULT 0 CHECK (reopened_count >= 0),
        {_flag("is_complaint")},
        {_flag("is_escalated")},
        csat INTEGER CHECK (csat BETWEEN 1 AND 5),
        {_IMPORT}
    ) STRICT""",
    f"""CREATE TABLE survey_response (
        response_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        contact_id TEXT,
        {_date("answered_on", "NOT NULL")},
        kind TEXT NOT NULL CHECK (kind IN ('nps', 'csat', 'ces')),
        score INTEGER NOT NULL,
        comment TEXT,
        {_IMPORT},
        CHECK (kind = 'nps' AND score BETWEEN 0 AND 10
            OR kind = 'csat' AND score BETWEEN 1 AND 5 OR kind = 'ces' AND score BETWEEN 1 AND 7)
    ) STRICT""",
    f"""CREATE TABLE touchpoint (
        touchpoint_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        contact_id TEXT,
        {_instant("occurred_at")},
        channel TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
        kind TEXT,
        sentiment INTEGER CHECK (sentiment BETWEEN 1 AND 5),
        summary TEXT,
        author TEXT,
        {_IMPORT}
    ) STRICT""",
    f"""CREATE TABLE churn_event (
        churn_event_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        {_date("churned_on", "NOT NULL")},
        reason TEXT,
        feedback TEXT,
        refund_minor INTEGER CHECK (refund_minor >= 0),
        {_CURRENCY},
        {_flag("is_reactivation")},
        {_IMPORT}
    ) STRICT""",
    f"""CREATE TABLE invoice (
        invoice_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        amount_minor INTEGER NOT NULL,
        {_CURRENCY},
        {_date("issued_on", "NOT NULL")},
        {_date("due_on")},
        {_date("paid_on")},
        {_IMPORT}
    ) STRICT""",
    f"""CREATE TABLE promise (
        promise_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        contact_id TEXT,
        promised_by TEXT NOT NULL CHECK (promised_by IN ('us', 'customer')),
        what TEXT NOT NULL,
        owner TEXT,
        {_date("made_on", "NOT NULL")},
        {_date("due_on")},
        {_date("kept_on")},
        state TEXT NOT NULL DEFAULT 'open'
            CHECK (state IN ('open', 'kept', 'broken', 'renegotiated')),
        evidence TEXT,
        {_IMPORT}
    ) STRICT""",
    # Append-only: what a person said about a renewal, and when. An opportunity that changes in the
    # CRM is a new row with the same opportunity_id.
    f"""CREATE TABLE forecast (
        forecast_id TEXT PRIMARY KEY,
        {_ACCOUNT},
        opportunity_id TEXT,
        category TEXT NOT NULL CHECK (category IN
            ('closed', 'commit', 'likely', 'at risk', 'churn expected', 'omitted')),
        amount_minor INTEGER CHECK (amount_minor >= 0),
        {_CURRENCY},
        probability_e4 INTEGER CHECK (probability_e4 BETWEEN 0 AND 10000),
        {_date("closes_on")},
        risk_category TEXT,
        narrative TEXT,
        next_step TEXT,
        author TEXT NOT NULL,
        {_instant("made_at")},
        reason TEXT,
        {_IMPORT}
    ) STRICT""",
)

USAGE = (
    # fresh_days, low and high are declared, or nothing is; tested_until by the alarm.
    f"""CREATE TABLE usage_metric (
        metric_id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        label TEXT NOT NULL,
        unit TEXT NOT NULL,
        rollup TEXT NOT NULL CHECK (rollup IN ('sum', 'mean', 'max', 'last')),
        higher_is_better INTEGER NOT NULL DEFAULT 1 CHECK (higher_is_better IN (0, 1)),
        source TEXT,
        fresh_days INTEGER CHECK (fresh_days > 0),
        low REAL,
        high REAL CHECK (high >= low),
        {_date("tested_until")}
    ) STRICT""",
    # week counts Mondays from 1970-01-05 = 0; d0 is that Monday; NULL is no data, never zero.
    f"""CREATE TABLE usage_week (
        {_ACCOUNT},
        metric_id INTEGER NOT NULL REFERENCES usage_metric,
        week INTEGER NOT NULL,
        d0 REAL, d1 REAL, d2 REAL, d3 REAL, d4 REAL, d5 REAL, d6 REAL,
        PRIMARY KEY (account_key, metric_id, week)
    ) STRICT, WITHOUT ROWID""",
    # Days that changed, or came after later days of their metric were already there.
    f"""CREATE TABLE usage_correction (
        {_instant("recorded_at")},
        {_ACCOUNT},
        metric_id INTEGER NOT NULL REFERENCES usage_metric,
        {_date("day", "NOT NULL")},
        old REAL,
        new REAL,
        import_id INTEGER NOT NULL REFERENCES import_run
    ) STRICT""",
    # How far each metric's days were known after each import: with the corrections, as-of.
    f"""CREATE TABLE usage_frontier (
        metric_id INTEGER NOT NULL REFERENCES usage_metric,
        import_id INTEGER NOT NULL REFERENCES import_run,
        {_date("last_day", "NOT NULL")},
        PRIMARY KEY (metric_id, import_id)
    ) STRICT, WITHOUT ROWID""",
)

# For people at the SQL prompt; the program reads the week rows.
USAGE_DAY = " UNION ALL ".join(
    f"SELECT account_key, metric_id, date('1970-01-05', (week * 7 + {day}) || ' days') AS day, "
    f"d{day} AS value FROM usage_week WHERE d{day} IS NOT NULL"
    for day in range(7)
)

HEALTH = (
    "CREATE TABLE scorecard (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT",
    f"""CREATE TABLE refresh_run (
        run_id INTEGER PRIMARY KEY,
        {_date("as_of", "NOT NULL")},
        {_instant("started_at")},
        actor TEXT NOT NULL,
        program_version TEXT NOT NULL,
        scorecard_hash TEXT NOT NULL REFERENCES scorecard,
        report TEXT
    ) STRICT""",
    # contributions: JSON, one [value, age in days, points_e4] per measure in the scorecard's order;
    # points null where too old, null for a missing measure, false where it does not apply.
    f"""CREATE TABLE score (
        {_ACCOUNT},
        {_date("as_of", "NOT NULL")},
        run_id INTEGER NOT NULL REFERENCES refresh_run,
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
    # What the list shows, written with the scores; spark is 12 weekly levels 0-7, '.' for no data.
    f"""CREATE TABLE account_summary (
        account_key INTEGER PRIMARY KEY REFERENCES account,
        {_date("as_of", "NOT NULL")},
        {_flag("is_former")},
        band TEXT NOT NULL CHECK (band IN ('red', 'yellow', 'green', 'unknown')),
        band_rank INTEGER NOT NULL CHECK (band_rank BETWEEN 0 AND 3),
        points_e4 INTEGER,
        coverage_e4 INTEGER NOT NULL,
        low_e4 INTEGER NOT NULL,
        high_e4 INTEGER NOT NULL,
        trend_e4 INTEGER,
        spark TEXT NOT NULL,
        arr_minor INTEGER NOT NULL,
        {_CURRENCY},
        seats INTEGER,
        seats_used INTEGER,
        {_date("end_date")},
        {_date("deadline")},
        deadline_by TEXT CHECK (deadline_by IN ('notice', 'procurement', 'end')),
        {_date("last_two_way_on")},
        causes TEXT NOT NULL
    ) STRICT""",
)

PEOPLE = (
    """CREATE TABLE saved_view (
        view_id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        filter TEXT NOT NULL,
        sort TEXT NOT NULL,
        descending INTEGER NOT NULL CHECK (descending IN (0, 1)),
        actor TEXT NOT NULL
    ) STRICT""",
    f"""CREATE TABLE account_seen (
        actor TEXT NOT NULL,
        {_ACCOUNT},
        {_instant("seen_at")},
        points_e4 INTEGER,
        band TEXT,
        PRIMARY KEY (actor, account_key)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE draft (
        actor TEXT NOT NULL,
        form TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        {_instant("saved_at")},
        PRIMARY KEY (actor, form, subject)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)

TABLES = (*HISTORY, *BOOK, *EVENTS, *USAGE, *HEALTH, *SIGNALS, *PEOPLE)

LISTED = (
    *("deadline", "points_e4", "trend_e4", "coverage_e4", "seats", "seats_used", "end_date"),
    *("currency", "spark"),
)
INDEXES = (  # `-` is descending
    ("change", ("entity", "entity_id", "seq")),
    ("change", ("change_set_id",)),
    ("change_set", ("actor", "cause")),
    *(("account", (name,)) for name in ("search_text", "merged_into", "csm", "segment", "region")),
    *(("account", (name,)) for name in ("industry", "lifecycle_stage", "next_step_due")),
    ("account_alias", ("account_key",)),
    ("subscription", ("account_key", "start_date")),
    ("ticket", ("account_key", "opened_at")),
    ("survey_response", ("account_key", "answered_on")),
    ("touchpoint", ("account_key", "occurred_at")),
    *((table, ("account_key",)) for table in ("contact", "churn_event", "invoice", "promise")),
    ("promise", ("state", "due_on")),
    *(("forecast", names) for names in (("account_key", "made_at"), ("opportunity_id",))),
    ("usage_correction", ("account_key", "metric_id", "day")),
    # The list's own order, with all that it is sorted and filtered by: no row is read for either.
    ("account_summary", ("is_former", "band_rank", "-arr_minor", "account_key", *LISTED)),
    ("account_summary", ("is_former", "band_rank", "currency", "arr_minor")),
)
