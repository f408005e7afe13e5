"""What the screen of voice and service shows: its parts, read in a thread, and their lines."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from cs_workbench.core.measure_words import plural
from cs_workbench.core.money import short
from cs_workbench.core.service_reports import ServiceReport, percent_text, spread_text, time_text
from cs_workbench.core.themes import Theme
from cs_workbench.core.voice import Figure
from cs_workbench.store.database import Database
from cs_workbench.store.voice import Payer
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.service_lines import (
    breach_line,
    driver_line,
    reasons_line,
    turnaround_line,
)
from cs_workbench.tui.widgets.voice_lines import INDENT, answer_lines, figure_line, fitted_words
from cs_workbench.workflows import voicing
from cs_workbench.workflows.complaining import list_complaints
from cs_workbench.workflows.serving import service_report

THEME_DAYS: Final = 365
NAME: Final = 26
MOST_LINES: Final = 3  # of what somebody said


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a part.

    Attributes:
        account_key: whose page it opens; 0: none.
        ref: the row that acts are about; empty: nothing to act on.
        is_read: whether the cursor goes there, to read on.
    """

    line: Content
    account_key: int = 0
    ref: str = ""
    is_read: bool = False

    @property
    def is_stop(self) -> bool:
        """Whether the cursor stops there."""
        return bool(self.account_key or self.ref or self.is_read)


Rows = Callable[[int], Iterator[Row]]  # of a width


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the screen: its tab, and what reads it of one account or of all.

    The lines come for every width.
    """

    tab: str
    read: Callable[[Database, dt.date, int | None], Rows]


def _voice(db: Database, today: dt.date, account_key: int | None) -> Rows:
    figures = voicing.figures(db, today=today, account_key=account_key)
    waiting = voicing.unanswered(db, today=today, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        yield head("The last 90 days, each person's latest answer")
        for one in figures:
            yield Row(_figure(one, width))
        yield Row(NOTHING)
        yield head(f"Waiting for an answer · {len(waiting):,} · the unhappy first, then by ARR")
        for each in waiting:
            key, ref = each.answer.account_key, each.answer.response_id
            who = f"{each.account.name} · {short(each.account.arr_minor, each.account.currency)}"
            first, *words = answer_lines(each.answer, today, width, who=who, most=MOST_LINES)
            yield Row(first, key, ref)
            yield from (Row(line) for line in words)

    return rows


def _complaints(db: Database, today: dt.date, account_key: int | None) -> Rows:
    found = list_complaints(db, today=today, account_key=account_key, everything=False)

    def rows(width: int) -> Iterator[Row]:
        yield head("Open complaints, by severity × ARR · d takes one a step on")
        if not found:
            yield Row(safe("No complaint is open."))
        for one in found:
            said, late = one.complaint, one.late
            untold = f"not told: {', '.join(one.untold)}" if one.untold else ""
            left = joined(
                ("! " if late else "  ", LATE_STYLE),
                (one.name, "bold"),
                (f" · {short(one.arr_minor, one.currency)} · ", "dim"),
                said.severity,
            )
            state = joined(("  " + said.state, "bold"), f" · {said.owner}")
            yield Row(spread(left, state, width), said.account_key, said.complaint_id)
            words = fitted_words(" ".join(said.what.split()), max(1, width - 4), MOST_LINES)
            yield from (Row(joined("    ", line)) for line in words)
            more = " · ".join(text for text in (late, untold) if text)
            if more:
                yield Row(joined("    ", (more, LATE_STYLE if late else "bold")))

    return rows


def _figure(one: Figure, width: int) -> Content:
    label = joined((f"{one.kind.upper():<6}", "bold"))
    if not one.n:
        return joined(label, ("nobody answered", "dim"))
    return joined(label, figure_line(one, width - 6))


def _themes(db: Database, today: dt.date, account_key: int | None) -> Rows:
    found, accounts = voicing.themes(db, today=today, days=THEME_DAYS, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        yield head("What a year of comments is about, the most unhappy first · n names a theme")
        for one in found:
            yield Row(_theme(one, width), ref=one.name)
            yield from (Row(line) for line in _quotes(one, accounts, width))

    return rows


def _theme(one: Theme, width: int) -> Content:
    terms = "" if one.name == ", ".join(one.terms) else f"  {', '.join(one.terms[:4])}"
    left = joined((one.name, "bold"), (terms, "dim"))
    accounts = plural(one.accounts, "account")
    many = f"  {len(one.comments):,} from {accounts} · {one.unhappy:,} unhappy"
    mean = "" if one.sentiment is None else f" · {one.sentiment:.1f} of 5"
    return spread(left, joined(many, (mean, "dim")), width)


def _quotes(one: Theme, accounts: Mapping[int, Payer], width: int) -> Iterator[Content]:
    different = {said.text: said for said in reversed(one.comments)}  # of equal ones the first
    for said in list(reversed(different.values()))[:2]:
        whose = accounts[said.account_key].name if said.account_key in accounts else "elsewhere"
        yield fitted(joined("    “", " ".join(said.text.split()), "” ", (whose, "dim")), width)


def _elsewhere(db: Database, today: dt.date, account_key: int | None) -> Rows:
    del today
    found = voicing.ranked_mentions(db, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        yield head("Reviews and posts, by unhappiness × severity × ARR in thousands")
        if not found:
            yield Row(safe("Nothing waits here. csw voice mention writes one down."))
        for one in found:
            said, account = one.mention, one.account
            factors = f"{one.priority:>9,} = {one.unhappiness} × {one.severity} × {one.arr:,}  "
            whose = account.name if account else "nobody's"
            left = joined((factors, "dim"), (whose, "bold"))
            right = joined((f"  {said.source} {said.said_on.isoformat()}", "dim"))
            yield Row(spread(left, right, width), said.account_key or 0, said.mention_id)
            words = fitted_words(" ".join(said.text.split()), max(1, width - INDENT), MOST_LINES)
            yield from (Row(joined(" " * INDENT, line)) for line in words)

    return rows


def _silent(db: Database, today: dt.date, account_key: int | None) -> Rows:
    found = voicing.silent_accounts(db, today=today, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        yield head(f"Nothing from them for {voicing.SILENT_DAYS} days or more, the largest first")
        if not found:
            yield Row(safe("Everybody was heard of."))
        for one in found:
            how = "never a word" if one.days is None else f"{one.days:,} d silent"
            amount = short(one.account.arr_minor, one.account.currency)
            right = joined(f"  {amount:>6} {one.account.currency}", (f"  {how:>16}", "bold"))
            yield Row(spread(safe(one.account.name), right, width), one.account.account_key)

    return rows


def _service(db: Database, today: dt.date, account_key: int | None) -> Rows:
    report = service_report(db, today=today, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        yield head(f"Since {report.since.isoformat()}, business hours unless a target says so")
        yield from (Row(line, is_read=True) for line in _summary(report))
        for title, lines in (
            ("In time, by type of query", [turnaround_line(x, width) for x in report.turnarounds]),
            ("Why they write, by what it costs", [driver_line(x, width) for x in report.drivers]),
        ):
            yield Row(NOTHING)
            yield head(title)
            yield from (Row(line, is_read=True) for line in lines)
        for names in report.drivers_by.values() if report.drivers else ():
            for name, found in names.items():
                yield Row(reasons_line(name, found, width), is_read=True)

    return rows


def _summary(report: ServiceReport) -> Iterator[Content]:
    first, fcr = report.first_response, report.fcr
    closed = f" ({fcr.numerator:,} of {fcr.denominator:,} closed)"
    yield joined("Solved at first contact  ", (percent_text(fcr), "bold"), (closed, "dim"))
    if report.doubt:
        yield safe(f"  {report.doubt}", "dim")
    for group, shares in report.fcr_by.items():
        told = " · ".join(f"{name} {percent_text(one)}" for name, one in shares.items())
        yield joined((f"  by {group:<20} ", "dim"), told)
    of = (f" of {first.n:,}", "dim")
    yield joined("First answer             ", (spread_text(first), "bold"), of)
    yield joined(("  in all hours           ", "dim"), spread_text(report.first_response_all))


def _overdue(db: Database, today: dt.date, account_key: int | None) -> Rows:
    report = service_report(db, today=today, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        late = len(report.overdue)
        yield head(f"Open tickets · {late:,} late, {len(report.breaches) - late:,} in time")
        for one in report.breaches:
            key = one.ticket.account_key
            name = safe(report.names[key]).truncate(NAME, ellipsis=True).plain
            yield Row(breach_line(one, width, name=name), key)

    return rows


def _costs(db: Database, today: dt.date, account_key: int | None) -> Rows:
    report = service_report(db, today=today, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        yield head("What it cost them: waiting for first answers, and what they had to do again")
        for one in report.costs:
            again = f"reopened {one.reopened} · passed on {one.passed_on} · asked {one.asked_again}"
            right = joined(
                (f"  {time_text(one.wait_minutes):>8}", "bold"),
                f" in {one.tickets:>3} tickets · ",
                (again, "dim"),
            )
            yield Row(spread(safe(report.names[one.account_key]), right, width), one.account_key)

    return rows


def head(text: str) -> Row:
    """What the lines below are."""
    return Row(safe(text, "dim"))


PARTS: Final[Sequence[Part]] = (
    Part("Voice", _voice),
    Part("Complaints", _complaints),
    Part("Themes", _themes),
    Part("Elsewhere", _elsewhere),
    Part("Silent", _silent),
    Part("Service", _service),
    Part("Overdue", _overdue),
    Part("Their time", _costs),
)
