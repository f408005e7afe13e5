"""The lines above the pipeline: modes, window, totals, what moved."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.forecast_moves import Move, by_account, shown_parts
from cs_workbench.core.forecasts import CATEGORIES
from cs_workbench.core.money import short, sum_known
from cs_workbench.core.pipeline import SECTIONS
from cs_workbench.core.pipeline_entries import Entry, Grouping, group_of, marks_of, ordered
from cs_workbench.core.plurals import counted
from cs_workbench.core.projections import NO_FORECAST, Bucket, Projection, Range
from cs_workbench.core.retention_outlook import Retention
from cs_workbench.tui.formats import day_text, joined, safe
from cs_workbench.tui.modes import names_line
from cs_workbench.tui.session import Session
from cs_workbench.tui.sizes import NARROW
from cs_workbench.tui.widgets.lines import between, fitting, spread
from cs_workbench.tui.widgets.renewal_table import RenewalRow, amount_words
from cs_workbench.workflows.pipeline import Difference, Pipeline, fiscal_year

DOT: Final = joined((" · ", "dim"))
HEADS: Final = {"churn expected": "churn exp.", NO_FORECAST: "none"}
CELL: Final = 11
ORDINALS: Final = 10_000_000  # more than any day's number: account * this + day is a key


@dataclass(frozen=True)
class Moved:
    """What moved in a window of renewals since a day.

    Attributes:
        currency: of the amounts; empty where there is none.
        names: of the accounts of the moves.
    """

    since: dt.date
    moves: tuple[Move, ...]
    currency: str
    names: Mapping[int, str]


def moved_of(found: Difference) -> Moved:
    """What is shown of a difference: of tens of thousands of renewals few move."""
    wanted = {one.account_key for one in found.moves}
    every = (*found.before.entries, *found.after.entries)
    names = {one.account.account_key: one.account.name for one in every}
    return Moved(
        found.before.window.day,
        found.moves,
        found.after.currency or found.before.currency,
        {key: name for key, name in names.items() if key in wanted},
    )


@dataclass(frozen=True)
class Seen:
    """What the screen shows now; parts that are not read yet are None.

    Attributes:
        is_whole: whether all of the window is read, not only the next ones.
    """

    pipeline: Pipeline
    totals: Projection
    grouping: Grouping
    filter_text: str = ""
    moved: Moved | None = None
    outlook: Retention | None = None
    is_whole: bool = True


def title_lines(session: Session, seen: Seen | None, width: int) -> Content:
    """All lines above the table."""
    lines = [_modes(session, width)]
    if seen is None:
        lines.append(joined((" reading …", "dim")))
    elif width < NARROW:
        lines += list(_narrow(seen))
    else:
        lines += [_window(seen, width), *_wide(seen, width, session.glyphs.rule)]
    lines.append(safe(session.glyphs.rule * width, "dim"))
    return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)


def rows_of(pipeline: Pipeline, grouping: Grouping, rule: str) -> list[RenewalRow]:
    """The renewals in their groups, under headings with their number and what is due."""
    day, groups = pipeline.window.day, dict[str, list[Entry]]()
    for entry in ordered(pipeline.entries, day, grouping):
        groups.setdefault(group_of(entry, day, grouping), []).append(entry)
    rows = []
    for number, (name, entries) in enumerate(groups.items(), start=1):
        rows.append(RenewalRow(-number, heading=_heading(name, entries, pipeline, rule)))
        for one in entries:
            marks = marks_of(one, day, pipeline.policy)
            rows.append(RenewalRow(key_of(one), entry=one, marks=marks))
    return rows


def key_of(entry: Entry) -> int:
    """A number of its own for each renewal of a currency's."""
    return entry.account.account_key * ORDINALS + entry.filed_as.toordinal()


def _heading(name: str, entries: Sequence[Entry], pipeline: Pipeline, rule: str) -> Content:
    money = pipeline.currency or "USD"
    mine = [one for one in entries if one.renewal.currency == pipeline.currency]
    due = short(sum_known(one.renewal.due_minor for one in mine), money)
    told = _SECTIONS.get(name, name)
    return joined(
        (f"  {rule * 2} ", "dim"),
        (told, "bold"),
        (f"  {len(entries)} · {due} ", "dim"),
        (rule * 24, "dim"),
    )


_SECTIONS: Final[dict[str, str]] = {str(section): told for section, told in SECTIONS.items()}


def _modes(session: Session, width: int) -> Content:
    left = names_line("renewals", width)
    facts = [safe(with_weekday(session.today)), safe(session.me)]
    if session.standing is not None and session.standing.is_sample:
        facts = [joined(("sample data, today is fixed to ", "bold"), with_weekday(session.today))]
    kept = fitting(facts, width - left.cell_length - 1, gap=DOT)
    return spread(left, joined(between(reversed(kept), DOT), " "), width)


def _window(seen: Seen, width: int) -> Content:
    pipeline, window = seen.pipeline, seen.pipeline.window
    parts = [
        joined((f"Deadline in {window.days} d", "bold")),
        _count(seen),
        joined((f"by {'deadline' if seen.grouping == 'clock' else seen.grouping}", "dim")),
    ]
    if seen.filter_text:
        parts.insert(1, joined(("/", "bold"), seen.filter_text))
    others = len(pipeline.entries) - seen.totals.renewals
    if others:
        parts.append(safe(f"{others} in other currencies are not in the sums", "bold"))
    if unknown := seen.totals.unpriced:
        parts.append(safe(f"{unknown:,} not fully priced", "bold"))
    keys = joined(*(joined((key, "bold"), (f" {name}   ", "dim")) for key, name in _KEYS))
    return spread(joined(" ", between(parts, DOT)), keys, width)


def _count(seen: Seen) -> Content:
    """How many there are, as far as they are read."""
    count = f"{len(seen.pipeline.entries):,}"
    return safe(f"{count} renewals") if seen.is_whole else safe(f"next {count}, reading all …")


_KEYS: Final = (("w", "window"), ("/", "filter"), ("g", "group"), ("a", "as of"))


def _wide(seen: Seen, width: int, rule: str) -> Iterator[Content]:
    totals, money = seen.totals, seen.pipeline.currency or "USD"
    names = [*CATEGORIES[:-1], NO_FORECAST]
    yield safe(rule * width, "dim")
    heads = [*(HEADS.get(name, name) for name in names), "due", "weighted ± sd"]
    yield _line("", heads, "dim")
    buckets = [totals.buckets[name] for name in names]
    yield _line("accounts", [*(f"{one.renewals:,}" for one in buckets), f"{totals.renewals:,}"])
    worth = [short(_worth(one, totals), money) for one in buckets]
    label = "amount" if totals.due_minor is None else "ARR due"
    yield _line(label, [*worth, short(totals.due_minor, money), totals.spread(money)])
    better = [short(_worth(one, totals), money) for one in totals.cumulative.values()]
    share = "" if totals.rate is None else f"{totals.rate.mid / 100:.0f} % of due"
    yield _line("or better", [*better, "", "", share])
    yield _rates(seen)
    yield _since(seen, width)


def _line(label: str, cells: Sequence[str], style: str = "") -> Content:
    drawn = "".join(
        f"{cell:>{CELL + (7 if place == 7 else 0)}}" for place, cell in enumerate(cells)
    )
    return joined((f" {label:<10}", "dim"), (drawn, style))


def _rates(seen: Seen) -> Content:
    totals = seen.totals
    parts = [joined((" Renewal rate of due  ", "dim"), _told(totals.rate), (", 8 in 10", "dim"))]
    if seen.outlook is not None:
        _, end = fiscal_year(seen.pipeline.window.day, seen.pipeline.policy)
        parts.append(joined((f"year to {end:%b}  GRR ", "dim"), _told(seen.outlook.grr)))
        left_out = seen.outlook.left_out
        beside = f" without {counted(left_out, 'account')}" if left_out else ""
        parts.append(joined(("NRR ", "dim"), _told(seen.outlook.nrr), (beside, "bold")))
    bare = totals.buckets[NO_FORECAST].renewals
    if bare:
        rate = seen.pipeline.policy.probability(None) // 100
        parts.append(joined((f"none: {bare} at {rate} %", "bold")))
    return between(parts, joined("   "))


def _told(one: Range | None) -> str:
    if one is None:
        return "unknown"
    return f"{one.mid / 100:.0f} % ({one.low / 100:.0f}–{one.high / 100:.0f})"


def _since(seen: Seen, width: int) -> Content:
    if seen.moved is None:
        return joined((" comparing …", "dim"))
    moved, money = seen.moved, seen.pipeline.currency or "USD"
    day = seen.pipeline.window.day
    sums = by_account(moved.moves)
    shares = dict(zip(sums, shown_parts(list(sums.values())), strict=True))
    head = joined(
        (f" Since {day_text(moved.since, day)}  ", "dim"),
        ("weighted ", "dim"),
        (amount_words(sum(shares.values()), money), "bold"),
        "  ",
    )
    tail = joined(("   m", "bold"), (" all moves", "dim"))
    parts = [
        joined(
            f"{moved.names.get(key, '').split(' ')[0][:16]} ", (amount_words(share, money), "bold")
        )
        for key, share in shares.items()
        if share
    ]
    kept = fitting(parts, width - head.cell_length - tail.cell_length - 1, gap=DOT)
    return joined(head, between(kept, DOT), tail)


def _narrow(seen: Seen) -> Iterator[Content]:
    totals, money = seen.totals, seen.pipeline.currency or "USD"
    share = "" if totals.rate is None else f", {totals.rate.mid / 100:.0f} %"
    filtered = f" · /{seen.filter_text}" if seen.filter_text else ""
    due = totals.renewals if seen.is_whole else f"reading … {totals.renewals}"
    yield joined(
        (f" {seen.pipeline.window.days} d", "bold"),
        f" · {due} due {_due(totals, money)} · weighted {totals.spread(money)}{share}{filtered}",
    )
    names = [*CATEGORIES[:-1], NO_FORECAST]
    yield joined(
        " ",
        " · ".join(
            f"{HEADS.get(name, name)} {short(_worth(totals.buckets[name], totals), money)}"
            for name in names
        ),
    )
    yield _since(seen, 80)


def _worth(bucket: Bucket, totals: Projection) -> int | None:
    """What is due; where no price is known, what is expected."""
    return bucket.amount_minor if totals.due_minor is None else bucket.due_minor


def _due(totals: Projection, money: str) -> str:
    if totals.due_minor is None:
        return "of unknown price"
    beside = f", {totals.unpriced:,} not fully priced" if totals.unpriced else ""
    return f"{short(totals.due_minor, money)}{beside}"
