"""`csw voice`: what customers say, what waits for an answer, who is silent."""

import sys

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import account_option, print_records
from cs_workbench.cli.output import (
    Column,
    is_terminal,
    print_csv,
    print_json,
    print_raw,
    print_table,
    say,
    shortened,
)
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_past_date
from cs_workbench.core.memory import SEVERITIES
from cs_workbench.core.money import to_major
from cs_workbench.core.text import visible
from cs_workbench.core.voice import (
    METHODS,
    WINDOW,
    BeforeAfter,
    Figure,
    change_span,
    change_text,
    interval_text,
    value_text,
)
from cs_workbench.store.account_names import find_account
from cs_workbench.store.voice import Mention
from cs_workbench.workflows import voicing
from cs_workbench.workflows.judgements import Act

DAYS = click.option(
    "--days", type=click.IntRange(1, 3_650), default=WINDOW, show_default=True, help="Back."
)
NAME_CELLS = 28
TEXT_CELLS = 60


@click.group(invoke_without_command=True)
@account_option
@DAYS
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def voice(context: click.Context, *, account: str | None, days: int, as_json: bool) -> None:
    """NPS, CSAT and CES with how many answered and how sure one can be.

    The latest answer of each person in the window counts. The number weighted by ARR is a second
    one, beside the first.
    """
    if context.invoked_subcommand is not None:
        return
    session: Session = context.obj
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        figures = voicing.figures(db, today=today, days=days, account_key=key)
        waiting = voicing.unanswered(db, today=today, account_key=key)
    if as_json:
        print_json(
            {
                "schema": "csw.voice/1",
                "today": today,
                "days": days,
                "figures": [figure_record(one) for one in figures],
                "unanswered": len(waiting),
            }
        )
        return
    headings = ("Figure", "Value", "95 % interval", "n", "Asked", "By ARR", "Is")
    print_table([Column(one) for one in headings], [_figure_row(one) for one in figures])
    say(f"{len(waiting)} comments or bad marks wait for an answer: `csw voice unanswered`.")


@voice.command("report")
@click.option("--by", type=click.Choice(["theme"]), default="theme", help="How it is grouped.")
@account_option
@click.option("--days", type=click.IntRange(1), default=365, show_default=True, help="Back.")
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["md", "html", "csv"]),
    default="md",
    show_default=True,
    help="What is printed on stdout.",
)
@pass_session
def report_command(
    session: Session, *, by: str, account: str | None, days: int, wanted: str
) -> None:
    """Comments by theme in all languages, to hand to product and support."""
    from cs_workbench.exporters import voice_report

    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        themes, accounts = voicing.themes(db, today=today, days=days, account_key=key)
    report = voice_report.ThemeReport(
        title=f"What customers say, by {by}, {days} days to {today.isoformat()}",
        themes=themes,
        names={number: one.name for number, one in accounts.items()},
        until=today,
    )
    if wanted == "csv":
        print_csv(voice_report.CSV_HEADINGS, voice_report.theme_rows(report))
        return
    write = voice_report.theme_html if wanted == "html" else voice_report.theme_markdown
    text = write(report)
    if is_terminal(sys.stdout):
        say(text)
    else:
        print_raw("\n".join(visible(line) for line in text.split("\n")))


@voice.command("rename")
@click.argument("terms")
@click.argument("name")
@pass_session
def rename_command(session: Session, /, terms: str, name: str) -> None:
    """Call the group that was found by TERMS (as the report prints them) by NAME.

    Groups that are given one name are one theme, so that several languages come together.
    """
    with session.open() as db:
        act = Act(0, session.config.me, session.reading_day(db))
        say(voicing.rename_theme(db, act, terms, name))


@voice.command("unanswered")
@account_option
@form_options
@pass_session
def unanswered_command(session: Session, *, account: str | None, form: str | None) -> None:
    """Comments and bad marks that nobody answered: the unhappy first, then by ARR."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        found = voicing.unanswered(db, today=today, account_key=key)
    records = [
        {
            "account_id": one.account.account_id,
            "account": one.account.name,
            "response": one.answer.response_id,
            "kind": one.answer.kind,
            "score": one.answer.score,
            "age_days": one.age,
            "comment": one.answer.comment,
        }
        for one in found
    ]
    columns = ("response", "age_days", "account", "kind", "score", "comment")
    head = {"schema": "csw.unanswered/1", "today": today}
    print_records(head, "unanswered", records, columns=columns, form=form)


@voice.command("answered")
@click.argument("response")
@pass_session
def answered_command(session: Session, /, response: str) -> None:
    """Note that the feedback RESPONSE was answered today."""
    with session.open() as db:
        act = Act(0, session.config.me, session.reading_day(db))
        say(voicing.answer_feedback(db, act, response))


@voice.command("silent")
@click.option("--days", type=click.IntRange(1), default=180, show_default=True, help="Of silence.")
@form_options
@pass_session
def silent_command(session: Session, *, days: int, form: str | None) -> None:
    """Customers from whom nothing has come for long, the largest first."""
    with session.open() as db:
        today = session.reading_day(db)
        found = voicing.silent_accounts(db, today=today, days=days)
    records = [
        {
            "account_id": one.account.account_id,
            "account": one.account.name,
            "arr": to_major(one.account.arr_minor, one.account.currency),
            "currency": one.account.currency,
            "days_silent": one.days,
        }
        for one in found
    ]
    head = {"schema": "csw.silent/1", "today": today}
    columns = ("account", "arr", "currency", "days_silent")
    print_records(head, "silent accounts", records, columns=columns, form=form)


@voice.command("compare")
@click.argument("day")
@account_option
@DAYS
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def compare_command(
    session: Session, /, day: str, *, account: str | None, days: int, as_json: bool
) -> None:
    """Each figure before and after DAY, on which something changed."""
    with session.open() as db:
        on = read_past_date(day, session.reading_day(db))
        key = None if account is None else find_account(db, account)
        found = voicing.compare(db, on=on, days=days, account_key=key)
    if as_json:
        figures = [comparison_record(one) for one in found]
        print_json({"schema": "csw.voice.compare/1", "day": on, "days": days, "figures": figures})
        return
    headings = ("Figure", "Before", "n", "After", "n", "Change", "95 % interval")
    print_table([Column(one) for one in headings], [_compared(one) for one in found])


@voice.command("mention")
@click.argument("source")
@click.argument("text")
@click.option("--account", metavar="ACCOUNT", shell_complete=complete_account, help="Whose.")
@click.option("--severity", type=click.Choice(SEVERITIES), default="normal", show_default=True)
@click.option("--sentiment", type=click.IntRange(1, 5), help="1 to 5.")
@click.option("--by", "said_by", metavar="NAME", help="Who said it.")
@click.option("--url", metavar="URL", help="Where.")
@click.option("--on", metavar="DATE", help="When; else today.")
@pass_session
def mention_command(
    session: Session,
    /,
    source: str,
    text: str,
    *,
    account: str | None,
    on: str | None,
    sentiment: int | None,
    **given: str,
) -> None:
    """Write down what was said of us elsewhere: a review, a post."""
    with session.open() as db:
        today = session.reading_day(db)
        key = find_account(db, account) if account else None
        said = Mention(
            mention_id="",
            account_key=key,
            source=source,
            url=given["url"],
            said_by=given["said_by"],
            said_on=read_past_date(on, today) if on else today,
            text=text,
            sentiment=sentiment,
            severity=given["severity"],
            handled_on=None,
            handled_by=None,
        )
        say(voicing.add_mention(db, Act(key or 0, session.config.me, today), said))


@voice.command("mentions")
@click.option("--all", "everything", is_flag=True, help="Those dealt with too.")
@click.option("--handled", metavar="ID", help="Note that this one is dealt with.")
@form_options
@pass_session
def mentions_command(
    session: Session, *, everything: bool, handled: str | None, form: str | None
) -> None:
    """What is said elsewhere, by sentiment × severity × ARR, with these factors."""
    with session.open() as db:
        today = session.reading_day(db)
        if handled:
            say(voicing.handle_mention(db, Act(0, session.config.me, today), handled))
            return
        found = voicing.ranked_mentions(db, everything=everything)
    records = [
        {
            "mention_id": one.mention.mention_id,
            "account": one.account.name if one.account else None,
            "source": one.mention.source,
            "said_on": one.mention.said_on,
            "priority": one.priority,
            "severity": one.severity,
            "unhappiness": one.unhappiness,
            "arr_thousands": one.arr,
            "text": one.mention.text,
            "url": one.mention.url,
        }
        for one in found
    ]
    columns = (
        *("mention_id", "priority", "severity", "unhappiness", "arr_thousands", "account"),
        *("source", "text"),
    )
    head = {"schema": "csw.mentions/1", "today": today}
    print_records(head, "mentions", records, columns=columns, form=form)


def figure_record(one: Figure) -> dict[str, object]:
    """A figure under its stable keys."""
    return {
        "figure": one.kind,
        "method": METHODS[one.kind],
        "value": _rounded(one.value),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "n": one.n,
        "for_us": one.good,
        "against_us": one.bad,
        "asked": one.asked,
        "response_rate": None if one.response_rate is None else round(one.response_rate, 4),
        "weighted_by_arr": _rounded(one.weighted),
    }


def comparison_record(one: BeforeAfter) -> dict[str, object]:
    """A figure before and after a day, under its stable keys."""
    return {
        "before": figure_record(one.before),
        "after": figure_record(one.after),
        "change": _rounded(one.change),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "is_clear": one.is_clear,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _figure_row(one: Figure) -> tuple[object, ...]:
    rate = one.response_rate
    asked = "unknown" if one.asked is None else f"{one.asked}"
    asked += "" if rate is None else f" ({rate:.0%})"
    return (
        one.kind.upper(),
        value_text(one, one.value),
        interval_text(one),
        one.n,
        asked,
        value_text(one, one.weighted),
        METHODS[one.kind],
    )


def _compared(one: BeforeAfter) -> tuple[object, ...]:
    return (
        one.before.kind.upper(),
        *(value_text(one.before, one.before.value), one.before.n),
        *(value_text(one.after, one.after.value), one.after.n),
        *(shortened(change_text(one), NAME_CELLS), change_span(one)),
    )
