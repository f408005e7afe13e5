"""What happened to contracts before the current one: enough for retention to say something.

Only amounts and dates of past terms are touched, and gaps lie before anything was scored: what the
screens show of today stays as it is.
"""

import datetime as dt
import random
from collections.abc import Sequence

from cs_workbench.workflows.sample.profile import FIRST_DAY, Profile, Row

SHRUNK, GREW, PAUSED, LATE, DISCOUNTED = 0.10, 0.12, 0.10, 0.12, 0.3
STORY_ACCOUNTS = 19


def with_history(profile: Profile, rows: Sequence[Row], seed: int) -> list[Row]:
    """The subscriptions of an account, with ups and downs, a pause, signing days and discounts."""
    rng = random.Random(f"contracts/{seed}/{profile.account_id}")
    terms = [dict(row) for row in rows]
    is_story = int(profile.account_id[1:]) <= STORY_ACCOUNTS
    if len(terms) > 1 and not is_story:
        _resize(terms, rng)
    if len(terms) > 2 and not is_story and rng.random() < PAUSED:
        _pause(terms, rng)
    for number, row in enumerate(terms):
        start = row["start_date"]
        assert isinstance(start, dt.date)
        ahead = -rng.randint(2, 14) if rng.random() < LATE else rng.randint(3, 45)
        row["signed_on"] = start - dt.timedelta(ahead)
        if number == 0 and rng.random() < DISCOUNTED:
            row["discount"] = rng.choice((0.1, 0.15, 0.2, 0.3))
    return terms


def _resize(terms: Sequence[Row], rng: random.Random) -> None:
    """Some paid more before their last renewal and gave a part up; some grew by much."""
    chance = rng.random()
    factor = 1.0
    if chance < SHRUNK:
        factor = rng.uniform(1.15, 1.6)
    elif chance < SHRUNK + GREW:
        factor = rng.uniform(0.55, 0.8)
    for row in terms[:-1]:
        amount = row["arr"]
        assert isinstance(amount, int)
        row["arr"] = round(amount * factor)


def _pause(terms: Sequence[Row], rng: random.Random) -> None:
    """A term that ended early, long ago: they came back with the next one."""
    row = terms[rng.randrange(len(terms) - 2)]
    end = row["end_date"]
    assert isinstance(end, dt.date)
    if end < FIRST_DAY:
        row["cancelled_on"] = end - dt.timedelta(rng.randint(45, 150))
