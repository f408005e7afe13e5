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
        rows, new, changed, same, rejected, left_out, removed: what became of them; None until the
            run has ended by itself.
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
    rows: int | None
    new: int | None
    changed: int | None
    same: int | None
    rejected: int | None
    left_out: int | None
    removed: int | None
    known: str
    state: str


def import_log(db: Database, limit: int) -> list[LoggedImport]:
    """The newest imports, at most so many."""
    rows = db.connection.execute(
        "SELECT run.import_id, run.recorded_at, run.file_name, run.file_hash, run.kind, "
        "run.source, run.actor, ended.rows, ended.new, ended.changed, ended.same, "
        "ended.rejected, ended.left_out, ended.removed, run.known_policy, run.state "
        "FROM import_run AS run LEFT JOIN import_run AS ended "
        "ON ended.import_id = run.import_id AND ended.state = 'done' "
        "ORDER BY run.import_id DESC LIMIT ?",
        (limit,),
    )
    return [LoggedImport(*row) for row in rows]
