"""What a refresh does about signals: tests the rulers, then settles account by account."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.health import HealthScore, decode_contributions, score_health
from cs_workbench.core.ruler import (
    DEFAULT_POLICY,
    WEEKS,
    RulerChange,
    find_move,
    still_moved,
    tell_change,
    without_metrics,
)
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.signals.model import PastScore, Ruler, Situation
from cs_workbench.core.signals.reconciling import Settlement, settle
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store import ruler as store
from cs_workbench.store.database import Database, snapshot, write
from cs_workbench.store.health import EarlierScore
from cs_workbench.store.signals import live_signals
from cs_workbench.store.sqlite import Connection

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watch:
    """What holds for the signals of a whole run.

    Attributes:
        held: rulers that changed; signals measured with them stay as they are.
        untrusted: metrics that are left out when scores are compared.
        noticed: the changes that were noticed on this day.
        standing: all changes that nothing has undone.
    """

    scorecard: Scorecard
    portfolio: Portfolio
    past_days: tuple[dt.date | None, dt.date | None]
    held: frozenset[Ruler] = frozenset()
    untrusted: frozenset[str] = frozenset()
    noticed: tuple[RulerChange, ...] = ()
    standing: tuple[RulerChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tested:
    """The outcome of testing: what is to be noted."""

    noticed: tuple[tuple[int, RulerChange], ...]
    standing: tuple[store.Standing, ...]
    lifted: tuple[store.Standing, ...]
    tested: tuple[tuple[int, dt.date], ...]


def watch_rulers(
    db: Database,
    scorecard: Scorecard,
    portfolio: Portfolio,
    past_days: tuple[dt.date | None, dt.date | None],
    *,
    dry_run: bool,
) -> Watch:
    """Test the newest days of every usage metric, and whether older changes still stand.

    Args:
        db: the portfolio.
        scorecard: of the run.
        portfolio: the day, and its metrics.
        past_days: of the last refresh, and of the one about four weeks before.
        dry_run: note nothing.
    """
    as_of = portfolio.as_of
    with snapshot(db) as connection:
        tested = _test(connection, as_of)
        tainted = store.metrics_changed_over(connection, past_days)
    if not dry_run:
        _note(db, tested, as_of)
    today = [one.change for one in tested.standing if one.noticed_on == as_of]
    new = [change for _, change in tested.noticed]
    standing = [*(one.change for one in tested.standing), *new]
    names = {change.metric for change in standing}
    return Watch(
        scorecard,
        portfolio,
        past_days,
        held=_held(portfolio, names),
        untrusted=frozenset(names | tainted | {one.change.metric for one in tested.lifted}),
        noticed=(*today, *new),
        standing=tuple(standing),
    )


def settle_accounts(
    connection: Connection,
    watch: Watch,
    scored: Iterable[tuple[AccountFacts, HealthScore]],
    past: tuple[Mapping[int, EarlierScore], Mapping[int, EarlierScore]],
    keys: tuple[int, int],
) -> Settlement:
    """What becomes of the signals of a range of accounts; those of all others there end."""
    stored = live_signals(connection, watch.portfolio.as_of, keys)
    settlement = Settlement()
    for facts, score in scored:
        key = facts.account_key
        now = _situation(watch, facts, score, (past[0].get(key), past[1].get(key)))
        settle(now, stored.pop(key, ()), settlement, watch.held)
    for left in stored.values():
        settle(None, left, settlement)
    return settlement


def tell_rulers(watch: Watch) -> list[str]:
    """The alarms in sentences."""
    return [
        tell_change(
            change,
            {
                other.metric
                for other in watch.standing
                if other.day == change.day
                and other.direction == change.direction
                and other.metric != change.metric
            },
        )
        for change in watch.standing
    ]


def _test(connection: Connection, as_of: dt.date) -> _Tested:
    known = {one.metric_id: one for one in store.rulers(connection, as_of)}
    standing: list[store.Standing] = []
    lifted: list[store.Standing] = []
    for one in store.standing_changes(connection):
        ruler = known.get(one.metric_id)
        stands = ruler is None or _stands(connection, one, ruler.last_day, as_of)
        (standing if stands else lifted).append(one)
    # Until the weeks before are measured like today's, a change would be noticed every morning.
    accepted = store.accepted_metrics(connection, as_of - 7 * WEEKS * DAY)
    busy = accepted | {one.metric_id for one in (*standing, *lifted)}
    noticed, tested = [], []
    for ruler in known.values():
        if ruler.tested_until is not None and ruler.tested_until >= ruler.last_day:
            continue
        tested.append((ruler.metric_id, ruler.last_day))
        change = None if ruler.metric_id in busy else _first_change(connection, ruler)
        if change is not None:
            noticed.append((ruler.metric_id, change))
    return _Tested(tuple(noticed), tuple(standing), tuple(lifted), tuple(tested))


def _note(db: Database, tested: _Tested, as_of: dt.date) -> None:
    if not (tested.noticed or tested.lifted or tested.tested):
        return
    with write(db) as connection:
        for metric_id, change in tested.noticed:
            store.save_change(connection, metric_id, change, as_of)
        for one in tested.lifted:
            store.lift_change(connection, one, as_of)
        for metric_id, day in tested.tested:
            store.save_tested(connection, metric_id, day)


def _stands(connection: Connection, one: store.Standing, last_day: dt.date, as_of: dt.date) -> bool:
    """Whether the newest day is still away from the weeks before the change."""
    day = one.change.day
    if (as_of - day).days > DEFAULT_POLICY.lasts_days:
        return False
    return last_day < day or _is_away(connection, one.metric_id, one.change, last_day)


def _is_away(
    connection: Connection, metric_id: int, change: RulerChange, last_day: dt.date
) -> bool:
    base = week_and_weekday(change.day)[0] - 1
    moves = store.moves_on(connection, metric_id, last_day, base_week=base)
    return still_moved(moves, change.direction)


def _first_change(connection: Connection, ruler: store.Ruler) -> RulerChange | None:
    """The first of the days not yet tested from which on the metric is elsewhere."""
    first = ruler.last_day - (DEFAULT_POLICY.test_days - 1) * DAY
    if ruler.tested_until is not None:
        first = max(first, ruler.tested_until + DAY)
    for offset in range((ruler.last_day - first).days + 1):
        day = first + offset * DAY
        moves = store.moves_on(connection, ruler.metric_id, day)
        move = find_move(moves)
        if move is None:
            continue
        direction, moved, factor = move
        change = RulerChange(
            ruler.name, ruler.label, day, direction, moves.accounts, moved, round(factor, 4)
        )
        if day == ruler.last_day or _is_away(connection, ruler.metric_id, change, ruler.last_day):
            return change
    return None


def _held(portfolio: Portfolio, metrics: set[str]) -> frozenset[Ruler]:
    held: set[Ruler] = set()
    if portfolio.main_metric in metrics:
        held.add("usage")
    if portfolio.seat_metric in metrics:
        held.add("seats")
    return frozenset(held)


def _situation(
    watch: Watch,
    facts: AccountFacts,
    score: HealthScore,
    past: tuple[EarlierScore | None, EarlierScore | None],
) -> Situation:
    """The account today; scores are compared without what was measured with a changed ruler."""
    watch = replace(watch, scorecard=watch.scorecard.of_account(facts))
    days = watch.past_days
    outcomes = score.outcomes
    if watch.untrusted:
        outcomes = without_metrics(
            watch.scorecard, watch.portfolio, score.outcomes, watch.untrusted
        )
    if outcomes == score.outcomes:
        previous, month_ago = (_past(watch, one, day) for one, day in zip(past, days, strict=True))
        return Situation(facts, score, previous, month_ago)
    partial = score_health(watch.scorecard, outcomes)
    previous, month_ago = (
        _partial_past(watch, one, day) for one, day in zip(past, days, strict=True)
    )
    return Situation(facts, partial, previous, month_ago, is_partial=True)


def _past(watch: Watch, one: EarlierScore | None, day: dt.date | None) -> PastScore | None:
    if one is None or day is None or one.scorecard_hash != watch.scorecard.digest:
        return None
    return PastScore(day, one.points_e4, one.band)


def _partial_past(watch: Watch, one: EarlierScore | None, day: dt.date | None) -> PastScore | None:
    if one is None or day is None or one.scorecard_hash != watch.scorecard.digest:
        return None
    outcomes = decode_contributions(one.contributions)[0]
    trusted = without_metrics(watch.scorecard, watch.portfolio, outcomes, watch.untrusted)
    score = score_health(watch.scorecard, trusted)
    return PastScore(day, score.points_e4, score.band)
