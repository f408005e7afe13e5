"""Reads the pipeline in a thread of its own: the list first, then what is compared."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual.message import Message

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.pipeline_entries import Grouping
from cs_workbench.core.projections import Projection
from cs_workbench.core.retention_outlook import Retention
from cs_workbench.store.database import Database
from cs_workbench.tui.screens.renewal_titles import Moved, moved_of, rows_of
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.renewal_table import RenewalRow
from cs_workbench.workflows.pipeline import (
    Pipeline,
    Window,
    bring_up_to_date,
    compare,
    read_pipeline,
    retention_outlook,
)
from cs_workbench.workflows.renewal_policy import policy_at

FIRST = (100, 1_000, 10_000)  # read for the first picture: more where most are closed already
SCREENFUL = 40


@dataclass(frozen=True)
class Wanted:
    """What the screen asks for.

    Attributes:
        since: the day that movements are told from; None: a week before the window's day.
    """

    window: Window
    grouping: Grouping = "clock"
    since: date | None = None

    @property
    def compared_with(self) -> date:
        """The earlier day."""
        return self.since or self.window.day - timedelta(days=7)


class PipelineRead(Message):
    """The list and its totals are there."""

    def __init__(
        self, wanted: Wanted, pipeline: Pipeline, totals: Projection, rows: Sequence[RenewalRow]
    ) -> None:
        self.wanted = wanted
        self.pipeline = pipeline
        self.totals = totals
        self.rows = rows
        super().__init__()


class Compared(Message):
    """What moved, and the year's outlook, are there."""

    def __init__(self, wanted: Wanted, moved: Moved, outlook: Retention) -> None:
        self.wanted = wanted
        self.moved = moved
        self.outlook = outlook
        super().__init__()


def first_rows(
    db: Database,
    wanted: Wanted,
    rule: str,
    policy: ForecastPolicy,
    limits: Sequence[int] = FIRST,
) -> PipelineRead:
    """The next renewals by deadline, at once; their totals are of them alone."""
    for limit in limits:
        pipeline = read_pipeline(db, wanted.window, policy, limit=limit, own=False)
        if len(pipeline.entries) >= SCREENFUL:
            break
    return _read(pipeline, wanted, rule)


def all_parts(session: Session, wanted: Wanted, db: Database) -> Generator[Message, None, None]:
    """Everything, brought up to date: the list first, then what is compared."""
    policy = policy_at(session.renewal_policy_file)
    bring_up_to_date(db, session.today, policy)
    pipeline = read_pipeline(db, wanted.window, policy)
    yield _read(pipeline, wanted, session.glyphs.rule)
    moved = compare(db, wanted.window, wanted.compared_with, policy, now=pipeline)
    yield Compared(wanted, moved_of(moved), retention_outlook(db, pipeline))


def _read(pipeline: Pipeline, wanted: Wanted, rule: str) -> PipelineRead:
    return PipelineRead(wanted, pipeline, pipeline.totals, rows_of(pipeline, wanted.grouping, rule))
