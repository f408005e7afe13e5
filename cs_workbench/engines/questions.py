"""What a warehouse is asked, as one Ibis expression over its table of events.

Nothing in it depends on the session: moments become whole seconds since 1970 before anything is
done with them (engines differ in what a time zone or a truncation is), and rows come back wide
(`pivot_longer` is written differently for every engine). Columns have names of their own, since
ClickHouse takes a name for that of a result before it takes it for that of a column. What a number
comes back as is the engine's own: Ibis leaves out a cast to what it believes a sum to be already.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cs_workbench.engines.events import (
    EARLIEST,
    LATEST,
    Bounds,
    bounds_of_arrivals,
    bounds_of_days,
)
from cs_workbench.engines.specs import EventMetric, EventSpec
from cs_workbench.engines.zones import DAY, offsets, reach
from cs_workbench.errors import InputError

# Of these, what is taken out of JSON is no JSON any more.
PLAIN_JSON = frozenset({"clickhouse", "pyspark", "sqlite"})


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

    def arrivals(self, after: int | None, until: int) -> Any:
        """One row: events, how many tell account and moment, newest arrival, first and last."""
        spec = self.spec
        read = self._near(bounds_of_arrivals(spec, after)).select(
            csw_time=self._seconds(spec.time),
            csw_arrived=self._seconds(spec.arrived),
            csw_account=self._text(spec.account),
        )
        read = read.filter(read.csw_arrived.isnull() | (read.csw_arrived <= until))
        if after is not None:
            read = read.filter(read.csw_arrived > after)
        told = (read.csw_account != "") & read.csw_time.between(EARLIEST, LATEST)
        return read.aggregate(
            events=read.count(),
            told=told.ifelse(1, 0).sum(),
            newest=read.csw_arrived.max(),
            first=read.csw_time.min(where=told),
            last=read.csw_time.max(where=told),
        )

    def days(self, first: int, last: int) -> Any:
        """The one expression: repetitions made one first, then everything counted."""
        spec = self.spec
        begin, end = reach(first, last)
        columns = {"csw_account": self._text(spec.account), "csw_time": self._seconds(spec.time)}
        if spec.event_id:
            columns["csw_id"] = self._text(spec.event_id)
        for at, name in enumerate(spec.grouped):
            columns[f"csw_text{at}"] = self._text(name)
        for at, name in enumerate(spec.totals):
            columns[f"csw_number{at}"] = self._number(name)
        read = self._near(bounds_of_days(spec, first, last)).select(**columns)
        read = read.filter(read.csw_account != "", read.csw_time.between(begin, end))
        read = read.mutate(csw_day=self._day(read.csw_account, read.csw_time, begin, end))
        read = read.filter(read.csw_day.between(first, last))
        return self._counted(self._once(read))

    def _near(self, bounds: Bounds) -> Any:
        """The events of some ranges, in a form by which the engine may pass whole parts over."""
        near = self.events
        for name, (begin, end) in bounds.items():
            column = self.column(name)
            low = self._written(column, begin, slack=-DAY)
            if low is None and name == self.spec.partition:
                low = self._written_as_text(column, begin)
            if low is not None:
                near = near.filter(column >= low)
            high = None if end is None else self._written(column, end, slack=DAY)
            if high is not None:
                near = near.filter(column <= high)
        return near

    def _written_as_text(self, column: Any, seconds: int) -> str:
        """A day before what any text of a moment says whose year stands first."""
        if not column.type().is_string():
            raise InputError(
                f"{self.spec.name}: partition {self.spec.partition}: moments or days are needed."
            )
        return dt.datetime.fromtimestamp(seconds - DAY, dt.UTC).date().isoformat()

    def _written(self, column: Any, seconds: int, *, slack: int) -> Any:
        """A moment as numbers, days or moments of a column's own type; of texts None.

        Slack is for what the session's zone makes of it; a moment with a zone means nothing to a
        column without one.
        """
        kind, literal = column.type(), self.ibis.literal
        moment = dt.datetime.fromtimestamp(seconds + slack, dt.UTC)
        if kind.is_timestamp():
            return literal(moment if kind.timezone else moment.replace(tzinfo=None), kind)
        if kind.is_date():
            return literal(moment.date())
        return seconds * self.spec.time_unit or None

    def _once(self, read: Any) -> Any:
        """Each event once; of events without an id every row is one."""
        spec, literal = self.spec, self.ibis.literal
        keys = ["csw_account", "csw_day", *(f"csw_text{at}" for at in range(len(spec.grouped)))]
        keys += ["csw_id"] if spec.event_id else []
        numbers = [f"csw_number{at}" for at in range(len(spec.totals))]
        copies = {"csw_copies": read.count()}
        for name in numbers:
            copies |= {f"{name}_sum": read[name].sum(), f"{name}_max": read[name].max()}
        once = read.group_by(keys).aggregate(**copies)
        every = once.csw_id.isnull() if spec.event_id else literal(True)  # noqa: FBT003 - Ibis' own way
        return once.mutate(
            csw_n=every.ifelse(once.csw_copies.cast("int64"), literal(1, "int64")),
            **{name: every.ifelse(once[f"{name}_sum"], once[f"{name}_max"]) for name in numbers},
        )

    def _counted(self, once: Any) -> Any:
        metrics = {
            f"csw_m{at}": self._metric(once, one) for at, one in enumerate(self.spec.metrics)
        }
        keys = ("csw_account", "csw_day")
        return once.group_by(keys).aggregate(**metrics).select(*keys, *metrics)

    def _metric(self, once: Any, one: EventMetric) -> Any:
        spec = self.spec
        where = None
        for name, texts in (one.where or {}).items():
            holds = once[f"csw_text{spec.grouped.index(name)}"].isin(list(texts))
            where = holds if where is None else where & holds
        if one.distinct:
            return self._different(once[f"csw_text{spec.grouped.index(one.distinct)}"], where)
        if one.total:
            return once[f"csw_number{spec.totals.index(one.total)}"].sum(where=where)
        return once.csw_n.sum(where=where).fill_null(0)

    def _different(self, texts: Any, where: Any) -> Any:
        """How many different ones; what Ibis asks ClickHouse by itself estimates large numbers."""
        if self.spec.engine == "clickhouse":
            return texts.collect(where=where, distinct=True).length()
        return texts.nunique(where=where)

    def _text(self, name: str) -> Any:
        """What stands in a column as text; a text inside of JSON without its quotes."""
        column = self.column(name)
        if column.type().is_json() and self.spec.engine not in PLAIN_JSON:
            return self.ibis.coalesce(column.str, column.int.cast("string"))
        return column.cast("string")

    def _number(self, name: str) -> Any:
        column = self.column(name)
        if column.type().is_json() and self.spec.engine not in PLAIN_JSON:
            return column.float
        return column.cast("float64")

    def _seconds(self, name: str) -> Any:
        """A moment in whole seconds since 1970, rounded down: Postgres gives parts of them too."""
        column = self.column(name)
        kind = column.type()
        if self.spec.time_unit:
            seconds = column.cast("float64") / self.spec.time_unit
        elif kind.is_date():
            seconds = (column.epoch_days() * DAY).cast("float64")
        else:
            # BigQuery reckons seconds of moments with a zone alone; others it takes for UTC.
            told = kind.is_timestamp() and (kind.timezone or self.spec.engine != "bigquery")
            moment = column if told else column.cast("timestamp('UTC')")
            seconds = moment.epoch_seconds().cast("float64")
        return seconds.floor().cast("int64")

    def _day(self, account: Any, seconds: Any, begin: int, end: int) -> Any:
        """The day of a moment by the clock of the account's zone, in days since 1970."""
        spec = self.clocked()
        ahead = self._ahead(spec.zone, seconds, begin, end)
        for zone, accounts in spec.accounts_by_zone.items():
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

    def clocked(self) -> EventSpec:
        """What is counted, by the clocks that days have here."""
        is_date = self.column(self.spec.time).type().is_date()
        return self.spec.of_dates() if is_date else self.spec

    def column(self, name: str) -> Any:
        """A column, or a field of a struct as `properties.plan`."""
        if name in self.events.columns:
            return self.events[name]
        first, *more = name.split(".")
        column = self.events[first]
        for part in more:
            column = column[part]
        return column
