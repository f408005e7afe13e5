"""Tables of churn models, of which one is on, and of everything that one ever said."""

from cs_workbench.store.columns import ACCOUNT, CURRENCY, date, flag, instant

CHURN = (
    # A model's JSON under the hash of that text, with the backtest that judges it.
    f"""CREATE TABLE churn_model (
        hash TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        record TEXT NOT NULL,
        may_be_on INTEGER NOT NULL CHECK (may_be_on IN (0, 1)),
        {date("as_of", "NOT NULL")},
        {instant("trained_at")},
        actor TEXT NOT NULL
    ) STRICT""",
    # Append-only; the newest line says which model is on, null that none is.
    f"""CREATE TABLE churn_switch (
        seq INTEGER PRIMARY KEY,
        hash TEXT REFERENCES churn_model,
        {instant("at")},
        actor TEXT NOT NULL,
        reason TEXT
    ) STRICT""",
    # The ledger: each published probability, kept for good; the outcome is added when the window
    # has closed (null with a day: the account was gone before it began). Rates in 1/1,000,000.
    # contributions: JSON, the base and one [driver, log-odds] each, the largest first.
    f"""CREATE TABLE churn_prediction (
        hash TEXT NOT NULL REFERENCES churn_model,
        {date("as_of", "NOT NULL")},
        {ACCOUNT},
        probability_e6 INTEGER NOT NULL CHECK (probability_e6 BETWEEN 0 AND 1000000),
        low_e6 INTEGER NOT NULL,
        high_e6 INTEGER NOT NULL,
        {date("window_from", "NOT NULL")},
        {date("window_to", "NOT NULL")},
        arr_minor INTEGER NOT NULL,
        {CURRENCY},
        {flag("is_treated")},
        features_hash TEXT NOT NULL,
        contributions TEXT NOT NULL,
        outcome INTEGER CHECK (outcome IN (0, 1)),
        {date("scored_on")},
        PRIMARY KEY (hash, as_of, account_key)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX churn_prediction_open ON churn_prediction (window_to) WHERE scored_on IS NULL",
    """CREATE TRIGGER churn_prediction_is_kept BEFORE DELETE ON churn_prediction
        BEGIN SELECT raise(ABORT, 'published probabilities are never deleted'); END""",
    """CREATE TRIGGER churn_prediction_is_final BEFORE UPDATE ON churn_prediction
        WHEN old.scored_on IS NOT NULL OR new.hash IS NOT old.hash OR new.as_of IS NOT old.as_of
            OR new.probability_e6 IS NOT old.probability_e6 OR new.low_e6 IS NOT old.low_e6
            OR new.high_e6 IS NOT old.high_e6 OR new.window_from IS NOT old.window_from
            OR new.window_to IS NOT old.window_to OR new.arr_minor IS NOT old.arr_minor
            OR new.is_treated IS NOT old.is_treated OR new.features_hash IS NOT old.features_hash
            OR new.contributions IS NOT old.contributions
        BEGIN SELECT raise(ABORT, 'published probabilities are never altered'); END""",
)
