"""`csw health override`: a person's own call on the band, beside the score."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import Column, print_json_list, print_table, say, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.account_records import override_record
from cs_workbench.core.dates import read_date
from cs_workbench.core.judgements import ASSERTED, LONGEST_OVERRIDE
from cs_workbench.core.scorecards import POINT
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import find_account
from cs_workbench.store.overrides import OverrideLine, list_overrides
from cs_workbench.workflows.judgements import (
    Act,
    make_override,
    override_band,
    read_points,
    withdraw_override,
)
from cs_workbench.workflows.scorecards import scorecard_at

SCHEMA = "csw.overrides/1"
NAME_CELLS = 28


@click.command()
@click.argument("account", shell_complete=complete_account)
@click.option("--band", type=click.Choice(ASSERTED), help="The band that you would give.")
@click.option("--score", metavar="N", help="The score that you would give, if you have one.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line.")
@click.option("--until", metavar="DATE", help=f"Its last day, within {LONGEST_OVERRIDE}: +30.")
@click.option("--withdraw", is_flag=True, help="End the one that stands.")
@pass_session
def override_command(
    session: Session,
    /,
    account: str,
    *,
    band: str | None,
    score: str | None,
    reason: str,
    until: str | None,
    withdraw: bool,
) -> None:
    """Say which band you would give ACCOUNT, until when, and why.

    It is shown beside the computed score and never replaces it; after its day it is gone by itself.
    `z` on the screens undoes it.
    """
    if withdraw and (band or score or reason or until):
        raise UsageError("--withdraw stands alone. A new one needs --band, --reason, --until.")
    if not withdraw and band is None:
        raise UsageError("Give --band, --reason and --until, or --withdraw.")
    with session.open() as db:
        today = session.reading_day(db)
        act = Act(find_account(db, account), session.config.me, today)
        if withdraw:
            say(withdraw_override(db, act))
            return
        override = make_override(
            act,
            band=band or "",
            points_e4=read_points(score),
            reason=reason,
            until=read_date(until, today) if until else None,
            scorecard=scorecard_at(session.config.scorecard),
        )
        say(override_band(db, act, override))


@click.command()
@click.option("--account", metavar="ACCOUNT", help="Only of this account: id or name.")
@click.option("--all", "everything", is_flag=True, help="Also those that are over.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def overrides_command(
    session: Session, *, account: str | None, everything: bool, as_json: bool
) -> None:
    """List the overrides that stand today, newest first."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        lines = list_overrides(db, today=today, account_key=key, everything=everything)
    if as_json:
        head = {"schema": SCHEMA, "today": today}
        print_json_list(head, "overrides", (overrides_record(line) for line in lines))
        return
    if not lines:
        warn("No override stands." if not everything else "Nobody ever overrode a band.")
        return
    headings = ("Made", "Until", "Withdrawn", "Account", "Band", "Score", "By", "Reason")
    print_table([Column(name) for name in headings], [_row(line) for line in lines])


def overrides_record(line: OverrideLine) -> dict[str, object]:
    """An override with its account, under its stable keys."""
    return {
        "account_id": line.account_id,
        "name": line.name,
        **(override_record(line.override) or {}),
        "withdrawn_on": line.override.withdrawn_on,
        "withdrawn_by": line.override.withdrawn_by,
    }


def _row(line: OverrideLine) -> tuple[object, ...]:
    one = line.override
    score = None if one.points_e4 is None else f"{one.points_e4 / POINT:g}"
    name = shortened(line.name, NAME_CELLS)
    days = (one.made_on, one.expires_on, one.withdrawn_on)
    return (*days, name, one.band, score, one.author, one.reason)
