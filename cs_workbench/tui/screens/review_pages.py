"""What the pages of a review show, read from the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from textual.content import Content

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.money import short
from cs_workbench.core.pipeline_entries import marks_of
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database
from cs_workbench.store.refreshes import last_refresh
from cs_workbench.store.reviews import Review, ReviewItem, decided_last, decisions
from cs_workbench.store.statements import commitment_history, forecast_history
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.modes import names_line
from cs_workbench.tui.screens.renewal_moves import moves_text
from cs_workbench.tui.screens.review_plays import suggested_plays
from cs_workbench.tui.session import Session
from cs_workbench.tui.sizes import NARROW
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.review_lines import ItemView
from cs_workbench.workflows.pipeline import Window, compare, own_rates, read_pipeline
from cs_workbench.workflows.renewal_policy import policy_at
from cs_workbench.workflows.reviews import Sitting, entry_of, read_back, section_name

PER_ITEM = 180  # seconds; what an item is meant to take
IN_ALL = 50 * 60
KEEP_EVERY = 5


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
        name = sitting.review.name if width >= NARROW else sitting.review.name[:24]
        lines.append(spread(joined((f" {name} · ", "bold"), at), timing, width))
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


def opening_page(session: Session, sitting: Sitting, width: int) -> list[Content]:
    """The data's freshness and alarms, the totals, what moved since the last meeting."""
    db, review = session.db, sitting.review
    policy = policy_at(session.renewal_policy_file)
    window = Window(review.day, review.window_days)
    pipeline = read_pipeline(db, window, policy)
    totals, money = pipeline.totals, pipeline.currency or "USD"
    last = last_refresh(db)
    fresh = "not refreshed yet" if last is None else f"as of {with_weekday(last.as_of)}"
    old = last is None or last.as_of < review.day
    since = review.since or review.day - timedelta(days=7)
    moved = compare(db, window, since, policy, now=pipeline)
    sections: dict[str, int] = {}
    for item in sitting.items:
        sections[item.section] = sections.get(item.section, 0) + 1
    return [
        joined((" 1  Data and alarms  ", "bold"), (fresh, "bold $late" if old else "")),
        *(joined(("    ! ", "bold $late"), told) for told in _alarms(db)),
        joined(),
        joined(
            (" 2  Since ", "bold"),
            (with_weekday(since), "bold"),
            f"   {totals.renewals} due {short(totals.due_minor, money)}, weighted "
            f"{short(totals.weighted_minor, money)} ± {short(totals.sd_minor, money)}",
        ),
        *moves_text(moved).split("\n"),
        joined(),
        joined((" 3  The accounts  ", "bold"), ("→ begins", "dim")),
        *(
            joined(f"    {count:>3}  ", (section_name(name), "bold"))
            for name, count in sections.items()
        ),
        safe(" " * min(width, 1)),
    ]


def _alarms(db: Database) -> list[str]:
    """What is in doubt in the data: metrics whose ruler changed."""
    from cs_workbench.store.ruler import standing_changes

    return [
        f"{one.change.metric} changed as a ruler on {one.change.day.isoformat()}"
        for one in standing_changes(db.connection)
    ]


def item_view(session: Session, sitting: Sitting, item: ReviewItem) -> ItemView:
    """Everything about one account.

    Raises:
        NotFoundError: the renewal is gone.
    """
    db, day = session.db, sitting.review.day
    policy = own_rates(db, day, policy_at(session.renewal_policy_file))
    entry = entry_of(db, sitting, item, policy)
    every = decisions(db, sitting.review.review_id)
    made = [(one.kind, one.told) for one in every if one.account_key == item.account_key]
    decided = len({one.account_key for one in every if one.kind != "parked"})
    parked = sum(one.kind == "parked" for one in every)
    key, end = item.account_key, item.renewal_end
    return ItemView(
        entry=entry,
        marks=marks_of(entry, day, policy),
        page=load_account_page(db, key, today=day, me=session.me),
        forecasts=forecast_history(db, key, end, day),
        commitments=commitment_history(db, key, end, day),
        last_time=[
            f"{one.kind}: {one.told}" for one in decided_last(db, key, sitting.review.started_at)
        ],
        decided=made,
        why=item.why,
        day=day,
        since=sitting.review.since or day - timedelta(days=7),
        policy=policy,
        standing=f"parked: {parked} · decided: {decided} of {len(sitting.items)}",
        plays=[title for _, title in suggested_plays(db, key)],
    )


def read_back_page(db: Database, sitting: Sitting) -> list[Content]:
    """Every item with what was decided on it; X closes."""
    policy = policy_at(None)
    lines = [
        joined((" Read back ", "bold"), ("X closes the review and writes its files", "dim")),
        joined(),
    ]
    for item, made in read_back(db, sitting):
        entry = entry_of(db, sitting, item, policy)
        told = " · ".join(f"{one.kind}: {one.told}" for one in made)
        lines.append(
            joined(
                (f" {item.number:>3}  ", "dim"),
                (f"{entry.account.name[:28]:<29}", "bold"),
                (told or "not decided", "" if told else "bold"),
            )
        )
    return lines


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
