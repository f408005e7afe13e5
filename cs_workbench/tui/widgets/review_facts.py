"""The facts on an account's page of a review, as the lines of its boxes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.dates import near_date
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import Commitment, Forecast
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.page_people import PageContact
from cs_workbench.core.pipeline_entries import Entry, Marks
from cs_workbench.tui.formats import (
    BAND_STYLES,
    LATE_STYLE,
    NOTHING,
    band_text,
    joined,
    points,
    spark_text,
    trend_text,
)
from cs_workbench.tui.widgets.churn_lines import leaves_text
from cs_workbench.tui.widgets.lines import between
from cs_workbench.tui.widgets.usage_chart import chart_lines
from cs_workbench.tui.widgets.usage_plot import ink_for

View = Literal["Facts", "Score", "People", "History"]
VIEWS: Final[tuple[View, ...]] = ("Facts", "Score", "People", "History")
SILENT: Final = 60  # days without a two-way contact from which on a person is marked
ROLES: Final = (("Decides", "decision maker"), ("Champion", "champion"), ("Sponsor", "sponsor"))
DOT: Final = joined((" · ", "dim"))


@dataclass(frozen=True)
class ItemView:
    """Everything that the room asks of one account.

    Attributes:
        before_e4: the score at the last meeting, and `causes` what moved it since.
        last_time, decided: what was decided at the last meeting and in this one, in words.
        why: why it is on the agenda.
        standing: how far the meeting is, in words.
        limits: what each role may grant, and `record` how right the churn model was, in words.
        shown: which facts are looked at.
    """

    entry: Entry
    marks: Marks
    page: AccountPage
    forecasts: Sequence[Forecast]
    commitments: Sequence[Commitment]
    before_e4: int | None
    causes: Sequence[str]
    last_time: Sequence[str]
    decided: Sequence[tuple[str, str]]
    why: str
    day: dt.date
    since: dt.date
    policy: ForecastPolicy
    standing: str
    limits: str
    record: str
    plays: Sequence[str] = ()
    shown: View = "Facts"

    def near(self, day: dt.date) -> str:
        """A day as it is said at the meeting."""
        return near_date(day, self.day)


def score_box(view: ItemView, glyphs: Glyphs) -> list[Content]:
    """The computed score, where it was at the last meeting, what is known of it."""
    line = view.page.line
    before = "not scored" if view.before_e4 is None else points(view.before_e4)
    return [
        joined(
            "  ",
            band_text(line.band, line.points_e4, glyphs),
            (f" {line.band}   ", BAND_STYLES[line.band]),
            trend_text(line.trend_e4, glyphs),
            (" in 28 d", "dim"),
        ),
        joined((f"  on {view.near(view.since)}: ", "dim"), before),
        joined(
            ("  coverage ", "dim"),
            f"{line.coverage_e4 // 100} %, {line.low_e4 // 10_000}–{line.high_e4 // 10_000}",
        ),
    ]


def forecast_title(view: ItemView) -> str:
    """Whose forecast it is, and of when."""
    one = view.entry.said.forecast
    return (
        "Forecast" if one is None else f"Forecast, by {one.author}, {view.near(one.made_on)}"[:34]
    )


def forecast_box(view: ItemView) -> list[Content]:
    """The forecast, the one of the last meeting, and why."""
    said = view.entry.said.forecast
    return [
        joined("  ", forecast_now(view)),
        joined((f"  on {view.near(view.since)}: ", "dim"), forecast_then(view)),
        joined("  ", (said.narrative or said.reason or "", "dim") if said else ""),
    ]


def forecast_now(view: ItemView) -> Content:
    """What is reckoned with."""
    now = view.entry.standing
    return joined(
        (f"{now.category or 'no forecast'}   ", "bold"),
        f"{view.entry.amount_told}   {now.probability_e4 // 100} %",
    )


def forecast_then(view: ItemView) -> str:
    """What was forecast at the last meeting."""
    before = [one for one in view.forecasts if one.made_on <= view.since]
    if not before:
        return "no forecast"
    rate = view.policy.probability(before[-1].category, before[-1].probability_e4)
    return f"{before[-1].category}, {rate // 100} %"


def model_box(view: ItemView) -> list[Content]:
    """The churn model's word with its interval, whether it agrees, and its record."""
    return [
        joined("  ", model_now(view)),
        joined("  ", disagreement_line(view)),
        joined((f"  {view.record}", "dim")),
    ]


def model_now(view: ItemView) -> Content:
    """What the churn model in use says."""
    said = view.page.churn
    return joined(("no model is in use", "dim")) if said is None else leaves_text(said)


def disagreement_line(view: ItemView) -> Content:
    """Which other judgement contradicts the forecast."""
    told = view.marks.disagrees
    if told:
        return joined(("≠ ", "bold"), told)
    speaks = view.entry.standing.category and view.page.churn is not None
    return joined(("agrees with the forecast" if speaks else "", "dim"))


def changed_box(view: ItemView) -> list[Content]:
    """What moved the score since the last meeting, what happened since, what was decided then."""
    lines = [joined(one) for one in view.causes[:3]] or [joined(("nothing moved it", "dim"))]
    lines += [joined(("since you last spoke: ", "dim"), one) for one in view.page.since[:1]]
    return [*lines, joined(("Decided last time: ", "dim"), last_time(view))]


def last_time(view: ItemView) -> str:
    """What was decided at the last meeting."""
    return " · ".join(view.last_time) or "nothing"


def usage_box(view: ItemView, size: tuple[int, int], glyphs: Glyphs) -> list[Content]:
    """The main metric as a chart of exactly so many cells."""
    if not view.page.usage:
        return [joined(("no usage is imported", "dim"))]
    ink = ink_for(glyphs)
    usage = view.page.usage[0]
    return chart_lines(usage, today=view.day, size=size, place=(1, 1), glyphs=glyphs, ink=ink)


def usage_line(view: ItemView, glyphs: Glyphs) -> Content:
    """Usage and seats in one line."""
    line, usage = view.page.line, view.page.usage[0] if view.page.usage else None
    known = [] if usage is None else [one for one in usage.levels if one is not None]
    now = f" {known[-1]:,.0f}" if known else ""
    seats = "" if line.seat_use is None else f"{100 * line.seat_use:.0f} %"
    return joined(
        ("Users 12 w ", "dim"),
        spark_text(line.spark, 12, glyphs),
        (now, "bold"),
        ("    Seats ", "dim"),
        seats or "unknown",
        ("    Threads ", "dim"),
        str(view.page.threads),
        (" (want 2)", "dim") if view.page.threads < 2 else "",
    )


def people_box(view: ItemView) -> list[Content]:
    """Who decides, who is for us, with the age of the last contact."""
    lines = [_person(label, role, view) for label, role in ROLES]
    threads = joined(("Threads   ", "dim"), str(view.page.threads), ("  (want 2)", "dim"))
    return [*lines, threads]


def people_lines(view: ItemView) -> list[Content]:
    """The same in two lines."""
    decides, champion, sponsor = (_person(label, role, view) for label, role in ROLES)
    return [between([decides, champion], joined("   ")), sponsor]


def everybody(view: ItemView) -> list[Content]:
    """All contacts with role, title, channel and the age of the last contact."""
    lines = [
        joined(
            (f"{one.role or '–':<15}", "dim"),
            (one.name, "bold"),
            f"  {one.title or ''}  ",
            _age(one, view),
            (f"  prefers {one.preferred_channel}" if one.preferred_channel else "", "dim"),
        )
        for one in view.page.present
    ]
    gone = [
        joined((f"{'left':<15}", "dim"), one.name, (f"  {view.near(one.left_on)}", "bold"))
        for one in view.page.contacts
        if one.left_on is not None
    ]
    return [*lines, *gone] or [joined(("nobody is known here: e records a contact", "dim"))]


def _person(label: str, role: str, view: ItemView) -> Content:
    found = next((one for one in view.page.present if one.role == role), None)
    if found is None:
        return joined((f"{label:<10}", "dim"), ("nobody", "bold"), ("  !", LATE_STYLE))
    return joined((f"{label:<10}", "dim"), found.name, "  ", _age(found, view))


def _age(one: PageContact, view: ItemView) -> Content:
    if one.last_on is None:
        return joined(("never spoken", "dim"), ("  !", LATE_STYLE))
    days = (view.day - one.last_on).days
    return joined((f"{days} d ago", "dim"), ("  !", LATE_STYLE) if days > SILENT else "")


def open_box(view: ItemView) -> list[Content]:
    """What we owe, what they owe, tickets, terms, limits, the commitment."""
    return [
        *(line for mine in (True, False) for line in _promises(view, by_us=mine)),
        *_tickets(view),
        joined(("Terms    ", "dim"), terms(view)),
        joined(("Limit    ", "dim"), view.limits),
        joined(("Commitm. ", "dim"), commitment(view)),
    ]


def open_lines(view: ItemView) -> list[Content]:
    """The same in few lines."""
    owed = [*_promises(view, by_us=True), *_promises(view, by_us=False)]
    return [
        between(owed, joined("   ")) or joined(("Owed     nothing is open", "dim")),
        between([*_tickets(view)[:1], joined(("Commitm. ", "dim"), commitment(view))], DOT),
        joined(("Terms    ", "dim"), terms(view), ("   Limit ", "dim"), view.limits),
    ]


def terms(view: ItemView) -> str:
    """Term, and by when we must announce a change of price."""
    renewal = view.entry.renewal
    months = f"{renewal.term_months} mo, " if renewal.term_months else ""
    return f"{months}price by {view.near(renewal.announce_by)}"


def commitment(view: ItemView) -> Content:
    """The commitment that holds, if any."""
    given = view.entry.said.commitment
    if given is None:
        return joined(("none valid", "bold"))
    return joined(f"{given.level} by {given.signer}, {view.near(given.given_on)}")


def _promises(view: ItemView, *, by_us: bool) -> list[Content]:
    label = "We owe" if by_us else "They owe"
    mine = [one for one in view.page.promises if one.by_us is by_us][:2]
    return [_promise(label, one.what, one.due_on, view) for one in mine]


def _promise(label: str, what: str, due: dt.date | None, view: ItemView) -> Content:
    late = due is not None and due < view.day
    when = "" if due is None else f", {view.near(due)}"
    mark = joined(("! ", LATE_STYLE)) if late else NOTHING
    return joined((f"{label:<9}", "dim"), mark, f"{what}{when}")


def _tickets(view: ItemView) -> list[Content]:
    return [
        joined(
            ("Ticket   ", "dim"),
            f"{one.subject or one.ticket_id}, {one.priority}, {(view.day - one.opened_on).days} d",
        )
        for one in view.page.problems
        if one.closed_on is None
    ][:2]
