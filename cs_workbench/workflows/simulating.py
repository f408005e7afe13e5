"""What another scorecard would change, before anything is saved."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cs_workbench.core.accounts import Band
from cs_workbench.core.health import as_asked, decode_contributions, measure_account, score_health
from cs_workbench.core.measures import Outcome
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.what_if import measured_alike, supposed_outcomes, variant_of
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.health import account_names_of, scores_between
from cs_workbench.store.known import read_known
from cs_workbench.store.refreshes import stands_as_stored
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.scoring import CHUNK, Progress

Values = Mapping[int, Mapping[str, Outcome]]
_Result = tuple[Band, int | None]
_Pair = tuple[_Result, _Result]
_Results = dict[int, _Pair]
_Measured = tuple[Scorecard, tuple[Outcome, ...]]
_AS_THEY_ARE: Final[Values] = MappingProxyType({})


@dataclass(frozen=True)
class Move:
    """An account whose band would change; points are None where nothing is known."""

    account_key: int
    account_id: str
    name: str
    before: Band
    after: Band
    before_e4: int | None
    after_e4: int | None

    @property
    def change_e4(self) -> int:
        """By how much the score would change; nothing known counts as zero."""
        return (self.after_e4 or 0) - (self.before_e4 or 0)


@dataclass(frozen=True)
class Simulation:
    """The bands of all accounts under both scorecards, and who would change band, worst first."""

    as_of: dt.date
    accounts: int
    before: Counter[Band]
    after: Counter[Band]
    rescored: int
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class _Question:
    day: dt.date
    current: Scorecard
    candidate: Scorecard
    values: Values
    progress: Progress

    def results(self, key: int, current: _Measured, candidate: _Measured) -> _Pair:
        """The bands and points of an account with both scorecards."""
        card, outcomes = candidate
        if given := self.values.get(key):
            outcomes = supposed_outcomes(card, outcomes, given)
        before, after = score_health(*current), score_health(card, as_asked(card, outcomes))
        return (before.band, before.points_e4), (after.band, after.points_e4)


def simulate(
    db: Database,
    *,
    as_of: dt.date,
    current: Scorecard,
    candidate: Scorecard,
    values: Values = _AS_THEY_ARE,
    progress: Progress | None = None,
) -> Simulation:
    """Score every account with both scorecards, from what was known on the day; writes nothing.

    Where both ask the same, and a refresh of the day with the current one still stands, what that
    refresh measured is scored; else everything is measured anew.

    Args:
        db: the portfolio.
        as_of: the day.
        current: the scorecard in use.
        candidate: the other one.
        values: for some accounts, values by measure id that the candidate is to find.
        progress: told how many of how many accounts are done.
    """
    question = _Question(as_of, current, candidate, values, progress or _silent)
    with snapshot(db) as connection:
        return _simulation(connection, as_of, _results(connection, question))


def simulate_next(
    db: Database, *, as_of: dt.date, in_use: Scorecard, progress: Progress | None = None
) -> Simulation:
    """What the scorecard in use, edited since, would change of the scores of the day.

    Args:
        db: the portfolio.
        as_of: the day; an account without a score of that day counts as one that stays.
        in_use: the scorecard that the next refresh takes.
        progress: told how many of how many accounts are done.
    """
    question = _Question(as_of, in_use, in_use, _AS_THEY_ARE, progress or _silent)
    with snapshot(db) as connection:
        found = _results(connection, question)
        keys = sorted(found)
        for first in range(0, len(keys), CHUNK):
            chunk = keys[first : first + CHUNK]
            for key, score in scores_between(connection, as_of, (chunk[0], chunk[-1])).items():
                if key in found:
                    found[key] = ((score.band, score.points_e4), found[key][1])
        return _simulation(connection, as_of, found)


def _results(connection: Connection, question: _Question) -> _Results:
    found = _of_stored(connection, question)
    return _of_facts(connection, question) if found is None else found


def _simulation(connection: Connection, as_of: dt.date, found: _Results) -> Simulation:
    moved = [key for key, (old, new) in found.items() if old[0] != new[0]]
    names = account_names_of(connection, moved)
    moves = [_move(key, names[key], found[key]) for key in moved]
    return Simulation(
        as_of=as_of,
        accounts=len(found),
        before=Counter(old[0] for old, _ in found.values()),
        after=Counter(new[0] for _, new in found.values()),
        rescored=sum(1 for old, new in found.values() if old[1] != new[1]),
        moves=tuple(sorted(moves, key=lambda one: (one.change_e4, one.account_id))),
    )


def _move(account_key: int, named: tuple[str, str], results: _Pair) -> Move:
    (before, before_e4), (after, after_e4) = results
    return Move(
        account_key=account_key,
        account_id=named[0],
        name=named[1],
        before=before,
        after=after,
        before_e4=before_e4,
        after_e4=after_e4,
    )


def _silent(_: int, __: int) -> None:
    return


def _of_stored(connection: Connection, question: _Question) -> _Results | None:
    """From the scores of the day; None where they do not serve."""
    current, candidate = question.current, question.candidate
    if not measured_alike(current, candidate) or not stands_as_stored(connection, question.day):
        return None
    cards = {
        card.digest: (card, variant_of(candidate, card.variant))
        for card in (current, *current.variants.values())
    }
    found: _Results = {}
    keys = account_keys(connection)
    for first in range(0, len(keys), CHUNK):
        last = min(first + CHUNK, len(keys)) - 1
        stored = scores_between(connection, question.day, (keys[first], keys[last]))
        for key, score in stored.items():
            if score.scorecard_hash not in cards:
                return None
            own, other = cards[score.scorecard_hash]
            outcomes, _ = decode_contributions(score.contributions)
            found[key] = question.results(key, (own, outcomes), (other, outcomes))
        question.progress(last + 1, len(keys))
    return found


def _of_facts(connection: Connection, question: _Question) -> _Results:
    """From what was known on the day."""
    known = read_known(connection, question.day)
    cards = [question.current, question.candidate]
    if measured_alike(*cards):
        cards.pop()
    grounds = [read_portfolio(connection, known, card) for card in cards]
    found: _Results = {}
    keys = account_keys(connection)
    for first in range(0, len(keys), CHUNK):
        last = min(first + CHUNK, len(keys)) - 1
        span = (keys[first], keys[last])
        read = [facts_between(connection, known, *ground, span) for ground in grounds]
        for old, new in zip(read[0], read[-1], strict=True):
            if not old.is_former:
                own, other = question.current.of_account(old), question.candidate.of_account(new)
                before = measure_account(own, old)
                after = before if old is new else measure_account(other, new)
                key = old.account_key
                found[key] = question.results(key, (own, before), (other, after))
        question.progress(last + 1, len(keys))
    return found
