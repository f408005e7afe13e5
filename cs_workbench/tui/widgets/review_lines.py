"""A review's pages as lines: the opening, one account, the read-back."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.dates import near_date
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import Commitment, Forecast
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.money import short, to_major
from cs_workbench.core.page_people import PageContact
from cs_workbench.core.pipeline_entries import Entry, Marks
from cs_workbench.tui.formats import (
    BAND_STYLES,
    LATE_STYLE,
    NOTHING,
    band_text,
    joined,
    run_on,
    safe,
    spark_text,
    trend_text,
)
from cs_workbench.tui.widgets.columns import fitted

NARROW: Final = 100
THIRD: Final = 3
PLOT_ROWS: Final = 4


@dataclass(frozen=True)
class ItemView:
    """Everything that the room asks of one account.

    Attributes:
        last_time, decided: what was decided at the last meeting and in this one, in words.
        why: why it is on the agenda.
        standing: how far the meeting is, in words.
    """

    entry: Entry
    marks: Marks
    page: AccountPage
    forecasts: Sequence[Forecast]
    commitments: Sequence[Commitment]
    last_time: Sequence[str]
    decided: Sequence[tuple[str, str]]
    why: str
    day: dt.date
    since: dt.date
    policy: ForecastPolicy
    standing: str
    plays: Sequence[str] = ()


def item_lines(view: ItemView, width: int, glyphs: Glyphs) -> list[Content]:
    """One account's page for a width."""
    if width < NARROW:
        return [*_head(view, width, glyphs), *_narrow(view, width, glyphs)]
    third = width // THIRD
    widths = (third, third, width - 2 * third)
    return [
        *_head(view, width, glyphs),
        *boxes(
            (
                ("Score, computed", _score(view, glyphs)),
                (_forecast_title(view), _forecast(view)),
                ("Model, its record beside it", _model(view)),
            ),
            widths,
        ),
        *boxes(((f"What changed since {_day(view.since, view)}", _changed(view)),), (width,)),
        *boxes(
            (
                ("Usage", _usage(view, third - 4, glyphs)),
                ("People", _people(view)),
                ("Open, terms", _open(view)),
            ),
            widths,
        ),
        *boxes((("Decide", _decide(view)),), (width,)),
        joined((f" {view.standing}", "dim")),
    ]


def boxes(parts: Sequence[tuple[str, Sequence[Content]]], widths: Sequence[int]) -> list[Content]:
    """Framed texts of one height beside one another."""
    height = max(len(lines) for _, lines in parts)
    top = run_on(
        joined(
            ("╭─ ", "dim"),
            (title, "bold"),
            (f" {'─' * max(0, width - safe(title).cell_length - 5)}╮", "dim"),
        )
        for (title, _), width in zip(parts, widths, strict=True)
    )
    rows = [
        run_on(
            joined(
                ("│ ", "dim"),
                fitted(lines[number] if number < len(lines) else NOTHING, width - 4),
                (" │", "dim"),
            )
            for (_, lines), width in zip(parts, widths, strict=True)
        )
        for number in range(height)
    ]
    bottom = joined(*((f"╰{'─' * (width - 2)}╯", "dim") for width in widths))
    return [top, *rows, bottom]


def _edge(title: str, width: int) -> Content:
    name = safe(title, "bold")
    rule = "─" * max(0, width - name.cell_length - 5)
    return joined(("╭─ ", "dim"), name, (f" {rule}╮", "dim"))


def _day(day: dt.date, view: ItemView) -> str:
    return near_date(day, view.day)


def _head(view: ItemView, width: int, glyphs: Glyphs) -> Iterator[Content]:
    renewal, account = view.entry.renewal, view.entry.account
    money = f"{to_major(renewal.due_minor, renewal.currency):,.0f} {renewal.currency}"
    name = account.name.upper()
    last = (
        f"Notice by {_day(renewal.notice_date, view)}"
        if renewal.notice_date
        else f"Decided by {_day(renewal.deadline, view)}"
    )
    left = (renewal.commit_by - view.day).days
    commit = joined(
        f"commit by {_day(renewal.commit_by, view)}, ",
        (f"{left} d" if left >= 0 else f"! {-left} d late", LATE_STYLE if left < 0 else "bold"),
    )
    auto = "auto-renew" if renewal.auto_renew else "no auto-renew"
    yield joined((f" {name}   ", "bold"), (money, "bold"), f"   {account.csm_name or ''}")
    yield joined((" on the agenda: ", "dim"), view.why)
    yield joined(
        f" {last}, {view.entry.days(view.day)} d · ",
        commit,
        f" · {auto} · ends {_day(renewal.end_date, view)}",
    )
    yield safe(glyphs.rule * width, "dim")


def _score(view: ItemView, glyphs: Glyphs) -> list[Content]:
    line = view.page.line
    return [
        joined(
            "  ",
            band_text(line.band, line.points_e4, glyphs),
            (f" {line.band}   ", BAND_STYLES[line.band]),
            trend_text(line.trend_e4, glyphs),
            (" in 28 d", "dim"),
        ),
        joined(
            ("  coverage ", "dim"),
            f"{line.coverage_e4 // 100} %, {line.low_e4 // 10_000}–{line.high_e4 // 10_000}",
        ),
        joined(("  ", "dim"), line.causes[0] if line.causes else ""),
    ]


def _forecast_title(view: ItemView) -> str:
    one = view.entry.said.forecast
    return (
        "Forecast" if one is None else f"Forecast, by {one.author}, {_day(one.made_on, view)}"[:34]
    )


def _forecast(view: ItemView) -> list[Content]:
    now, money = view.entry.standing, view.entry.renewal.currency
    before = [one for one in view.forecasts if one.made_on <= view.since]
    told = "no forecast then"
    if before:
        rate = view.policy.probability(before[-1].category, before[-1].probability_e4)
        told = f"{before[-1].category}, {rate // 100} %"
    said = view.entry.said.forecast
    return [
        joined(
            (f"  {now.category or 'no forecast'}   ", "bold"),
            f"{short(now.amount_minor, money)}   {now.probability_e4 // 100} %",
        ),
        joined((f"  on {_day(view.since, view)}: ", "dim"), told),
        joined("  ", (said.narrative or said.reason or "", "dim") if said else ""),
    ]


def _model(view: ItemView) -> list[Content]:
    leaves = view.entry.account.leaves_e4
    first = "  no model is trained" if leaves is None else f"  leaves {leaves // 100} %"
    agrees = view.marks.disagrees
    told = joined(("  ≠ ", "bold"), agrees) if agrees else joined(("  no disagreement", "dim"))
    return [joined((first, "dim" if leaves is None else "bold")), told, NOTHING]


def _changed(view: ItemView) -> list[Content]:
    lines = [joined(cause) for cause in view.page.line.causes[:3]]
    lines += [joined(("since you last spoke: ", "dim"), one) for one in view.page.since[:1]]
    last = " · ".join(view.last_time) or "nothing"
    return [*lines, joined(("Decided last time: ", "dim"), last)]


def _usage(view: ItemView, width: int, glyphs: Glyphs) -> list[Content]:
    usage = view.page.usage[0] if view.page.usage else None
    if usage is None:
        return [joined(("no usage is imported", "dim"))]
    levels = [*usage.levels[-min(width // 2, 16) :]]
    known = [one for one in levels if one is not None]
    top = max(known, default=0.0) or 1.0
    rows = []
    for row in range(PLOT_ROWS, 0, -1):
        cells = "".join(_cell(one, top, row, glyphs) * 2 for one in levels)
        rows.append(safe(cells))
    last = "no data" if not known else f"{known[-1]:,.0f}"
    change = "" if usage.change is None else f", {100 * usage.change:+.0f} % on the 12 weeks before"
    return [*rows, joined((f"{usage.label} a week, now ", "dim"), (last, "bold"), change)]


def _cell(value: float | None, top: float, row: int, glyphs: Glyphs) -> str:
    if value is None:
        return "·" if row == 1 else " "
    eighths = round(8 * PLOT_ROWS * value / top) - 8 * (row - 1)
    return glyphs.levels[min(eighths, 8) - 1] if eighths > 0 else " "


def _people(view: ItemView) -> list[Content]:
    there = [one for one in view.page.contacts if one.left_on is None]
    lines = [
        _person(label, [one for one in there if one.role == role], view)
        for label, role in (
            ("Decides", "decision maker"),
            ("Champion", "champion"),
            ("Sponsor", "sponsor"),
        )
    ]
    spoke = [
        one for one in there if one.last_on is not None and (view.day - one.last_on).days <= 90
    ]
    threads = joined(("Threads   ", "dim"), str(len(spoke)), ("  (want 2)", "dim"))
    return [*lines, threads]


def _person(label: str, found: Sequence[PageContact], view: ItemView) -> Content:
    if not found:
        return joined((f"{label:<10}", "dim"), ("nobody", "bold"), ("  !", LATE_STYLE))
    one = found[0]
    if one.last_on is None:
        return joined((f"{label:<10}", "dim"), one.name, ("  never spoken", "dim"))
    days = (view.day - one.last_on).days
    late = joined(("  !", LATE_STYLE)) if days > 60 else NOTHING
    return joined((f"{label:<10}", "dim"), one.name, (f"  {days} d ago", "dim"), late)


def _open(view: ItemView) -> list[Content]:
    lines = []
    for by_us, label in ((True, "We owe"), (False, "They owe")):
        mine = [one for one in view.page.promises if one.by_us is by_us][:2]
        for one in mine:
            late = one.due_on is not None and one.due_on < view.day
            when = "" if one.due_on is None else f", {_day(one.due_on, view)}"
            mark = joined(("! ", LATE_STYLE)) if late else NOTHING
            lines.append(joined((f"{label:<9}", "dim"), mark, f"{one.what}{when}"))
    lines += [
        joined(("Ticket   ", "dim"), f"{one.subject or one.ticket_id}, {one.priority}")
        for one in view.page.problems
        if one.closed_on is None
    ][:2]
    renewal = view.entry.renewal
    lines.append(joined(("Terms    ", "dim"), f"price by {_day(renewal.announce_by, view)}"))
    limits = " · ".join(
        f"{role} {rate // 100} %" for role, rate in view.policy.authority_e4.items()
    )
    lines.append(joined(("Limit    ", "dim"), limits))
    given = view.entry.said.commitment
    told = "none valid" if given is None else f"{given.level} by {given.signer}"
    return [*lines, joined(("Commitm. ", "dim"), (told, "bold" if given is None else ""))]


def _decide(view: ItemView) -> list[Content]:
    lines = [
        joined((f"{kind:<13}", "bold"), told, ("   recorded · z undoes", "dim"))
        for kind, told in view.decided
    ]
    keys = joined(
        ("f", "bold"),
        (" then  ", "dim"),
        *(
            joined((key, "bold"), (f" {name}  ", "dim"))
            for key, name in (
                ("c", "commit"),
                ("l", "likely"),
                ("a", "at risk"),
                ("x", "churn exp."),
                ("o", "omitted"),
            )
        ),
        ("   =", "bold"),
        (" no change", "dim"),
    )
    plays = [joined(("Suggested    ", "dim"), " · ".join(view.plays), ("   p ⏎", "bold"))]
    needs = [
        joined(("Wants        ", "dim"), (told, "bold"))
        for told in (view.marks.gate, "a new forecast" if view.marks.stale else None)
        if told
    ]
    return [
        *(lines or [joined(("not decided yet", "dim"))]),
        *needs,
        *(plays if view.plays else []),
        keys,
    ]


def _narrow(view: ItemView, width: int, glyphs: Glyphs) -> Iterator[Content]:
    line = view.page.line
    now, money = view.entry.standing, view.entry.renewal.currency
    yield joined(
        (" Score  ", "dim"),
        band_text(line.band, line.points_e4, glyphs),
        f" {line.band} ",
        trend_text(line.trend_e4, glyphs),
        (f"   {view.entry.account.csm_name or 'CSM'}  ", "dim"),
        (f"{now.category or 'no forecast'} ", "bold"),
        f"{short(now.amount_minor, money)} {now.probability_e4 // 100} %",
        joined(("   ≠ ", "bold"), view.marks.disagrees) if view.marks.disagrees else NOTHING,
    )
    yield joined((f" Since {_day(view.since, view)}  ", "dim"), " · ".join(line.causes[:2]))
    yield joined((" Last time  ", "dim"), " · ".join(view.last_time) or "nothing")
    yield safe(glyphs.rule * width, "dim")
    yield joined((" Usage 12 w  ", "dim"), spark_text(line.spark, 12, glyphs), *_short_usage(view))
    yield from (joined(" ", one) for one in _people(view))
    yield from (joined(" ", one) for one in _open(view))
    yield safe(glyphs.rule * width, "dim")
    yield from (joined(" ", one) for one in _decide(view))
    yield joined((f" {view.standing}", "dim"))


def _short_usage(view: ItemView) -> Iterator[Content]:
    use = view.page.line.seat_use
    if use is not None:
        yield joined(("   seats ", "dim"), f"{100 * use:.0f} %")
