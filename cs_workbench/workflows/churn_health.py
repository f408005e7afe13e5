"""The present scorecard on days of the past, for everybody at once: what a model builds on.

An end date that was written when the customer left is taken out of the facts of the days before.
"""

import datetime as dt
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from cs_workbench.churn.catalogue import DIMENSIONS
from cs_workbench.churn.contracts import Contracts
from cs_workbench.churn.features import Health
from cs_workbench.churn.history import FAR, Floats, History, Ints
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.kernels.chunk import ChunkColumns
from cs_workbench.core.kernels.scores import NO_POINTS, CardTables, Scores, score_columns
from cs_workbench.core.renewals import next_renewal
from cs_workbench.core.scorecards import POINT, Scorecard
from cs_workbench.store.churn_facts import read_stored_points, read_subscription_ids
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.facts import read_portfolio
from cs_workbench.store.facts_history import columns_on_days
from cs_workbench.store.known import read_known
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.collecting import no_garbage_search

MOST_SCORED = 150_000  # accounts x days; above that, the scores that refreshes have stored
STEP = 1_000  # accounts at a time
STALE_DAYS = 45


@dataclass(frozen=True)
class PastScores:
    """Scores of all accounts on some days.

    Attributes:
        health: points, in all and by dimension.
        bands: accounts x days: 0 unknown, 1 red, 2 yellow, 3 green.
        worths: accounts x days x measures, what each value was worth by itself, NaN where missing.
    """

    health: Health
    bands: Ints
    worths: Floats


def past_scores(
    db: Database, history: History, contracts: Contracts, days: Sequence[int], card: Scorecard
) -> PastScores:
    """Scores of all accounts on each of the days, ascending, with what was known then."""
    size, width = history.size, len(days)
    found = PastScores(
        Health(
            np.array(days, np.int64),
            np.full((size, width), np.nan),
            np.full((size, width, len(DIMENSIONS)), np.nan),
        ),
        np.zeros((size, width), np.int64),
        np.full((size, width, len(card.measures)), np.nan, np.float32).astype(np.float64),
    )
    if not size or not width:
        return found
    with snapshot(db) as connection, no_garbage_search():
        if size * width > MOST_SCORED:
            _fill_from_stored(connection, history, card, found)
        else:
            _fill_by_columns(connection, (history, contracts), card, found)
    return found


def _fill_by_columns(
    connection: Connection, book: tuple[History, Contracts], card: Scorecard, found: PastScores
) -> None:
    history, contracts = book
    outcomes = _written_afterwards(connection, contracts)
    tables = CardTables(card)
    days = []
    for day in found.health.days.tolist():
        known = read_known(connection, dt.date.fromordinal(day))
        days.append((known, *read_portfolio(connection, known, card, find_begins=False)))
    for first in range(0, history.size, STEP):
        last = min(first + STEP, history.size) - 1
        keys = int(history.account_keys[first]), int(history.account_keys[last])
        for place, chunk in enumerate(columns_on_days(connection, days, keys)):
            agreed = _as_agreed(chunk, outcomes)
            if agreed.size:
                _fill(found, history, place, (agreed, score_columns(tables, agreed)))


def _written_afterwards(connection: Connection, contracts: Contracts) -> Set[str]:
    """Ids of the subscriptions whose end was written when it had come."""
    ids = read_subscription_ids(connection)
    own = contracts.subscriptions
    places = np.flatnonzero((own.end[: len(ids)] < FAR) & ~contracts.is_planned[: len(ids)])
    return {ids[place] for place in places.tolist()}


def _as_agreed(chunk: ChunkColumns, outcomes: Set[str]) -> ChunkColumns:
    """The facts without the ends that nobody could know yet."""
    if not outcomes:
        return chunk
    return replace(chunk, facts=[_one_as_agreed(one, outcomes) for one in chunk.facts])


def _one_as_agreed(facts: AccountFacts, outcomes: Set[str]) -> AccountFacts:
    if not any(one.subscription_id in outcomes for one in facts.subscriptions):
        return facts
    day = facts.portfolio.as_of
    agreed = tuple(
        one._replace(end_date=None)
        if one.subscription_id in outcomes and one.end_date is not None and one.end_date >= day
        else one
        for one in facts.subscriptions
    )
    rules = facts.portfolio.renewals
    renewal = next_renewal(agreed, day, segment=facts.segment, policy=rules)
    return replace(facts, subscriptions=agreed, renewal=renewal)


def _fill(
    found: PastScores, history: History, place: int, scored: tuple[ChunkColumns, Scores]
) -> None:
    chunk, scores = scored
    keys = np.array([one.account_key for one in chunk.facts], np.int64)
    rows = np.searchsorted(history.account_keys, keys)
    found.health.points[rows, place] = np.where(scores.counted > 0, scores.points / POINT, np.nan)
    found.bands[rows, place] = scores.band
    weights = np.array([[one.weight for one in card.measures] for card in scores.cards])
    present = np.where(scores.parts != NO_POINTS, weights[scores.card], 0)
    parts = np.where(scores.parts != NO_POINTS, scores.parts, 0) / POINT
    total = np.maximum(present.sum(axis=1, keepdims=True), 1)
    worth = parts * total / np.maximum(present, 1)
    found.worths[rows, place] = np.where(present > 0, worth, np.nan)
    for at, name in enumerate(DIMENSIONS):
        mine = np.array([one.dimension == name for one in scores.cards[0].measures])
        weight = present[:, mine].sum(axis=1)
        share = parts[:, mine].sum(axis=1) * total[:, 0] / np.maximum(weight, 1)
        found.health.dimensions[rows, place, at] = np.where(weight > 0, share, np.nan)


def _fill_from_stored(
    connection: Connection, history: History, card: Scorecard, found: PastScores
) -> None:
    """A large book: the newest scores that a refresh had stored by each day."""
    for place, day in enumerate(found.health.days.tolist()):
        keys, points = read_stored_points(
            connection, dt.date.fromordinal(day), stale_days=STALE_DAYS
        )
        if not len(keys):
            continue
        wanted = np.array(keys).astype(np.int64)
        rows = np.minimum(np.searchsorted(history.account_keys, wanted), history.size - 1)
        same = history.account_keys[rows] == wanted
        values: Floats = np.array(points, np.float64)[same]
        found.health.points[rows[same], place] = values / POINT
        band = 1 + (values >= card.yellow_from).astype(np.int64) + (values >= card.green_from)
        found.bands[rows[same], place] = band
