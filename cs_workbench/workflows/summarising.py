"""The row of the list that a refresh writes beside each score."""

from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any

from cs_workbench.core.accounts import Band
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import HealthScore
from cs_workbench.core.measures import seats_used
from cs_workbench.core.scorecards import FULL
from cs_workbench.core.usage import spark

RANKS: dict[Band, int] = {"red": 0, "unknown": 1, "yellow": 2, "green": 3}
NOTHING = HealthScore(None, "unknown", 0, 0, FULL, (), ())


def summary_row(
    facts: AccountFacts, score: HealthScore, *, trend_e4: int | None, causes: Sequence[str]
) -> tuple[Any, ...]:
    """The columns of `account_summary` in their order; no number is shown for an unknown band."""
    used = seats_used(facts, {})
    renewal = facts.renewal
    main, until = facts.portfolio.main_metric, facts.portfolio.usage_until
    silent = 0 if until is None else (facts.portfolio.as_of - until).days // 7
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
        trend_e4,
        spark(facts.usage.get(main) if main else None, silent),
        facts.arr_minor,
        facts.currency,
        facts.seats,
        None if used is None else round(used[0]),
        None if renewal is None else renewal.end_date.isoformat(),
        None if renewal is None else renewal.deadline.isoformat(),
        None if renewal is None else renewal.deadline_by,
        None if facts.last_two_way_on is None else facts.last_two_way_on.isoformat(),
        f"[{', '.join([encode_basestring(cause) for cause in causes])}]",
    )
