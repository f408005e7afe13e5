"""`csw health rate`: how a person sees an account, from 1 to 5."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import Column, print_json_list, print_table, say, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.account_records import rating_record
from cs_workbench.core.dates import read_date
from cs_workbench.core.judgements import FADES_AFTER, SENTIMENT, SENTIMENT_WORDS, counts_on
from cs_workbench.store.account_names import find_account
from cs_workbench.store.ratings import RatingLine, list_ratings
from cs_workbench.workflows.judgements import Act, find_scale, make_rating, rate
from cs_workbench.workflows.scorecards import scorecard_at

SCHEMA = "csw.ratings/1"
NAME_CELLS = 28
_WORDS = "; ".join(f"{value} {words}" for value, words in enumerate(SENTIMENT_WORDS, start=1))


@click.command(
    help=f"""Rate ACCOUNT with a VALUE from 1 to 5, and say why.

    Of the relationship: {_WORDS}. A rating fades after {FADES_AFTER} days. `csw scorecard show
    --json` has the words of the ratings that your scorecard asks for. `z` on the screens undoes it.
    """
)
@click.argument("account", shell_complete=complete_account)
@click.argument("value", type=int)
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line.")
@click.option(
    "--measure", "rated", default=SENTIMENT, show_default=True, metavar="ID", help="Of what."
)
@click.option("--on", metavar="DATE", help="The day that it is about; else today.")
@pass_session
def rate_command(
    session: Session, /, account: str, value: int, *, reason: str, rated: str, on: str | None
) -> None:
    """Rate an account."""
    scale = find_scale(scorecard_at(session.config.scorecard), rated)
    with session.open() as db:
        today = session.reading_day(db)
        act = Act(find_account(db, account), session.config.me, today)
        day = read_date(on, today) if on else None
        say(rate(db, act, make_rating(act, rated=rated, value=value, reason=reason, on=day), scale))


@click.command()
@click.option("--account", metavar="ACCOUNT", help="Only of this account: id or name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def ratings_command(session: Session, *, account: str | None, as_json: bool) -> None:
    """List all ratings, newest first."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        lines = list_ratings(db, account_key=key)
    if as_json:
        head = {"schema": SCHEMA, "today": today}
        print_json_list(head, "ratings", (ratings_record(line) for line in lines))
        return
    if not lines:
        warn("Nothing is rated yet.")
        return
    headings = ("On", "Account", "What", "Value", "By", "Reason", "")
    rows = [(*_row(line), "" if counts_on(line.rating, today) else "faded") for line in lines]
    print_table([Column(name) for name in headings], rows)


def ratings_record(line: RatingLine) -> dict[str, object]:
    """A rating with its account, under its stable keys."""
    return {"account_id": line.account_id, "name": line.name, **rating_record(line.rating)}


def _row(line: RatingLine) -> tuple[object, ...]:
    one = line.rating
    name = shortened(line.name, NAME_CELLS)
    return one.rated_on, name, one.rated, one.value, one.author, one.reason
