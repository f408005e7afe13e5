"""`python -m benchmarks.churn_protocol PORTFOLIO [--as-of DATE] [--horizon 90]`: any portfolio.

Runs the whole protocol on a copy of a portfolio database, the health score's own backtest beside
it, and prints what a sceptic asks for as Markdown, with the time that each step took.
"""

import argparse
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cs_workbench.churn.selection import Task
from cs_workbench.core.record_figures import fraction
from cs_workbench.store.database import open_database
from cs_workbench.workflows.churn import BacktestReport, read_past, run_backtest
from cs_workbench.workflows.churn_predicting import train_now
from cs_workbench.workflows.health_backtest import backtest_health
from cs_workbench.workflows.scoring import default_scorecard


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.churn_protocol", description=__doc__
    )
    parser.add_argument("portfolio", type=Path)
    parser.add_argument("--as-of", type=dt.date.fromisoformat)
    parser.add_argument("--horizon", type=int, default=90)
    parser.add_argument("--lead", type=int, default=0)
    given = parser.parse_args(arguments)
    task = Task(given.horizon, given.lead)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(given.portfolio, folder))
        for line in protocol(copy, given.as_of or dt.date.max, task):
            print(line, flush=True)
    return 0


def protocol(portfolio: Path, as_of: dt.date, task: Task) -> Sequence[str]:
    """The lines of the report."""
    card, lines = default_scorecard(), []
    with open_database(portfolio) as db:
        begun = time.process_time()
        past = read_past(db, as_of=as_of, card=card)
        read = time.process_time()
        report = run_backtest(past, task, as_of=as_of)
        judged = time.process_time()
        model = train_now(past, task)
        trained = time.process_time()
        health = backtest_health(db, as_of=as_of, card=card, question=(task.horizon, task.lead))
    lines += [report.verdict.sentence, "", *(f"- {one.what}" for one in report.readiness.findings)]
    lines += ["", *_models(report), "", f"Health: {health.verdict}", ""]
    lines.append(
        f"{past.history.size:,} accounts, {len(past.panel):,} snapshots; processor time: reading "
        f"{read - begun:.1f} s, backtest {judged - read:.1f} s, training ({model.method}) "
        f"{trained - judged:.1f} s."
    )
    return lines


def _models(report: BacktestReport) -> Sequence[str]:
    if report.found is None:
        return ["Nothing was measured."]
    lines = ["| model | AUC | in window | log loss | skill | O/E | slope | ARR in first tenth |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for name, one in report.found.records.items():
        cells = (
            *(name, *map(fraction, (one.auc.value, one.auc_in_window.value))),
            f"{one.log_loss:.4f}",
            *map(fraction, (one.skill.value, one.o_e.value, one.slope.value)),
            fraction(one.captured_share.value),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
