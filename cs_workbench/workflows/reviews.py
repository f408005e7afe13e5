"""The renewal review: begin it, decide in it, close it with all that its exports are made of."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import Forecast
from cs_workbench.core.ids import new_id
from cs_workbench.core.money import short
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.review_agenda import DecisionKind, agenda
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.tasks import one_line
from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.custom_fields import read_filter
from cs_workbench.store.database import Database, write
from cs_workbench.store.next_steps import NextStep, next_step_changes
from cs_workbench.store.pipeline import read_entry
from cs_workbench.store.reviews import (
    Decision,
    Review,
    ReviewItem,
    decisions,
    end_review,
    insert_review,
    last_meeting,
    make_decision,
    new_decision,
    open_review,
    review_items,
)
from cs_workbench.store.tasks import new_task
from cs_workbench.workflows.conceding import proposal
from cs_workbench.workflows.forecasting import Speaker, record_forecast
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.pipeline import WINDOW_DAYS, Window, bring_up_to_date, read_pipeline
from cs_workbench.workflows.remembering import remember
from cs_workbench.workflows.review_snapshots import snapshot_of
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By, make_task


@dataclass(frozen=True)
class Opening:
    """What a meeting is about.

    Attributes:
        name: of the meeting; empty: the day's.
        narrowed: a filter of accounts, as typed.
    """

    name: str = ""
    days: int = WINDOW_DAYS
    narrowed: str = ""


@dataclass(frozen=True)
class Sitting:
    """A meeting that goes on, with its agenda, and who writes."""

    review: Review
    items: tuple[ReviewItem, ...]
    speaker: Speaker


def start_review(
    db: Database, speaker: Speaker, opening: Opening, policy: ForecastPolicy
) -> Sitting:
    """Begin a meeting with the agenda of now.

    Raises:
        ConflictError: one goes on already.
        NotFoundError: no renewal in the window needs talk.
        UsageError: the filter cannot be understood.
    """
    going = open_review(db)
    if going is not None:
        raise ConflictError(
            f"The review “{going.name}” goes on. Resume it, or close it, before another one."
        )
    bring_up_to_date(db, speaker.today, policy)
    window = Window(speaker.today, opening.days, read_filter(db, opening.narrowed))
    pipeline = read_pipeline(db, window, policy)
    items = agenda(pipeline.entries, speaker.today, pipeline.policy)
    if not items:
        raise NotFoundError("No renewal in this window needs talk. Look further ahead.")
    review = Review(
        review_id=new_id(),
        name=opening.name.strip() or f"Review of {with_weekday(speaker.today)}",
        chair=speaker.actor,
        day=speaker.today,
        since=last_meeting(db, speaker.today),
        window_days=opening.days,
        filter_text=opening.narrowed.strip(),
        state="open",
        place=0,
        seconds=0,
        started_at=speaker.at(),
        closed_at=None,
    )
    insert_review(db, review, items)
    return sitting_of(db, speaker, review)


def resume_review(db: Database, speaker: Speaker) -> Sitting:
    """The meeting that goes on, at the item it was at.

    Raises:
        NotFoundError: none goes on.
    """
    review = open_review(db)
    if review is None:
        raise NotFoundError("No review goes on. `csw review start` begins one.")
    return sitting_of(db, speaker, review)


def sitting_of(db: Database, speaker: Speaker, review: Review) -> Sitting:
    """A meeting with its agenda; what is said in it says so."""
    mine = Speaker(speaker.actor, review.day, review.review_id)
    return Sitting(review, tuple(review_items(db, review.review_id)), mine)


def decide(db: Database, sitting: Sitting, item: ReviewItem, kind: DecisionKind, told: str) -> str:
    """Write down a decision that makes nothing else: *no change*, or parked; returns it.

    Raises:
        UsageError: nothing is said of what is parked.
    """
    if kind == "parked":
        told = one_line(told, "what is parked")
    decision = _decision(sitting, item, kind, told or "no change")
    return _say(
        db, sitting, f"review: {decision.told}", [new_decision(decision, sitting.review.day)]
    )


def decide_forecast(
    db: Database, sitting: Sitting, item: ReviewItem, one: Forecast, policy: ForecastPolicy
) -> str:
    """Record a forecast as a decision of the meeting; both are one act.

    Raises:
        UsageError: the policy wants more; the message says what.
        ConflictError: the renewal is decided already.
    """

    def besides(told: str) -> Change:
        words = told.removeprefix("forecast: ").rpartition(" · ")[0]
        decision = _decision(sitting, item, "forecast", words)._replace(ref_id=one.forecast_id)
        return new_decision(decision, sitting.review.day)

    return record_forecast(db, sitting.speaker, one, policy=policy, besides=besides)


def decide_step(
    db: Database,
    sitting: Sitting,
    item: ReviewItem,
    *,
    what: str,
    owner: str | None,
    due_on: dt.date | None,
    kind: DecisionKind = "next step",
) -> str:
    """Give the account a next step, or escalate it: a task with an owner and a day.

    Raises:
        UsageError: nothing is said of what there is to do.
    """
    review, speaker = sitting.review, sitting.speaker
    task = make_task(
        By(speaker.actor, speaker.today),
        what=what,
        account_key=item.account_key,
        owner=owner,
        due_on=due_on,
        origin=("review", review.review_id),
    )
    when = f", {with_weekday(due_on)}" if due_on else ""
    told = f"{task.what} · {task.owner}{when}"
    decision = _decision(sitting, item, kind, told)._replace(ref_id=task.task_id)
    changes = [new_task(task), new_decision(decision, review.day)]
    if kind == "next step":
        step = NextStep(task.what, task.owner, due_on)
        changes += next_step_changes([item.account_key], step, today=review.day)
    return _say(db, sitting, f"{kind}: {told}", changes)


def decide_play(db: Database, sitting: Sitting, item: ReviewItem, playbook: Playbook) -> str:
    """Start a play on the account; the decision is part of the same act.

    Raises:
        ConflictError: it runs there already.
    """
    speaker = sitting.speaker

    def also(play_id: str) -> Change:
        decision = _decision(sitting, item, "play", playbook.title)._replace(ref_id=play_id)
        return new_decision(decision, sitting.review.day)

    start_play(db, By(speaker.actor, speaker.today), item.account_key, playbook, Start(), also=also)
    return f"play: {playbook.title}"


def decide_concession(
    db: Database,
    sitting: Sitting,
    item: ReviewItem,
    *,
    kind: str,
    reason: str,
    cost_minor: int | None,
) -> str:
    """Propose a concession; within the author's authority it is approved at once.

    Raises:
        UsageError: there is no such kind, no reason, or no cost.
    """
    act = Act(item.account_key, sitting.speaker.actor, sitting.speaker.today)
    row = proposal(db, act, kind=kind, reason=reason, cost_minor=cost_minor)
    told = f"{row.kind} {short(row.cost_minor, row.currency)}, {row.state}: {row.reason}"
    decision = _decision(sitting, item, "concession", told)._replace(ref_id=row.concession_id)
    remember(db, act, row, also=[new_decision(decision, sitting.review.day)])
    return f"concession: {told}"


def entry_of(db: Database, sitting: Sitting, item: ReviewItem, policy: ForecastPolicy) -> Entry:
    """The renewal of an item as it stands now.

    Raises:
        NotFoundError: it is gone, as after a correction of its contract.
    """
    entry = read_entry(db, item.account_key, item.renewal_end, sitting.review.day, policy)
    if entry is None:
        raise NotFoundError("This renewal is gone: its contract was corrected.")
    return entry


def read_back(db: Database, sitting: Sitting) -> list[tuple[ReviewItem, list[Decision]]]:
    """The agenda with what was decided on each item; nothing where nothing was."""
    every = decisions(db, sitting.review.review_id)
    return [(item, [one for one in every if one.renewal == item.renewal]) for item in sitting.items]


def undecided(db: Database, sitting: Sitting) -> list[int]:
    """The places of the items without a decision, in their order."""
    done = decided_on(decisions(db, sitting.review.review_id))
    return [one.number for one in sitting.items if one.renewal not in done]


def undecided_after(db: Database, sitting: Sitting, place: int) -> int:
    """The place of the next item without a decision, from the top again after the last one.

    Raises:
        NotFoundError: every item is decided.
    """
    left = undecided(db, sitting)
    if not left:
        raise NotFoundError("Every item is decided.")
    return next((number for number in left if number > place), left[0])


def decided_on(every: Iterable[Decision]) -> set[tuple[int, dt.date]]:
    """The renewals that were decided on; what is parked is not decided."""
    return {one.renewal for one in every if one.kind != "parked"}


def close_review(db: Database, sitting: Sitting, policy: ForecastPolicy, card: Scorecard) -> str:
    """Close a meeting for good, with a snapshot that its exports are made of; says it in words.

    The scorecard tells what moved each account's score since the last meeting.

    Raises:
        ConflictError: it is closed already.
    """
    review = sitting.review
    going = open_review(db)
    if going is None or going.review_id != review.review_id:
        raise ConflictError(f"The review “{review.name}” is closed already.")
    made_at = sitting.speaker.at()
    text = snapshot_of(db, going._replace(closed_at=made_at), sitting.items, policy, card)
    end_review(db, review.review_id, made_at, text)
    decided = decided_on(decisions(db, review.review_id))
    return f"review “{review.name}” closed: {len(decided)} of {len(sitting.items)} decided"


def _decision(sitting: Sitting, item: ReviewItem, kind: DecisionKind, told: str) -> Decision:
    speaker = sitting.speaker
    return make_decision(sitting.review, item, kind, told, (speaker.actor, speaker.at()))


def _say(db: Database, sitting: Sitting, summary: str, changes: Sequence[Change]) -> str:
    with write(db) as connection:
        apply_changes(connection, actor=sitting.speaker.actor, summary=summary, changes=changes)
    return summary
