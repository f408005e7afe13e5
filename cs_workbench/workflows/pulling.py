"""Bring the numbers of events, counted where the events are, into the portfolio."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from cs_workbench.core.usage_metrics import combined
from cs_workbench.core.weeks import MONDAY_AT, WeekRow, week_and_weekday
from cs_workbench.engines.events import DayRow, EventEngine
from cs_workbench.engines.opening import open_engine
from cs_workbench.engines.specs import EventSpec, read_spec
from cs_workbench.engines.zones import date_of, day_number
from cs_workbench.store.database import Database, utc_now
from cs_workbench.store.import_usage import add_metric
from cs_workbench.store.imports import (
    Counts,
    ImportRun,
    Pen,
    begin_run,
    end_run,
    give_up_runs,
    is_first_load,
    is_under_way,
)
from cs_workbench.store.usage_pulls import PullState, note_pull, read_pull
from cs_workbench.workflows.import_usage import Owners, UsageMerging
from cs_workbench.workflows.pull_planning import PullPlan, left_by, plan_pull

KIND = "usage"
EXAMPLES = 5
Progress = Callable[[int, int], None]
Chunk = tuple[int, int]  # its first and last day, since 1970


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
        question: of a dry run, what the engine would be asked for the first of the days.
    """

    plan: PullPlan
    counts: Counts = field(default_factory=Counts)
    account_days: int = 0
    zeros: int = 0
    unknown: int = 0
    examples: tuple[str, ...] = ()
    question: str = ""


def pull_usage(
    db: Database,
    path: Path,
    *,
    actor: str,
    now: dt.datetime,
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
        now: what says that it arrives later is not looked at, and no day that is not over.
        since: count every day from there on again, whatever arrived, the last as it is.
        dry_run: only say what would be counted.
        progress: told how many of how many days are in.

    Raises:
        InputError, MissingExtraError: the file is wrong, or its engine cannot be asked.
    """
    spec = read_spec(path)
    with closing(open_engine(spec)) as engine:
        state = read_pull(db.connection, spec.name)
        digest = _digest(path, state, since)
        if not is_under_way(db.connection, spec.name, KIND, digest):
            state = _given_up(state)
        plan = plan_pull(engine, spec, state, since, now)
        if plan.first is None or plan.last is None:
            return PullReport(plan)
        chunks = _chunks(plan.first, plan.last, spec.chunk_days)
        if dry_run:
            return PullReport(plan, question=engine.question(*chunks[0]))
        return _Pull(db, spec, plan, state, digest).run(engine, chunks, actor, progress)


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

    def run(
        self, engine: EventEngine, chunks: Sequence[Chunk], actor: str, progress: Progress | None
    ) -> PullReport:
        """Chunk by chunk: ask, merge, note how far it is."""
        run = self._begin(actor)
        with self._pen.chunk() as connection:
            metrics = [
                add_metric(connection, one.metric, self._spec.name) for one in self._spec.metrics
            ]
        merging = UsageMerging(self._db, self._pen, run, self.report.counts)
        (first, _), (_, last) = chunks[0], chunks[-1]
        wanted = self._wanted()
        for begin, end in chunks:
            days: set[int] = set()
            weeks = iter(self._weeks(engine.days(begin, end), metrics, days))
            while batch := list(islice(weeks, self._pen.size)):
                merging.put(batch)
            merging.settle()
            if self._spec.quiet_days_are_zero:
                self.report.zeros += merging.fill(days, metrics)
            through = date_of(end).isoformat()
            with self._pen.chunk() as connection:
                done = replace(self._state, through_day=through, wanted_until=wanted)
                note_pull(connection, self._spec.name, done)
            if progress is not None:
                progress(end - first + 1, last - first + 1)
        return self._end(run, wanted)

    def _wanted(self) -> str | None:
        """The watermark at the end; after a break, what arrived meanwhile is left to the next."""
        return self._state.wanted_until if self._plan.resumed else _instant(self._plan.until)

    def _begin(self, actor: str) -> ImportRun:
        assumed = is_first_load(self._db, self._spec.name, KIND)
        wanted = ImportRun(0, self._spec.name, KIND, actor, utc_now(), assumed)
        give_up_runs(self._pen, self._spec.name, KIND, self._digest)
        place = self._spec.table or ", ".join(Path(file).name for file in self._spec.files)
        return begin_run(self._pen, wanted, file_name=place, file_hash=self._digest)

    def _weeks(
        self, rows: Iterable[DayRow], metrics: Sequence[int], days: set[int]
    ) -> list[WeekRow]:
        """The numbers of a chunk's days as rows of weeks, in order; unknown accounts are noted.

        Events may name an account by its id and its domain, or by that of one merged into it: such
        days are put together as a merge does it. `days` come to hold those on which anybody had an
        event, as ordinals.
        """
        rollups = [one.metric.rollup for one in self._spec.metrics]
        weeks: dict[tuple[int, int, int], WeekRow] = {}
        for account, day, values in rows:
            self.report.account_days += 1
            days.add(date_of(day).toordinal())
            owner = self._owners(account)
            if owner is None:
                self._unknown[account] = None
                continue
            week, at = week_and_weekday(date_of(day))
            for metric, rollup, value in zip(metrics, rollups, values, strict=True):
                if value is None:
                    continue
                key = owner.account_key, metric, week
                row = weeks.setdefault(key, [*key, *(None for _ in range(7))])
                row[MONDAY_AT + at] = combined(row[MONDAY_AT + at], value, rollup)
        return [weeks[key] for key in sorted(weeks)]

    def _end(self, run: ImportRun, wanted: str | None) -> PullReport:
        report = self.report
        report.unknown = len(self._unknown)
        report.examples = tuple(islice(self._unknown, EXAMPLES))
        report.counts.rows = report.counts.new + report.counts.changed + report.counts.same
        late = self._plan.late_from
        ended = PullState(
            arrived_until=_newer(self._state.arrived_until, wanted),
            seen_until=_newer(
                self._state.seen_until, wanted if self._plan.resumed else _instant(self._plan.seen)
            ),
            late_from=late.isoformat() if late else None,
        )
        with self._pen.chunk() as connection:
            end_run(connection, run, report.counts)
            note_pull(connection, self._spec.name, ended)
        return report


def _chunks(first: dt.date, last: dt.date, days: int) -> list[Chunk]:
    """What is asked for and kept at once, one after the other."""
    begin, end = day_number(first), day_number(last)
    return [(at, min(at + days - 1, end)) for at in range(begin, end + 1, days)]


def _given_up(state: PullState) -> PullState:
    """The state without a pull that nobody goes on with: what it had left waits for `--since`.

    That is another command, or the same of a file that says something else by now.
    """
    left = left_by(state)
    if left is None:
        return state
    late = min(filter(None, (state.late_from, left.isoformat())))
    return replace(state, through_day=None, wanted_until=None, late_from=late)


def _digest(path: Path, state: PullState, since: dt.date | None) -> str:
    """The same for a pull that was broken off and the one that goes on with it."""
    told = f"{state.arrived_until}:{since}:".encode()
    return hashlib.sha256(told + path.read_bytes()).hexdigest()


def _newer(*instants: str | None) -> str | None:
    return max(filter(None, instants), default=None)


def _instant(moment: int | None) -> str | None:
    if moment is None:
        return None
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
