"""`csw exit retro`, `csw exit winback`: learn from those who left, and ask them again."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import (
    Column,
    print_json,
    print_json_list,
    print_table,
    say,
    shortened,
    warn,
)
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.account_records import in_points
from cs_workbench.core.kept_records import kept_record
from cs_workbench.core.memory import ExitReason
from cs_workbench.core.money import short, to_major
from cs_workbench.core.retros import Departure, Retro
from cs_workbench.store.account_names import find_account
from cs_workbench.store.kept import contact_names
from cs_workbench.workflows.retros import WinBack, list_win_backs, look_back

NAME_CELLS, TEXT_CELLS = 26, 60
Rows = list[tuple[object, ...]]


@click.command("retro")
@click.argument("account", shell_complete=complete_account)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def retro_command(session: Session, /, account: str, *, as_json: bool) -> None:
    """Look back on ACCOUNT, which left: what was known in the year before, and who knew better.

    The score month by month, signals, who said that all was well, the last contacts, promises
    of ours that were not kept in time, and reasons: as stated, and as we found them.
    """
    with session.open() as db:
        key = find_account(db, account)
        retro = look_back(db, key, session.reading_day(db))
        names = contact_names(db, key)
    if as_json:
        print_json(_retro_record(retro, names))
    else:
        _print_retro(retro)


@click.command("winback")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def winback_command(session: Session, *, as_json: bool) -> None:
    """List former accounts to ask again: by the day that was set, then by what they paid."""
    with session.open() as db:
        today = session.reading_day(db)
        lines = list_win_backs(db, today)
    if as_json:
        head = {"schema": "csw.winback/1", "today": today}
        print_json_list(head, "accounts", (_win_back_record(line) for line in lines))
    elif not lines:
        warn("Nobody has left. After an import, `csw refresh` finds out who did.")
    else:
        headings = ("Ask on", "Account", "ARR", "Cur", "Left on", "Stated", "Diagnosed")
        print_table([Column(one) for one in headings], [_win_back_row(line) for line in lines])


def _departure_record(gone: Departure) -> dict[str, object]:
    return {
        "account_id": gone.account_id,
        "account": gone.name,
        "csm": gone.csm,
        "left_on": gone.left_on,
        "arr": to_major(gone.arr_minor, gone.currency),
        "currency": gone.currency,
        "is_former": gone.is_former,
        "told_reason": gone.reason,
        "told_feedback": gone.feedback,
    }


def _retro_record(retro: Retro, names: dict[str, str]) -> dict[str, object]:
    return {
        "schema": "csw.exit-retro/1",
        **_departure_record(retro.departure),
        "last_green_on": retro.last_green_on,
        "warned_days": retro.warned_days,
        "scores": [
            {
                "months_before": one.months_before,
                "as_of": one.as_of,
                "score": in_points(one.points_e4),
                "band": one.band,
            }
            for one in retro.scores
        ],
        "signals": [
            {
                "opened_on": one.opened_on,
                "kind": one.kind,
                "severity": one.severity,
                "evidence": one.evidence,
                "resolution": one.resolution,
            }
            for one in retro.signals
        ],
        "said_fine": [{"on": one.on, "who": one.who, "what": one.what} for one in retro.fine],
        "last_touches": [kept_record(one, names) for one in retro.touches],
        "promises": [{**kept_record(one, names), "outcome": how} for one, how in retro.promises],
        "reasons": [kept_record(one, names) for one in retro.reasons],
    }


def _win_back_record(line: WinBack) -> dict[str, object]:
    return {
        "win_back_on": line.win_back_on,
        **_departure_record(line.departure),
        "reasons": [kept_record(one, {}) for one in line.reasons],
    }


def _print_retro(retro: Retro) -> None:
    _say_head(retro)
    _part("Score, months before", ("Months", "Day", "Score", "Band"), [
        (one.months_before, one.as_of, _points(one.points_e4), one.band)
        for one in retro.scores if one.as_of is not None
    ])  # fmt: skip
    _part("Signals", ("Opened", "Severity", "Kind", "Evidence"), [
        (one.opened_on, one.severity, one.kind, _cut(one.evidence)) for one in retro.signals
    ])  # fmt: skip
    _part("Who said that all was well", ("On", "Who", "What"), [
        (one.on, one.who, _cut(one.what)) for one in retro.fine
    ])  # fmt: skip
    _part("Last contacts", ("On", "Channel", "Direction", "Summary"), [
        (one.occurred_at[:10], one.channel, one.direction, _cut(one.summary or ""))
        for one in retro.touches
    ])  # fmt: skip
    _part("Promises of ours not kept in time", ("Due", "How", "What"), [
        (one.due_on, how, _cut(one.what)) for one, how in retro.promises
    ])  # fmt: skip
    gone = retro.departure
    told: Rows = [("told", gone.reason, _cut(gone.feedback or ""), "")] if gone.reason else []
    _part("Reasons", ("View", "Reason", "Said", "Competitor"), told + [
        (one.view, _reason(one), _cut(one.said or ""), one.competitor) for one in retro.reasons
    ])  # fmt: skip


def _say_head(retro: Retro) -> None:
    gone, green, warned = retro.departure, retro.last_green_on, retro.warned_days
    amount = f"{short(gone.arr_minor, gone.currency)} {gone.currency} of ARR"
    told = "an ARR that is not known" if gone.arr_minor is None else amount
    say(f"{gone.name} left on {gone.left_on} with {told}; CSM {gone.csm or '--'}.")
    if green is None:
        say("No score of the year before was green.")
    else:
        say(f"Green until {(gone.left_on - green).days} days before ({green}).")
    if warned is None:
        say("No signal warned in the year before.")
    else:
        say(f"The first signal of that year warned {warned} days before.")


def _points(points_e4: int | None) -> str:
    return "--" if points_e4 is None else f"{points_e4 / 10_000:.1f}"


def _part(title: str, headings: tuple[str, ...], rows: Rows) -> None:
    say("")
    say(title if rows else f"{title}: none.")
    if rows:
        print_table([Column(one) for one in headings], rows)


def _win_back_row(line: WinBack) -> tuple[object, ...]:
    gone = line.departure
    stated, found = (
        next((_reason(one) for one in line.reasons if one.view == view), None)
        for view in ("stated", "diagnosed")
    )
    name, arr = shortened(gone.name, NAME_CELLS), short(gone.arr_minor, gone.currency)
    return line.win_back_on, name, arr, gone.currency, gone.left_on, stated or gone.reason, found


def _reason(one: ExitReason) -> str:
    return f"{one.reason}: {one.detail}" if one.detail else one.reason


def _cut(text: str) -> str:
    return shortened(" ".join(text.split()), TEXT_CELLS)
