"""Detection of a refresh: the calendar of peers once, then the accounts of each range."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from cs_workbench.core.kernels.usage import UsageColumns
from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_detection import (
    UsageTable,
    calendar_of,
    detect,
    silence_finding,
    table_of,
    without_use,
)
from cs_workbench.core.usage_findings import SILENT_DAYS, Thresholds, UsageFinding, UsageState
from cs_workbench.core.usage_silence import activity_of, find_silence
from cs_workbench.store.detection_settings import load_thresholds
from cs_workbench.store.known import Known
from cs_workbench.store.peers import Group, groups_between, peer_samples
from cs_workbench.store.ruler import accepted_day
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_days import days_of, half_year_series, half_year_span
from cs_workbench.store.usage_facts import Metric

LONG_SILENT: Final = 90  # days after which silence is no news
NOBODY: Final[Group] = ("", "")

Calendar = tuple[float, ...]


@dataclass(frozen=True)
class Detector:
    """Looks at the usage of accounts in one metric.

    Attributes:
        calendars: what peers did, by region and segment, by region alone, and of all.
        sampled: days of peers of all groups, in the half year.
        until: the instant from whose knowledge it is.
    """

    metric: Metric
    thresholds: Thresholds
    calendars: Mapping[Group, Calendar]
    sampled: Sequence[Sequence[float | None]]
    until: str

    @cached_property
    def activity(self) -> tuple[float | None, ...]:
        """By day of the half year, the share of accounts that had any use."""
        return activity_of(self.sampled)

    def states(
        self, connection: Connection, keys: Sequence[int], columns: UsageColumns, *, is_quiet: bool
    ) -> dict[int, UsageState]:
        """What is found of a range of accounts, by key.

        Args:
            connection: in a snapshot.
            keys: of the accounts, ascending.
            columns: their usage of the metric, row by row.
            is_quiet: the metric's feed stopped for most accounts; nobody is silent by that.
        """
        table = UsageTable(self.metric.name, self.metric.last_day, columns.totals, columns.days)
        found = self._look(connection, keys, table)
        silent = self.metric.last_day.toordinal() - columns.last_day
        told = (silent >= SILENT_DAYS) & (silent <= LONG_SILENT) & columns.arrives_daily
        states = {}
        for at, key in enumerate(keys):
            if columns.there[at]:
                is_silent = bool(told[at]) and not is_quiet
                days = int(silent[at]) if is_silent else None
                states[key] = replace(found[at], silent_days=days) if is_silent else found[at]
        return states

    def look_at(
        self, connection: Connection, series: Mapping[int, UsageSeries]
    ) -> dict[int, UsageState]:
        """What is found of some accounts, by key; a silent feed is not looked at."""
        if not series:
            return {}
        keys = sorted(series)
        table = table_of([series[key] for key in keys], self.metric.last_day)
        return dict(zip(keys, self._look(connection, keys, table), strict=True))

    def _look(
        self, connection: Connection, keys: Sequence[int], table: UsageTable
    ) -> list[UsageState]:
        groups = groups_between(connection, (keys[0], keys[-1]))
        peers = [self.calendar(groups.get(key, NOBODY)) for key in keys]
        states = detect(table, peers, self.thresholds)
        for row, silence in self._silences(connection, keys, table, states):
            found = states[row]
            states[row] = replace(found, findings=(silence, *found.findings))
        return states

    def _silences(
        self,
        connection: Connection,
        keys: Sequence[int],
        table: UsageTable,
        states: Sequence[UsageState],
    ) -> Iterator[tuple[int, UsageFinding]]:
        """Accounts without any use for two weeks that were counted, if no drop says it."""
        rows = [row for row in without_use(table) if states[row].down is None]
        wanted = [keys[row] for row in rows]
        span = half_year_span(self.metric)
        days = days_of(connection, self.metric, span, wanted, until=self.until) if rows else {}
        for row in rows:
            silence = find_silence(days.get(keys[row], ()), self.activity)
            if silence is not None:
                yield row, silence_finding(silence, self.metric.name, self.metric.last_day)

    def calendar(self, group: Group) -> Calendar | None:
        """Of the nearest group that has enough peers; None without any."""
        region, _ = group
        for wanted in (group, (region, "*"), ("*", "*")):
            if wanted in self.calendars:
                return self.calendars[wanted]
        return None


def prepare_detector(connection: Connection, known: Known, metric: Metric) -> Detector:
    """Read what the peers did in the half year that ends on the metric's last day known."""
    peers: dict[Group, list[UsageSeries]] = defaultdict(list)
    sampled: list[Sequence[float | None]] = []
    for sample in peer_samples(connection):
        days = days_of(connection, metric, half_year_span(metric), sample.keys, until=known.until)
        sampled += days.values()
        series = [half_year_series(metric, one) for one in days.values()]
        region, _ = sample.group
        for group in (sample.group, (region, "*"), ("*", "*")):
            peers[group].extend(series)
    accepted = accepted_day(connection, metric.metric_id, half_year_span(metric)[0])
    calendars = {
        group: _without_change(calendar, metric.last_day, accepted)
        for group, series in peers.items()
        if (calendar := calendar_of(series)) is not None
    }
    thresholds = load_thresholds(connection)
    return Detector(metric, thresholds, calendars, sampled, known.until)


def _without_change(calendar: Calendar, last_day: dt.date, since: dt.date | None) -> Calendar:
    """No calendar from the week on in which all customers changed, as a person has said."""
    if since is None:
        return calendar
    kept = len(calendar) - ((last_day - since).days // 7 + 1)
    return tuple(value if week < kept else 0.0 for week, value in enumerate(calendar))
