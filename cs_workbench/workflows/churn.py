"""What can be asked about leaving: is there enough history, how good is a model, who is at risk."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cs_workbench.churn.backtest import Backtest, judge
from cs_workbench.churn.contracts import Contracts, read_contracts
from cs_workbench.churn.features import Source, no_health, source_of
from cs_workbench.churn.history import History
from cs_workbench.churn.leaks import Alarm, feature_alarms, metric_alarms, model_alarm, without
from cs_workbench.churn.panel import Panel, labels_of, snapshot_days, take_panel
from cs_workbench.churn.parts import NULL, Part, whole_part
from cs_workbench.churn.readiness import Readiness, assess
from cs_workbench.churn.samples import Sample, sample_of
from cs_workbench.churn.selection import FEWEST, Task
from cs_workbench.churn.verdicts import Verdict, no_history, too_few, verdict_of
from cs_workbench.churn.walking import MODEL, ORIGINS, walk
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.database import Database
from cs_workbench.workflows.churn_health import past_scores
from cs_workbench.workflows.churn_history import load_history

LEADS = (0, 30, 60, 90)
LEAD_ORIGINS = 5

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Past:
    """A portfolio's history, read once: the source of snapshots, and those of all months."""

    history: History
    contracts: Contracts
    source: Source
    panel: Panel

    def sample(self, task: Task) -> Sample:
        """The snapshots whose window has closed."""
        labels = labels_of(self.panel, self.source, horizon=task.horizon, lead=task.lead)
        return sample_of(self.panel, labels)

    def alarms(self, sample: Sample) -> tuple[Alarm, ...]:
        """What ranks those who leave too well by itself."""
        return (*feature_alarms(sample), *metric_alarms(self.source, sample))


@dataclass(frozen=True)
class BacktestReport:
    """A backtest with what leads to its verdict.

    Attributes:
        found: None where there is nothing to measure.
        leads: the lead-time curve by the linear step, its points named by their days.
    """

    as_of: dt.date
    task: Task
    readiness: Readiness
    found: Backtest | None
    verdict: Verdict
    alarms: tuple[Alarm, ...]
    leads: tuple[Part, ...] = ()


def read_past(db: Database, *, as_of: dt.date, card: Scorecard) -> Past:
    """Everything known by a day, with a snapshot of each month."""
    history = load_history(db, as_of=as_of, metrics=card.metrics)
    contracts = read_contracts(history)
    bare = source_of(history, contracts, no_health(history.size))
    days = snapshot_days(bare, history.data_end)
    health = past_scores(db, history, contracts, days, card).health
    source = source_of(history, contracts, health)
    return Past(history, contracts, source, take_panel(source, days))


def assess_readiness(past: Past, task: Task) -> Readiness:
    """What the history can teach."""
    sample = past.sample(task)
    return assess(past.history, past.contracts, sample, past.alarms(sample))


def run_backtest(
    past: Past,
    task: Task,
    *,
    as_of: dt.date,
    origins: int = ORIGINS,
    k: int = 20,
    with_leads: bool = True,
    progress: Progress | None = None,
) -> BacktestReport:
    """Go through the history as a model would have, and judge what it would have said.

    Args:
        past: the history.
        task: what is asked.
        as_of: the last day that was looked at.
        origins: how often the model is refitted.
        k: how many accounts a team can call at each snapshot.
        with_leads: also warn 30, 60 and 90 days ahead.
        progress: told about the origins.
    """
    sample = past.sample(task)
    readiness = assess_readiness(past, task)
    alarms = readiness.alarms
    if sample.events < FEWEST:
        return BacktestReport(as_of, task, readiness, None, too_few(sample.events), alarms)
    sample = without(sample, alarms)
    walked = walk(sample, task, origins=origins, progress=progress)
    if walked is None:
        return BacktestReport(as_of, task, readiness, None, no_history(sample.events), alarms)
    found = judge(walked, segments=past.history.segments, k=k, seed=task.seed)
    late = model_alarm(walked.sample, walked.probabilities[MODEL])
    alarms = (*alarms, *([late] if late else []))
    leads = _lead_curve(past, task, alarms) if with_leads else ()
    return BacktestReport(
        as_of, task, readiness, found, verdict_of(found, alarms), alarms, tuple(leads)
    )


def _lead_curve(past: Past, task: Task, alarms: tuple[Alarm, ...]) -> Iterator[Part]:
    for lead in LEADS:
        one = Task(task.horizon, lead, task.seed)
        sample = without(past.sample(one), alarms)
        walked = None
        if sample.events >= FEWEST:
            walked = walk(sample, one, origins=LEAD_ORIGINS, quick=True, baselines=(NULL,))
        if walked is None:
            yield Part(str(lead), len(sample), sample.events)
        else:
            yield whole_part(str(lead), walked, seed=task.seed)
