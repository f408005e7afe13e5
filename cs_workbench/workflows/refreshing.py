"""A whole refresh: the scores and all that rests on them, alike from the shell and the screens."""

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.database import Database
from cs_workbench.store.freshness import last_as_of
from cs_workbench.workflows.churn_models import Spoken, publish_if_on
from cs_workbench.workflows.loyalty import score_loyalty
from cs_workbench.workflows.reassigning import settle_hand_overs
from cs_workbench.workflows.refresh_reports import RefreshReport
from cs_workbench.workflows.renewal_policy import adopt_policy, days_to_adopt, policy_at
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.scorecards import scorecard_at
from cs_workbench.workflows.scoring import Progress, backfill, refresh
from cs_workbench.workflows.suggesting import Suggestion, suggest_plays


@dataclass(frozen=True, slots=True)
class RefreshWishes:
    """What is to be refreshed, and how.

    Attributes:
        as_of: the day.
        actor: who asks.
        scorecard, renewals: their files; None for those that come with the program.
        dry_run: count, and write nothing.
        start: the history is filled from this day on, if one is given,
        every_days: in such steps.
    """

    as_of: dt.date
    actor: str
    scorecard: Path | None = None
    renewals: Path | None = None
    dry_run: bool = False
    start: dt.date | None = None
    every_days: int = 7


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of a refresh.

    Attributes:
        report: of the scores; its seconds are those of everything.
        plays: how many were suggested.
        closed: renewals, by how they ended.
        churn: probabilities that were published, and alarms over what was said before.
        handed: hand-overs that began and covers that ended, in words.
        would: of a dry run, which plays would be suggested.
    """

    report: RefreshReport
    plays: int
    closed: Mapping[str, int] = field(default_factory=dict)
    churn: Spoken = field(default_factory=Spoken)
    handed: Sequence[str] = ()
    would: Sequence[Suggestion] = ()


def refresh_all(
    db: Database,
    wishes: RefreshWishes,
    progress: Progress | None = None,
    before_writing: Callable[[], None] | None = None,
) -> Refreshed:
    """Score every account, and bring up to date what rests on the scores.

    Args:
        db: the portfolio.
        wishes: what is asked for.
        progress: as `refresh` has it.
        before_writing: as well.

    Raises:
        WorkbenchError: a file of the wishes cannot be read, or the portfolio not written.
    """
    begun = time.perf_counter()
    card = scorecard_at(wishes.scorecard)
    if not wishes.dry_run:
        adopt_policy(db, policy_at(wishes.renewals), wishes.as_of)
    report = _scored(db, wishes, card, progress, before_writing)
    found = _after(db, wishes, card, report)
    return replace(found, report=replace(report, seconds=time.perf_counter() - begun))


def _scored(
    db: Database,
    wishes: RefreshWishes,
    card: Scorecard,
    progress: Progress | None,
    before_writing: Callable[[], None] | None,
) -> RefreshReport:
    if wishes.start is None:
        tried = None
        if wishes.dry_run:
            tried = days_to_adopt(db, policy_at(wishes.renewals), wishes.as_of)
        return refresh(
            db,
            as_of=wishes.as_of,
            actor=wishes.actor,
            dry_run=wishes.dry_run,
            progress=progress,
            scorecard=card,
            before_writing=before_writing,
            renewals=tried,
        )
    reports = backfill(
        db,
        start=wishes.start,
        end=wishes.as_of,
        actor=wishes.actor,
        every_days=wishes.every_days,
        dry_run=wishes.dry_run,
        progress=progress,
        scorecard=card,
    )
    return replace(reports[-1], changed=sum(one.changed for one in reports))


def _after(
    db: Database, wishes: RefreshWishes, card: Scorecard, report: RefreshReport
) -> Refreshed:
    """What rests on the scores; of renewals and churn nothing where the list shows a later day."""
    as_of = wishes.as_of
    if wishes.dry_run:
        would = suggest_plays(db, today=as_of, dry_run=True).new
        return Refreshed(report, len(would), would=would)
    score_loyalty(db, as_of=as_of)
    plays = len(suggest_plays(db, today=as_of).new)
    if as_of < (last_as_of(db) or as_of):
        return Refreshed(report, plays)
    handed = settle_hand_overs(db, as_of)
    closed = settle_renewals(db, today=as_of, policy=policy_at(wishes.renewals)).closed
    churn = publish_if_on(db, as_of=as_of, card=card)
    return Refreshed(report, plays, closed, churn, handed)
