"""What every import brought, newest first."""

from dataclasses import dataclass

from cs_workbench.store.database import Database

_COUNTS = ("rows", "new", "changed", "same", "rejected", "left_out", "removed")


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
    counts = ", ".join(f"CASE state WHEN 'done' THEN {name} END" for name in _COUNTS)
    rows = db.connection.execute(
        f"SELECT import_id, recorded_at, file_name, file_hash, kind, source, actor, {counts}, "
        "known_policy, state FROM import_run ORDER BY import_id DESC LIMIT ?",
        (limit,),
    )
    return [LoggedImport(*row) for row in rows]
