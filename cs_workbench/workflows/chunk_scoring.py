"""One range of accounts of a refresh: read, measured, scored and compared with what is stored.

It works on columns (`core/kernels`), so it is loaded when a refresh runs and not before.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from cs_workbench.core.accounts import Band
from cs_workbench.core.depletion import Supply
from cs_workbench.core.health import Standing
from cs_workbench.core.kernels.candidates import Scene, candidate_kinds, past_columns
from cs_workbench.core.kernels.chunk import ChunkColumns
from cs_workbench.core.kernels.scores import CardTables, Scores, score_columns
from cs_workbench.core.kernels.texts import stored_rows
from cs_workbench.core.kernels.usage import sparks
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.signals.kinds import KINDS
from cs_workbench.core.usage_findings import UsageState
from cs_workbench.store import health as store
from cs_workbench.store.fact_columns import columns_between
from cs_workbench.store.facts_history import columns_on_days
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.scoring_plans import ScoringPlan
from cs_workbench.workflows.summarising import NOTHING, Extras, summary_row
from cs_workbench.workflows.tallies import Chunk, Tally
from cs_workbench.workflows.telling import PastCards, Teller
from cs_workbench.workflows.watching import Judged, Watch, past_scores, settle_accounts

_Earlier = Mapping[int, store.EarlierScore]


class _Scored(NamedTuple):
    """A range of accounts with its scores, and those of the last refresh and of a month ago."""

    keys: tuple[int, int]
    columns: ChunkColumns
    scores: Scores
    past: tuple[_Earlier, _Earlier]


class ChunkScorer:
    """Scores ranges of accounts as of the day of a plan."""

    def __init__(self, plan: ScoringPlan, tally: Tally) -> None:
        self._plan = plan
        self._tally = tally
        self._tables = CardTables(plan.scorecard)
        self._teller = Teller(self._tables, PastCards(dict(plan.cards)))

    def score(self, connection: Connection, keys: tuple[int, int]) -> Chunk:
        """What the accounts from the first to the last key want written."""
        plan = self._plan
        columns = columns_between(connection, plan.known, plan.portfolio, plan.usage, keys)
        scores = score_columns(self._tables, columns)
        stored = store.scores_between(connection, plan.portfolio.as_of, keys)
        chunk = Chunk()
        if plan.watch is None:
            bands = store.bands_between(connection, plan.previous, keys)
            keep_scores(chunk, self._tally, (columns, scores), (stored, bands))
            return chunk
        past = _past_scores(connection, plan, keys)
        bands = {key: one.band for key, one in past[0].items()}
        keep_scores(chunk, self._tally, (columns, scores), (stored, bands))
        found = _Scored(keys, columns, scores, past)
        self._keep_summaries(connection, chunk, found)
        self._settle(connection, plan.watch, chunk, found)
        return chunk

    def _keep_summaries(
        self,
        connection: Connection,
        chunk: Chunk,
        found: "_Scored",
    ) -> None:
        """The rows of the list that do not stand there like this already."""
        shown = store.summaries_between(connection, found.keys)
        scored = found.columns.facts, found.scores
        causes = self._teller.causes(connection, scored, found.past[1])
        for at, (one, standing, extras) in enumerate(
            zip(found.columns.facts, found.scores.standings, _extras(found), strict=True)
        ):
            if one.is_former:
                row = summary_row(one, NOTHING, extras)
            else:
                trend = _trend(standing, found.past[1].get(one.account_key))
                row = summary_row(one, standing, extras._replace(trend_e4=trend, causes=causes[at]))
            if shown.pop(one.account_key, None) != row:
                chunk.summaries.append(row)
        chunk.gone_summaries.extend(shown)

    def _settle(
        self,
        connection: Connection,
        watch: Watch,
        chunk: Chunk,
        found: "_Scored",
    ) -> None:
        """The signals that open, go on and end."""
        scores, facts = found.scores, found.columns.facts
        cards = [scores.cards[at] for at in scores.card.tolist()]
        states = _usage_states(connection, watch, found.columns)
        supplies = _supplies(connection, watch, found.columns)
        kinds = _kinds(watch, found, cards, (states, supplies))
        judged = (
            Judged(one, cards[at], scores.standings[at], partial(scores.score, at), kinds(at))
            for at, one in enumerate(facts)
            if not one.is_former
        )
        chunk.signals = settle_accounts(
            *(connection, watch, judged, found.past, found.keys),
            states=states,
            supplies=supplies,
        )
        self._tally.opened += len(chunk.signals.opened)
        self._tally.waiting += chunk.signals.waiting


def keep_scores(
    chunk: Chunk,
    tally: Tally,
    found: tuple[ChunkColumns, Scores],
    earlier: tuple[dict[int, store.EarlierScore], Mapping[int, Band]],
) -> None:
    """The scores that are not stored like this already, counted against the bands of before."""
    columns, scores = found
    stored, before = earlier
    day = columns.portfolio.as_of.isoformat()
    for one, band, row in zip(columns.facts, scores.bands, stored_rows(scores), strict=True):
        if one.is_former:
            tally.former += 1
            continue
        key = one.account_key
        tally.count(band, before.get(key))
        same = stored.pop(key, None)
        if same is None or same.stored != row:
            chunk.scores.append((key, day, *row))
    chunk.gone_scores.extend(stored)


def _supplies(
    connection: Connection, watch: Watch, columns: ChunkColumns
) -> Mapping[int, tuple[Supply, ...]]:
    """What customers have left of credits and allowances."""
    if watch.supplies is None:
        return {}
    seats = {one.account_key: one.seats for one in columns.facts if not one.is_former}
    return watch.supplies.of(connection, seats)


def _usage_states(
    connection: Connection, watch: Watch, columns: ChunkColumns
) -> Mapping[int, UsageState]:
    """What the detectors say of the accounts that have usage."""
    detector = watch.detector
    usage = None if detector is None else columns.of_metric(detector.metric.name)
    if detector is None or usage is None or not columns.facts:
        return {}
    keys = [one.account_key for one in columns.facts]
    is_quiet = detector.metric.name in watch.quiet
    return detector.states(connection, keys, usage, is_quiet=is_quiet)


def _kinds(
    watch: Watch,
    found: "_Scored",
    cards: Sequence[Scorecard],
    usage: tuple[Mapping[int, UsageState], Mapping[int, tuple[Supply, ...]]],
) -> Callable[[int], Iterable[str]]:
    """Which kinds of signals each account can have; any, where a ruler cannot be trusted."""
    if watch.held or watch.untrusted or watch.quiet:
        return lambda _: KINDS
    keys = [(one.account_key, card) for one, card in zip(found.columns.facts, cards, strict=True)]
    as_of, (states, supplies) = watch.portfolio.as_of, usage
    previous, month_ago = (
        past_columns(past_scores(keys, day, scores), 0 if day is None else (as_of - day).days)
        for day, scores in zip(watch.past_days, found.past, strict=True)
    )
    scene = Scene(
        found.columns,
        found.scores,
        (previous, month_ago),
        [states.get(one.account_key) for one in found.columns.facts],
        supplied=[one.account_key in supplies for one in found.columns.facts],
        hurt=[one.account_key in watch.bad for one in found.columns.facts],
    )
    kinds = candidate_kinds(scene)
    facts = found.columns.facts
    if watch.in_segments:
        return lambda at: (
            KINDS if (facts[at].segment or "") in watch.in_segments else kinds.get(at, ())
        )
    return lambda at: kinds.get(at, ())


def _extras(found: "_Scored") -> Iterator[Extras]:
    """The drawn usage and the seats used of each account."""
    columns, portfolio = found.columns, found.columns.portfolio
    until = portfolio.usage_until
    silent = 0 if until is None else (portfolio.as_of - until).days // 7
    usage, seats = (
        columns.of_metric(portfolio.main_metric),
        columns.of_metric(portfolio.seat_metric),
    )
    peaks = [math.nan] * columns.size if seats is None else seats.peak.tolist()
    for spark, peak in zip(sparks(usage, columns.size, silent), peaks, strict=True):
        yield Extras(spark, None if math.isnan(peak) else peak)


def _trend(now: Standing, before: store.EarlierScore | None) -> int | None:
    """Points against those of about four weeks before, where both have a band."""
    if before is None or before.points_e4 is None or before.band == "unknown":
        return None
    if now.points_e4 is None or now.band == "unknown":
        return None
    return now.points_e4 - before.points_e4


def score_past(
    connection: Connection,
    plans: Sequence[ScoringPlan],
    keys: tuple[int, int],
    tallies: Sequence[Tally],
) -> list[Chunk]:
    """Scores alone, day by day; each day is compared with the one before it."""
    days = [(plan.known, plan.portfolio, plan.usage) for plan in plans]
    before = store.bands_between(connection, plans[0].previous, keys)
    chunks = []
    tables = CardTables(plans[0].scorecard)
    every_day = columns_on_days(connection, days, keys)
    for plan, tally, columns in zip(plans, tallies, every_day, strict=True):
        chunk, as_of = Chunk(), plan.portfolio.as_of
        scores = score_columns(tables, columns)
        stored = store.scores_between(connection, as_of, keys)
        keep_scores(chunk, tally, (columns, scores), (stored, before))
        before = {
            one.account_key: band
            for one, band in zip(columns.facts, scores.bands, strict=True)
            if not one.is_former
        }
        chunks.append(chunk)
    return chunks


def _past_scores(
    connection: Connection, plan: ScoringPlan, keys: tuple[int, int]
) -> tuple[_Earlier, _Earlier]:
    """Those of the last refresh, and of the one about four weeks before."""
    previous = store.scores_between(connection, plan.previous, keys)
    if plan.trend_from == plan.previous:
        return previous, previous
    return previous, store.scores_between(connection, plan.trend_from, keys)
