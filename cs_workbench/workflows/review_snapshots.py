"""All that a closed review leaves, as one document: its exports are made of nothing else."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from cs_workbench.core.forecast_moves import by_account, shown_parts
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import Forecast
from cs_workbench.core.money import to_major
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.core.points import Points
from cs_workbench.core.renewal_records import (
    commitment_record,
    forecast_record,
    move_record,
    outlook_record,
    renewal_record,
    totals_record,
)
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.custom_fields import read_filter
from cs_workbench.store.database import Database
from cs_workbench.store.refreshes import last_refresh
from cs_workbench.store.reviews import Review, ReviewItem, decisions
from cs_workbench.store.statements import commitment_history, forecast_history
from cs_workbench.store.tasks import TaskQuery, list_tasks
from cs_workbench.workflows.pipeline import (
    Pipeline,
    Window,
    compare,
    read_pipeline,
    retention_outlook,
)
from cs_workbench.workflows.review_changes import moved_since

SCHEMA: Final = "csw.review/1"
WEEKS: Final = 16


def snapshot_of(
    db: Database,
    review: Review,
    items: Sequence[ReviewItem],
    policy: ForecastPolicy,
    card: Scorecard,
) -> str:
    """The document as JSON; the same portfolio gives the same bytes."""
    pipeline = read_pipeline(db, window_of(db, review), policy)
    document = {
        "schema": SCHEMA,
        "snapshot_id": review.review_id,
        "review": _review(review),
        "data": _freshness(db),
        "currency": pipeline.currency,
        "totals": totals_record(pipeline.totals, pipeline.currency or "USD"),
        **_outlook(db, pipeline),
        "moved": _moved(db, review, pipeline),
        "renewals": [renewal_record(one, review.day, pipeline.policy) for one in pipeline.entries],
        "items": [_item(db, review, item, (pipeline, card)) for item in items],
        "tasks": _tasks(db, review),
    }
    return json.dumps(document, default=plain, ensure_ascii=False)


def window_of(db: Database, review: Review) -> Window:
    """The renewals that a meeting looks at."""
    return Window(review.day, review.window_days, read_filter(db, review.filter_text))


def plain(value: object) -> object:
    """Days, decimals and points as JSON has them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Points):
        return value.e4 / 10_000
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")


def _review(review: Review) -> dict[str, Any]:
    return {
        "review_id": review.review_id,
        "name": review.name,
        "chair": review.chair,
        "day": review.day,
        "since": review.since,
        "window_days": review.window_days,
        "filter": review.filter_text,
        "seconds": review.seconds,
        "started_at": review.started_at,
        "closed_at": review.closed_at,
    }


def _freshness(db: Database) -> dict[str, Any]:
    last = last_refresh(db)
    return {"refreshed_as_of": None if last is None else last.as_of}


def _outlook(db: Database, pipeline: Pipeline) -> dict[str, Any]:
    return outlook_record(retention_outlook(db, pipeline))


def _moved(db: Database, review: Review, pipeline: Pipeline) -> dict[str, Any]:
    since = review.compared_with
    found = compare(db, pipeline.window, since, pipeline.policy, now=pipeline)
    every = (*found.before.entries, *found.after.entries)
    names = {one.account.account_key: (one.account.account_id, one.account.name) for one in every}
    money = pipeline.currency or "USD"
    sums = by_account(found.moves)
    shares = dict(zip(sums, shown_parts(list(sums.values())), strict=True))
    return {
        "since": since,
        "change": to_major(sum(shares.values()), money),
        "accounts": [
            {"name": names.get(key, ("", ""))[1], "change": to_major(share, money)}
            for key, share in shares.items()
        ],
        "moves": [move_record(one, names, money) for one in found.moves],
    }


def _item(
    db: Database, review: Review, item: ReviewItem, seen: tuple[Pipeline, Scorecard]
) -> dict[str, Any]:
    pipeline, card = seen
    key, end, day = item.account_key, item.renewal_end, review.day
    entry = next((one for one in pipeline.entries if one.key == (key, end)), None)
    made = [one for one in decisions(db, review.review_id) if one.renewal == item.renewal]
    return {
        "number": item.number,
        "section": item.section,
        "why": item.why,
        "seconds": item.seconds,
        "renewal": None if entry is None else renewal_record(entry, day, pipeline.policy),
        "facts": {} if entry is None else _facts(db, entry, review, card),
        "forecasts": [forecast_record(one) for one in _history(db, item, day)],
        "commitments": [
            commitment_record(one, day) for one in commitment_history(db, key, end, day)
        ],
        "decisions": [
            {"kind": one.kind, "told": one.told, "author": one.author, "made_at": one.made_at}
            for one in made
        ],
    }


def _history(db: Database, item: ReviewItem, day: dt.date) -> list[Forecast]:
    return forecast_history(db, item.account_key, item.renewal_end, day)


def _facts(db: Database, entry: Entry, review: Review, card: Scorecard) -> dict[str, Any]:
    """What the room asks of an account: what moved its score, usage, people, promises."""
    key, day, since = entry.account.account_key, review.day, review.compared_with
    page = load_account_page(db, key, today=day, me=review.chair)
    usage = page.usage[0] if page.usage else None
    return {
        "causes": list(moved_since(db, key, card, since=since, day=day).causes),
        "causes_since": since,
        "usage": None
        if usage is None
        else {"metric": usage.label, "weeks": [*usage.last(WEEKS).levels]},
        "people": [
            {"name": one.name, "role": one.role, "left_on": one.left_on, "last_on": one.last_on}
            for one in page.contacts
        ],
        "promises": [
            {"by": "us" if one.by_us else "customer", "what": one.what, "due_on": one.due_on}
            for one in page.promises
        ],
        "problems": [
            {
                "subject": one.subject,
                "priority": one.priority,
                "opened_on": one.opened_on,
                "closed_on": one.closed_on,
            }
            for one in page.problems
        ],
    }


def _tasks(db: Database, review: Review) -> list[dict[str, Any]]:
    query = TaskQuery(origin=("review", review.review_id), everything=True)
    return [
        {
            "task_id": one.task.task_id,
            "account": one.name,
            "what": one.task.what,
            "owner": one.owner_name,
            "due_on": one.task.due_on,
        }
        for one in list_tasks(db, today=review.day, query=query)
    ]
