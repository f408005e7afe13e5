"""`csw review`: hold the renewal review, and what it leaves."""

from pathlib import Path

import click

from cs_workbench.cli.lazy import Entry, LazyGroup
from cs_workbench.cli.output import Column, print_json, print_table, say, shortened, warn
from cs_workbench.cli.renewal_options import DAYS, policy_of
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.errors import UsageError
from cs_workbench.store.reviews import Review, decisions, find_review, list_reviews
from cs_workbench.workflows.forecasting import Speaker
from cs_workbench.workflows.pipeline import WINDOW_DAYS
from cs_workbench.workflows.review_exports import export_review, load_snapshot
from cs_workbench.workflows.reviews import Opening, close_review, resume_review, start_review
from cs_workbench.workflows.scorecards import scorecard_at

HERE = "cs_workbench.cli.review"
COMMANDS = {
    "start": Entry(f"{HERE}:start_command", "Begin a review; the screens open on it."),
    "resume": Entry(f"{HERE}:resume_command", "Go on where a review stopped."),
    "list": Entry(f"{HERE}:list_command", "List reviews."),
    "close": Entry(f"{HERE}:close_command", "Close the review that goes on."),
    "export": Entry(f"{HERE}:export_command", "Write minutes, snapshot, decisions and tasks."),
}


@click.group(cls=LazyGroup, entries=COMMANDS)
def review() -> None:
    """The renewal review: an agenda, one account a page, decisions, minutes."""


@click.command()
@click.option("--window", type=DAYS, default=WINDOW_DAYS, help="Deadlines within so many days.")
@click.option("--csm", metavar="NAME", help="Only this CSM's accounts.")
@click.option("--filter", "narrowed", default="", metavar="TEXT", help="As on the screens.")
@click.option("--name", default="", metavar="TEXT", help="What the meeting is called.")
@click.option("--no-screen", is_flag=True, help="Only write the agenda; do not open the screens.")
@click.pass_context
def start_command(
    context: click.Context, /, *, window: int, csm: str | None, narrowed: str, **given: str | bool
) -> None:
    """Begin a review with the agenda of now, and open it."""
    session: Session = context.ensure_object(Session)
    words = f'{narrowed} csm:"{csm}"' if csm else narrowed
    with session.open() as db:
        speaker = Speaker(session.config.me, session.today(db))
        opening = Opening(str(given["name"]), window, words.strip())
        sitting = start_review(db, speaker, opening, policy_of(session))
        say(f"{sitting.review.name}: {len(sitting.items)} items.")
    if not given["no_screen"]:
        _open(context, session)


@click.command()
@click.pass_context
def resume_command(context: click.Context) -> None:
    """Open the review that goes on, at the item it was at."""
    session: Session = context.ensure_object(Session)
    with session.open() as db:
        sitting = resume_review(db, Speaker(session.config.me, session.today(db)))
        say(f"{sitting.review.name}: item {sitting.review.place} of {len(sitting.items)}.")
    _open(context, session)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def list_command(session: Session, *, as_json: bool) -> None:
    """List reviews, newest first."""
    with session.open() as db:
        found = [(one, len(decisions(db, one.review_id))) for one in list_reviews(db)]
    if as_json:
        reviews = [_record(one, count) for one, count in found]
        print_json({"schema": "csw.reviews/1", "reviews": reviews})
        return
    columns = [Column("Day"), Column("Name", is_data=True), Column("State"), Column("Chair")]
    rows = [(one.day, shortened(one.name, 40), one.state, one.chair, count) for one, count in found]
    print_table([*columns, Column("Decisions", "right")], rows)


@click.command()
@pass_session
def close_command(session: Session) -> None:
    """Close the review that goes on; its snapshot is made now and never changes."""
    with session.open() as db:
        sitting = resume_review(db, Speaker(session.config.me, session.today(db)))
        say(close_review(db, sitting, policy_of(session), scorecard_at(session.config.scorecard)))


@click.command()
@click.argument("which", required=False)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder; by default this one.",
)
@click.option("--json", "as_json", is_flag=True, help="The snapshot on stdout; no files.")
@pass_session
def export_command(session: Session, which: str | None, *, out: Path, as_json: bool) -> None:
    """Write what the review WHICH (id, name or day; else the last) left.

    Six files: minutes (.md), a page (.html), the forecast snapshot (.csv, .xlsx), the decisions
    (.json) and the tasks (.ics). Writing them again gives the same bytes. They are called by the
    day, from the second review of a day on with its number too.
    """
    with session.open() as db:
        found = find_review(db, which)
        if as_json:
            print_json(load_snapshot(db, found))
            return
        for path in export_review(db, found, out):
            say(str(path))


def _record(one: Review, count: int) -> dict[str, object]:
    return {
        "review_id": one.review_id,
        "name": one.name,
        "chair": one.chair,
        "day": one.day,
        "state": one.state,
        "window_days": one.window_days,
        "decisions": count,
    }


def _open(context: click.Context, session: Session) -> None:
    """The screens, on the review; without a terminal say how to come back."""
    from cs_workbench.cli.screens import open_screens, today_given
    from cs_workbench.cli.terminal import require_terminal

    try:
        require_terminal("csw review")
    except UsageError:
        warn("No terminal: `csw review resume` opens it on one.")
        return
    today = today_given(session.given_today)
    context.exit(open_screens(session.config, session.path, today, begin="review"))
