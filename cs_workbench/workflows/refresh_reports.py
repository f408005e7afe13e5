"""What a refresh found, for people and as JSON."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cs_workbench.core.accounts import Band
from cs_workbench.core.plurals import counted
from cs_workbench.core.ruler import FeedStop, RulerChange


@dataclass(frozen=True)
class RefreshReport:
    """What a refresh found.

    Attributes:
        accounts: how many were scored; the bands add up to it.
        bands: accounts by band.
        up, down: accounts whose band is better or worse than at the previous refresh.
        unknown: accounts without a band.
        signals: how many this run opened; none for a day before the newest.
        former: customers no longer, which are not scored.
        seconds: how long it took.
        metric, seat_metric: the usage metrics that the measures read; None without usage.
        changed: how many scores were written, of a backfill on all its days; 0 when all were so.
        warnings: what in the data needs a person, in sentences.
        waiting: signals that were not opened, because what they rest on cannot be trusted.
        ruler: metrics of which most accounts moved the same way, as noticed on this day.
        stops: metrics that no longer arrive for most accounts, as noticed on this day.
    """

    as_of: dt.date
    accounts: int
    bands: dict[Band, int]
    up: int
    down: int
    unknown: int
    signals: int
    former: int
    seconds: float
    metric: str | None
    seat_metric: str | None
    changed: int
    warnings: tuple[str, ...] = ()
    waiting: int = 0
    ruler: tuple[RulerChange, ...] = ()
    stops: tuple[FeedStop, ...] = ()


def stored_report(report: RefreshReport) -> dict[str, object]:
    """The report as JSON has it, keys as documented."""
    return {
        "as_of": report.as_of.isoformat(),
        "accounts": report.accounts,
        "bands": dict(report.bands),
        "up": report.up,
        "down": report.down,
        "unknown": report.unknown,
        "signals": report.signals,
        "waiting": report.waiting,
        "former": report.former,
        "changed": report.changed,
        "metric": report.metric,
        "seat_metric": report.seat_metric,
        "warnings": list(report.warnings),
        "ruler": [
            {
                "metric": one.metric,
                "day": one.day.isoformat(),
                "direction": one.direction,
                "accounts": one.accounts,
                "moved": one.moved,
                "factor": one.factor,
                "segments": list(one.segments),
            }
            for one in report.ruler
        ],
        "stops": [
            {
                "metric": one.metric,
                "until": one.until.isoformat(),
                "accounts": one.accounts,
                "quiet": one.quiet,
            }
            for one in report.stops
        ],
        "seconds": round(report.seconds, 3),
    }


def alarm_told(report: RefreshReport) -> str:
    """Which metrics, and no customers, moved the scores of this run; empty where none did."""
    told = []
    if report.ruler:
        told.append(f"The ruler changed, not the customers: {_names(report.ruler)}.")
    if report.stops:
        told.append(f"The feed stopped, not the customers: {_names(report.stops)}.")
    return " ".join(told)


def told_briefly(report: RefreshReport) -> str:
    """The report in one breath: who moved, what is new, and what in the data is in doubt."""
    moved = [f"{count:,} {how}" for count, how in ((report.down, "worse"), (report.up, "better"))]
    news = moved if report.changed else []
    if report.signals:
        news.append(f"{counted(report.signals, 'new signal')}")
    told = f"{counted(report.accounts, 'account')} scored: {', '.join(news) or 'nothing new'}."
    doubts = len(report.warnings)
    if doubts and not (report.ruler or report.stops):
        told += f" {counted(doubts, 'warning')} about the data: see `csw check`."
    return " ".join(filter(None, (told, alarm_told(report))))


def _names(found: Iterable[RulerChange | FeedStop]) -> str:
    return ", ".join(sorted({one.metric for one in found}))
