"""Test every usage metric: did its ruler change, do customers rest, did its feed stop?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cs_workbench.core.ruler import (
    DEFAULT_POLICY,
    WEEKS,
    DayMoves,
    Direction,
    FeedStop,
    Pause,
    RulerChange,
    find_move,
    find_segments,
    has_stopped,
    is_rest,
    knows_rest,
    still_moved,
)
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store import ruler as store
from cs_workbench.store.database import Database, write
from cs_workbench.store.ruler_moves import (
    Span,
    account_total,
    moves_by_segment,
    moves_on,
    quiet_on,
    rest_on,
)
from cs_workbench.store.sqlite import Connection

DAY = dt.timedelta(days=1)
WEEK = 7
Segments = tuple[str, ...]
SAMPLE = 2000  # accounts; so many show a move of half of all as well as all do


@dataclass
class RulerTests:
    """What testing found, and what is to be noted.

    Attributes:
        noticed: changes that were not known before, by the id of their metric.
        standing, lifted: changes known before, and whether they still hold.
        moved_on: names of metrics that were elsewhere in the last days; the first of the days, and
            the segments, if not all.
        pauses: what is taken for a holiday.
        stops: feeds that no longer come for most accounts; `new_stops` since the last refresh.
        stale: names of metrics whose newest data is too old to say anything.
        tested: how far each metric is tested now, by id.
        every: one account of so many is looked at before all are.
    """

    noticed: list[tuple[int, RulerChange]] = field(default_factory=list)
    standing: list[store.Standing] = field(default_factory=list)
    lifted: list[store.Standing] = field(default_factory=list)
    moved_on: dict[str, tuple[dt.date, Segments]] = field(default_factory=dict)
    pauses: list[Pause] = field(default_factory=list)
    stops: list[FeedStop] = field(default_factory=list)
    new_stops: list[FeedStop] = field(default_factory=list)
    stale: set[str] = field(default_factory=set)
    tested: dict[int, dt.date] = field(default_factory=dict)
    every: int = 1

    @property
    def changes(self) -> list[RulerChange]:
        """All changes that hold."""
        return [*(one.change for one in self.standing), *(change for _, change in self.noticed)]

    def noticed_on(self, day: dt.date) -> tuple[RulerChange, ...]:
        """The changes that were noticed on that day, the day of these tests or an earlier one."""
        before = [one.change for one in self.standing if one.noticed_on == day]
        return (*before, *(change for _, change in self.noticed))


def run_ruler_tests(connection: Connection, as_of: dt.date, previous: dt.date | None) -> RulerTests:
    """Test the newest days of every metric, and whether older changes still stand.

    Args:
        connection: a snapshot of the portfolio.
        as_of: the day.
        previous: the day of the last refresh, if there was one.
    """
    found = RulerTests(every=max(1, account_total(connection) // SAMPLE))
    rulers = {one.metric_id: one for one in store.rulers(connection, as_of)}
    for one in store.standing_changes(connection):
        _test_standing(connection, one, rulers.get(one.metric_id), as_of, found)
    # Until the weeks before are measured like today's, a change would be noticed every morning.
    accepted = store.accepted_metrics(connection, as_of - 7 * WEEKS * DAY)
    busy = accepted | {one.metric_id for one in (*found.standing, *found.lifted)}
    for ruler in rulers.values():
        if (as_of - ruler.last_day).days > DEFAULT_POLICY.stale_days:
            found.stale.add(ruler.name)
        _test_feed(connection, ruler, previous, found)
        if ruler.tested_until is not None and ruler.tested_until >= ruler.last_day:
            continue
        found.tested[ruler.metric_id] = ruler.last_day
        if ruler.metric_id not in busy:
            _test_ruler(connection, ruler, rulers, found)
    return found


def note_ruler_tests(db: Database, found: RulerTests, as_of: dt.date) -> None:
    """Keep what was found, for the refreshes to come."""
    if not (found.noticed or found.lifted or found.tested):
        return
    with write(db) as connection:
        for metric_id, change in found.noticed:
            store.save_change(connection, metric_id, change, as_of)
        for one in found.lifted:
            store.lift_change(connection, one, as_of)
        for metric_id, day in found.tested.items():
            store.save_tested(connection, metric_id, day)


def _test_standing(
    connection: Connection,
    one: store.Standing,
    ruler: store.Ruler | None,
    as_of: dt.date,
    found: RulerTests,
) -> None:
    """A change stands while the newest day is still away from the weeks before it."""
    change, last = one.change, None if ruler is None else ruler.last_day
    base = week_and_weekday(change.day)[0] - 1
    if (as_of - change.day).days > DEFAULT_POLICY.lasts_days:
        found.lifted.append(one)
        return
    if last is None or last < change.day:
        found.standing.append(one)
        return
    newest = Span(last, 1, base, change.segments)
    if _is_away(connection, one.metric_id, newest, change.direction):
        found.standing.append(one)
        return
    found.lifted.append(one)
    if _is_away(connection, one.metric_id, replace(newest, days=WEEK), change.direction):
        found.moved_on[change.metric] = change.day, change.segments


def _test_feed(
    connection: Connection, ruler: store.Ruler, previous: dt.date | None, found: RulerTests
) -> None:
    if not has_stopped(quiet_on(connection, ruler.metric_id, ruler.last_day, every=found.every)):
        return
    quiet = quiet_on(connection, ruler.metric_id, ruler.last_day)
    stop = FeedStop(ruler.name, ruler.label, ruler.last_day, quiet.accounts, quiet.quiet)
    found.stops.append(stop)
    if previous is not None:
        before = quiet_on(connection, ruler.metric_id, min(previous, ruler.last_day))
        if not has_stopped(before):
            found.new_stops.append(stop)


def _test_ruler(
    connection: Connection,
    ruler: store.Ruler,
    rulers: Mapping[int, store.Ruler],
    found: RulerTests,
) -> None:
    """Whether the newest days are away from the weeks before those that were not yet tested."""
    last = ruler.last_day
    window = _window(connection, ruler, found.every)
    if window is None:
        return
    first, base, newest = window
    one_day = moves_by_segment(
        connection, ruler.metric_id, Span(last, base_week=base, every=found.every)
    )
    moved = _move(newest) or _move(one_day)
    if moved is None:
        return
    direction, segments = moved
    asked = Span(last, base_week=base, segments=segments)
    day = _first_day(connection, ruler, replace(asked, last=first), direction)
    asked = replace(asked, days=min(WEEK, (last - day).days + 1))
    _judge(connection, (ruler, rulers), (day, direction), asked, found)


def _judge(
    connection: Connection,
    asked_of: tuple[store.Ruler, Mapping[int, store.Ruler]],
    move: tuple[dt.date, Direction],
    asked: Span,
    found: RulerTests,
) -> None:
    """Whether a move since a day is a change of the ruler, a rest, or over already."""
    ruler, rulers = asked_of
    day, direction = move
    segments = asked.segments
    moves = moves_on(connection, ruler.metric_id, asked)
    if not still_moved(moves, direction):
        return
    count, factor = (
        (moves.up, moves.factor_up) if direction == "up" else (moves.down, moves.factor_down)
    )
    if direction == "down" and _is_rest(connection, ruler, rulers, day, asked):
        found.moved_on[ruler.name] = day, segments
        found.pauses.append(Pause(ruler.name, day, moves.accounts, count))
    elif not _is_away(connection, ruler.metric_id, replace(asked, days=1), direction):
        found.moved_on[ruler.name] = day, segments
    else:
        change = RulerChange(
            ruler.name,
            ruler.label,
            day,
            direction,
            moves.accounts,
            count,
            round(factor, 4),
            segments,
        )
        found.noticed.append((ruler.metric_id, change))
        return
    # The next refresh has to see these days against the weeks before them, too.
    found.tested[ruler.metric_id] = day - DAY


def _move(moves: Mapping[str, DayMoves]) -> tuple[Direction, Segments] | None:
    """The way that all accounts went, else that some segments did; these are named."""
    move = find_move(sum(moves.values(), DayMoves()))
    if move is not None:
        return move[0], ()
    segments = find_segments(moves)
    if not segments:
        return None
    move = find_move(sum((moves[name] for name in segments), DayMoves()))
    return None if move is None else (move[0], segments)


def _window(
    connection: Connection, ruler: store.Ruler, every: int
) -> tuple[dt.date, int, Mapping[str, DayMoves]] | None:
    """The first day to be tested, the last week to compare with, and how the newest days moved.

    At least seven days, so that weekdays and weekends are both among them, and as many as were not
    yet tested; fewer where the history before them is too short. None where it is too short at all.
    """
    last = ruler.last_day
    widest = last - (DEFAULT_POLICY.window_days - 1) * DAY
    first = widest if ruler.tested_until is None else max(widest, ruler.tested_until + DAY)
    week_ago = last - (WEEK - 1) * DAY
    for day in sorted({min(first, week_ago), week_ago, last}):
        base = week_and_weekday(day)[0] - 1
        span = Span(last, min(WEEK, (last - day).days + 1), base, every=every)
        moves = moves_by_segment(connection, ruler.metric_id, span)
        if sum(one.accounts for one in moves.values()) >= DEFAULT_POLICY.least_accounts:
            return day, base, moves
    return None


def _first_day(
    connection: Connection, ruler: store.Ruler, first: Span, direction: Direction
) -> dt.date:
    """The first day of the window that went there by itself, else the first of the last seven."""
    for offset in range((ruler.last_day - first.last).days + 1):
        day = first.last + offset * DAY
        move = find_move(moves_on(connection, ruler.metric_id, replace(first, last=day)))
        if move is not None and move[0] == direction:
            return day
    return max(first.last, ruler.last_day - (WEEK - 1) * DAY)


def _is_rest(
    connection: Connection,
    ruler: store.Ruler,
    rulers: Mapping[int, store.Ruler],
    day: dt.date,
    span: Span,
) -> bool:
    rest = rest_on(connection, ruler.metric_id, span)
    others: list[bool] = []
    for one in rulers.values():
        if one.metric_id == ruler.metric_id or one.is_standing or one.last_day < ruler.last_day:
            continue
        seen = rest_on(connection, one.metric_id, span)
        if seen.accounts >= DEFAULT_POLICY.least_accounts and knows_rest(seen):
            others.append(2 * seen.fell >= seen.accounts)
    return is_rest(rest, (ruler.last_day - day).days, others)


def _is_away(connection: Connection, metric_id: int, span: Span, direction: Direction) -> bool:
    return still_moved(moves_on(connection, metric_id, span), direction)
