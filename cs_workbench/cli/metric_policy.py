"""`csw metrics policy`: the file that says what counts."""

from pathlib import Path

import click

from cs_workbench.cli.output import print_json, say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.config import own_file
from cs_workbench.core.metrics.policy import policy_words
from cs_workbench.errors import FindingsError
from cs_workbench.workflows.metric_policies import (
    FILE,
    copy_policy,
    policy_at,
    policy_mistakes,
    policy_text,
    shipped_policy,
)


@click.group()
def policy() -> None:
    """What counts as churn, when, and in which currency: a text file to agree on with finance.

    The one in use is CSW_METRICS, else `metrics` in config.toml, else metrics.toml beside it, else
    the one that comes with csw.
    """


@policy.command("path")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def path_command(session: Session, *, as_json: bool) -> None:
    """Say which file is in use."""
    place = session.config.metrics or shipped_policy()
    if as_json:
        is_own = session.config.metrics is not None
        print_json({"schema": "csw.metrics-policy-path/1", "path": str(place), "is_own": is_own})
        return
    say(str(place))


@policy.command("show")
@click.option("--text", "as_text", is_flag=True, help="The file itself.")
@pass_session
def show_command(session: Session, *, as_text: bool) -> None:
    """Show the policy in sentences, as it stands under each number."""
    if as_text:
        say(policy_text(session.config.metrics).rstrip("\n"))
        return
    for sentence in policy_words(policy_at(session.config.metrics)):
        say(sentence)


@policy.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@pass_session
def check_command(session: Session, file: Path | None) -> None:
    """Say everything that is wrong with a policy file, by line."""
    place = file or session.config.metrics or shipped_policy()
    mistakes = policy_mistakes(place)
    for mistake in mistakes:
        say(f"{place}: {mistake}")
    if mistakes:
        raise FindingsError(f"{len(mistakes)} mistakes. Nothing is counted by this file.")
    say(f"{place}: {policy_at(place).label}")


@policy.command("copy")
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
def copy_command(target: Path | None) -> None:
    """Copy the policy that comes with csw, to change it: to TARGET, else to your own place."""
    place = target or own_file(FILE)
    copy_policy(None, place)
    say(f"Wrote {place}. Agree on it with finance, then raise its version.")
