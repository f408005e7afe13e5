"""What a refresh does about signals: tests the rulers, then settles account by account."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.health import HealthScore, decode_contributions, score_health
from cs_workbench.core.measures import Outcome
from cs_workbench.core.ruler import (
    FeedStop,
    Pause,
    RulerChange,
    tell_change,
    tell_pauses,
    tell_stop,
    with_trusted,
)
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.signals.model import PastScore, Ruler, Situation
from cs_workbench.core.signals.reconciling import Settlement, count_waiting, settle
from cs_workbench.core.usage_findings import UsageState
from cs_workbench.store import ruler as store
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.health import EarlierScore
from cs_workbench.store.signals import live_signals
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.ruler_tests import RulerTests, note_ruler_tests, run_ruler_tests

if TYPE_CHECKING:
    from cs_workbench.workflows.detecting import Detector  # works on columns

WEEK = dt.timedelta(days=7)
_Past = tuple[EarlierScore | None, EarlierScore | None]


@dataclass(frozen=True, slots=True)
class Watch:
    """What holds for the signals of a whole run.

    Attributes:
        held: rulers that changed; signals measured with them stay as they are.
        untrusted: metrics that are left out when scores are compared.
        quiet: metrics that are left out for the accounts from which they no longer come.
        trusted: whether the scores of each of the past days were measured as before the change.
        noticed, stops: what was noticed on this day.
        warnings: everything that holds, in sentences.
        found: what is to be noted.
        detector: looks at the usage of accounts; None without usage.
    """

    scorecard: Scorecard
    portfolio: Portfolio
    past_days: tuple[dt.date | None, dt.date | None]
    held: frozenset[Ruler] = frozenset()
    untrusted: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    trusted: tuple[bool, bool] = (True, True)
    noticed: tuple[RulerChange, ...] = ()
    stops: tuple[FeedStop, ...] = ()
    warnings: tuple[str, ...] = ()
    found: RulerTests | None = None
    detector: "Detector | None" = None


def watch_rulers(
    db: Database,
    scorecard: Scorecard,
    portfolio: Portfolio,
    past_days: tuple[dt.date | None, dt.date | None],
) -> Watch:
    """Test the newest days of every usage metric, and whether older changes still stand.

    Args:
        db: the portfolio.
        scorecard: of the run.
        portfolio: the day, and its metrics.
        past_days: of the last refresh, and of the one about four weeks before.
    """
    as_of = portfolio.as_of
    with snapshot(db) as connection:
        found = run_ruler_tests(connection, as_of, past_days[0])
        tainted = store.metrics_changed_over(connection, past_days)
        trusted = tuple(_is_trusted(connection, found, day) for day in past_days)
    held = {one.metric for one in found.changes} | set(found.moved_on)
    lifted = {one.change.metric for one in found.lifted}
    return Watch(
        scorecard,
        portfolio,
        past_days,
        held=_held(portfolio, held),
        untrusted=frozenset(held | tainted | found.stale | lifted),
        quiet=frozenset(one.metric for one in found.stops),
        trusted=(trusted[0], trusted[1]),
        noticed=found.noticed_on(as_of),
        stops=tuple(found.new_stops),
        warnings=tuple(_tell(found.changes, found.pauses, found.stops)),
        found=found,
    )


def note_rulers(db: Database, watch: Watch) -> None:
    """Keep what was noticed, and up to which day each metric is tested."""
    if watch.found is not None:
        note_ruler_tests(db, watch.found, watch.portfolio.as_of)


def settle_accounts(
    connection: Connection,
    watch: Watch,
    scored: Iterable[tuple[AccountFacts, HealthScore]],
    past: tuple[Mapping[int, EarlierScore], Mapping[int, EarlierScore]],
    keys: tuple[int, int],
    *,
    states: Mapping[int, UsageState],
) -> Settlement:
    """What becomes of the signals of a range of accounts; those of all others there end.

    `states` are what the detectors of usage say, by account.
    """
    stored = live_signals(connection, watch.portfolio.as_of, keys)
    settlement = Settlement()
    for facts, score in scored:
        key = facts.account_key
        before = past[0].get(key), past[1].get(key)
        live = stored.pop(key, ())
        standing = frozenset(one.signal.kind for one in live if one.ended_on is None)
        state = states.get(key)
        now = replace(_situation(watch, facts, score, before), usage=state, standing=standing)
        settle(now, live, settlement, watch.held)
        if watch.held or now.is_partial:
            whole = _whole_situation(watch, facts, score, before)
            whole = replace(whole, usage=state, standing=standing)
            settlement.waiting += count_waiting(whole, now, live, watch.held)
    for left in stored.values():
        settle(None, left, settlement)
    return settlement


def _tell(
    standing: Sequence[RulerChange], pauses: Sequence[Pause], stops: Iterable[FeedStop]
) -> Iterator[str]:
    for change in standing:
        alike = {
            other.metric
            for other in standing
            if other.day == change.day and other.direction == change.direction
        }
        yield tell_change(change, alike - {change.metric})
    yield from (tell_stop(one) for one in stops)
    if pauses:
        yield tell_pauses(pauses)


def _is_trusted(connection: Connection, found: RulerTests, day: dt.date | None) -> bool:
    """Whether nothing that is measured otherwise today, or was then, was in force on the day."""
    if day is None:
        return False
    changed = [*(one.change for one in (*found.standing, *found.lifted))]
    changed += [change for _, change in found.noticed]
    starts = [*(one.day for one in changed), *found.moved_on.values()]
    return day < min(starts, default=dt.date.max) and not store.metrics_changed_over(
        connection, [day]
    )


def _held(portfolio: Portfolio, metrics: set[str]) -> frozenset[Ruler]:
    held: set[Ruler] = set()
    if portfolio.main_metric in metrics:
        held.add("usage")
    if portfolio.seat_metric in metrics:
        held.add("seats")
    return frozenset(held)


def _situation(watch: Watch, facts: AccountFacts, score: HealthScore, past: _Past) -> Situation:
    """The account today; where a metric cannot be trusted, as if it were as it was before.

    Its measures then have the values of the newest score that was measured as before, today and on
    the days that today is compared with; where there is none they are left out.
    """
    metrics = watch.untrusted | _quiet_of(watch, facts)
    if not metrics:
        return _whole_situation(watch, facts, score, past)
    card = watch.scorecard.of_account(facts)
    before = [
        None
        if one is None or one.scorecard_hash != card.digest
        else decode_contributions(one.contributions)[0]
        for one in past
    ]
    good = (one for one, ok in zip(before, watch.trusted, strict=True) if ok and one is not None)
    instead = next(good, None)
    outcomes = with_trusted(card, watch.portfolio, score.outcomes, metrics, instead)
    if outcomes == score.outcomes and all(watch.trusted):
        return _whole_situation(watch, facts, score, past)
    previous, month_ago = (
        _past(
            card,
            day,
            None if one is None else with_trusted(card, watch.portfolio, one, metrics, instead),
        )
        for one, day in zip(before, watch.past_days, strict=True)
    )
    return Situation(facts, score_health(card, outcomes), previous, month_ago, is_partial=True)


def _quiet_of(watch: Watch, facts: AccountFacts) -> frozenset[str]:
    """The metrics that no longer come for most accounts, and for this one neither."""
    last = watch.portfolio.as_of - WEEK
    return frozenset(
        name for name in watch.quiet if name not in facts.usage or facts.usage[name].last_day < last
    )


def _whole_situation(
    watch: Watch, facts: AccountFacts, score: HealthScore, past: _Past
) -> Situation:
    """The account today, as it was measured."""
    digest = watch.scorecard.of_account(facts).digest
    previous, month_ago = (
        PastScore(day, one.points_e4, one.band)
        if one is not None and day is not None and one.scorecard_hash == digest
        else None
        for one, day in zip(past, watch.past_days, strict=True)
    )
    return Situation(facts, score, previous, month_ago)


def _past(
    card: Scorecard, day: dt.date | None, outcomes: Sequence[Outcome] | None
) -> PastScore | None:
    if day is None or outcomes is None:
        return None
    score = score_health(card, outcomes)
    return PastScore(day, score.points_e4, score.band)
