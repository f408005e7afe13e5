"""A backtest as one JSON document, and as a page for people."""

import json
from typing import Any

from cs_workbench.churn.documents import (
    alarm_document,
    backtest_parts,
    numbered,
    readiness_document,
)
from cs_workbench.exporters.churn_page import backtest_page
from cs_workbench.workflows.churn import BacktestReport

SCHEMA = "csw.churn-backtest/1"


def backtest_document(report: BacktestReport) -> dict[str, Any]:
    """What `csw churn backtest --json` prints."""
    parts = backtest_parts(report.found)
    tested = report.found
    return {
        "schema": SCHEMA,
        "as_of": report.as_of.isoformat(),
        "horizon": report.task.horizon,
        "lead": report.task.lead,
        "step": report.readiness.step,
        "events": report.readiness.churned_accounts if tested is None else tested.events,
        "verdict": report.verdict.sentence,
        "on": report.verdict.is_on,
        "alarms": [alarm_document(one) for one in report.alarms],
        "leads": [numbered(one, "lead") for one in report.leads],
        "readiness": readiness_document(report.readiness),
        **parts,
    }


def plain_json(document: object) -> str:
    """As text, dates and days in ISO."""
    return json.dumps(document, default=lambda one: one.isoformat(), allow_nan=False)


def backtest_html(report: BacktestReport) -> str:
    """The same as one HTML file that loads nothing."""
    return backtest_page(backtest_document(report))
