"""Usage as it is shown and given away: one account's weeks, and who changed most."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.usage import UsageSeries, base_median, recent_mean, spark
from cs_workbench.core.usage_findings import LEAST_WEEK, UsageFinding, UsageState

SCHEMA: Final = "csw.usage show/1"
MOVERS: Final = "csw.usage movers/1"
WEEK_COLUMNS: Final = ("metric", "ends_on", "days", "mean", "value")


@dataclass(frozen=True, slots=True)
class Mover:
    """An account whose usage changed.

    Attributes:
        before, now: mean of a day in the twelve weeks before, and in the last four.
        change: from before to now as a share; `own_change` without the calendar of the peers.
        levels: half a year of weeks, mean of a day, oldest first; None without data.
        spark: the last twelve as the list has them.
        finding: what the detectors say, if they say anything.
    """

    account_key: int
    account_id: str
    name: str
    csm: str | None
    before: float
    now: float
    change: float
    own_change: float
    levels: tuple[float | None, ...]
    spark: str
    finding: UsageFinding | None

    @property
    def weight(self) -> float:
        """The size of the change, alike for a half and for a double."""
        return abs(math.log(max(1 + self.own_change, 0.01)))


@dataclass(frozen=True, slots=True)
class AccountName:
    """Who an account is, for a list."""

    account_key: int
    account_id: str
    name: str
    csm: str | None


def movers(
    accounts: Sequence[AccountName],
    series: Mapping[int, UsageSeries],
    states: Mapping[int, UsageState],
) -> list[Mover]:
    """Who changed most, up or down, the largest factor first; findings before what may be chance.

    Accounts with less than 8 units in a usual week are left out, and those of which too little is
    known.
    """
    found = (
        _mover(one, series.get(one.account_key), states.get(one.account_key)) for one in accounts
    )
    return ordered(mover for mover in found if mover is not None)


def ordered(found: Iterable[Mover]) -> list[Mover]:
    """Findings before what may be chance, each by the factor of its change."""
    return sorted(found, key=lambda one: (one.finding is None, -one.weight, one.account_key))


def _mover(
    account: AccountName, series: UsageSeries | None, state: UsageState | None
) -> Mover | None:
    if series is None or state is None or state.change is None:
        return None
    before, now = base_median(series), recent_mean(series)
    if before is None or now is None or before * 7 < LEAST_WEEK:
        return None
    return Mover(
        account.account_key,
        account.account_id,
        account.name,
        account.csm,
        before,
        now,
        now / before - 1,
        state.change,
        tuple(series.levels),
        spark(series),
        state.down or state.silence or state.up,
    )


def finding_document(finding: UsageFinding, label: str) -> dict[str, Any]:
    """A finding under its stable keys."""
    return {
        "kind": finding.kind,
        "metric": finding.metric,
        "onset": finding.onset,
        "before": _number(finding.before),
        "now": _number(finding.now),
        "change": _number(finding.change),
        "peers": None if finding.peers is None else _number(finding.peers),
        "confidence": finding.confidence,
        "told": finding.told(label),
    }


def mover_document(mover: Mover, label: str) -> dict[str, Any]:
    """A mover under its stable keys."""
    return {
        "account_id": mover.account_id,
        "name": mover.name,
        "csm": mover.csm,
        "before": _number(mover.before),
        "now": _number(mover.now),
        "change": _number(mover.change),
        "own_change": _number(mover.own_change),
        "weeks": [None if level is None else _number(level) for level in mover.levels],
        "finding": None if mover.finding is None else finding_document(mover.finding, label),
    }


def history_document(history: UsageHistory, weeks: int) -> dict[str, Any]:
    """A metric of one account with its last weeks, under stable keys."""
    return {
        "metric": history.metric,
        "label": history.label,
        "unit": history.unit,
        "rollup": history.rollup,
        "newest": history.newest,
        "before": None if history.base is None else _number(history.base),
        "now": None if history.recent is None else _number(history.recent),
        "change": None if history.change is None else _number(history.change),
        "weeks": [
            dict(zip(WEEK_COLUMNS[1:], row[1:], strict=True))
            for row in week_rows(history.last(weeks))
        ],
    }


def week_rows(history: UsageHistory) -> Iterator[tuple[str, dt.date, int, Any, Any]]:
    """Rows of `WEEK_COLUMNS`; a week without data has neither mean nor value."""
    weeks = zip(history.ends, history.days, history.levels, history.values, strict=True)
    for end, days, mean, value in weeks:
        yield (
            history.metric,
            end,
            days,
            None if mean is None else _number(mean),
            None if value is None else _number(value),
        )


def _number(value: float) -> int | float:
    """Four digits behind the point at most; whole numbers without one."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded
