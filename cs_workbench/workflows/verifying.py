"""Recompute what refreshes have stored, and say where it comes out differently."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import measure_account, score_health, stored_form
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import InputError
from cs_workbench.store import health as store
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.known import read_known
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.scoring import CHUNK, Progress

NAMED = 20  # differences that are told one by one
OTHER_FACTS = "what was known then differs"


@dataclass(frozen=True)
class Difference:
    """A stored score that comes out differently; points are None where there are none."""

    account_id: str
    as_of: dt.date
    stored_e4: int | None
    recomputed_e4: int | None
    reason: str


@dataclass
class VerifyReport:
    """How many scores of how many days were recomputed, and the first of the differences.

    Attributes:
        overtaken: scores made while their day went on, to which it then added facts; not among
            those that are `different`.
    """

    days: int = 0
    scores: int = 0
    different: int = 0
    overtaken: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        """Count a difference, and keep it while there are few."""
        self.different += 1
        if len(self.differences) < NAMED:
            self.differences.append(difference)


def verify(db: Database, *, progress: Progress | None = None) -> VerifyReport:
    """Recompute every stored score with the scorecard that made it, from what was known then."""
    report = VerifyReport()
    with snapshot(db) as connection:
        keys = account_keys(connection)
        days = store.days_with_scores(connection)
    for done, day in enumerate(days, start=1):
        report.days += 1
        with snapshot(db) as connection:
            cards = _cards(connection, day)
            for first in range(0, len(keys), CHUNK):
                last = min(first + CHUNK, len(keys)) - 1
                _verify_range(connection, report, day, cards, (keys[first], keys[last]))
        if progress is not None:
            progress(done, len(days))
    return report


def _cards(connection: Connection, day: dt.date) -> Mapping[str, Scorecard | None]:
    """The scorecards of a day's scores; None where this version can no longer read one."""
    cards: dict[str, Scorecard | None] = {}
    for digest in store.scorecards_of_day(connection, day):
        try:
            cards[digest] = store.load_scorecard(connection, digest)
        except InputError:
            cards[digest] = None
    return cards


def _verify_range(
    connection: Connection,
    report: VerifyReport,
    day: dt.date,
    cards: Mapping[str, Scorecard | None],
    keys: tuple[int, int],
) -> None:
    stored = store.scores_between(connection, day, keys)
    report.scores += len(stored)
    facts = {
        origin: {one.account_key: one for one in found}
        for origin, found in _facts(connection, day, cards, keys)
    }
    overtaken: frozenset[int] | None = None
    for key, score in stored.items():
        card = cards[score.scorecard_hash]
        own = None if card is None else facts[card.origin].get(key)
        found = _difference(score, card, own)
        if found is not None and found[1] == OTHER_FACTS:
            if overtaken is None:
                overtaken = store.scored_before_the_end(connection, day)
            if key in overtaken:
                report.overtaken += 1
                continue
        if found is not None:
            account_id = store.account_id_of(connection, key)
            report.add(Difference(account_id, day, score.points_e4, *found))


def _facts(
    connection: Connection,
    day: dt.date,
    cards: Mapping[str, Scorecard | None],
    keys: tuple[int, int],
) -> Iterator[tuple[str, list[AccountFacts]]]:
    """The facts as each file of the day's scorecards reads them."""
    known = read_known(connection, day)
    for card in {one.origin: one for one in cards.values() if one is not None}.values():
        portfolio, usage = read_portfolio(connection, known, card)
        yield card.origin, facts_between(connection, known, portfolio, usage, keys)


def _difference(
    stored: store.EarlierScore, card: Scorecard | None, facts: AccountFacts | None
) -> tuple[int | None, str] | None:
    if card is None:
        return None, "its scorecard can no longer be read"
    if facts is None:
        return None, "the account is not known on that day any more"
    if facts.is_former:
        return None, "it is no customer on that day any more"
    score = score_health(card, measure_account(card, facts))
    again = stored_form(card, score)
    if again == stored.stored:
        return None
    same = stored.stored[6] == again[6]
    return score.points_e4, "the arithmetic differs" if same else OTHER_FACTS
