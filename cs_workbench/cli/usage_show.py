"""`csw usage show ACCOUNT`: its usage in weeks, as a table, JSON, CSV or a picture."""

import datetime as dt
from pathlib import Path

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import (
    Column,
    print_csv,
    print_json,
    print_table,
    say,
    signs_shown,
    warn,
)
from cs_workbench.cli.saving import save_new
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.depletion import supply_document
from cs_workbench.core.seats import seat_document
from cs_workbench.core.usage_findings import amount, signed
from cs_workbench.core.usage_views import (
    SCHEMA,
    WEEK_COLUMNS,
    finding_document,
    history_document,
    week_rows,
)
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import account_title, find_account
from cs_workbench.store.account_usage import MOST_WEEKS
from cs_workbench.workflows.scorecards import scorecard_at
from cs_workbench.workflows.usage_views import UsageShown, show_usage

WEEKS = 26


@click.command()
@click.argument("account", shell_complete=complete_account)
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Only this one; again.")
@click.option(
    "--weeks",
    type=click.IntRange(1, MOST_WEEKS),
    default=WEEKS,
    show_default=True,
    help="So many, up to the last day known.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--csv", "as_csv", is_flag=True, help="One row for each metric and week.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="A picture, to FILE.")
@pass_session
def show_command(
    session: Session,
    /,
    account: str,
    *,
    metrics: tuple[str, ...],
    weeks: int,
    svg: Path | None,
    **flags: bool,
) -> None:
    """Show the usage of ACCOUNT in weeks of seven days that end on the last day known."""
    if flags["as_json"] + flags["as_csv"] + (svg is not None) > 1:
        raise UsageError("Choose one of --json, --csv and --svg.")
    with session.open() as db:
        today = session.reading_day(db)
        key = find_account(db, account)
        account_id, name = account_title(db, key)
        card = scorecard_at(session.config.scorecard)
        found = show_usage(db, key, card, today=today, metrics=metrics, weeks=weeks)
    if flags["as_json"]:
        head = {"schema": SCHEMA, "account_id": account_id, "name": name, "today": today}
        print_json({**head, **_document(found, weeks)})
    elif flags["as_csv"]:
        print_csv(
            WEEK_COLUMNS, (row for one in found.histories for row in week_rows(one.last(weeks)))
        )
    elif svg is not None:
        _draw(svg, name, found, weeks)
    else:
        _say(name, found, (today, weeks))


def _document(found: UsageShown, weeks: int) -> dict[str, object]:
    return {
        "findings": [finding_document(one, found.label) for one in found.findings],
        "seats": None if found.seats is None else seat_document(found.seats),
        "supplies": [supply_document(one) for one in found.supplies],
        "metrics": [history_document(one, weeks) for one in found.histories],
    }


def _draw(path: Path, name: str, found: UsageShown, weeks: int) -> None:
    from cs_workbench.exporters.usage_svg import usage_svg

    if not found.histories:
        raise UsageError("There is no usage to draw.")
    told = [one.told(found.label) for one in found.findings]
    save_new(usage_svg(name, [one.last(weeks) for one in found.histories], told), path)


def _say(name: str, found: UsageShown, over: tuple[dt.date, int]) -> None:
    today, weeks = over
    signs = signs_shown()
    say(name)
    for one in found.findings:
        say(f"! {one.told(found.label)}")
    seats = None if found.seats is None else found.seats.told()
    for line in (*(one.told(today) for one in found.supplies), *((seats,) if seats else ())):
        say(line[:1].upper() + line[1:])
    told = {one.metric for one in found.supplies}  # what runs out is told by what is left
    for history in found.histories:
        if history.metric not in told:
            say(_headline(history))
    if not found.histories:
        warn("No usage in that time.")
        return
    columns = [Column("Week to"), *(Column(one.label, "right") for one in found.histories)]
    rows = []
    levels = [one.levels[-weeks:] for one in found.histories]
    for week, end in enumerate(found.histories[0].ends[-weeks:]):
        values = [one[week] for one in levels]
        shown = [signs.gap if value is None else amount(value) for value in values]
        rows.append((end, *shown))
    print_table(columns, rows)


def _headline(history: UsageHistory) -> str:
    change = "" if history.change is None else f" ({signed(history.change)})"
    before = "unknown" if history.base is None else amount(history.base)
    now = "no data" if history.recent is None else amount(history.recent)
    usual = f"usually {before} in the twelve before"  # the median of its weeks
    return f"{history.label}: {now}{history.per_day} in four weeks, {usual}{change}"
