"""What a warehouse is asked, as one Ibis expression over its table of events.

Nothing in it depends on the session: moments become whole seconds since 1970 before anything is
done with them (engines differ in what a time zone, a truncation or the type of a count is), numbers
come back cast, and rows come back wide (`pivot_longer` is written differently for every engine).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cs_workbench.engines.specs import EventMetric, EventSpec
from cs_workbench.engines.zones import DAY, offsets

MARGIN = 2  # days around a range that any zone's days lie in


@dataclass(frozen=True, slots=True)
class Questions:
    """The expressions over one table.

    Attributes:
        ibis: the module.
        spec: what is counted.
        events: the table.
    """

    ibis: Any
    spec: EventSpec
    events: Any

    def arrivals(self, after: int | None) -> Any:
        """One row: events, how many tell account and moment, newest arrival, first and last day."""
        spec = self.spec
        read = self.events.select(
            time=self._seconds(spec.time),
            arrived=self._seconds(spec.arrived),
            account=self._account(),
        )
        if after is not None:
            read = read.filter(read.arrived > after)
        told = (read.account != "") & read.time.notnull()
        day = (read.time.cast("float64") / DAY).floor().cast("int64")
        return read.aggregate(
            events=read.count().cast("int64"),
            told=told.ifelse(1, 0).sum().cast("int64"),
            newest=read.arrived.max().cast("int64"),
            first=day.min(where=told).cast("int64"),
            last=day.max(where=told).cast("int64"),
        )

    def days(self, first: int, last: int) -> Any:
        """The one expression: repetitions made one first, then everything counted."""
        spec = self.spec
        begin, end = (first - MARGIN) * DAY, (last + MARGIN) * DAY
        columns = {"account": self._account(), "seconds": self._seconds(spec.time)}
        if spec.event_id:
            columns["event_id"] = self.column(spec.event_id).cast("string")
        for at, name in enumerate(spec.grouped):
            columns[f"g{at}"] = self.column(name).cast("string")
        for at, name in enumerate(spec.totals):
            columns[f"t{at}"] = self.column(name).cast("float64")
        read = self._near(begin, end).select(**columns)
        read = read.filter(read.account != "", read.seconds.between(begin, end))
        read = read.mutate(day=self._day(read.account, read.seconds, begin, end))
        read = read.filter(read.day.between(first, last))
        return self._counted(self._once(read))

    def _near(self, begin: int, end: int) -> Any:
        """The events of a range, in a form by which the engine may pass whole partitions over."""
        column, unit = self.column(self.spec.time), self.spec.time_unit
        if unit:
            return self.events.filter(column.between(begin * unit, end * unit))
        if not column.type().is_timestamp():
            return self.events
        low, high = (
            self.ibis.literal(dt.datetime.fromtimestamp(moment, dt.UTC), column.type())
            for moment in (begin - DAY, end + DAY)  # whatever the session's zone makes of them
        )
        return self.events.filter(column.between(low, high))

    def _once(self, read: Any) -> Any:
        """Each event once; of events without an id every row is one."""
        spec, literal = self.spec, self.ibis.literal
        keys = ["account", "day", *(f"g{at}" for at in range(len(spec.grouped)))]
        keys += ["event_id"] if spec.event_id else []
        copies = {"copies": read.count()}
        for at in range(len(spec.totals)):
            copies |= {f"sum{at}": read[f"t{at}"].sum(), f"max{at}": read[f"t{at}"].max()}
        once = read.group_by(keys).aggregate(**copies)
        every = once.event_id.isnull() if spec.event_id else literal(True)  # noqa: FBT003 - Ibis' own way
        return once.mutate(
            n=every.ifelse(once.copies.cast("int64"), literal(1, "int64")),
            **{
                f"t{at}": every.ifelse(once[f"sum{at}"], once[f"max{at}"])
                for at in range(len(spec.totals))
            },
        )

    def _counted(self, once: Any) -> Any:
        metrics = {f"m{at}": self._metric(once, one) for at, one in enumerate(self.spec.metrics)}
        return (
            once.group_by("account", "day").aggregate(**metrics).select("account", "day", *metrics)
        )

    def _metric(self, once: Any, one: EventMetric) -> Any:
        spec = self.spec
        where = None
        for name, texts in (one.where or {}).items():
            holds = once[f"g{spec.grouped.index(name)}"].isin(list(texts))
            where = holds if where is None else where & holds
        if one.distinct:
            return once[f"g{spec.grouped.index(one.distinct)}"].nunique(where=where).cast("int64")
        if one.total:
            return once[f"t{spec.totals.index(one.total)}"].sum(where=where).cast("float64")
        return once.n.sum(where=where).fill_null(0).cast("int64")

    def _account(self) -> Any:
        return self.column(self.spec.account).cast("string")

    def _seconds(self, name: str) -> Any:
        """A moment in whole seconds since 1970, rounded down: Postgres gives parts of them too."""
        column = self.column(name)
        if self.spec.time_unit:
            seconds = column.cast("float64") / self.spec.time_unit
        else:
            seconds = column.cast(
                "timestamp('UTC')" if column.type().is_string() else column.type()
            )
            seconds = seconds.epoch_seconds().cast("float64")
        return seconds.floor().cast("int64")

    def _day(self, account: Any, seconds: Any, begin: int, end: int) -> Any:
        """The day of a moment by the clock of the account's zone, in days since 1970."""
        ahead = self._ahead(self.spec.zone, seconds, begin, end)
        by_zone: dict[str, list[str]] = {}
        for name, zone in self.spec.zones.items():
            by_zone.setdefault(zone, []).append(name)
        for zone, accounts in by_zone.items():
            there = self._ahead(zone, seconds, begin, end)
            ahead = account.isin(accounts).ifelse(there, ahead)
        return ((seconds + ahead).cast("float64") / DAY).floor().cast("int64")

    def _ahead(self, zone: str, seconds: Any, begin: int, end: int) -> Any:
        literal = self.ibis.literal
        changes = offsets(zone, begin, end)
        ahead = literal(changes[0][1], "int64")
        for at, after in changes[1:]:
            ahead = (seconds >= at).ifelse(literal(after, "int64"), ahead)
        return ahead

    def column(self, name: str) -> Any:
        """A column, or a field of a struct as `properties.plan`."""
        if name in self.events.columns:
            return self.events[name]
        first, *more = name.split(".")
        column = self.events[first]
        for part in more:
            column = column[part]
        return column
