"""The detectors of usage over many accounts: arrays in, findings of the few that changed out."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from cs_workbench.core.kernels import detection as kernel
from cs_workbench.core.kernels.detection import Limits, Measured, Rows
from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_findings import (
    BACK,
    LEAST_DRIFT,
    LEAST_SHOCK,
    LEAST_WEEK,
    FindingKind,
    Thresholds,
    UsageFinding,
    UsageState,
)
from cs_workbench.core.usage_silence import Silence

LEAST_PEERS: Final = 8  # below it the median of peers is chance
SUDDEN: Final = 0.6  # of the whole change from two weeks to the next two
CLEAR: Final = 2.0  # standard deviations from which a week belongs to the change
STEP_WEEKS: Final = 14  # how far back an onset is searched


def limits(thresholds: Thresholds) -> Limits:
    """The thresholds with the least changes that matter to a person."""
    return Limits(
        shock=(thresholds.shock, LEAST_SHOCK),
        drift=(thresholds.drift, LEAST_DRIFT),
        fade=(thresholds.fade, LEAST_DRIFT),
        growth=(thresholds.growth, LEAST_DRIFT),
        least_week=LEAST_WEEK,
    )


@dataclass(frozen=True, slots=True)
class UsageTable:
    """One metric of many accounts in 26 weeks that end on the same day; rows are accounts.

    Attributes:
        totals, days: as in `UsageSeries`, as rows of numbers or as arrays.
    """

    metric: str
    last_day: dt.date
    totals: Rows
    days: Rows


def table_of(series: Sequence[UsageSeries], last_day: dt.date) -> UsageTable:
    """The series as rows of one table; there is at least one."""
    totals, days = [one.totals for one in series], [one.days for one in series]
    return UsageTable(series[0].metric, last_day, totals, days)


def calendar_of(series: Sequence[UsageSeries]) -> tuple[float, ...] | None:
    """What a group of peers did in each week, as logarithms; None where they are too few."""
    if len(series) < LEAST_PEERS:
        return None
    weeks = kernel.week_sums([one.totals for one in series], [one.days for one in series])
    return tuple(kernel.peer_calendar(weeks).tolist())


def detect(
    table: UsageTable,
    calendars: Sequence[Sequence[float] | None],
    thresholds: Thresholds,
) -> list[UsageState]:
    """Look at each account's newest weeks.

    Args:
        table: the accounts.
        calendars: what the peers of each account did in these weeks; None without peers.
        thresholds: how far is too far.
    """
    weeks = kernel.week_sums(table.totals, table.days)
    measured = kernel.measure(weeks, kernel.calendars(calendars))
    rules = limits(thresholds)
    down, up = kernel.falls(measured, rules), kernel.rises(measured, rules)
    back, calm, change = _recovered(measured)
    states = [UsageState((), *one) for one in zip(back, calm, change, strict=True)]
    for row in kernel.changed(down, up):
        look = _Look(measured, table, calendars[row], row)
        findings = (
            *((look.fall(float(down[row])),) if down[row] >= 1 else ()),
            *((look.rise(float(up[row])),) if up[row] >= 1 else ()),
        )
        states[row] = UsageState(findings, back[row], calm[row], change[row])
    return states


def without_use(table: UsageTable) -> list[int]:
    """The rows with use in half a year and none in the last two weeks, though they were counted."""
    return kernel.idle(table.totals, table.days)


def silence_finding(found: Silence, metric: str, last_day: dt.date) -> UsageFinding:
    """A silence as a finding; `last_day` is the last one that was looked at."""
    return UsageFinding(
        kind="silence",
        metric=metric,
        onset=last_day - dt.timedelta(days=found.days - 1),
        before=found.usual,
        now=0.0,
        change=-1.0,
        peers=None,
        strength=found.strength,
        is_sudden=True,
    )


_Flags = list[bool | None]


def _recovered(measured: Measured) -> tuple[_Flags, _Flags, list[float | None]]:
    """By account: whether a drop is over, whether a growth is, and the change; None if unknown."""
    gap, rise = measured.gap.tolist(), measured.rise.tolist()
    change = measured.drift_change.tolist()
    edge = math.log(1 - BACK)
    return (
        [None if math.isnan(one) else one > edge for one in gap],
        [None if math.isnan(one) else one < -edge for one in rise],
        [None if math.isnan(one) else one for one in change],
    )


class _Look:
    """One account that changed, looked at closely."""

    def __init__(
        self,
        measured: Measured,
        table: UsageTable,
        calendar: Sequence[float] | None,
        row: int,
    ) -> None:
        self._table = table
        self._row = row
        self._calendar = calendar
        self._levels: list[float] = measured.levels[row].tolist()
        self._spread = float(measured.spread[row])
        self._fade_begins = int(measured.begins[row])

    def fall(self, strength: float) -> UsageFinding:
        """The drop, sudden or slow."""
        step = self._step(-1)
        if self._is_sudden(step):
            return self._finding("shock", self._first_clear(step, -1), strength)
        return self._finding("drift", min(self._fade_begins, step), strength)

    def rise(self, strength: float) -> UsageFinding:
        """The growth."""
        return self._finding("growth", self._first_clear(self._step(1), 1), strength)

    def _step(self, sign: int) -> int:
        """The week in which one step would explain most: least squares of two means."""
        weeks = len(self._levels)
        best, least = weeks - 1, math.inf
        for at in range(weeks - STEP_WEEKS, weeks):
            before, after = _known(self._levels[:at]), _known(self._levels[at:])
            if not before or not after or (fmean(after) - fmean(before)) * sign <= 0:
                continue
            error = _squares(before) + _squares(after)
            if error < least:
                best, least = at, error
        return best

    def _is_sudden(self, step: int) -> bool:
        """Whether most of the change came from the two weeks before the step to those after it."""
        before = _known(self._levels[max(0, step - 14) : max(1, step - 1)])
        near = _known(self._levels[max(0, step - 2) : step])
        after = _known(self._levels[step : step + 2])
        lately = _known(self._levels[max(step, len(self._levels) - 4) :])
        if not (before and near and after and lately):
            return True
        whole = median(before) - fmean(lately)
        return fmean(near) - fmean(after) >= SUDDEN * whole

    def _first_clear(self, step: int, sign: int) -> int:
        """Back from the step while the weeks are clearly away from the usual."""
        usual = _known(self._levels[max(0, step - 14) : max(1, step - 2)])
        if not usual:
            return step
        center = median(usual)
        while step > 1 and (self._levels[step - 1] - center) * sign > CLEAR * self._spread:
            step -= 1
        return step

    def _finding(self, kind: FindingKind, week: int, strength: float) -> UsageFinding:
        weeks = len(self._levels)
        week = max(1, week)
        begin = max(0, week - 12)
        lately = max(week, weeks - 4)
        before, now = self._mean(begin, week), self._mean(lately, weeks)
        own = fmean(_known(self._levels[lately:]) or [0.0]) - median(
            _known(self._levels[begin:week]) or [0.0]
        )
        return UsageFinding(
            kind=kind,
            metric=self._table.metric,
            onset=self._table.last_day - dt.timedelta(days=7 * (weeks - week) - 1),
            before=before,
            now=now,
            change=math.expm1(own),
            peers=self._peers(begin, week, lately),
            strength=strength,
            is_sudden=kind == "shock",
        )

    def _peers(self, begin: int, week: int, lately: int) -> float | None:
        if self._calendar is None:
            return None
        return math.expm1(fmean(self._calendar[lately:]) - median(self._calendar[begin:week]))

    def _mean(self, first: int, last: int) -> float:
        """Mean of the days with data in some weeks, as measured."""
        days = int(sum(self._table.days[self._row][first:last]))
        total = float(sum(self._table.totals[self._row][first:last]))
        return total / days if days else 0.0


def _known(levels: Sequence[float]) -> list[float]:
    return [one for one in levels if not math.isnan(one)]


def _squares(values: Sequence[float]) -> float:
    mean = fmean(values)
    return sum((value - mean) ** 2 for value in values)
