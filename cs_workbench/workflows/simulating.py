"""What another scorecard would change, before anything is saved."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cs_workbench.core.accounts import Band
from cs_workbench.core.health import HealthScore, measure_account, score_health
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.health import account_names_of
from cs_workbench.store.known import read_known
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.scoring import CHUNK


@dataclass(frozen=True)
class Move:
    """An account whose band would change; points are None where nothing is known."""

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


def simulate(
    db: Database, *, as_of: dt.date, current: Scorecard, candidate: Scorecard
) -> Simulation:
    """Score every account with both scorecards, from what was known on the day; writes nothing."""
    with snapshot(db) as connection:
        old = dict(_scores(connection, as_of, current))
        new = dict(_scores(connection, as_of, candidate))
        moved = [key for key in old if old[key][0] != new[key][0]]
        names = account_names_of(connection, moved)
    moves = [
        Move(
            account_id=names[key][0],
            name=names[key][1],
            before=old[key][0],
            after=new[key][0],
            before_e4=old[key][1],
            after_e4=new[key][1],
        )
        for key in moved
    ]
    return Simulation(
        as_of=as_of,
        accounts=len(old),
        before=Counter(band for band, _ in old.values()),
        after=Counter(band for band, _ in new.values()),
        rescored=sum(1 for key in old if old[key][1] != new[key][1]),
        moves=tuple(sorted(moves, key=lambda one: (one.change_e4, one.account_id))),
    )


def _scores(
    connection: Connection, day: dt.date, card: Scorecard
) -> Iterator[tuple[int, tuple[Band, int | None]]]:
    known = read_known(connection, day)
    portfolio, usage = read_portfolio(connection, known, card)
    keys = account_keys(connection)
    for first in range(0, len(keys), CHUNK):
        last = min(first + CHUNK, len(keys)) - 1
        span = (keys[first], keys[last])
        for facts in facts_between(connection, known, portfolio, usage, span):
            if not facts.is_former:
                own = card.of_account(facts)
                score: HealthScore = score_health(own, measure_account(own, facts))
                yield facts.account_key, (score.band, score.points_e4)
