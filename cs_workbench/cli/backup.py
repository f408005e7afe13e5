"""`csw backup` and `csw restore`."""

from pathlib import Path

import click

from cs_workbench.cli.output import say, warn
from cs_workbench.cli.session import Session, pass_session


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@pass_session
def backup_command(session: Session, file: Path | None) -> None:
    """Copy the portfolio to FILE, checked, also while others write.

    Without FILE the copy goes beside the portfolio, named by the time. Prints where it is.
    """
    from cs_workbench.store.backup import backup

    with session.open() as db:
        say(str(backup(db, file)))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_session
def restore_command(session: Session, file: Path) -> None:
    """Put the backup FILE in the portfolio's place.

    FILE is checked first, and the present state is kept aside. Prints where.
    """
    from cs_workbench.store.backup import restore

    kept = restore(session.path, file)
    warn(f"{session.path} is now as in {file}.")
    if kept:
        warn("The state before is kept in:")
        say(str(kept))
