"""Refresh: score every account as of a day, keep the history, bring the list up to date."""

import datetime as dt
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from cs_workbench import __version__
from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.causes import tell_causes
from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.health import (
    HealthScore,
    decode_contributions,
    measure_account,
    score_health,
    stored_form,
)
from cs_workbench.core.measures import Outcome
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import InputError
from cs_workbench.store import health as store
from cs_workbench.store.database import Database, snapshot, utc_now, write
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.facts_history import facts_on_days
from cs_workbench.store.known import Known, read_known
from cs_workbench.store.metric_contracts import contract_findings, scorecard_findings
from cs_workbench.store.signals import save_settlement
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import Usage
from cs_workbench.workflows.collecting import no_garbage_search
from cs_workbench.workflows.refresh_reports import RefreshReport, stored_report
from cs_workbench.workflows.summarising import NOTHING, summary_row
from cs_workbench.workflows.tallies import Chunk, Tally
from cs_workbench.workflows.watching import Watch, note_rulers, settle_accounts, watch_rulers

CHUNK = 500  # accounts; holds the write lock for about 20 ms
TREND_DAYS = 28
TREND_SLACK = dt.timedelta(days=7)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Plan:
    """What stays the same over a run."""

    scorecard: Scorecard
    known: Known
    portfolio: Portfolio
    usage: Usage
    keys: "array[int]"
    previous: dt.date | None
    trend_from: dt.date | None
    is_newest: bool
    actor: str
    begun: float
    cards: dict[str, Scorecard | None]
    watch: Watch | None = None
    warnings: tuple[str, ...] = ()


def default_scorecard() -> Scorecard:
    """The scorecard that comes with the program."""
    place = files("cs_workbench") / "scorecards" / "default.toml"
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
    """
    plan = _plan(db, as_of, actor, scorecard or default_scorecard())
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
    """
    card = scorecard or default_scorecard()
    steps = max(0, (end - start).days // every_days)
    past = [end - dt.timedelta(days=back * every_days) for back in range(steps, 0, -1)]
    plans = [replace(_plan(db, day, actor, card), is_newest=False) for day in past]
    with no_garbage_search():
        reports = _run_past(db, plans, dry_run=dry_run, progress=progress) if plans else []
        last = _plan(db, end, actor, card)
        return [*reports, _run(db, last, dry_run=dry_run, progress=None if plans else progress)]


def _run_past(
    db: Database, plans: Sequence[_Plan], *, dry_run: bool, progress: Progress | None
) -> list[RefreshReport]:
    tallies = [Tally() for _ in plans]
    keys = plans[-1].keys
    for first in range(0, len(keys), CHUNK):
        last = min(first + CHUNK, len(keys)) - 1
        with snapshot(db) as connection:
            chunks = _score_past(connection, plans, (keys[first], keys[last]), tallies)
        for plan, chunk, tally in zip(plans, chunks, tallies, strict=True):
            if not dry_run and not chunk.is_empty():
                with write(db) as connection:
                    _save(connection, plan, chunk, tally)
        if progress is not None:
            progress(last + 1, len(keys))
    return [_finish(db, plan, tally) for plan, tally in zip(plans, tallies, strict=True)]


def _run(
    db: Database,
    plan: _Plan,
    *,
    dry_run: bool,
    progress: Progress | None,
    before_writing: Callable[[], None] | None = None,
) -> RefreshReport:
    if progress is not None:
        progress(0, len(plan.keys))
    if plan.is_newest:
        plan = _with_watch(db, plan)
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


def _scored(db: Database, plan: _Plan, tally: Tally, progress: Progress | None) -> Iterator[Chunk]:
    for first in range(0, len(plan.keys), CHUNK):
        last = min(first + CHUNK, len(plan.keys)) - 1
        with snapshot(db) as connection:
            chunk = _score_chunk(connection, plan, (plan.keys[first], plan.keys[last]), tally)
        yield chunk
        if progress is not None:
            progress(last + 1, len(plan.keys))


def _finish(db: Database, plan: _Plan, tally: Tally) -> RefreshReport:
    report = _report(plan, tally, time.perf_counter() - plan.begun)
    if tally.run_id is not None:
        with write(db) as connection:
            store.close_run(connection, tally.run_id, stored_report(report))
    return report


def _plan(db: Database, as_of: dt.date, actor: str, scorecard: Scorecard) -> _Plan:
    begun = time.perf_counter()
    with snapshot(db) as connection:
        known = read_known(connection, as_of)
        portfolio, usage = read_portfolio(connection, known, scorecard)
        target = as_of - dt.timedelta(days=TREND_DAYS)
        near = store.scored_days(connection, target - TREND_SLACK, target + TREND_SLACK)
        before = store.scored_days(connection, dt.date.min, as_of - dt.timedelta(days=1))
        shown = store.summary_day(connection)
        return _Plan(
            scorecard=scorecard,
            known=known,
            portfolio=portfolio,
            usage=usage,
            keys=account_keys(connection),
            previous=before[-1] if before else None,
            trend_from=min(near, key=lambda day: (abs((day - target).days), -day.toordinal()))
            if near
            else None,
            is_newest=shown is None or shown <= as_of,
            actor=actor,
            begun=begun,
            cards={one.digest: one for one in (scorecard, *scorecard.variants.values())},
        )


def _with_watch(db: Database, plan: _Plan) -> _Plan:
    """Signals are about today: a day of the past, scored later, leaves them alone."""
    days = (plan.previous, plan.trend_from)
    watch = watch_rulers(db, plan.scorecard, plan.portfolio, days)
    with snapshot(db) as connection:
        broken = [
            *contract_findings(connection, plan.portfolio.as_of),
            *scorecard_findings(connection, plan.scorecard),
        ]
    told = (*watch.warnings, *(one.told() for one in broken))
    return replace(plan, watch=watch, warnings=told)


def _score_chunk(connection: Connection, plan: _Plan, keys: tuple[int, int], tally: Tally) -> Chunk:
    facts = facts_between(connection, plan.known, plan.portfolio, plan.usage, keys)
    stored = store.scores_between(connection, plan.portfolio.as_of, keys)
    past = _past_scores(connection, plan, keys)
    shown = store.summaries_between(connection, keys) if plan.is_newest else {}
    chunk = Chunk()
    scored: list[tuple[AccountFacts, HealthScore]] = []
    for one in facts:
        if one.is_former:
            tally.former += 1
            row = summary_row(one, NOTHING, trend_e4=None, causes=())
        else:
            card = plan.scorecard.of_account(one)
            score = score_health(card, measure_account(card, one))
            before = past[0].get(one.account_key)
            tally.count(score.band, None if before is None else before.band)
            _keep_score(plan, chunk, (one, card), score, stored.pop(one.account_key, None))
            if not plan.is_newest:
                continue
            scored.append((one, score))
            row = _summary(connection, plan, one, score, past[1].get(one.account_key))
        if plan.is_newest and shown.pop(one.account_key, None) != row:
            chunk.summaries.append(row)
    chunk.gone_scores.extend(stored)
    chunk.gone_summaries.extend(shown)
    if plan.watch is not None:
        chunk.signals = settle_accounts(connection, plan.watch, scored, past, keys)
        tally.opened += len(chunk.signals.opened)
        tally.waiting += chunk.signals.waiting
    return chunk


def _score_past(
    connection: Connection, plans: Sequence[_Plan], keys: tuple[int, int], tallies: Sequence[Tally]
) -> list[Chunk]:
    """Scores alone, day by day; each day is compared with the one before it."""
    days = [(plan.known, plan.portfolio, plan.usage) for plan in plans]
    before = {
        key: score.band
        for key, score in store.scores_between(connection, plans[0].previous, keys).items()
    }
    chunks = []
    every_day = facts_on_days(connection, days, keys)
    for plan, tally, facts in zip(plans, tallies, every_day, strict=True):
        stored = store.scores_between(connection, plan.portfolio.as_of, keys)
        chunk = Chunk()
        bands: dict[int, Band] = {}
        for one in facts:
            if one.is_former:
                tally.former += 1
                continue
            card = plan.scorecard.of_account(one)
            score = score_health(card, measure_account(card, one))
            tally.count(score.band, before.get(one.account_key))
            _keep_score(plan, chunk, (one, card), score, stored.pop(one.account_key, None))
            bands[one.account_key] = score.band
        chunk.gone_scores.extend(stored)
        chunks.append(chunk)
        before = bands
    return chunks


def _past_scores(
    connection: Connection, plan: _Plan, keys: tuple[int, int]
) -> tuple[dict[int, store.EarlierScore], dict[int, store.EarlierScore]]:
    """Those of the last refresh, and of the one about four weeks before."""
    previous = store.scores_between(connection, plan.previous, keys)
    if plan.trend_from == plan.previous:
        return previous, previous
    return previous, store.scores_between(connection, plan.trend_from, keys)


def _keep_score(
    plan: _Plan,
    chunk: Chunk,
    scored: tuple[AccountFacts, Scorecard],
    score: HealthScore,
    stored: store.EarlierScore | None,
) -> None:
    content = stored_form(scored[1], score)
    if stored is None or stored.stored != content:
        chunk.scores.append((scored[0].account_key, plan.portfolio.as_of.isoformat(), *content))


def _summary(
    connection: Connection,
    plan: _Plan,
    facts: AccountFacts,
    score: HealthScore,
    before: store.EarlierScore | None,
) -> tuple[Any, ...]:
    trend = None
    past: tuple[Scorecard, tuple[Outcome, ...]] | None = None
    if before is not None and before.points_e4 is not None and before.band != "unknown":
        if score.points_e4 is not None and score.band != "unknown":
            trend = score.points_e4 - before.points_e4
        card = _card(connection, plan, before.scorecard_hash)
        if card is not None:
            past = card, decode_contributions(before.contributions)[0]
    causes = tell_causes(plan.scorecard.of_account(facts), facts, score, past)
    return summary_row(facts, score, trend_e4=trend, causes=causes)


def _card(connection: Connection, plan: _Plan, digest: str) -> Scorecard | None:
    """An earlier scorecard; None where this version of the program can no longer read it."""
    if digest not in plan.cards:
        try:
            plan.cards[digest] = store.load_scorecard(connection, digest)
        except InputError:
            plan.cards[digest] = None
    return plan.cards[digest]


def _save(connection: Connection, plan: _Plan, chunk: Chunk, tally: Tally) -> None:
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


def _report(plan: _Plan, tally: Tally, seconds: float) -> RefreshReport:
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
