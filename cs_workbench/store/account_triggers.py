"""What makes changes of accounts quick, as SQL: schema 2."""

# Only another text is worth a new entry in the search index.
QUICK_CHANGES = (
    "DROP TRIGGER account_au",
    """CREATE TRIGGER account_au AFTER UPDATE OF search_text ON account
        WHEN new.search_text IS NOT old.search_text
        BEGIN
            INSERT INTO account_fts (account_fts, rowid, search_text)
                VALUES ('delete', old.account_key, old.search_text);
            INSERT INTO account_fts (rowid, search_text)
                VALUES (new.account_key, new.search_text);
        END""",
    "CREATE INDEX account_of_parent ON account (parent_key) WHERE parent_key IS NOT NULL",
)
