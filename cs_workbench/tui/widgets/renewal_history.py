"""What was said of one renewal, newest first, and its terms: the pane under the pipeline."""

import datetime as dt
from collections.abc import Iterator, Sequence

from textual.content import Content

from cs_workbench.core.churn_said import ChurnSaid
from cs_workbench.core.dates import near_date
from cs_workbench.core.forecasts import Commitment, Forecast
from cs_workbench.core.money import short
from cs_workbench.core.pipeline_entries import Entry, Marks
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe
from cs_workbench.tui.widgets.churn_lines import leaves_text


def history_lines(
    entry: Entry,
    marks: Marks,
    said: tuple[Sequence[Forecast], Sequence[Commitment]],
    day: dt.date,
    most: int,
) -> list[Content]:
    """At most so many lines: forecasts, commitments, notice, terms, what it needs."""
    forecasts, commitments = said
    last = [_commitments(commitments, day), _terms(entry, day), *_needs(marks)]
    shown = [_forecast(one, day) for one in reversed(forecasts)]
    room = max(1, most - len(last))
    if not shown:
        shown = [joined(("nobody has forecast it yet: f", "dim"))]
    return [*shown[:room], *last]


def model_line(said: ChurnSaid, day: dt.date) -> Content:
    """What the churn model in use says beside the forecasts."""
    loss = f"{short(said.expected_loss_minor, said.currency)}{said.of_arr}"
    return joined(
        ("Model        ", "dim"),
        leaves_text(said),
        f" by {near_date(said.window_to, day)} · expected loss {loss}",
    )


def one_line(
    forecasts: Sequence[Forecast], name: str, day: dt.date, said: ChurnSaid | None
) -> Content:
    """The last two forecasts in a line, or what the churn model says, for a narrow window."""
    if not forecasts:
        model = NOTHING if said is None else joined(" · model: ", leaves_text(said))
        return joined((f"{name}  ", "bold"), ("no forecast yet", "dim"), model)
    parts = [f"{near_date(one.made_on, day)} {one.category}{_share(one)}" for one in forecasts[-2:]]
    why = forecasts[-1].reason or forecasts[-1].narrative or ""
    return joined((f"{name}  ", "bold"), " → ".join(parts), f": {why}" if why else "")


def _share(one: Forecast) -> str:
    return "" if one.probability_e4 is None else f" {one.probability_e4 / 100:g} %"


def _forecast(one: Forecast, day: dt.date) -> Content:
    amount = "" if one.amount_minor is None else short(one.amount_minor, one.currency)
    told = " · ".join(part for part in (one.narrative, one.reason, _missing(one, day)) if part)
    return joined(
        (f"{near_date(one.made_on, day):>11}  ", "dim"),
        (f"{one.category:<15}", "bold"),
        f"{amount:>6}{_share(one):>7}  ",
        (f"{one.author}  ", "dim"),
        told,
    )


def _missing(one: Forecast, day: dt.date) -> str:
    if not one.missing_fact or one.missing_on is None:
        return ""
    return f"missing: {one.missing_fact}, {near_date(one.missing_on, day)}"


def _commitments(given: Sequence[Commitment], day: dt.date) -> Content:
    if not given:
        return joined(("Commitments  ", "dim"), "none")
    parts = []
    for one in reversed(given):
        void = ""
        if one.signer_left_on is not None and one.signer_left_on <= day:
            void = f" void, signer left {near_date(one.signer_left_on, day)}"
        told = f"{one.level} by {one.signer} {near_date(one.given_on, day)}{void}"
        parts.append(told)
    return joined(("Commitments  ", "dim"), " · ".join(parts))


def _terms(entry: Entry, day: dt.date) -> Content:
    renewal, notice = entry.renewal, entry.said.notice
    auto = "auto-renew" if renewal.auto_renew else "no auto-renew"
    months = f" {renewal.term_months} mo" if renewal.term_months else ""
    last = (
        f"notice by {near_date(renewal.notice_date, day)}" if renewal.notice_date else "no notice"
    )
    got = (
        f"notice received {near_date(notice.received_on, day)} ({notice.scope})"
        if notice
        else "no notice received"
    )
    return joined(
        ("Terms        ", "dim"),
        (got, "bold" if notice else ""),
        f" · {auto}{months} · {last} · ends {near_date(renewal.end_date, day)} · "
        f"price change by {near_date(renewal.announce_by, day)}",
    )


def _needs(marks: Marks) -> Iterator[Content]:
    if marks.overdue:
        yield joined(("! ", LATE_STYLE), "no commitment that holds, and commit-by is over")
    for told in (marks.gate, marks.disagrees):
        if told:
            yield joined(("Needs        ", "dim"), safe(told, "bold"))
    if marks.stale:
        yield joined(("Needs        ", "dim"), safe("a new forecast: the last is old", "bold"))
