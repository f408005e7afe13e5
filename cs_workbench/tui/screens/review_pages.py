"""What the pages of a review show, read from the portfolio."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from textual.content import Content

from cs_workbench.core.authority import limits_told
from cs_workbench.core.dates import near_date, with_weekday
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.pipeline_entries import marks_of
from cs_workbench.core.projections import Projection
from cs_workbench.core.review_agenda import section_title
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.churn_ledger import kept_word
from cs_workbench.store.database import Database
from cs_workbench.store.health import account_names_of
from cs_workbench.store.refreshes import last_refresh
from cs_workbench.store.reviews import Decision, Review, ReviewItem, decided_last, decisions
from cs_workbench.store.statements import commitment_history, forecast_history
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.modes import names_line
from cs_workbench.tui.screens.renewal_moves import moves_lines
from cs_workbench.tui.screens.renewal_titles import Moved, moved_of
from cs_workbench.tui.screens.review_plays import suggested_plays
from cs_workbench.tui.session import Session
from cs_workbench.tui.sizes import NARROW
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.review_facts import ItemView
from cs_workbench.workflows.pipeline import compare, own_rates, read_pipeline
from cs_workbench.workflows.policies import authorities
from cs_workbench.workflows.renewal_policy import policy_at
from cs_workbench.workflows.review_changes import moved_since
from cs_workbench.workflows.review_snapshots import window_of
from cs_workbench.workflows.reviews import (
    Sitting,
    decided_on,
    entry_of,
    read_back,
)
from cs_workbench.workflows.scorecards import scorecard_at

NAME = 26
PER_ITEM = 180  # seconds; what an item is meant to take
IN_ALL = 50 * 60
KEEP_EVERY = 5
READ_BACK_HEAD = 2  # lines above the first item


@dataclass(frozen=True)
class Clock:
    """How long the meeting and the item have gone on, by a monotonic clock's seconds."""

    since: float = 0.0
    meeting: int = 0
    of_item: int = 0
    item_since: float = 0.0
    kept_at: float = 0.0

    def at_item(self, now: float, seconds: int) -> "Clock":
        """The clock of another item, which took so long before."""
        return replace(self, of_item=seconds, item_since=now)

    def kept(self, now: float) -> "Clock":
        """As it is kept at this moment."""
        return replace(self, kept_at=now)

    def is_due(self, now: float) -> bool:
        """Whether it is time to keep it again."""
        return now - self.kept_at >= KEEP_EVERY

    def total(self, now: float) -> int:
        """Seconds of the meeting."""
        return self.meeting + int(now - self.since)

    def item(self, now: float) -> int:
        """Seconds of the item."""
        return self.of_item + int(now - (self.item_since or self.since))


def title_line(
    session: Session,
    sitting: Sitting | None,
    place: int,
    clock: tuple[Clock, float],
    width: int,
) -> Content:
    """The modes, and on the second line the meeting, the item, the time."""
    rule = safe(session.glyphs.rule * width, "dim")
    left = names_line("review", width)
    day = joined((with_weekday(session.today), "dim"), " ")
    lines = [spread(left, day, width)]
    if sitting is not None:
        count, (ticking, now) = len(sitting.items), clock
        at = (
            f"item {place} of {count}"
            if 1 <= place <= count
            else "opening"
            if not place
            else "read-back"
        )
        spent = f"{_minutes(ticking.item(now))} of {_minutes(PER_ITEM)}"
        rest = max(0, IN_ALL - ticking.total(now)) // 60
        late = ticking.item(now) > PER_ITEM and 1 <= place <= count
        timing = joined((spent, "bold $late" if late else "bold"), f" · {rest} min left ")
        review = sitting.review
        chair = (f" · {review.chair} (chair)", "dim") if width >= NARROW else ""
        meeting = joined((f" {at}", "bold"), f" · {review.name}", chair)
        lines.append(spread(meeting, timing, width))
    return Content("\n").join([*lines, rule])


def resting_page(reviews: Sequence[Review], today: date) -> list[Content]:
    """Where none goes on: how to begin, and those that were."""
    lines = [
        joined(),
        joined(
            (" No review goes on. ", "bold"), ("R", "bold"), " begins one with the agenda of now."
        ),
        joined(),
    ]
    for one in reviews[:20]:
        days = (today - one.day).days
        lines.append(
            joined(
                (f" {with_weekday(one.day)}  ", "dim"),
                one.name,
                (f" · {one.state} · {one.seconds // 60} min · {days} d ago", "dim"),
            )
        )
    return lines


@dataclass(frozen=True)
class Opened:
    """What the opening tells of all renewals of a meeting."""

    totals: Projection
    currency: str
    moved: Moved


def read_opened(db: Database, review: Review, policy: ForecastPolicy) -> Opened:
    """Their totals, and what moved since the last meeting; of very many it takes seconds."""
    pipeline = read_pipeline(db, window_of(db, review), policy)
    moved = compare(db, pipeline.window, review.compared_with, policy, now=pipeline)
    return Opened(pipeline.totals, pipeline.currency or "USD", moved_of(moved))


def opening_page(
    session: Session, sitting: Sitting, opened: Opened | None, width: int
) -> list[Content]:
    """The data's freshness and alarms, the totals, what moved since the last meeting."""
    db, review = session.db, sitting.review
    last = last_refresh(db)
    fresh = "not refreshed yet" if last is None else f"as of {with_weekday(last.as_of)}"
    old = last is None or last.as_of < review.day
    since = joined((f" 2  Since {with_weekday(review.compared_with)}", "bold"))
    sections = Counter(item.section for item in sitting.items)
    return [
        joined((" 1  Data and alarms  ", "bold"), (fresh, "bold $late" if old else "")),
        *(joined(("    ! ", "bold $late"), told) for told in _alarms(db)),
        joined(),
        *([since + joined(("   reading …", "dim"))] if opened is None else []),
        *([] if opened is None else _since(since, opened, width)),
        joined(),
        joined((" 3  The accounts  ", "bold"), ("→ begins", "dim")),
        *(
            joined(f"    {count:>3}  ", (section_title(name), "bold"))
            for name, count in sections.items()
        ),
    ]


def _since(head: Content, opened: Opened, width: int) -> Iterator[Content]:
    totals, money = opened.totals, opened.currency
    yield head + joined(
        f"   {totals.told_due(money)}, weighted {totals.told_weighted(money)}",
    )
    yield from (joined("    ", line) for line in moves_lines(opened.moved, width - 5))


def _alarms(db: Database) -> list[str]:
    """What is in doubt in the data: metrics whose ruler changed."""
    from cs_workbench.store.ruler import standing_changes

    return [
        f"{one.change.metric} changed as a ruler on {one.change.day.isoformat()}"
        for one in standing_changes(db.connection)
    ]


def model_record(db: Database, day: date) -> str:
    """How right the churn model in use was when its last window closed, in words."""
    for one in kept_word(db.connection):
        if one.n and not one.open and not one.is_treated:
            until = near_date(one.window_to, day)
            return f"{until}: said {one.said:.1f}, {one.came} left, n {one.n:,}"
    return ""


def item_view(session: Session, sitting: Sitting, item: ReviewItem) -> ItemView:
    """Everything about one account.

    Raises:
        NotFoundError: the renewal is gone.
    """
    db, review = session.db, sitting.review
    policy = own_rates(db, review.day, policy_at(session.renewal_policy_file))
    entry = entry_of(db, sitting, item, policy)
    every = decisions(db, review.review_id)
    key, end = item.account_key, item.renewal_end
    since, card = review.compared_with, scorecard_at(session.scorecard_file)
    moved = moved_since(db, key, card, since=since, day=review.day)
    page = load_account_page(db, key, today=review.day, me=session.me)
    return ItemView(
        entry=entry,
        marks=marks_of(entry, review.day, policy),
        page=page,
        forecasts=forecast_history(db, key, end, review.day),
        commitments=commitment_history(db, key, end, review.day),
        before_e4=moved.before_e4,
        causes=moved.causes,
        last_time=[one.words for one in decided_last(db, key, review.started_at)],
        decided=[(one.kind, one.told) for one in every if one.renewal == item.renewal],
        why=item.why,
        day=review.day,
        since=since,
        policy=policy,
        standing=standing_of(sitting, every),
        limits=limits_told(authorities()),
        record=model_record(db, review.day) if page.churn else "",
        plays=[title for _, title in suggested_plays(db, key)],
    )


def standing_of(sitting: Sitting, every: Sequence[Decision]) -> str:
    """How far the meeting is: `parked: 1 · decided: 7 of 20`."""
    parked = sum(one.kind == "parked" for one in every)
    return f"parked: {parked} · decided: {len(decided_on(every))} of {len(sitting.items)}"


def read_back_page(db: Database, sitting: Sitting) -> list[Content]:
    """Every item with what was decided on it; X closes."""
    every = decisions(db, sitting.review.review_id)
    head = joined((" Read back ", "bold"), f"  {standing_of(sitting, every)}   ")
    keys = joined(
        (">", "bold"),
        (" next without a decision   ", "dim"),
        ("X", "bold"),
        (" closes the review and writes its files", "dim"),
    )
    names = account_names_of(db.connection, [one.account_key for one in sitting.items])
    lines = [head + keys, joined()]
    for item, made in read_back(db, sitting):
        told = " · ".join(one.words for one in made)
        name = safe(names[item.account_key][1], "bold")
        lines.append(
            joined(
                (f" {item.number:>3}  ", "dim"),
                fitted(name, NAME),
                "  ",
                (told or "not decided", "" if told else "bold"),
            )
        )
    return lines


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
