"""`csw reassign`: give accounts, and all that hangs on them, to somebody else."""

from collections import Counter
from pathlib import Path

import click

from cs_workbench.cli.output import Column, print_json, print_table, say, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date, with_weekday
from cs_workbench.core.hand_overs import HandedAccount, HandOverPlan, Moving
from cs_workbench.core.money import short, to_major
from cs_workbench.core.plurals import counted
from cs_workbench.store.account_names import find_account
from cs_workbench.workflows.hand_over_pages import save_pages
from cs_workbench.workflows.reassigning import Wish, hand_over, plan_hand_over
from cs_workbench.workflows.tasks import By


@click.command()
@click.option("--from", "giver", required=True, metavar="NAME", help="Who has it now.")
@click.option("--to", "taker", required=True, metavar="NAME", help="Who gets it.")
@click.option(
    "--accounts", multiple=True, metavar="ACCOUNT", help="Only this account; repeat it. Else all."
)
@click.option("--from-date", metavar="DATE", help="The first day: +7, mon, 1 dec. Else today.")
@click.option("--until", metavar="DATE", help="A cover: after this day everything goes back.")
@click.option("--pages", type=click.Path(path_type=Path), help="A folder for a page per account.")
@click.option("--dry-run", is_flag=True, help="Say what would move, and move nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(
    session: Session,
    /,
    *,
    giver: str,
    taker: str,
    accounts: tuple[str, ...],
    from_date: str | None,
    until: str | None,
    pages: Path | None,
    **flags: bool,
) -> None:
    """Give the accounts of one CSM to another, with tasks, plays, promises and next steps.

    What was done stays under the old name. On every account the play *Hand-over* begins, with the
    introduction to write, held to the contact caps. One undo takes all of it back.
    """
    with session.open() as db:
        today = session.today(db)
        wish = Wish(
            giver,
            taker,
            [find_account(db, one) for one in accounts] or None,
            read_date(from_date, today) if from_date else None,
            read_date(until, today) if until else None,
        )
        plan = plan_hand_over(db, today, wish)
        saved = [] if pages is None else save_pages(db, plan, pages, today)
        told = "" if flags["dry_run"] else hand_over(db, By(session.config.me, today), wish)
    if flags["as_json"]:
        print_json({**document(plan), "done": bool(told), "pages": [str(one) for one in saved]})
    else:
        _print(plan)
    if saved:
        warn(f"{counted(len(saved), 'page')} saved in {pages}.")
    warn(f"{told[:1].upper()}{told[1:]}." if told else "Nothing was moved.")


def document(plan: HandOverPlan) -> dict[str, object]:
    """The plan under its stable keys."""
    return {
        "schema": "csw.reassign/1",
        "from": plan.giver.name,
        "to": plan.taker.name,
        "begins_on": plan.begins_on,
        "until": plan.until,
        "accounts": [_account(one) for one in plan.accounts],
        "elsewhere": [_moving(one) for one in plan.elsewhere],
        "stays": dict(plan.stays),
    }


def _account(one: HandedAccount) -> dict[str, object]:
    entry, letter = one.entry, one.introduction
    return {
        "account_id": entry.account_id,
        "name": entry.name,
        "band": entry.band,
        "arr": to_major(entry.arr_minor, entry.currency),
        "currency": entry.currency,
        "moves": [_moving(each) for each in one.moving],
        "introduction": {
            "to": letter.who or None,
            "channel": letter.channel or None,
            "not_before": letter.free_on,
            "refused": letter.refusal or None,
        },
        "needs_human": one.human,
    }


def _moving(one: Moving) -> dict[str, object]:
    return {"kind": one.kind, "id": one.row_id, "what": one.what}


def _print(plan: HandOverPlan) -> None:
    until = f", back after {with_weekday(plan.until)}" if plan.until else ""
    say(f"{plan.giver.name} → {plan.taker.name} from {with_weekday(plan.begins_on)}{until}\n")
    headings = ("Account", "ARR", "Band", "Moves", "Introduction", "Needs a human")
    columns = [
        Column(one, "right" if one == "ARR" else "left", is_data=one == "Account")
        for one in headings
    ]
    print_table(columns, [_row(one) for one in plan.accounts])
    if plan.elsewhere:
        say(f"\nBeside these accounts: {moving_words(plan.elsewhere)}")
        for one in plan.elsewhere:
            say(f"  {one.kind}: {shortened(one.what, 80)}")
    if plan.stays:
        told = ", ".join(f"{count:,} {what}" for what, count in plan.stays)
        say(f"\nStays under {plan.giver.name}: {told}.")


def moving_words(moving: tuple[Moving, ...]) -> str:
    """What moves, counted by kind: `CSM, 2 tasks, 1 play`."""
    counts = Counter(one.kind for one in moving)
    parts = ["CSM"] if counts.pop("account", 0) else []
    for kind, count in counts.items():
        parts.append(kind if count == 1 else f"{count} {kind}s")
    return ", ".join(parts) or "nothing"


def _row(one: HandedAccount) -> tuple[object, ...]:
    letter = one.introduction
    return (
        shortened(one.entry.name, 28),
        short(one.entry.arr_minor, one.entry.currency),
        one.entry.band,
        moving_words(one.moving),
        f"{letter.channel} to {letter.who}" if letter.channel else "none",
        "; ".join(one.human),
    )
