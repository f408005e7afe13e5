"""How far events were counted: the watermark of each source of events."""

from dataclasses import astuple, dataclass

from cs_workbench.store.columns import date, instant
from cs_workbench.store.database import utc_now
from cs_workbench.store.sqlite import Connection

PULLS = (
    # arrived_until is the newest arrival that is counted whole; of a pull under way, through_day is
    # the last day that is in, and wanted_until what arrived_until will be at its end.
    f"""CREATE TABLE usage_pull (
        source TEXT PRIMARY KEY,
        {instant("arrived_until", "")},
        {date("through_day")},
        {instant("wanted_until", "")},
        {instant("pulled_at")}
    ) STRICT, WITHOUT ROWID""",
)

LATE_EVENTS = (
    # What arrived by seen_until has been looked at, late_from is the first day of what came too
    # late to be counted by itself; both outlive arrived_until, which waits for days to be over.
    f"ALTER TABLE usage_pull ADD COLUMN {instant('seen_until', '')}",
    f"ALTER TABLE usage_pull ADD COLUMN {date('late_from')}",
)


@dataclass(frozen=True, slots=True)
class PullState:
    """How far a source is counted; instants as the store writes them, all None at first.

    Attributes:
        arrived_until: what arrived by then is counted.
        through_day: of a pull that was broken off, the last day that is in.
        wanted_until: what it was going to be counted until.
        seen_until: what arrived by then has been looked at, counted or not.
        late_from: the first day of events that came too late, until `--since` counts it.
    """

    arrived_until: str | None = None
    through_day: str | None = None
    wanted_until: str | None = None
    seen_until: str | None = None
    late_from: str | None = None


def read_pull(connection: Connection, source: str) -> PullState:
    """How far a source is counted."""
    row = connection.execute(
        "SELECT arrived_until, through_day, wanted_until, seen_until, late_from FROM usage_pull "
        "WHERE source = ?",
        (source,),
    ).fetchone()
    return PullState() if row is None else PullState(*row)


def note_pull(connection: Connection, source: str, state: PullState) -> None:
    """Keep how far a source is counted; inside a chunk of a pen."""
    connection.execute(
        "INSERT OR REPLACE INTO usage_pull (source, arrived_until, through_day, wanted_until, "
        "seen_until, late_from, pulled_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (source, *astuple(state), utc_now()),
    )
