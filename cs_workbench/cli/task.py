"""`csw task`: what there is to do, and what becomes of it."""

import datetime as dt

import click

from cs_workbench.cli.lazy import Entry, LazyGroup
from cs_workbench.cli.output import Column, print_json_list, print_table, say, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date
from cs_workbench.core.plurals import counted
from cs_workbench.core.tasks import TaskOrigin
from cs_workbench.store.account_names import find_account
from cs_workbench.store.tasks import TaskLine, TaskQuery, list_tasks
from cs_workbench.workflows.tasks import (
    By,
    add_task,
    drop_task,
    finish_task,
    make_task,
    snooze_task,
)

SCHEMA = "csw.tasks/1"
SHORT_ID = 8  # the end of an id: its beginning is the day
HERE = "cs_workbench.cli.task"
COMMANDS = {
    "list": Entry(f"{HERE}:list_command", "List what there is to do, by its day."),
    "add": Entry(f"{HERE}:add_command", "Write down something to do."),
    "done": Entry(f"{HERE}:done_command", "Say that one is done."),
    "drop": Entry(f"{HERE}:drop_command", "Say that one will not be done, and why."),
    "snooze": Entry(f"{HERE}:snooze_command", "Put one off to a day."),
}


@click.group(cls=LazyGroup, entries=COMMANDS)
def task() -> None:
    """Things to do: of an account, or of the whole book."""


@click.command()
@click.option("--account", metavar="ACCOUNT", help="Only of this account: id or name.")
@click.option("--owner", metavar="NAME", help="Only of this person.")
@click.option("--all", "everything", is_flag=True, help="Also done, dropped and put off ones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def list_command(
    session: Session, *, account: str | None, owner: str | None, everything: bool, as_json: bool
) -> None:
    """List what there is to do, by its day."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        query = TaskQuery(account_key=key, owner=owner, everything=everything)
        lines = list_tasks(db, today=today, query=query)
    if as_json:
        head = {"schema": SCHEMA, "as_of": today}
        print_json_list(head, "tasks", (task_record(line, today) for line in lines))
        return
    _print(lines, today)


@click.command()
@click.argument("what")
@click.option("--account", metavar="ACCOUNT", help="Of this account: id or name.")
@click.option("--owner", metavar="NAME", help="Who does it; without it you do.")
@click.option("--due", metavar="DATE", help="By when: +7, fri, 12 dec.")
@pass_session
def add_command(
    session: Session, *, what: str, account: str | None, owner: str | None, due: str | None
) -> None:
    """Write down WHAT there is to do. `z` undoes it."""
    with session.open() as db:
        by = By(session.config.me, session.today(db))
        made = make_task(
            by,
            what=what,
            account_key=None if account is None else find_account(db, account),
            owner=owner,
            due_on=None if due is None else read_date(due, by.today),
        )
        say(add_task(db, by, made))
        warn(f"Its id ends in {made.task_id[-SHORT_ID:]}.")


@click.command()
@click.argument("task_id", metavar="ID")
@click.option("--note", metavar="TEXT", help="How it went, in one line.")
@pass_session
def done_command(session: Session, *, task_id: str, note: str | None) -> None:
    """Say that the task ID is done; a part of the id is enough. `z` undoes it."""
    with session.open() as db:
        by = By(session.config.me, session.today(db))
        say(finish_task(db, by, task_id, note=note))


@click.command()
@click.argument("task_id", metavar="ID")
@click.option("--note", required=True, metavar="TEXT", help="Why, in one line.")
@pass_session
def drop_command(session: Session, *, task_id: str, note: str) -> None:
    """Say that the task ID will not be done. `z` undoes it."""
    with session.open() as db:
        by = By(session.config.me, session.today(db))
        say(drop_task(db, by, task_id, note=note))


@click.command()
@click.argument("task_id", metavar="ID")
@click.option("--until", required=True, metavar="DATE", help="The day it is shown again: +7, fri.")
@pass_session
def snooze_command(session: Session, *, task_id: str, until: str) -> None:
    """Put the task ID off to a day; its due date stays. `z` undoes it."""
    with session.open() as db:
        by = By(session.config.me, session.today(db))
        say(snooze_task(db, by, task_id, until=read_date(until, by.today)))


def task_record(line: TaskLine, today: dt.date) -> dict[str, object]:
    """The task under its stable keys."""
    one = line.task
    origin: TaskOrigin = one.origin
    return {
        "task_id": one.task_id,
        "account_id": line.account_id,
        "name": line.name,
        "what": one.what,
        "owner": one.owner,
        "owner_name": line.owner_name,
        "due_on": one.due_on,
        "days_late": one.days_late(today),
        "state": one.state,
        "origin": origin,
        "origin_id": one.origin_id,
        "author": one.author,
        "made_on": one.made_on,
        "ended_on": one.ended_on,
        "ended_by": one.ended_by,
        "note": one.note,
        "snoozed_until": one.snoozed_until,
    }


def _print(lines: list[TaskLine], today: dt.date) -> None:
    headings = ["Id", "Account", "What", "Owner", "State"]
    columns = [
        Column("Due", colour=lambda due: "red" if due.startswith("!") else None),
        *(Column(one, is_data=one in {"Account", "What"}) for one in headings),
    ]
    print_table(columns, [_row(line, today) for line in lines])
    late = sum(line.task.days_late(today) > 0 for line in lines)
    told = f"{counted(len(lines), 'task')}, {late:,} late." if lines else "No tasks."
    warn(told)


def _row(line: TaskLine, today: dt.date) -> tuple[object, ...]:
    one = line.task
    due = one.due_on.isoformat() if one.due_on else ""
    state = f"put off to {one.snoozed_until}" if one.is_asleep(today) else one.state
    return (
        f"! {due}" if one.days_late(today) else due,
        one.task_id[-SHORT_ID:],
        shortened(line.name or "", 28),
        shortened(one.what, 60),
        line.owner_name,
        state if one.ended_on is None else f"{one.state} {one.ended_on}",
    )
