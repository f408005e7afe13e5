"""What every import brought, newest first."""

from dataclasses import dataclass

from cs_workbench.store.database import Database


@dataclass(frozen=True, slots=True)
class LoggedImport:
    """One file that was imported.

    Attributes:
        import_id: of the run, as rows carry it.
        at: when it began (UTC).
        file, digest: its name, and the SHA-256 of its bytes.
        kind, source, actor: of its rows; the mapping; who.
        rows, new, changed, same, rejected, left_out, removed: what became of them.
        known: `assumed` for a source's first load, whose facts count at their own dates.
        state: `running` where it is under way or was broken off, `given up` of a pull that was
            and that another of its source followed, else `done`.
    """

    import_id: int
    at: str
    file: str
    digest: str
    kind: str
    source: str
    actor: str
    rows: int
    new: int
    changed: int
    same: int
    rejected: int
    left_out: int
    removed: int
    known: str
    state: str


def import_log(db: Database, limit: int) -> list[LoggedImport]:
    """The newest imports, at most so many."""
    rows = db.connection.execute(
        "SELECT import_id, recorded_at, file_name, file_hash, kind, source, actor, rows, new, "
        "changed, same, rejected, left_out, removed, known_policy, state FROM import_run "
        "ORDER BY import_id DESC LIMIT ?",
        (limit,),
    )
    return [LoggedImport(*row) for row in rows]
