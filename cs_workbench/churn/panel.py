"""The panel: one row for each account and day on which it was a customer, and what came after."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from cs_workbench.churn.contracts import Spells
from cs_workbench.churn.features import Source, features_on
from cs_workbench.churn.history import FAR, Flags, Floats, Ints

FIRST_USAGE_DAYS = 56  # so much must be known before the first snapshot
FIRST_EVENT_DAYS = 30
LONGEST_MONTHS = 60
MOST_ROWS = 2_000_000
FEWEST_TOLD = 5  # departures, from which on their rate can be told
UNLIKELY = 3.0  # so many expected departures, and none came: they are not recorded


@dataclass(frozen=True)
class Panel:
    """Rows in the order of their days.

    Attributes:
        account, day: which account, and which day (ordinal).
        values: rows x `catalogue.NAMES`.
        health: points; NaN where nothing is known.
        weeks_left: to the end of what is contracted; NaN where it rolls on.
        end: that last day; FAR where it rolls on.
        is_past_notice: the last day to give notice is over.
        arr: ARR in force, in major units; NaN where unknown.
        segment: numbers as in the history.
        left: the day on which this spell as a customer ended; FAR where it has not.
        is_certain: False where `left` may still turn out a late renewal.
    """

    account: Ints
    day: Ints
    values: Floats
    health: Floats
    weeks_left: Floats
    end: Ints
    is_past_notice: Flags
    arr: Floats
    segment: Ints
    left: Ints
    is_certain: Flags

    def __len__(self) -> int:
        return len(self.account)

    def rows(self, chosen: Flags | Ints) -> "Panel":
        """Some of the rows, in order."""
        return Panel(*(getattr(self, name)[chosen] for name in Panel.__dataclass_fields__))


@dataclass(frozen=True)
class Labels:
    """What is asked of each row.

    Attributes:
        recorded_from: the day from which departures are recorded; 0: from the beginning.
        churned: it left in (day + lead, day + lead + horizon].
        is_known: the window has closed, departures were recorded in all of it, and the account was
            still there when it began.
        is_due: what is contracted ends inside the window.
    """

    horizon: int
    lead: int
    recorded_from: int
    churned: Flags
    is_known: Flags
    is_due: Flags

    def rows(self, chosen: Flags | Ints) -> "Labels":
        """Of some of the rows, in order."""
        return replace(
            self,
            churned=self.churned[chosen],
            is_known=self.is_known[chosen],
            is_due=self.is_due[chosen],
        )


def snapshot_days(source: Source, data_end: int, *, most: int = LONGEST_MONTHS) -> list[int]:
    """The first days of the months for which enough was known, oldest first."""
    first = _first_snapshot(source, data_end)
    budget = max(3, MOST_ROWS // max(1, source.history.size))
    end = dt.date.fromordinal(data_end)
    days: list[int] = []
    year, month = end.year, end.month
    while len(days) < min(most, budget):
        day = dt.date(year, month, 1).toordinal()
        if day < first:
            break
        days.append(day)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return days[::-1]


def _first_snapshot(source: Source, data_end: int) -> int:
    begins = [
        one.first_monday + 7 * int(np.argmax((one.days > 0).any(axis=0))) + FIRST_USAGE_DAYS
        for one in source.metrics
        if (one.days > 0).any()
    ]
    if begins:
        return min(begins)
    begins = [day + FIRST_EVENT_DAYS for day in source.first.values() if day <= data_end]
    if begins:
        return min(begins)
    starts = source.contracts.spells.begin
    return int(starts.min()) if len(starts) else FAR


def take_panel(source: Source, days: list[int]) -> Panel:
    """Snapshots of everybody who was a customer on each of the days."""
    parts = [snapshot(source, day) for day in days]
    if not parts:
        return snapshot(source, 0)
    return Panel(
        *(
            np.concatenate([getattr(one, name) for one in parts])
            for name in Panel.__dataclass_fields__
        )
    )


def snapshot(source: Source, day: int) -> Panel:
    """Everybody who was a customer on the day."""
    spells, history = source.contracts.spells, source.history
    left, certain = _runs_on(spells, day, history.size)
    chosen = np.flatnonzero((left > day) & (history.known_from <= day))
    values, clock = features_on(source, day, chosen)
    points, _ = source.health.on(day)
    end = np.where(clock.has_term, clock.end, FAR)
    weeks = np.where(clock.has_term, (end + 1 - day) / 7.0, np.nan)
    return Panel(
        account=chosen,
        day=np.full(len(chosen), day, np.int64),
        values=values[chosen],
        health=points[chosen],
        weeks_left=weeks[chosen],
        end=end[chosen],
        is_past_notice=(clock.has_term & (clock.notice < day))[chosen],
        arr=clock.arr[chosen],
        segment=history.segment[chosen],
        left=left[chosen],
        is_certain=certain[chosen],
    )


def _runs_on(spells: Spells, day: int, size: int) -> tuple[Ints, Flags]:
    """By account, the end of the spell that runs on the day (0 where none does)."""
    runs = (spells.begin <= day) & (day < spells.left)
    left, certain = np.zeros(size, np.int64), np.ones(size, np.bool_)
    left[spells.account[runs]] = spells.left[runs]
    certain[spells.account[runs]] = spells.is_certain[runs]
    return left, certain


def labels_of(panel: Panel, source: Source, *, horizon: int, lead: int) -> Labels:
    """Whether each row's account left in the window; unknown where that has not been seen.

    An account that left before the window began is outside: it needs no warning any more.
    """
    begin, close = panel.day + lead, panel.day + lead + horizon
    recorded = recorded_from(panel, source.contracts.spells)
    churned = (panel.left > begin) & (panel.left <= close)
    known = (close <= source.history.data_end) & (begin + 1 >= recorded)
    known &= (panel.left > begin) & (panel.is_certain | (panel.left > close))
    due = (panel.end < FAR) & (panel.end + 1 > begin) & (panel.end + 1 <= close)
    return Labels(horizon, lead, recorded, churned, known, due)


def recorded_from(panel: Panel, spells: Spells) -> int:
    """The first departure, where chance does not explain that none came before; else 0.

    Many exports hold those who are customers today, and those who left since somebody wrote it
    down: the months before look as if everybody had stayed.
    """
    departures = spells.left[(spells.left < FAR) & spells.is_certain]
    if len(departures) < FEWEST_TOLD:
        return 0
    first = int(departures.min())
    before = int((panel.day < first).sum())
    expected = len(departures) / max(1, len(panel) - before) * before
    return first if expected > UNLIKELY else 0
