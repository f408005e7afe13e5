"""Refresh: score every account as of a day, keep the history, bring the list up to date."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from cs_workbench import __version__
from cs_workbench.core.accounts import BANDS
from cs_workbench.core.renewals import RenewalPolicy
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import UsageError
from cs_workbench.store import health as store
from cs_workbench.store.database import Database, snapshot, utc_now, write
from cs_workbench.store.signals import save_settlement
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.collecting import no_garbage_search
from cs_workbench.workflows.refresh_reports import RefreshReport, stored_report
from cs_workbench.workflows.scoring_plans import ScoringPlan, make_plan, with_watch
from cs_workbench.workflows.tallies import Chunk, Tally
from cs_workbench.workflows.watching import note_rulers

CHUNK = 1000  # accounts; holds the write lock for about 20 ms

Progress = Callable[[int, int], None]


def shipped_scorecard() -> Path:
    """The file of the scorecard that comes with the program."""
    return Path(str(files("cs_workbench"))) / "scorecards" / "default.toml"


def default_scorecard() -> Scorecard:
    """The scorecard that comes with the program."""
    place = shipped_scorecard()
    return read_scorecard(place.read_text(encoding="utf-8"), place.name)


def refresh(
    db: Database,
    *,
    as_of: dt.date,
    actor: str,
    dry_run: bool = False,
    progress: Progress | None = None,
    scorecard: Scorecard | None = None,
    before_writing: Callable[[], None] | None = None,
    renewals: RenewalPolicy | None = None,
) -> RefreshReport:
    """Score every account as of a day.

    Accounts pass in ranges, each read in one snapshot and written in one short transaction, so that
    others can write in between and an interrupted run is completed by the next one. The list is
    brought up to date unless it shows a later day already. Running again changes nothing.

    Args:
        db: the portfolio.
        as_of: the day.
        actor: who asks for it.
        dry_run: write nothing.
        progress: told how many accounts are done, of how many; what it raises ends the run.
        scorecard: the one that comes with the program if none is given.
        before_writing: if given, nothing is written until all accounts are scored (which takes
            about 3 kB of memory an account), and this is called before; it may raise.
        renewals: of a dry run, the days to reckon with in place of those that are kept.
    """
    plan = make_plan(db, as_of, actor, scorecard or default_scorecard(), renewals=renewals)
    with no_garbage_search():
        return _run(db, plan, dry_run=dry_run, progress=progress, before_writing=before_writing)


def backfill(
    db: Database,
    *,
    start: dt.date,
    end: dt.date,
    actor: str,
    every_days: int = 7,
    dry_run: bool = False,
    progress: Progress | None = None,
    scorecard: Scorecard | None = None,
) -> list[RefreshReport]:
    """Score the past, oldest first: the days counted back from `end` in equal steps, and `end`.

    The list and the signals are brought up to date once, with the last day. The facts of a range of
    accounts are read once for all days before it.

    Raises:
        UsageError: it would begin after its end.
    """
    if start > end:
        raise UsageError(
            f"The history cannot begin on {start.isoformat()}, after {end.isoformat()}, the last "
            "day that is scored."
        )
    card = scorecard or default_scorecard()
    steps = max(0, (end - start).days // every_days)
    past = [end - dt.timedelta(days=back * every_days) for back in range(steps, 0, -1)]
    plans = [replace(make_plan(db, day, actor, card), is_newest=False) for day in past]
    with no_garbage_search():
        reports = _run_past(db, plans, dry_run=dry_run, progress=progress) if plans else []
        last = make_plan(db, end, actor, card)
        return [*reports, _run(db, last, dry_run=dry_run, progress=None if plans else progress)]


def _run_past(
    db: Database, plans: Sequence[ScoringPlan], *, dry_run: bool, progress: Progress | None
) -> list[RefreshReport]:
    from cs_workbench.workflows.chunk_scoring import score_past

    tallies = [Tally() for _ in plans]
    keys = plans[-1].keys
    for first in range(0, len(keys), CHUNK):
        last = min(first + CHUNK, len(keys)) - 1
        with snapshot(db) as connection:
            chunks = score_past(connection, plans, (keys[first], keys[last]), tallies)
        for plan, chunk, tally in zip(plans, chunks, tallies, strict=True):
            if not dry_run and not chunk.is_empty():
                with write(db) as connection:
                    _save(connection, plan, chunk, tally)
        if progress is not None:
            progress(last + 1, len(keys))
    return [_finish(db, plan, tally) for plan, tally in zip(plans, tallies, strict=True)]


def _run(
    db: Database,
    plan: ScoringPlan,
    *,
    dry_run: bool,
    progress: Progress | None,
    before_writing: Callable[[], None] | None = None,
) -> RefreshReport:
    if progress is not None:
        progress(0, len(plan.keys))
    if plan.is_newest:
        plan = with_watch(db, plan)
    tally = Tally()
    chunks: Iterable[Chunk] = _scored(db, plan, tally, progress)
    if before_writing is not None:
        chunks = list(chunks)
        before_writing()
    if plan.watch is not None and not dry_run:
        note_rulers(db, plan.watch)
    for chunk in chunks:
        if not dry_run and not chunk.is_empty():
            with write(db) as connection:
                _save(connection, plan, chunk, tally)
    return _finish(db, plan, tally)


def _scored(
    db: Database, plan: ScoringPlan, tally: Tally, progress: Progress | None
) -> Iterator[Chunk]:
    from cs_workbench.workflows.chunk_scoring import ChunkScorer

    scorer = ChunkScorer(plan, tally)
    for first in range(0, len(plan.keys), CHUNK):
        last = min(first + CHUNK, len(plan.keys)) - 1
        with snapshot(db) as connection:
            chunk = scorer.score(connection, (plan.keys[first], plan.keys[last]))
        yield chunk
        if progress is not None:
            progress(last + 1, len(plan.keys))


def _finish(db: Database, plan: ScoringPlan, tally: Tally) -> RefreshReport:
    report = _report(plan, tally, time.perf_counter() - plan.begun)
    if tally.run_id is not None:
        with write(db) as connection:
            store.close_run(connection, tally.run_id, stored_report(report))
    return report


def _save(connection: Connection, plan: ScoringPlan, chunk: Chunk, tally: Tally) -> None:
    if tally.run_id is None and chunk.scores:
        tally.run_id = store.open_run(
            connection,
            plan.scorecard,
            {
                "as_of": plan.portfolio.as_of.isoformat(),
                "started_at": utc_now(),
                "actor": plan.actor,
                "version": __version__,
            },
        )
    tally.changed += len(chunk.scores)
    store.save_scores(
        connection, [(key, day, tally.run_id, *rest) for key, day, *rest in chunk.scores]
    )
    store.save_summaries(connection, chunk.summaries)
    store.delete_scores(connection, plan.portfolio.as_of, chunk.gone_scores)
    store.delete_summaries(connection, chunk.gone_summaries)
    save_settlement(connection, chunk.signals, plan.portfolio.as_of)


def _report(plan: ScoringPlan, tally: Tally, seconds: float) -> RefreshReport:
    return RefreshReport(
        as_of=plan.portfolio.as_of,
        accounts=tally.bands.total(),
        bands={band: tally.bands[band] for band in BANDS},
        up=tally.moves["up"],
        down=tally.moves["down"],
        unknown=tally.bands["unknown"],
        signals=tally.opened,
        former=tally.former,
        seconds=seconds,
        metric=plan.portfolio.main_metric,
        seat_metric=plan.portfolio.seat_metric,
        changed=tally.changed,
        warnings=plan.warnings,
        waiting=tally.waiting,
        ruler=() if plan.watch is None else plan.watch.noticed,
        stops=() if plan.watch is None else plan.watch.stops,
    )
