"""Bring the numbers of events, counted where the events are, into the portfolio."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.engines.events import Arrivals, DayRow, EventEngine
from cs_workbench.engines.opening import open_engine
from cs_workbench.engines.specs import EPOCH, EventSpec, day_number, read_spec
from cs_workbench.store.database import Database, utc_now
from cs_workbench.store.import_usage import MONDAY_AT, WeekRow, add_metric
from cs_workbench.store.imports import (
    Counts,
    ImportRun,
    Pen,
    begin_run,
    end_run,
    is_first_load,
)
from cs_workbench.store.usage_pulls import PullState, note_pull, read_pull
from cs_workbench.workflows.import_usage import Owners, UsageMerging

KIND = "usage"
EXAMPLES = 5
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PullPlan:
    """What a pull is going to count.

    Attributes:
        arrivals: since the watermark.
        first, last: the days to be counted; None when nothing is new.
        until: what arrived by then (seconds since 1970) will be counted whole.
        is_early: the days that events are new of are not over yet, and come with the next pull.
        too_late: whether events arrived for days before `first`: `--since` counts them.
        resumed: it goes on with a pull that was broken off.
        question: what the engine is asked for the first of these days.
    """

    arrivals: Arrivals
    first: dt.date | None
    last: dt.date | None
    until: int | None = None
    is_early: bool = False
    too_late: bool = False
    resumed: bool = False
    question: str = ""


@dataclass(slots=True)
class PullReport:
    """What became of a pull.

    Attributes:
        plan: what was to be counted.
        counts: of the days that came, each metric by itself.
        account_days: rows that the engine gave.
        zeros: values of accounts without an event on a day on which others had some.
        unknown: how many accounts of the events the portfolio does not have, with
        examples: of them.
    """

    plan: PullPlan
    counts: Counts = field(default_factory=Counts)
    account_days: int = 0
    zeros: int = 0
    unknown: int = 0
    examples: tuple[str, ...] = ()


def pull_usage(
    db: Database,
    path: Path,
    *,
    actor: str,
    today: dt.date,
    since: dt.date | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> PullReport:
    """Count what arrived since the last pull, and bring it in chunk by chunk.

    What is broken off goes on from the last whole chunk at the next pull.

    Args:
        db: the portfolio.
        path: of the file that says what to count.
        actor: who asks.
        today: only days that are over are counted.
        since: count every day from there on again, whatever arrived.
        dry_run: only say what would be counted.
        progress: told how many of how many days are in.

    Raises:
        InputError, MissingExtraError: the file is wrong, or its engine cannot be asked.
    """
    spec = read_spec(path)
    engine = open_engine(spec)
    try:
        state = read_pull(db.connection, spec.name)
        plan = _plan(engine, spec, state, since, today)
        if dry_run or plan.first is None:
            return PullReport(plan)
        return _Pull(db, spec, plan, state, _digest(path, state, since)).run(
            engine, actor, progress
        )
    finally:
        engine.close()


def _plan(
    engine: EventEngine, spec: EventSpec, state: PullState, since: dt.date | None, today: dt.date
) -> PullPlan:
    """The days: from the lag before the watermark on, as soon as any event is new.

    What was written late into a day of the lag is so found without looking for it.
    """
    arrivals = engine.arrivals(None if since else _moment(state.arrived_until))
    if arrivals.first_day is None or arrivals.last_day is None:
        return PullPlan(arrivals, None, None)
    # The day of a zone may lie beside that of UTC.
    first, last = _day(arrivals.first_day - 1), _day(arrivals.last_day + 1)
    until, whole = arrivals.newest, _whole_until(spec, arrivals.newest, today)
    if whole < last:
        last, until = whole, min(until or 0, _begin_after(spec, whole))
    too_late = False
    if since is not None:
        first = since
    elif state.arrived_until is not None:
        watermark = dt.date.fromisoformat(state.arrived_until[:10])
        lag = watermark - dt.timedelta(days=spec.lag_days)
        first, too_late = lag, _day(arrivals.first_day) < lag
    resumed = since is None and state.through_day is not None
    if resumed and state.through_day is not None:
        first = max(first, dt.date.fromisoformat(state.through_day) + dt.timedelta(days=1))
    if first > last:
        return PullPlan(arrivals, None, None, is_early=True, too_late=too_late)
    asked = engine.question(
        day_number(first), min(day_number(first) + spec.chunk_days - 1, day_number(last))
    )
    return PullPlan(
        arrivals, first, last, until, too_late=too_late, resumed=resumed, question=asked
    )


def _whole_until(spec: EventSpec, newest: int | None, today: dt.date) -> dt.date:
    """The last day that is over everywhere: by the newest arrival, or since two days by date.

    Part of a day would look like a fall, and be corrected by every next pull.
    """
    moment = dt.datetime.fromtimestamp(newest or 0, dt.UTC)
    begun = min(moment.astimezone(zone).date() for zone in _zones(spec))
    return max(begun - dt.timedelta(days=1), today - dt.timedelta(days=2))


def _begin_after(spec: EventSpec, day: dt.date) -> int:
    """When the day after begins in the first of the zones; its events arrived since then."""
    following = day + dt.timedelta(days=1)
    begins = (dt.datetime.combine(following, dt.time(), zone) for zone in _zones(spec))
    return int(min(one.timestamp() for one in begins))


def _zones(spec: EventSpec) -> set[ZoneInfo]:
    return {ZoneInfo(zone) for zone in (spec.zone, *spec.zones.values())}


class _Pull:
    """One pull under way."""

    def __init__(
        self, db: Database, spec: EventSpec, plan: PullPlan, state: PullState, digest: str
    ) -> None:
        self._db, self._spec, self._plan, self._state = db, spec, plan, state
        self._digest = digest
        self._pen = Pen(db)
        self._owners = Owners(db, None, by_name=True)
        self._unknown: dict[str, None] = {}
        self.report = PullReport(plan)

    def run(self, engine: EventEngine, actor: str, progress: Progress | None) -> PullReport:
        """Chunk by chunk: ask, merge, note how far it is."""
        if self._plan.first is None or self._plan.last is None:
            return self.report
        run = self._begin(actor)
        with self._pen.chunk() as connection:
            metrics = [
                add_metric(connection, one.metric, self._spec.name) for one in self._spec.metrics
            ]
        merging = UsageMerging(self._db, self._pen, run, self.report.counts)
        first, last = day_number(self._plan.first), day_number(self._plan.last)
        wanted = _instant(self._plan.until)
        if self._plan.resumed:  # what arrived since then may be of days that are in already
            wanted = self._state.wanted_until
        for begin in range(first, last + 1, self._spec.chunk_days):
            end = min(begin + self._spec.chunk_days - 1, last)
            days: set[int] = set()
            weeks = iter(self._weeks(engine.days(begin, end), metrics, days))
            while batch := list(islice(weeks, self._pen.size)):
                merging.put(batch)
            merging.settle()
            if self._spec.quiet_days_are_zero:
                self.report.zeros += merging.fill(days, metrics)
            done = PullState(self._state.arrived_until, _day(end).isoformat(), wanted)
            with self._pen.chunk() as connection:
                note_pull(connection, self._spec.name, done)
            if progress is not None:
                progress(end - first + 1, last - first + 1)
        return self._end(run, wanted)

    def _begin(self, actor: str) -> ImportRun:
        assumed = is_first_load(self._db, self._spec.name, KIND)
        wanted = ImportRun(0, self._spec.name, KIND, actor, utc_now(), assumed)
        place = self._spec.table or ", ".join(Path(file).name for file in self._spec.files)
        return begin_run(self._pen, wanted, file_name=place, file_hash=self._digest)

    def _weeks(
        self, rows: Iterable[DayRow], metrics: Sequence[int], days: set[int]
    ) -> list[WeekRow]:
        """The numbers of a chunk's days as rows of weeks, in order; unknown accounts are noted.

        `days` come to hold those on which anybody had an event, as ordinals.
        """
        weeks: dict[tuple[int, int, int], WeekRow] = {}
        for account, day, values in rows:
            self.report.account_days += 1
            days.add(_day(day).toordinal())
            owner = self._owners(account)
            if owner is None:
                self._unknown[account] = None
                continue
            week, at = week_and_weekday(_day(day))
            for metric, value in zip(metrics, values, strict=True):
                if value is None:
                    continue
                key = owner.account_key, metric, week
                row = weeks.setdefault(key, [*key, *(None for _ in range(7))])
                row[MONDAY_AT + at] = value
        return [weeks[key] for key in sorted(weeks)]

    def _end(self, run: ImportRun, wanted: str | None) -> PullReport:
        report = self.report
        report.unknown = len(self._unknown)
        report.examples = tuple(islice(self._unknown, EXAMPLES))
        report.counts.rows = report.counts.new + report.counts.changed + report.counts.same
        end_run(self._pen, run, report.counts)
        newest = max(filter(None, (self._state.arrived_until, wanted)), default=None)
        with self._pen.chunk() as connection:
            note_pull(connection, self._spec.name, PullState(newest))
        return report


def _digest(path: Path, state: PullState, since: dt.date | None) -> str:
    """The same for a pull that was broken off and the one that goes on with it."""
    told = f"{state.arrived_until}:{since}:".encode()
    return hashlib.sha256(told + path.read_bytes()).hexdigest()


def _day(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


def _moment(text: str | None) -> int | None:
    return None if text is None else int(dt.datetime.fromisoformat(text).timestamp())


def _instant(moment: int | None) -> str | None:
    if moment is None:
        return None
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
