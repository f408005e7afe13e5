"""Sample data stands still in time: its history is dated by its own calendar, not by the clock."""

import datetime as dt
from collections.abc import Iterable, Mapping

from cs_workbench.core.ids import id_of
from cs_workbench.store.database import Database, write
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.reviews import Decision
from cs_workbench.store.search import start_anew
from cs_workbench.store.sqlite import Connection

JUDGED = {"override": "made_on", "rating": "known_on"}  # the day by which a row gets its id
LIFTED = ("change", *JUDGED)


def date_imports(db: Database, *, loaded_at: str, people_at: str) -> None:
    """Give the imports the instants they are meant to have; who plays which role came earlier."""
    with write(db) as connection:
        connection.execute(
            "UPDATE import_run SET recorded_at = CASE kind WHEN 'contacts' THEN ? ELSE ? END",
            (people_at, loaded_at),
        )
        _name_forecasts(connection)


def date_refreshes(db: Database, refreshed_at: str) -> None:
    """Give the refreshes of a sample the time of day of an instant."""
    with write(db) as connection:
        connection.execute(
            "UPDATE refresh_run SET started_at = as_of || substr(?, 11), "
            "report = json_set(report, '$.seconds', 0)",
            (refreshed_at,),
        )


def date_acts(db: Database, acts: Mapping[str, str]) -> None:
    """Give the acts of people in a sample the instants they are meant to have.

    What a score is to know has to be dated before it is scored.

    Args:
        db: a portfolio that nothing but sample data was ever put into.
        acts: instants by change set; it gets an id to match, so that the same sample has the same.
    """
    with write(db) as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        triggers = [one for table in LIFTED for one in _lift(connection, table)]
        for entity, day in JUDGED.items():
            _name_judgements(connection, entity, day)
        for number, (old, at) in enumerate(acts.items(), start=1):
            new = id_of(dt.datetime.fromisoformat(at), number)
            connection.execute(
                "UPDATE change_set SET change_set_id = ?, at = ? WHERE change_set_id = ?",
                (new, at, old),
            )
            connection.execute(
                "UPDATE change SET change_set_id = ?, known_at = ? WHERE change_set_id = ?",
                (new, at, old),
            )
        for trigger in triggers:
            connection.execute(trigger)


def name_plays(db: Database) -> None:
    """Give plays and what was done in them ids by their days, in the log too."""
    with write(db) as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        triggers = _lift(connection, "change")
        rows = connection.execute(
            "SELECT play_id, coalesce(suggested_on, started_on) FROM play "
            "ORDER BY 2, playbook_id, account_key"
        ).fetchall()
        for number, (old, day) in enumerate(rows, start=1):
            new = id_of(dt.datetime.fromisoformat(f"{day}T02:05:00+00:00"), number)
            for table in ("play", "play_step", "message"):
                connection.execute(f"UPDATE {table} SET play_id = ? WHERE play_id = ?", (new, old))
            _rename(connection, "play", old, new)
        steps = connection.execute(
            "SELECT play_step_id, coalesce(done_on, snoozed_until, '2026-01-01') FROM play_step "
            "ORDER BY play_id, rowid"
        ).fetchall()
        for number, (old, day) in enumerate(steps, start=1):
            new = id_of(dt.datetime.fromisoformat(f"{day}T09:31:00+00:00"), number)
            connection.execute(
                "UPDATE play_step SET play_step_id = ? WHERE play_step_id = ?", (new, old)
            )
            _rename(connection, "play_step", old, new)
        connection.execute(
            "UPDATE change SET new = json_set(new, '$.play_id', (SELECT play_id FROM play_step "
            "WHERE play_step_id = change.entity_id)) "
            "WHERE entity = 'play_step' AND field IS NULL AND new IS NOT NULL"
        )
        for trigger in triggers:
            connection.execute(trigger)


def _rename(connection: Connection, entity: str, old: str, new: str) -> None:
    connection.execute(
        "UPDATE change SET entity_id = ? WHERE entity = ? AND entity_id = ?", (new, entity, old)
    )


def insert_decisions(db: Database, decisions: Iterable[Decision]) -> None:
    """Write what was decided in meetings of the past, which nobody is to undo."""
    rows = [
        tuple(value.isoformat() if isinstance(value, dt.date) else value for value in one)
        for one in decisions
    ]
    with write(db) as connection:
        connection.executemany(
            "INSERT INTO review_decision (review_decision_id, review_id, account_key, renewal_end, "
            "kind, told, ref_id, author, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def compact(db: Database) -> None:
    """Give back the room of what was deleted."""
    with write(db) as connection:
        connection.execute("INSERT INTO account_fts (account_fts) VALUES ('optimize')")
        start_anew(connection)  # rows were queued under ids that they no longer have
    db.connection.execute("VACUUM")


def _name_forecasts(connection: Connection) -> None:
    rows = connection.execute("SELECT rowid, made_at FROM forecast ORDER BY rowid").fetchall()
    connection.executemany(
        "UPDATE forecast SET forecast_id = ? WHERE rowid = ?",
        [(id_of(dt.datetime.fromisoformat(made_at), rowid), rowid) for rowid, made_at in rows],
    )


def _name_judgements(connection: Connection, entity: str, day: str) -> None:
    """Give the rows ids by their days, in the log too."""
    key = ENTITIES[entity].key
    rows = connection.execute(f"SELECT {key}, {day} FROM {entity} ORDER BY {day}, rowid").fetchall()
    for number, (old, made_on) in enumerate(rows, start=1):
        at = dt.datetime.combine(dt.date.fromisoformat(made_on), dt.time(16, 30), dt.UTC)
        new = id_of(at, number)
        connection.execute(f"UPDATE {entity} SET {key} = ? WHERE {key} = ?", (new, old))
        connection.execute(
            "UPDATE change SET entity_id = ? WHERE entity = ? AND entity_id = ?",
            (new, entity, old),
        )


def _lift(connection: Connection, table: str) -> list[str]:
    """Drop the table's triggers; returns the statements that bring them back."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? ORDER BY name",
        (table,),
    ).fetchall()
    for row in rows:
        connection.execute(f"DROP TRIGGER {row['name']}")
    return [row["sql"] for row in rows]
