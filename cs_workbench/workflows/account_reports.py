"""Reports on one account: everything we know, and the pack for a business review with them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from cs_workbench.core.account_page import AccountPage, UsageHistory, tenure
from cs_workbench.core.goals import progress_e4, span_text, standing_text
from cs_workbench.core.memory import Goal, Promise
from cs_workbench.core.money import written
from cs_workbench.core.promises import outcome_of
from cs_workbench.core.reports import Cell, Report, Section, Table, without_names
from cs_workbench.core.scorecards import POINT
from cs_workbench.exporters.svg import weekly_line
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database
from cs_workbench.store.kept import read_kept
from cs_workbench.store.known import read_known
from cs_workbench.store.metric_activity import read_tickets
from cs_workbench.store.metric_books import other_names

QUARTER = dt.timedelta(90)
WEEKS = 26
OPEN = "to be agreed in the meeting"


@dataclass(frozen=True)
class Asks:
    """What both sides take home from a review; empty: still to be agreed.

    Attributes:
        ask: the one thing that we ask of them.
        ours, theirs: the one commitment of each side.
    """

    ask: str = ""
    ours: str = ""
    theirs: str = ""


def account_report(db: Database, account_key: int, *, today: dt.date) -> Report:
    """What we know of an account, for ourselves: score, why, usage, service, promises, goals."""
    page = load_account_page(db, account_key, today=today)
    line = page.line
    about = [f"For ourselves, as known on {today}. Not for the customer."]
    about += [f"{one}." for one in (line.segment, line.region, line.csm) if one]
    return Report(line.name, tuple(about), tuple(_account(db, page)))


def qbr_report(
    db: Database, account_key: int, *, today: dt.date, asks: Asks | None = None
) -> Report:
    """The pack for a review with the customer: goals, value, usage, service, promises, what next.

    Nothing that only we may see goes in: it is made from the customer's own facts alone, and other
    customers' names are taken out of every text.
    """
    page = load_account_page(db, account_key, today=today)
    name = page.line.name
    since = f"Customer since {page.started_on}. " if page.started_on else ""
    about = (f"{since}Prepared on {today}.",)
    report = Report(f"Business review: {name}", about, tuple(_review(db, page, asks or Asks())))
    return without_names(report, other_names(db.connection, account_key, name))


def _review(db: Database, page: AccountPage, asks: Asks) -> Iterator[Section]:
    key, today = page.line.account_key, page.today
    goals = [one for one in read_kept(db, Goal, key) if one.state != "dropped"]
    promises = read_kept(db, Promise, key)
    yield _goals(goals, today)
    yield _value(goals, page)
    yield _usage(page)
    yield _service(db, page)
    yield _promises(promises, "us", "What we promised you", today)
    yield _promises(promises, "customer", "What you promised us", today)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("We ask of you", asks.ask or OPEN),
        ("We commit to", asks.ours or _next(promises, "us", today) or OPEN),
        ("You commit to", asks.theirs or _next(promises, "customer", today) or OPEN),
    )
    yield Section("What we take home", table=Table(("", "What"), rows))


def _account(db: Database, page: AccountPage) -> Iterator[Section]:
    line = page.line
    key, today = line.account_key, page.today
    rows: list[tuple[Cell, ...]] = [
        ("ARR", written(line.arr_minor, line.currency)),
        ("Customer for", tenure(page.started_on, today) if page.started_on else None),
        ("Stage", line.lifecycle_stage),
        ("Seats used", None if line.seat_use is None else f"{100 * line.seat_use:.0f} %"),
        ("Deadline", None if line.deadline is None else line.deadline.isoformat()),
        ("Last two-way contact", None if page.spoke_on is None else page.spoke_on.isoformat()),
        ("Next step", line.next_step),
    ]
    yield Section("In short", table=Table(("", "Now"), tuple(rows)))
    yield _health(page)
    yield _usage(page)
    yield _service(db, page)
    goals = read_kept(db, Goal, key)
    promises = read_kept(db, Promise, key)
    yield _goals(goals, today)
    yield _promises(promises, "us", "We promised", today)
    yield _promises(promises, "customer", "They promised", today)
    latest = tuple((one.on.isoformat(), one.kind, one.text) for one in page.timeline[:30])
    table = Table(("Day", "Kind", "What"), latest) if latest else None
    yield Section("Lately", () if table else ("Nothing is written down yet.",), table)


def _health(page: AccountPage) -> Section:
    health = page.health
    if health is None:
        return Section("Health", ("It is not scored yet: csw refresh.",))
    points = "unknown" if health.points_e4 is None else f"{health.points_e4 / POINT:.1f} points"
    rows = tuple(
        (
            one.label,
            one.value_text,
            one.target_text,
            None if one.points_e4 is None else f"{one.points_e4 / POINT:.1f}",
        )
        for one in health.contributions
        if one.applies
    )
    text = f"{health.band}, {points}, as of {health.as_of}."
    return Section("Health", (text,), Table(("Measure", "Now", "Target", "Points"), rows))


def _goals(goals: Sequence[Goal], today: dt.date) -> Section:
    if not goals:
        return Section("Goals", ("No goal is written down yet.",))
    rows = tuple(
        (
            one.what,
            span_text(one),
            standing_text(one, today),
            None if one.due_on is None else one.due_on.isoformat(),
            "confirmed" if one.confirmed_on else "not confirmed yet",
        )
        for one in goals
    )
    return Section("Goals", table=Table(("Goal", "From, to", "Stands", "By", ""), rows))


def _value(goals: Sequence[Goal], page: AccountPage) -> Section:
    text = []
    for one in goals:
        share = progress_e4(one)
        if share is not None and one.now_value is not None:
            unit = f" {one.unit}" if one.unit else ""
            text.append(
                f"{one.what}: {one.baseline:g} then, {one.now_value:g}{unit} now, "
                f"{share / 100:.0f} % of the way."
            )
    if page.started_on is not None:
        text.append(f"{tenure(page.started_on, page.today)} together.")
    return Section("Value", tuple(text) or ("Nothing is measured yet.",))


def _usage(page: AccountPage) -> Section:
    if not page.usage:
        return Section("Usage", ("No usage is imported.",))
    charts, text = [], []
    for history in page.usage[:2]:
        last = history.last(WEEKS)
        charts.append(
            weekly_line(last.ends, last.levels, title=f"{history.label}, mean of each week")
        )
        text.append(_use_words(history))
    line = page.line
    if line.seats and line.seats_used is not None:
        text.append(f"{line.seats_used:,} of {line.seats:,} seats used in 28 days.")
    return Section("Usage", tuple(text), charts=tuple(charts))


def _use_words(history: UsageHistory) -> str:
    if history.recent is None:
        return f"{history.label}: no data in the last four weeks."
    change = (
        "" if history.change is None else f", {100 * history.change:+.0f} % on the weeks before"
    )
    return f"{history.label}: {history.recent:,.1f} on a day of the last four weeks{change}."


def _service(db: Database, page: AccountPage) -> Section:
    known = read_known(db.connection, page.today)
    days, key = (page.today - QUARTER, page.today), page.line.account_key
    mine = read_tickets(db.connection, known, days, (key, key))
    waits = [(one.responded - one.opened) / 3600 for one in mine if one.responded is not None]
    taken = [(one.closed - one.opened) / 3600 for one in mine if one.closed is not None]
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Requests in 90 days", str(len(mine))),
        ("Solved", str(len(taken))),
        ("First answer, median", f"{median(waits):.1f} h" if waits else "none yet"),
        ("Solved within, median", f"{median(taken):.1f} h" if taken else "none yet"),
    )
    still = tuple(
        f"Still open: {one.subject or 'request ' + one.ticket_id}, since {one.opened_on}."
        for one in page.problems
        if one.closed_on is None
    )
    return Section("Service", still, Table(("", "Now"), rows))


def _promises(promises: Sequence[Promise], by: str, title: str, today: dt.date) -> Section:
    mine = [one for one in promises if one.promised_by == by and one.state != "renegotiated"]
    if not mine:
        return Section(title, ("Nothing is promised.",))
    rows = tuple(
        (
            one.what,
            None if one.due_on is None else one.due_on.isoformat(),
            outcome_of(one, today),
        )
        for one in mine
    )
    return Section(title, table=Table(("What", "By", "Stands"), rows))


def _next(promises: Sequence[Promise], by: str, today: dt.date) -> str:
    mine = [one for one in promises if one.promised_by == by and one.state == "open"]
    mine.sort(key=lambda one: (one.due_on is None, one.due_on or dt.date.max))
    if not mine:
        return ""
    first = mine[0]
    if first.due_on is None:
        return first.what
    if first.due_on < today:
        return f"{first.what}, due on {first.due_on}: a new day to be agreed"
    return f"{first.what}, by {first.due_on}"
