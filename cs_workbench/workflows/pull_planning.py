"""Which days a pull counts: those that are over, from where events are new."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from zoneinfo import ZoneInfo

from cs_workbench.engines.events import Arrivals, EventEngine
from cs_workbench.engines.specs import EventSpec
from cs_workbench.engines.zones import DAY, day_number, reach
from cs_workbench.errors import InputError
from cs_workbench.store.usage_pulls import PullState

ONE_DAY = dt.timedelta(days=1)
HOUR = 3_600


@dataclass(frozen=True, slots=True)
class PullPlan:
    """What a pull is going to count; moments are seconds since 1970.

    Attributes:
        arrivals: since the watermark, or since shortly before the day that was asked for.
        first, last: the days to be counted; None when nothing is new, or no day of it is over.
        seen: the newest arrival.
        until: what arrived by then will be counted whole.
        waits: a day that is past, but may lack events: see `last_day_over`.
        late_from: the first day of events that came too late; `--since` counts them.
        resumed: it goes on with a pull that was broken off.
    """

    arrivals: Arrivals
    first: dt.date | None = None
    last: dt.date | None = None
    seen: int | None = None
    until: int | None = None
    waits: dt.date | None = None
    late_from: dt.date | None = None
    resumed: bool = False


def plan_pull(
    engine: EventEngine, spec: EventSpec, state: PullState, since: dt.date | None, now: dt.datetime
) -> PullPlan:
    """The days: from the lag before the watermark on, as soon as any event is new.

    What was written late into a day of the lag is so found without looking for it. What says that
    it arrives later than now is not looked at until then: it shows no more than a wrong clock.

    Raises:
        InputError: no event says when it arrived, or the day that is asked for is still to come.
    """
    latest = _latest(engine, spec, now)
    spec = engine.clocked()  # by the clocks of its days, which dates do not have
    _check_begun(spec, since, latest)
    arrived_after = cache(partial(engine.arrivals, until=latest))
    arrivals = arrived_after(_after(state, since))
    if arrivals.events and arrivals.newest is None:
        raise InputError(
            f"{spec.name}: no event says when it arrived: {spec.arrived} is empty. "
            "Name another column, or none to take the time of the event."
        )
    if arrivals.newest is None or arrivals.first_day is None or arrivals.last_day is None:
        return PullPlan(arrivals, late_from=_date(state.late_from))
    seen = arrivals.newest
    over = last_day_over(spec, seen, latest, as_it_is=since is not None)
    last = min(arrivals.last_day, over)
    left = left_by(state)
    first = since or _lag(spec, state) or arrivals.first_day
    plan = PullPlan(
        arrivals,
        waits=over + ONE_DAY if over < min(arrivals.last_day, _ended(spec, latest - DAY)) else None,
        late_from=_late_from(arrived_after, spec, state, first),
        resumed=since is None and left is not None,
    )
    if since is None and left is not None:  # with nothing left the last day is counted again
        first = min(max(first, left), last)
    if first > last:  # where days are left out that may be counted in time, nothing is late yet
        return plan if since is None else replace(plan, late_from=_date(state.late_from))
    until = seen if arrivals.last_day <= over else min(seen, _end(spec, over))
    return replace(plan, first=first, last=last, seen=seen, until=until)


def _check_begun(spec: EventSpec, since: dt.date | None, now: int) -> None:
    if since is not None and since > _begun(spec, now):
        raise InputError(f"{spec.name}: {since} is still to come. Count from an earlier day on.")


def _latest(engine: EventEngine, spec: EventSpec, now: dt.datetime) -> int:
    """Now, in seconds since 1970; where moments are dates, as the calendar of their zone has it.

    Engines tell a date as the begin of that day in UTC, wherever it is meant.
    """
    if engine.clocked().clocks != spec.clocks:
        now = now.astimezone(ZoneInfo(spec.zone)).replace(tzinfo=dt.UTC)
    return int(now.timestamp())


def _after(state: PullState, since: dt.date | None) -> int | None:
    """The moment after which arrivals are looked at: no event comes before it happens."""
    moments = [_seconds(state.arrived_until)]
    if since is not None:
        begin, _ = reach(day_number(since), day_number(since))
        moments.append(begin)
    return min((one for one in moments if one is not None), default=None)


def last_day_over(spec: EventSpec, newest: int, now: int, *, as_it_is: bool) -> dt.date:
    """The last day that is whole, by the clocks of all accounts.

    Part of a day would look like a fall. So a day is over when something arrived after its end; or
    when it ended a day ago, and something arrived in its last hour: a feed that ends there ended
    with it. Of a feed that is said to bring all within some hours, it is so long after its end.

    Args:
        spec: whose clocks are meant.
        newest: arrival, in seconds since 1970; not later than
        now: the moment that is meant, counted so too.
        as_it_is: what arrived of a day that ended is all of it; a person says so.
    """
    past = _ended(spec, now)
    if not as_it_is:
        past = min(_ended(spec, now - DAY), _ended(spec, newest + HOUR))
    if spec.whole_after_hours is not None:
        past = max(past, _ended(spec, now - spec.whole_after_hours * HOUR))
    return max(_ended(spec, newest), past)


def _ended(spec: EventSpec, moment: int) -> dt.date:
    """The last day that had ended by then, by the clocks of all accounts."""
    return min(dt.datetime.fromtimestamp(moment, zone).date() for zone in spec.clocks) - ONE_DAY


def _begun(spec: EventSpec, moment: int) -> dt.date:
    """The last day that had begun by then, by the clock of any account."""
    return max(dt.datetime.fromtimestamp(moment, zone).date() for zone in spec.clocks)


def _end(spec: EventSpec, day: dt.date) -> int:
    """When a day ends where it ends first; events of the next arrived since then."""
    following = day + ONE_DAY
    ends = (dt.datetime.combine(following, dt.time(), zone) for zone in spec.clocks)
    return int(min(one.timestamp() for one in ends))


def _lag(spec: EventSpec, state: PullState) -> dt.date | None:
    """The first day that is counted again; None at the first pull."""
    watermark = _date(state.arrived_until)
    return None if watermark is None else watermark - spec.lag_days * ONE_DAY


def _late_from(
    arrived_after: Callable[[int | None], Arrivals],
    spec: EventSpec,
    state: PullState,
    first: dt.date,
) -> dt.date | None:
    """The first day, of those before the first that is counted, of events that wait for `--since`.

    Some that arrived after the watermark may have been looked at: it stands at the begin of a day
    that was not over. What had come of that day waits on where only later days are asked for; what
    had come of earlier ones was counted.

    Args:
        arrived_after: asks for what arrived after a moment.
        spec: by whose clocks.
        state: how far it was counted.
        first: day that is counted now.
    """
    known, watermark = [_date(state.late_from)], _seconds(state.arrived_until)
    fresh = None if watermark is None else arrived_after(watermark).first_day
    if watermark is not None and fresh is not None and fresh < first:
        if state.seen_until is not None:
            known += [
                max(fresh, _begun(spec, watermark)),
                arrived_after(_seconds(state.seen_until)).first_day,
            ]
        else:
            known.append(fresh)
    return min((day for day in known if day is not None and day < first), default=None)


def left_by(state: PullState) -> dt.date | None:
    """The first day that a pull which was broken off left; None if none was."""
    through = _date(state.through_day)
    return None if through is None else through + ONE_DAY


def _seconds(instant: str | None) -> int | None:
    return None if instant is None else int(dt.datetime.fromisoformat(instant).timestamp())


def _date(text: str | None) -> dt.date | None:
    """The date of a date or of an instant."""
    return None if text is None else dt.date.fromisoformat(text[:10])
