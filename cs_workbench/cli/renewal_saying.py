"""`csw renewal forecast`, `commit`, `notice` and `close`: what people say of a renewal."""

from typing import get_args

import click

from cs_workbench.cli.output import say
from cs_workbench.cli.renewal import end_option, renewal_meant
from cs_workbench.cli.renewal_options import read_day
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_past_date
from cs_workbench.core.forecasts import CATEGORIES, LEVELS, RISKS, Category, Ending
from cs_workbench.core.pipeline import default_amount, left_to_renew
from cs_workbench.core.typed_amounts import read_money, read_share
from cs_workbench.errors import NotFoundError
from cs_workbench.workflows.forecasting import (
    close_renewal,
    new_commitment,
    new_forecast,
    new_notice,
    new_outcome,
    record_commitment,
    record_forecast,
    record_notice,
)


@click.command()
@click.argument("account")
@click.argument("category", type=click.Choice(CATEGORIES))
@click.option("--amount", metavar="AMOUNT", help="Renewed at: 412k; without it, what is due.")
@click.option("--probability", metavar="PERCENT", help="Without it, the category's own.")
@click.option("--risk", type=click.Choice(RISKS), help="The one risk that matters most.")
@click.option("--narrative", metavar="TEXT", help="What is so, why, what we do: three sentences.")
@click.option("--reason", metavar="TEXT", help="Why it differs from the forecast before.")
@click.option("--closes", metavar="DATE", help="By when it is decided.")
@click.option("--missing", metavar="TEXT", help="The one fact that is missing.")
@click.option("--missing-by", metavar="DATE", help="By when it is known.")
@click.option("--renew-today", type=click.IntRange(1, 10), help="Would they renew today, 1 to 10.")
@click.option("--ten", metavar="TEXT", help="What would make it a 10.")
@end_option
@pass_session
def forecast_command(
    session: Session,
    /,
    *,
    account: str,
    category: Category,
    end: str | None,
    **given: str | int | None,
) -> None:
    """Say what you expect of the next renewal of ACCOUNT. It is kept with all before it."""
    typed = {name: None if value is None else str(value) for name, value in given.items()}
    with session.open() as db:
        speaker, entry, policy = renewal_meant(session, db, account, end)
        money, today = entry.renewal.currency, speaker.today
        amount = read_money(typed["amount"], money)
        one = new_forecast(
            speaker,
            entry,
            category=category,
            amount_minor=default_amount(entry.renewal, entry.said.notice, category)
            if amount is None
            else amount,
            probability_e4=read_share(typed["probability"]),
            risk=typed["risk"],
            narrative=typed["narrative"],
            reason=typed["reason"],
            closes_on=read_day(typed["closes"], today),
            missing_fact=typed["missing"],
            missing_on=read_day(typed["missing_by"], today),
            renew_today=given["renew_today"],
            renew_ten=typed["ten"],
        )
        say(record_forecast(db, speaker, one, policy=policy))


@click.command()
@click.argument("account")
@click.option("--level", type=click.Choice(LEVELS), required=True, help="How firm it is.")
@click.option("--by", "signer", required=True, metavar="NAME", help="Who gave it: a contact.")
@click.option("--evidence", required=True, metavar="TEXT", help="Their words, or a file's name.")
@click.option("--given", default="today", metavar="DATE", help="When it was given.")
@click.option("--amount", metavar="AMOUNT", help="For how much: 412k.")
@click.option("--term", "term_months", type=click.IntRange(1, 120), help="For how many months.")
@end_option
@pass_session
def commit_command(
    session: Session,
    /,
    *,
    account: str,
    end: str | None,
    amount: str | None,
    given: str,
    **said: str | int | None,
) -> None:
    """Record what the customer agreed to on the next renewal of ACCOUNT.

    It is void from the day on which the person who gave it leaves; `--level withdrawn` takes an
    earlier one back.
    """
    with session.open() as db:
        speaker, entry, policy = renewal_meant(session, db, account, end)
        one = new_commitment(
            db,
            speaker,
            entry,
            policy=policy,
            amount_minor=read_money(amount, entry.renewal.currency),
            given_on=read_past_date(given, speaker.today),
            **said,
        )
        say(record_commitment(db, speaker, one, policy=policy))


@click.command()
@click.argument("account")
@click.option("--by", "given_by", required=True, metavar="NAME", help="Who gave it.")
@click.option("--received", default="today", metavar="DATE", help="When it arrived.")
@click.option("--part", metavar="AMOUNT", help="The ARR that ends, where it is not all of it.")
@click.option("--document", metavar="TEXT", help="The letter: a file's name, or its words.")
@end_option
@pass_session
def notice_command(
    session: Session,
    /,
    *,
    account: str,
    end: str | None,
    received: str,
    part: str | None,
    **said: str | None,
) -> None:
    """Record that the customer gave notice on the next renewal of ACCOUNT.

    It is churn expected from then on, until somebody forecasts it anew.
    """
    with session.open() as db:
        speaker, entry, policy = renewal_meant(session, db, account, end)
        one = new_notice(
            speaker,
            entry,
            received_on=read_past_date(received, speaker.today),
            part_minor=read_money(part, entry.renewal.currency),
            **said,
        )
        say(record_notice(db, speaker, one, policy=policy))


@click.command()
@click.argument("account")
@click.argument("ending", type=click.Choice(get_args(Ending)))
@click.option("--amount", metavar="AMOUNT", help="Renewed at; without it, what was due.")
@click.option("--on", metavar="DATE", help="When it was decided: today; corrected: as before.")
@click.option("--reason", metavar="TEXT", help="Why; a correction wants it.")
@click.option("--correct", is_flag=True, help="Put an outcome right: a new row, never the old one.")
@end_option
@pass_session
def close_command(
    session: Session,
    /,
    *,
    account: str,
    ending: Ending,
    end: str | None,
    amount: str | None,
    on: str | None,
    reason: str | None,
    correct: bool,
) -> None:
    """Say that the renewal of ACCOUNT was won or lost.

    What ended by contract, by silence or by notice closes by itself with `csw refresh`.
    """
    with session.open() as db:
        speaker, entry, policy = renewal_meant(session, db, account, end)
        before = entry.said.outcome
        if correct and before is None:
            raise NotFoundError("There is no outcome to correct; leave --correct out.")
        money = entry.renewal.currency
        renewed = read_money(amount, money)
        closed_on = before.closed_on if correct and before else speaker.today
        if renewed is None:
            renewed = left_to_renew(entry.renewal, entry.said.notice) if ending == "won" else 0
        one = new_outcome(
            speaker,
            entry,
            ending=ending,
            renewed_minor=renewed,
            closed_on=read_past_date(on, speaker.today) if on else closed_on,
            reason=reason,
            corrects=before.outcome_id if correct and before else None,
        )
        say(close_renewal(db, speaker, one, policy=policy))
