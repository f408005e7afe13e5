"""Detection of a refresh: the calendar of peers once, then the accounts of each range."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cs_workbench.core.kernels.usage import UsageColumns
from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_detection import UsageTable, calendar_of, detect, table_of
from cs_workbench.core.usage_findings import SILENT_DAYS, Thresholds, UsageState
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


@dataclass(frozen=True, slots=True)
class Detector:
    """Looks at the usage of accounts in one metric.

    Attributes:
        calendars: what peers did, by region and segment, by region alone, and of all.
    """

    metric: Metric
    thresholds: Thresholds
    calendars: Mapping[Group, Calendar]

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
        """What is found of some accounts, by key; silence is not looked at."""
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
        return detect(table, peers, self.thresholds)

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
    for sample in peer_samples(connection):
        days = days_of(connection, metric, half_year_span(metric), sample.keys, until=known.until)
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
    return Detector(metric, load_thresholds(connection), calendars)


def _without_change(calendar: Calendar, last_day: dt.date, since: dt.date | None) -> Calendar:
    """No calendar from the week on in which all customers changed, as a person has said."""
    if since is None:
        return calendar
    kept = len(calendar) - ((last_day - since).days // 7 + 1)
    return tuple(value if week < kept else 0.0 for week, value in enumerate(calendar))
