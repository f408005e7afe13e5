"""What a refresh does about signals: tests the rulers, then settles account by account."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cs_workbench.core.depletion import Supply
from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.health import HealthScore, Standing, decode_contributions, score_health
from cs_workbench.core.loyalty import BadExperience
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
from cs_workbench.core.signals.kinds import KINDS
from cs_workbench.core.signals.model import PastScore, Ruler, Situation
from cs_workbench.core.signals.reconciling import Settlement, count_waiting, settle
from cs_workbench.core.usage_findings import UsageState
from cs_workbench.store import ruler as store
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.health import EarlierScore
from cs_workbench.store.signals import live_signals
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.ruler_tests import RulerTests, note_ruler_tests, run_ruler_tests
from cs_workbench.workflows.supplying import Supplies

if TYPE_CHECKING:
    from cs_workbench.workflows.detecting import Detector  # works on columns

WEEK = dt.timedelta(days=7)
_Past = tuple[EarlierScore | None, EarlierScore | None]


class Doubt(NamedTuple):
    """Rulers that changed, and metrics that are left out."""

    held: frozenset[Ruler] = frozenset()
    untrusted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Watch:
    """What holds for the signals of a whole run.

    Attributes:
        held: rulers that changed; signals measured with them stay as they are.
        untrusted: metrics that are left out when scores are compared.
        in_segments: the same two for accounts of some segments alone.
        quiet: metrics that are left out for the accounts from which they no longer come.
        trusted: whether the scores of each of the past days were measured as before the change.
        noticed, stops: what was noticed on this day.
        warnings: everything that holds, in sentences.
        found: what is to be noted.
        detector: looks at the usage of accounts; None without usage.
        supplies: foretells when credits and allowances run out.
        bad: by account, bad experiences of late that were not made good.
    """

    scorecard: Scorecard
    portfolio: Portfolio
    past_days: tuple[dt.date | None, dt.date | None]
    held: frozenset[Ruler] = frozenset()
    untrusted: frozenset[str] = frozenset()
    in_segments: Mapping[str, "Doubt"] = field(default_factory=lambda: MappingProxyType({}))
    quiet: frozenset[str] = frozenset()
    trusted: tuple[bool, bool] = (True, True)
    noticed: tuple[RulerChange, ...] = ()
    stops: tuple[FeedStop, ...] = ()
    warnings: tuple[str, ...] = ()
    found: RulerTests | None = None
    detector: "Detector | None" = None
    supplies: Supplies | None = None
    bad: Mapping[int, tuple[BadExperience, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def doubt(self, segment: str | None) -> Doubt:
        """What cannot be trusted of an account of the segment."""
        own = self.in_segments.get(segment or "")
        if own is None:
            return Doubt(self.held, self.untrusted)
        return Doubt(self.held | own.held, self.untrusted | own.untrusted)


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
    held = {(one.metric, one.segments) for one in found.changes}
    held |= {(metric, segments) for metric, (_, segments) in found.moved_on.items()}
    lifted = {(one.change.metric, one.change.segments) for one in found.lifted}
    doubts = _doubts(portfolio, held, tainted | lifted | {(name, ()) for name in found.stale})
    everywhere = doubts.pop("", Doubt())
    return Watch(
        scorecard,
        portfolio,
        past_days,
        held=everywhere.held,
        untrusted=everywhere.untrusted,
        in_segments=doubts,
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


class Judged(NamedTuple):
    """One account that has a score.

    Attributes:
        card: the variant of the scorecard that holds for it.
        whole: gives its score with what was measured; few accounts are asked for it.
        kinds: of signals that it can have.
    """

    facts: AccountFacts
    card: Scorecard
    standing: Standing
    whole: Callable[[], HealthScore]
    kinds: Iterable[str] = KINDS


def settle_accounts(
    connection: Connection,
    watch: Watch,
    judged: Iterable[Judged],
    past: tuple[Mapping[int, EarlierScore], Mapping[int, EarlierScore]],
    keys: tuple[int, int],
    *,
    states: Mapping[int, UsageState],
    supplies: Mapping[int, tuple[Supply, ...]],
) -> Settlement:
    """What becomes of the signals of a range of accounts; those of all others there end.

    `states` are what the detectors of usage say, by account; `supplies` what is left.
    """
    stored = live_signals(connection, watch.portfolio.as_of, keys)
    settlement = Settlement()
    for one in judged:
        key = one.facts.account_key
        live = stored.pop(key, ())
        if not live and not one.kinds:
            continue
        before = past[0].get(key), past[1].get(key)
        held = watch.doubt(one.facts.segment).held
        beside = partial(
            replace,
            usage=states.get(key),
            standing=frozenset(each.signal.kind for each in live if each.ended_on is None),
            supplies=supplies.get(key, ()),
            bad=watch.bad.get(key, ()),
        )
        now = beside(_situation(watch, one, before))
        settle(now, live, settlement, held, one.kinds)
        if held or now.is_partial:
            whole = beside(_whole_situation(watch, one, before))
            settlement.waiting += count_waiting(whole, now, live, held)
    for gone in stored.values():
        settle(None, gone, settlement)
    return settlement


def past_scores(
    judged: Sequence[tuple[int, Scorecard]],
    day: dt.date | None,
    scores: Mapping[int, EarlierScore],
) -> list[PastScore | None]:
    """The scores of an earlier day of accounts by key, where the same scorecard made them."""
    return [_same_ruler(day, scores.get(key), card) for key, card in judged]


def _tell(
    standing: Sequence[RulerChange], pauses: Sequence[Pause], stops: Iterable[FeedStop]
) -> Iterator[str]:
    for change in standing:
        alike = {
            other.metric
            for other in standing
            if (other.day, other.direction, other.segments)
            == (change.day, change.direction, change.segments)
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
    starts = [*(one.day for one in changed), *(first for first, _ in found.moved_on.values())]
    return day < min(starts, default=dt.date.max) and not store.metrics_changed_over(
        connection, [day]
    )


_Metrics = Collection[tuple[str, tuple[str, ...]]]


def _doubts(portfolio: Portfolio, held: _Metrics, others: _Metrics) -> dict[str, Doubt]:
    """By segment what cannot be trusted; under an empty name what holds for all.

    Metrics come with the segments that they are about; none: all.
    """
    found: dict[str, tuple[set[str], set[str]]] = {}
    for metric, segments in (*held, *others):
        for segment in segments or ("",):
            of_segment = found.setdefault(segment, (set(), set()))
            of_segment[1].add(metric)
            if (metric, segments) in held:
                of_segment[0].add(metric)
    return {
        segment: Doubt(_held(portfolio, names), frozenset(every))
        for segment, (names, every) in found.items()
    }


def _held(portfolio: Portfolio, metrics: set[str]) -> frozenset[Ruler]:
    held: set[Ruler] = set()
    if portfolio.main_metric in metrics:
        held.add("usage")
    if portfolio.seat_metric in metrics:
        held.add("seats")
    return frozenset(held)


def _situation(watch: Watch, one: Judged, past: _Past) -> Situation:
    """The account today; where a metric cannot be trusted, as if it were as it was before.

    Its measures then have the values of the newest score that was measured as before, today and on
    the days that today is compared with; where there is none they are left out.
    """
    doubt = watch.doubt(one.facts.segment)
    metrics = doubt.untrusted | _quiet_of(watch, one.facts)
    if not metrics:
        return _whole_situation(watch, one, past)
    card, measured = one.card, one.whole().outcomes
    before = [
        None
        if earlier is None or earlier.scorecard_hash != card.digest
        else decode_contributions(earlier.contributions)[0]
        for earlier in past
    ]
    good = (one for one, ok in zip(before, watch.trusted, strict=True) if ok and one is not None)
    instead = next(good, None)
    outcomes = with_trusted(card, watch.portfolio, measured, metrics, instead)
    if outcomes == measured and all(watch.trusted):
        return _whole_situation(watch, one, past)
    previous, month_ago = (
        _past(
            card,
            day,
            None if then is None else with_trusted(card, watch.portfolio, then, metrics, instead),
        )
        for then, day in zip(before, watch.past_days, strict=True)
    )
    return Situation(one.facts, score_health(card, outcomes), previous, month_ago, is_partial=True)


def _quiet_of(watch: Watch, facts: AccountFacts) -> frozenset[str]:
    """The metrics that no longer come for most accounts, and for this one neither."""
    last = watch.portfolio.as_of - WEEK
    return frozenset(
        name for name in watch.quiet if name not in facts.usage or facts.usage[name].last_day < last
    )


def _whole_situation(watch: Watch, one: Judged, past: _Past) -> Situation:
    """The account today, as it was measured."""
    previous, month_ago = (
        _same_ruler(day, then, one.card) for then, day in zip(past, watch.past_days, strict=True)
    )
    return Situation(one.facts, one.standing, previous, month_ago)


def _same_ruler(day: dt.date | None, one: EarlierScore | None, card: Scorecard) -> PastScore | None:
    """A score of an earlier day, if the scorecard of today made it."""
    if one is None or day is None or one.scorecard_hash != card.digest:
        return None
    return PastScore(day, one.points_e4, one.band)


def _past(
    card: Scorecard, day: dt.date | None, outcomes: Sequence[Outcome] | None
) -> PastScore | None:
    if day is None or outcomes is None:
        return None
    score = score_health(card, outcomes)
    return PastScore(day, score.points_e4, score.band)
