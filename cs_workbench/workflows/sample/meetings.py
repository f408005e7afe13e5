"""A year of renewal meetings: what was forecast in them, and the last ones as they were held."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Final

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.ids import id_of
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.core.review_agenda import DecisionKind, agenda
from cs_workbench.store.database import Database
from cs_workbench.store.reviews import (
    Decision,
    Review,
    end_review,
    insert_review,
    last_meeting,
    review_items,
)
from cs_workbench.store.sample import insert_decisions
from cs_workbench.workflows.forecasting import forecast_words
from cs_workbench.workflows.pipeline import Window, read_pipeline
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.review_snapshots import snapshot_of
from cs_workbench.workflows.sample.profile import TODAY, Profile, Row, terms
from cs_workbench.workflows.scoring import default_scorecard

CHAIR: Final = "Priya Nair"
FIRST: Final = TODAY - dt.timedelta(weeks=52)
EVERY: Final = dt.timedelta(weeks=4)
LEAD: Final = dt.timedelta(days=150)
MOST: Final = 20  # accounts in a meeting
WINDOW: Final = 60
# How hopeful everybody is: the chance to call a renewal one category better than it looks.
HOPE: Final = {"Ana Ruiz": 0.05, "Jon Beck": 0.55, "Mei Tanaka": 0.0, "Priya Nair": 0.15}
LADDER: Final = ("churn expected", "at risk", "likely", "commit")
RISKS: Final = ("low adoption", "budget", "competitor", "product gap", "support friction")
WORDS: Final = (
    "Use is down since summer. Nobody says why. We call their lead.",
    "The budget is cut. Purchasing asks for less. We make the value case.",
    "They look at another tool. It is cheaper. We show what it lacks.",
)


def meeting_days() -> list[dt.date]:
    """The Mondays of the meetings, a week before today the last."""
    last = TODAY - dt.timedelta(weeks=1)
    count = (last - FIRST) // EVERY
    return [last - EVERY * back for back in range(count, -1, -1)]


def year_of_forecasts(profile: Profile, seed: int) -> Iterator[Row]:
    """What the account's CSM said in the meetings of renewals that are over by now."""
    rng = random.Random(f"{seed}/{profile.account_id}/meetings")
    for number, (_, end) in enumerate(terms(profile)):
        if not FIRST <= end < TODAY:
            continue
        is_lost = profile.cancelled_on is not None and end == profile.end_date
        yield from _term(profile, number, (end, is_lost), rng)


def _term(
    profile: Profile, number: int, ending: tuple[dt.date, bool], rng: random.Random
) -> Iterator[Row]:
    end, is_lost = ending
    closes = end
    days = [day for day in meeting_days() if end - LEAD <= day <= end - dt.timedelta(days=7)]
    for place, day in enumerate(days):
        near = place / max(1, len(days) - 1)
        step = (1.6 - 1.6 * near if is_lost else 2.3 + 0.9 * near) + rng.uniform(-0.7, 0.7)
        if rng.random() < HOPE[profile.csm]:
            step += 1
        category = LADDER[max(0, min(3, round(step)))]
        if profile.csm == "Jon Beck" and rng.random() < 0.4:
            closes += dt.timedelta(days=rng.randrange(5, 15))
        weak = category in {"at risk", "churn expected"}
        yield {
            "opportunity_id": f"{profile.account_id}-R{number}-{place}",
            "account_id": profile.account_id,
            "category": category,
            "amount": round(profile.arr * rng.uniform(0.85, 1.05)),
            "currency": profile.currency,
            "closes_on": closes,
            "risk_category": rng.choice(RISKS) if weak else None,
            "narrative": rng.choice(WORDS) if weak else None,
            "author": profile.csm,
            "made_at": f"{day.isoformat()}T14:{place:02}:00Z",
        }


def hold_meeting(db: Database, day: dt.date) -> None:
    """Close what ended by the day, and where it is one of the meetings, hold it."""
    policy = ForecastPolicy()
    settle_renewals(db, today=day, policy=policy, at=f"{day.isoformat()}T02:10:00Z")
    if day not in meeting_days():
        return
    pipeline = read_pipeline(db, Window(day, WINDOW), policy)
    items = agenda(pipeline.entries, day, pipeline.policy)[:MOST]
    if not items:
        return
    begun = dt.datetime.combine(day, dt.time(14), dt.UTC)
    review = Review(
        review_id=id_of(begun, 1),
        name=f"Renewals, {day:%d %b %Y}",
        chair=CHAIR,
        day=day,
        since=last_meeting(db, day),
        window_days=WINDOW,
        filter_text="",
        state="open",
        place=len(items) + 1,
        seconds=60 * 2 * len(items),
        started_at=_instant(begun),
        closed_at=None,
    )
    insert_review(db, review, items)
    insert_decisions(
        db, [_decision(review, one.entry, begun, place) for place, one in enumerate(items)]
    )
    closed = review._replace(closed_at=_instant(begun + dt.timedelta(seconds=review.seconds)))
    card = default_scorecard()
    snapshot = snapshot_of(db, closed, review_items(db, review.review_id), policy, card)
    end_review(db, review.review_id, closed.closed_at or review.started_at, snapshot)


def _decision(review: Review, entry: Entry, begun: dt.datetime, place: int) -> Decision:
    """A forecast where one was made in that meeting, else *no change*."""
    at = begun + dt.timedelta(minutes=2 * place)
    said = entry.said.forecast
    kind: DecisionKind = "no change"
    told, ref_id = "no change", None
    if said is not None and said.made_on == review.day:
        kind, ref_id = "forecast", said.forecast_id
        told = forecast_words(said, entry).removeprefix("forecast: ").rpartition(" · ")[0]
    return Decision(
        id_of(at, place + 2),
        review.review_id,
        entry.account.account_key,
        entry.filed_as,
        kind,
        told,
        ref_id,
        CHAIR,
        _instant(at),
    )


def _instant(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
