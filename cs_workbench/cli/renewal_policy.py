"""`csw renewal policy`: the file that says when renewals are decided and what forecasts say."""

from pathlib import Path

import click

from cs_workbench.cli.output import print_raw, say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.config import RENEWALS, own_file
from cs_workbench.core.plurals import counted
from cs_workbench.errors import FindingsError
from cs_workbench.workflows.renewal_policy import copy_policy, find_mistakes, shipped_policy


@click.group()
def policy() -> None:
    """Renewal policy: deadlines, the gate, required fields, authority, as a text file.

    FILE is a policy. Without FILE it is the one in use: CSW_RENEWALS, else `renewals` in
    config.toml, else renewals.toml beside it, else the one that comes with csw.
    """


@policy.command("path")
@pass_session
def path_command(session: Session) -> None:
    """Say which file renewals follow."""
    say(str(_place(session, None)))


@policy.command("show")
@click.argument("file", required=False)
@pass_session
def show_command(session: Session, file: str | None) -> None:
    """Print a policy, with what each line means."""
    place = _place(session, file)
    find_mistakes(place)  # says that there is none, or that it is no text
    print_raw(place.read_text(encoding="utf-8"))


@policy.command("check")
@click.argument("file", required=False)
@pass_session
def check_command(session: Session, file: str | None) -> None:
    """Find every mistake in a policy, with its line. Ends with 1 where there is one."""
    place = _place(session, file)
    mistakes = find_mistakes(place)
    for one in mistakes:
        say(f"{place}:{one.line}: {one.message}")
    if mistakes:
        count = f"{counted(len(mistakes), 'mistake')}"
        raise FindingsError(f"{count} in {place}.")
    say(f"{place} is a sound renewal policy.")


@policy.command("copy")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
def copy_command(target: Path | None) -> None:
    """Copy the policy that comes with csw, to change it; by default to where it is used from."""
    place = target or own_file(RENEWALS)
    copy_policy(place)
    say(f"Copied to {place}. Change it, then run `csw renewal policy check`.")


def _place(session: Session, file: str | None) -> Path:
    return Path(file) if file else session.config.renewals or shipped_policy()
