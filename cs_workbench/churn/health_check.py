"""Do red accounts leave? The backtest of the health score itself."""

from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.draws import Interval
from cs_workbench.churn.history import FAR, Flags, Floats, Ints
from cs_workbench.churn.quality import account_weights, auc, wilson
from cs_workbench.churn.samples import Sample

BANDS = ("unknown", "red", "yellow", "green")  # by their numbers
LEADS = (90, 60, 30, 0)
LATE = 31
DRAWS = 200
RARE = 0.1  # below it a percentage has a digit after the point
WIDE = 0.3  # an interval wider than that says too little


@dataclass(frozen=True)
class BandRate:
    """Of the account-months in a band, how many left in the window; accounts counted once each.

    Attributes:
        accounts: different accounts that were in the band at the quarter's beginning.
        left: those of them that left within the window, `low` and `high` after Wilson, 95 %.
    """

    band: str
    accounts: int
    left: int
    low: float
    high: float

    @property
    def is_wide(self) -> bool:
        """Whether there are too few to tell."""
        return self.high - self.low > WIDE

    def told(self) -> str:
        """`9 of 12 red left: 47-91 %, too few to tell`."""
        few = ", too few to tell" if self.is_wide else ""
        digits = 1 if self.high < RARE else 0
        low, high = (f"{100 * one:.{digits}f}" for one in (self.low, self.high))
        return f"{self.left:,} of {self.accounts:,} {self.band} left: {low}-{high} %{few}"


@dataclass(frozen=True)
class Missed:
    """An account that was green and left: when it was last green, and how many days before."""

    account: int
    left: int
    last_green: int
    days: int


@dataclass(frozen=True)
class HealthCheck:
    """All of it.

    Attributes:
        auc: of the points, low ones first, 90 % interval; `auc_in_window` among due renewals.
        bands: at snapshots a whole window apart, so that nobody is counted twice for one departure.
        before: by days before leaving, how many of those who left were in each band.
        warned: days before leaving since which an account was red without a break; one a departure.
        missed: green within the last 90 days, and left.
    """

    horizon: int
    n: int
    events: int
    auc: Interval
    auc_in_window: float | None
    bands: tuple[BandRate, ...]
    before: dict[int, dict[str, int]]
    warned: tuple[int, ...]
    missed: tuple[Missed, ...]


def check_health(sample: Sample, band: Ints) -> HealthCheck:
    """Hold the score against what came.

    Args:
        sample: snapshots whose window has closed.
        band: of each row, its place in `BANDS`.
    """
    points = sample.inputs["health"]
    known = np.isfinite(points)
    inside = known & (sample.labels.is_due | (sample.panel.end == FAR))
    return HealthCheck(
        horizon=sample.labels.horizon,
        n=len(sample),
        events=sample.events,
        auc=_auc(sample, -points, known),
        auc_in_window=auc(-points[inside], sample.churned[inside], day=sample.panel.day[inside]),
        bands=tuple(_rates(sample, band)),
        before=_before(sample, band),
        warned=tuple(_warned(sample, band)),
        missed=tuple(_missed(sample, band)),
    )


def _auc(sample: Sample, score: Floats, known: Flags) -> Interval:
    day = sample.panel.day[known]
    value = auc(score[known], sample.churned[known], day=day) if known.any() else None
    if value is None:
        return Interval(None)
    counts, places = account_weights(sample.account[known], draws=DRAWS, seed=0)
    drawn = [auc(score[known], sample.churned[known], one[places], day=day) for one in counts]
    low, high = np.percentile([one for one in drawn if one is not None], [5, 95])
    return Interval(value, float(low), float(high))


def _rates(sample: Sample, band: Ints) -> list[BandRate]:
    days = np.unique(sample.panel.day)
    apart = [int(days[0])] if len(days) else []
    for day in days.tolist():
        if day >= apart[-1] + sample.labels.horizon:
            apart.append(day)
    chosen = np.isin(sample.panel.day, apart)
    found = []
    for place in (1, 2, 3, 0):
        rows = chosen & (band == place)
        n, left = int(rows.sum()), int(sample.churned[rows].sum())
        low, high = wilson(left, n)
        found.append(BandRate(BANDS[place], n, left, low, high))
    return found


def _departures(sample: Sample) -> dict[tuple[int, int], Ints]:
    """By account and day of leaving, its rows from the oldest to the newest."""
    rows = np.flatnonzero((sample.panel.left < FAR) & sample.panel.is_certain)
    found: dict[tuple[int, int], list[int]] = {}
    for row in rows[np.argsort(sample.panel.day[rows], kind="stable")].tolist():
        key = int(sample.account[row]), int(sample.panel.left[row])
        found.setdefault(key, []).append(row)
    return {key: np.array(mine) for key, mine in found.items()}


def _before(sample: Sample, band: Ints) -> dict[int, dict[str, int]]:
    counts = {lead: dict.fromkeys(BANDS, 0) for lead in LEADS}
    for (_, left), rows in _departures(sample).items():
        ahead = left - sample.panel.day[rows]
        for lead in LEADS:
            near = rows[(ahead > lead) & (ahead <= lead + LATE)]
            if len(near):
                counts[lead][BANDS[band[near[-1]]]] += 1
    return counts


def _warned(sample: Sample, band: Ints) -> list[int]:
    """Days of warning: red at the last snapshot, and since when without a break."""
    found = []
    for (_, left), rows in _departures(sample).items():
        reds = band[rows] == BANDS.index("red")
        if not reds[-1]:
            continue
        others = np.flatnonzero(~reds)
        since = rows[int(others[-1]) + 1] if len(others) else rows[0]
        found.append(left - int(sample.panel.day[since]))
    return sorted(found, reverse=True)


def _missed(sample: Sample, band: Ints) -> list[Missed]:
    found = []
    for (account, left), rows in _departures(sample).items():
        greens = rows[band[rows] == BANDS.index("green")]
        if len(greens):
            last = int(sample.panel.day[greens[-1]])
            if left - last <= sample.labels.horizon:
                found.append(Missed(account, left, last, left - last))
    return sorted(found, key=lambda one: (one.days, one.account))
