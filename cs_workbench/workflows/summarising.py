"""The row of the list that a refresh writes beside each score."""

from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from cs_workbench.core.accounts import Band
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import Standing
from cs_workbench.core.scorecards import FULL

RANKS: dict[Band, int] = {"red": 0, "unknown": 1, "yellow": 2, "green": 3}
NOTHING = Standing(None, "unknown", 0, 0, FULL)


class Extras(NamedTuple):
    """What the list shows beside the score.

    Attributes:
        spark: as `core/usage.py` draws it.
        seats_used: how many used a seat in the last 28 days.
        trend_e4: points against those of about four weeks before.
        causes: sentences, largest first.
    """

    spark: str
    seats_used: float | None
    trend_e4: int | None = None
    causes: Sequence[str] = ()


def summary_row(facts: AccountFacts, score: Standing, extras: Extras) -> tuple[Any, ...]:
    """The columns of `account_summary` in their order; no number is shown for an unknown band."""
    renewal, used = facts.renewal, extras.seats_used
    return (
        facts.account_key,
        facts.portfolio.as_of.isoformat(),
        int(facts.is_former),
        score.band,
        RANKS[score.band],
        None if score.band == "unknown" else score.points_e4,
        score.coverage_e4,
        score.low_e4,
        score.high_e4,
        extras.trend_e4,
        extras.spark,
        facts.arr_minor,
        facts.currency,
        facts.seats,
        None if used is None else round(used),
        None if renewal is None else renewal.end_date.isoformat(),
        None if renewal is None else renewal.deadline.isoformat(),
        None if renewal is None else renewal.deadline_by,
        None if facts.last_two_way_on is None else facts.last_two_way_on.isoformat(),
        f"[{', '.join([encode_basestring(cause) for cause in extras.causes])}]",
    )
