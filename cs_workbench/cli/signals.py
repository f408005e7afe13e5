"""`csw signals`: what somebody should know about, and what becomes of it."""

from collections import Counter

import click

from cs_workbench.cli.lazy import Entry, LazyGroup
from cs_workbench.cli.output import Column, print_json_list, print_table, say, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date
from cs_workbench.core.plurals import counted
from cs_workbench.core.signals.kinds import KINDS
from cs_workbench.store.account_names import find_account
from cs_workbench.store.freshness import last_as_of
from cs_workbench.store.signals import SignalLine, list_signals
from cs_workbench.workflows.signals import accept_change, resolve_signal, snooze_signal

SCHEMA = "csw.signals/1"
SHORT_ID = 8  # the end of an id: its beginning is the day
NAME_CELLS = 28
COMMANDS = {
    "snooze": Entry("cs_workbench.cli.signals:snooze_command", "Keep one silent until a day."),
    "resolve": Entry("cs_workbench.cli.signals:resolve_command", "Say that one is dealt with."),
    "accept": Entry("cs_workbench.cli.signals:accept_command", "Say that a metric truly changed."),
}


@click.group(cls=LazyGroup, entries=COMMANDS, invoke_without_command=True)
@click.option("--account", metavar="ACCOUNT", help="Only of this account: id or name.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only of this kind.")
@click.option("--all", "everything", is_flag=True, help="Also snoozed and resolved ones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def signals_command(
    context: click.Context,
    *,
    account: str | None,
    kind: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List open signals: risks and opportunities, most severe and largest first."""
    session = context.find_object(Session)
    if context.invoked_subcommand is not None or session is None:
        return
    with session.open() as db:
        as_of = last_as_of(db)
        lines = list_signals(
            db,
            today=session.today(db),
            account_key=None if account is None else find_account(db, account),
            kind=kind,
            everything=everything,
        )
    if as_json:
        head = {"schema": SCHEMA, "as_of": as_of}
        print_json_list(head, "signals", (signal_record(line) for line in lines))
        return
    if as_of is None:
        warn("Signals are found by a refresh: run `csw refresh`.")
    _print(lines, everything=everything)


@click.command()
@click.argument("signal_id", metavar="ID")
@click.option("--until", required=True, metavar="DATE", help="The day it speaks again: +7, fri.")
@pass_session
def snooze_command(session: Session, *, signal_id: str, until: str) -> None:
    """Keep the signal ID silent until a day; a part of the id is enough. `z` undoes it."""
    with session.open() as db:
        today = session.today(db)
        day, me = read_date(until, today), session.config.me
        say(snooze_signal(db, signal_id, until=day, actor=me, today=today))


@click.command()
@click.argument("signal_id", metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line.")
@pass_session
def resolve_command(session: Session, *, signal_id: str, reason: str) -> None:
    """Close the signal ID until its cause is over and comes again. `z` undoes it."""
    with session.open() as db:
        today = session.today(db)
        say(resolve_signal(db, signal_id, reason=reason, actor=session.config.me, today=today))


@click.command()
@click.argument("metric")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line.")
@pass_session
def accept_command(session: Session, *, metric: str, reason: str) -> None:
    """Say that the customers did change on METRIC, not the ruler. `z` undoes it."""
    with session.open() as db:
        today = session.today(db)
        say(accept_change(db, metric, reason=reason, actor=session.config.me, today=today))


def signal_record(line: SignalLine) -> dict[str, object]:
    """The signal under its stable keys."""
    return {
        "signal_id": line.signal_id,
        "account_id": line.account_id,
        "name": line.name,
        "csm": line.csm,
        "kind": line.kind,
        "reason": line.reason,
        "severity": line.severity,
        "is_opportunity": line.is_opportunity,
        "evidence": line.evidence,
        "resolves_when": line.resolves_when,
        "opened_on": line.opened_on,
        "last_seen_on": line.last_seen_on,
        "snoozed_until": line.snoozed_until,
        "resolved_on": line.resolved_on,
        "resolution": line.resolution,
        "resolved_by": line.resolved_by,
    }


def _print(lines: list[SignalLine], *, everything: bool) -> None:
    colours = {"high": "red", "medium": "yellow"}
    headings = ["Since", "Id", "Account", "Kind", "What is so", "Ends when"]
    columns = [
        Column("Weight", colour=colours.get),
        *(Column(one, is_data=one == "Account") for one in headings),
    ]
    if everything:
        columns.append(Column("State"))
    print_table(columns, [_row(line, everything=everything) for line in lines])
    kinds = Counter(line.kind for line in lines)
    told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    warn(f"{counted(len(lines), 'signal')}: {told}." if lines else "No signals.")


def _row(line: SignalLine, *, everything: bool) -> tuple[object, ...]:
    cells = (
        line.severity,
        line.opened_on,
        line.signal_id[-SHORT_ID:],
        shortened(line.name, NAME_CELLS),
        f"+ {line.kind}" if line.is_opportunity else line.kind,
        line.evidence,
        line.resolves_when,
    )
    return (*cells, _state(line)) if everything else cells


def _state(line: SignalLine) -> str:
    if line.resolved_on is not None:
        by = f" by {line.resolved_by}" if line.resolved_by else ""
        return f"resolved {line.resolved_on}{by}: {line.resolution}"
    return f"snoozed until {line.snoozed_until}" if line.snoozed_until else "open"
