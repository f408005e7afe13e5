"""`csw import --log`: what every import brought."""

from dataclasses import asdict

from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.session import Session

SHOWN = 50
STATES = {"running": "not finished", "given up": "given up by a later pull"}
COUNTS = ("rows", "new", "changed", "same", "rejected", "left_out", "removed")


def print_log(session: Session, *, as_json: bool) -> None:
    """Print the newest imports, newest first."""
    from cs_workbench.store.import_log import import_log

    with session.open() as db:
        log = import_log(db, SHOWN)
    if as_json:
        print_json({"schema": "csw.import.log/1", "imports": [asdict(one) for one in log]})
        return
    if not log:
        say("Nothing was imported yet.")
        return
    columns = [Column("When (UTC)"), Column("File", is_data=True), Column("Kind")]
    columns += [Column("Mapping", is_data=True)]
    columns += [Column(name.replace("_", " ").capitalize(), "right") for name in COUNTS]
    columns += [Column("By", is_data=True), Column("SHA-256"), Column("State")]
    print_table(
        columns,
        (
            (
                one.at[:16].replace("T", " "),
                *(one.file, one.kind, one.source),
                *(_told(getattr(one, name)) for name in COUNTS),
                *(one.actor, one.digest[:12], STATES.get(one.state, one.state)),
            )
            for one in log
        ),
    )


def _told(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"
