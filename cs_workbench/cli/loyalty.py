"""`csw loyalty`: are we loyal to those who are loyal to us?"""

import click

from cs_workbench.cli.output import Column, print_json_list, print_table, say, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.account_records import in_points
from cs_workbench.core.dates import read_past_date
from cs_workbench.core.health import Contribution
from cs_workbench.core.loyalty_summary import LoyaltySummary
from cs_workbench.core.metrics.words import shown_value
from cs_workbench.core.money import short
from cs_workbench.core.plurals import counted
from cs_workbench.store.account_names import find_account
from cs_workbench.workflows.loyalty import (
    LoyaltyLine,
    list_loyalty,
    loyalty_summary,
    score_loyalty,
    score_text,
)

SCHEMA = "csw.loyalty/1"
NAME_CELLS = 26


@click.command()
@click.option("--account", metavar="ACCOUNT", help="Only this one, with all its measures.")
@click.option("--refresh", is_flag=True, help="Score anew before; `csw refresh` does it too.")
@click.option("--as-of", metavar="DATE", help="With --refresh: the day to score; else today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(
    session: Session, *, account: str | None, refresh: bool, as_of: str | None, as_json: bool
) -> None:
    """Our loyalty to each customer, 0 to 100: beside health, never mixed into it.

    Promises kept, answers in time, feedback answered, bad experiences and whether they were made
    good, giving beside asking. The scorecard is `loyalty.toml` beside your `config.toml`.
    """
    with session.open() as db:
        today = session.reading_day(db)
        if refresh:
            day = read_past_date(as_of, today) if as_of else today
            warn(f"Scored our loyalty to {counted(score_loyalty(db, as_of=day), 'account')}.")
        key = None if account is None else find_account(db, account)
        lines = list_loyalty(db, today=today, account_key=key)
        ours = loyalty_summary(db, today=today)
    if as_json:
        head = {"schema": SCHEMA, "today": today, "book": ours and summary_record(ours)}
        print_json_list(head, "accounts", (loyalty_record(line) for line in lines))
    elif not lines:
        warn("Nothing is scored yet. `csw refresh` scores our loyalty too.")
    elif account is not None:
        _print_one(lines[0])
    else:
        _print_all(lines)
        if ours is not None:
            say(f"Mean {shown_value(ours.mean, None)} of 100, over {ours.known}.")


def summary_record(ours: LoyaltySummary) -> dict[str, object]:
    """Our loyalty to the whole book: the plain mean of known scores, and how many it rests on."""
    mean = ours.mean
    return {
        "as_of": ours.as_of,
        "mean": None if mean.value is None else round(float(mean.value), 4),
        "low": mean.low,
        "high": mean.high,
        "n": mean.n,
        "customers": ours.customers,
        "standings": {name: len(one.keys) for name, one in ours.standings.items()},
    }


def loyalty_record(line: LoyaltyLine) -> dict[str, object]:
    """An account's score with its contributions under its stable keys."""
    stored = line.stored
    return {
        "account_id": line.account.account_id,
        "account": line.account.name,
        "as_of": stored.as_of,
        "score": in_points(stored.points_e4),
        "band": stored.band,
        "coverage": stored.coverage_e4 / 10_000,
        "score_low": in_points(stored.low_e4),
        "score_high": in_points(stored.high_e4),
        "health": in_points(line.account.points_e4),
        "standing": line.standing or None,
        "contributions": [_contribution(one) for one in line.lines],
    }


def _contribution(one: Contribution) -> dict[str, object]:
    return {
        "measure": one.measure_id,
        "label": one.label,
        "value": one.value,
        "points": in_points(one.points_e4),
        "possible": in_points(one.possible_e4),
        "applies": one.applies,
    }


def _print_one(line: LoyaltyLine) -> None:
    stored = line.stored
    say(f"{line.account.name}: our loyalty {score_text(stored)} as of {stored.as_of.isoformat()},")
    say(f"coverage {stored.coverage_e4 // 100} %, between {stored.low_e4 // 10_000} and "
        f"{stored.high_e4 // 10_000}")  # fmt: skip
    rows = [
        (one.label, one.value_text if one.applies else "does not apply", one.target_text,
         "" if one.points_e4 is None else f"{one.points_e4 / 10_000:.1f}",
         f"{one.possible_e4 / 10_000:.1f}")
        for one in line.lines
    ]  # fmt: skip
    headings = ("Measure", "Now", "Target", "Points", "Possible")
    print_table([Column(one) for one in headings], rows)


def _print_all(lines: list[LoyaltyLine]) -> None:
    headings = ("Ours", "Health", "Account", "ARR", "Coverage", "Costs most", "Standing")
    print_table([Column(one) for one in headings], [_row(line) for line in lines])


def _row(line: LoyaltyLine) -> tuple[object, ...]:
    account, worst = line.account, max(line.lines, key=lambda one: one.lost_e4)
    lost = f"{worst.label} {worst.value_text}" if worst.lost_e4 else ""
    health = "--" if account.points_e4 is None else account.points_e4 // 10_000
    return (
        score_text(line.stored),
        health,
        shortened(account.name, NAME_CELLS),
        short(account.arr_minor, account.currency),
        f"{line.stored.coverage_e4 // 100} %",
        lost,
        line.standing,
    )
