"""The index of everything that was written, as SQL: schema 16.

Rows that are written, changed or deleted only queue here, which costs an import next to nothing;
the next search reads the queue. The index holds folded texts under ids that sort by day.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple


class Written(NamedTuple):
    """Where people's words are: a table's key, its day or instant, and its texts."""

    key: str
    day: str
    texts: tuple[str, ...]


WRITTEN: Final[Mapping[str, Written]] = {
    "touchpoint": Written("touchpoint_id", "occurred_at", ("summary", "note")),
    "ticket": Written("ticket_id", "opened_at", ("subject",)),
    "survey_response": Written("response_id", "answered_on", ("comment",)),
    "note": Written("note_id", "written_on", ("text",)),
    "complaint": Written("complaint_id", "arrived_on", ("what",)),
    "complaint_step": Written("complaint_step_id", "reached_on", ("note", "told_how")),
    "promise": Written("promise_id", "made_on", ("what", "evidence")),
    "goal": Written("goal_id", "said_on", ("what", "measure")),
    "pain_point": Written("pain_point_id", "said_on", ("what",)),
    "concession": Written("concession_id", "asked_on", ("reason", "outcome")),
    "imposed_change": Written("imposed_change_id", "announced_on", ("what",)),
    "product_request": Written("product_request_id", "asked_on", ("what",)),
    "incident": Written("incident_id", "began_on", ("what",)),
    "exit_reason": Written("exit_reason_id", "noted_on", ("detail", "said", "competitor")),
    "mention": Written("mention_id", "said_on", ("text", "said_by")),
    "churn_event": Written("churn_event_id", "churned_on", ("feedback",)),
    "forecast": Written("forecast_id", "made_at", ("narrative", "reason")),
    "override": Written("override_id", "made_on", ("reason",)),
    "rating": Written("rating_id", "rated_on", ("reason",)),
}

_TABLES = (
    """CREATE TABLE search_queue (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        row_id TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE search_entry (
        entry_id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        row_id TEXT NOT NULL,
        of_account INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX search_entry_of_row ON search_entry (source, row_id)",
    "CREATE INDEX search_entry_of_account ON search_entry (of_account, entry_id)",
    """CREATE VIRTUAL TABLE search_long_fts USING fts5 (
        text, content = 'search_entry', content_rowid = 'entry_id', tokenize = 'trigram'
    )""",
    """CREATE VIRTUAL TABLE search_short_fts USING fts5 (
        grams, content = '', detail = none, columnsize = 0, tokenize = 'ascii'
    )""",
)


def _of_table(source: str, written: Written) -> Iterator[str]:
    queue = "INSERT INTO search_queue (source, row_id)"
    has_text = " OR ".join(f"new.{one} IS NOT NULL" for one in written.texts)
    watched = ("account_key", written.day, *written.texts)
    differs = " OR ".join(f"new.{one} IS NOT old.{one}" for one in watched)
    yield f"""CREATE TRIGGER {source}_search_ai AFTER INSERT ON {source} WHEN {has_text}
        BEGIN {queue} VALUES ('{source}', new.{written.key}); END"""
    yield f"""CREATE TRIGGER {source}_search_au AFTER UPDATE OF {", ".join(watched)} ON {source}
        WHEN {differs} BEGIN {queue} VALUES ('{source}', new.{written.key}); END"""
    yield f"""CREATE TRIGGER {source}_search_ad AFTER DELETE ON {source}
        BEGIN {queue} VALUES ('{source}', old.{written.key}); END"""


def fill(source: str, written: Written) -> str:
    """The statement that queues every row of a table that has a text."""
    has_text = " OR ".join(f"{one} IS NOT NULL" for one in written.texts)
    return (
        f"INSERT INTO search_queue (source, row_id) "
        f"SELECT '{source}', {written.key} FROM {source} WHERE {has_text}"
    )


SEARCH = (
    *_TABLES,
    *(statement for source, one in WRITTEN.items() for statement in _of_table(source, one)),
    *(fill(source, one) for source, one in WRITTEN.items()),
)
