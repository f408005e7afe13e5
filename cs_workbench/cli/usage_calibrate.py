"""`csw usage calibrate`: thresholds of usage alarms from the portfolio's own history."""

from dataclasses import asdict

import click

from cs_workbench.cli.output import print_json, say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.errors import UsageError
from cs_workbench.workflows.calibrating import CalibrationReport, calibrate, reset_calibration
from cs_workbench.workflows.scorecards import scorecard_at

SCHEMA = "csw.usage calibrate/1"
BUDGET = 0.25


@click.command()
@click.option(
    "--budget",
    type=click.FloatRange(0.01, 12),
    default=BUDGET,
    show_default=True,
    help="False alarms that you accept, an account and year.",
)
@click.option("--dry-run", is_flag=True, help="Change nothing, say what would hold.")
@click.option("--reset", is_flag=True, help="Go back to the program's own thresholds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def calibrate_command(session: Session, /, *, budget: float, **flags: bool) -> None:
    """Replay your history night by night, and keep the thresholds that stay within the budget.

    The next refresh uses them. A false alarm is one whose cause was gone within twelve weeks.
    """
    if flags["reset"] and (flags["dry_run"] or flags["as_json"]):
        raise UsageError("--reset stands alone.")
    with session.open() as db:
        if flags["reset"]:
            reset_calibration(db)
            say("The program's own thresholds hold again.")
            return
        report = calibrate(
            db,
            scorecard_at(session.config.scorecard),
            today=session.reading_day(db),
            budget=budget,
            actor=session.config.me,
            dry_run=flags["dry_run"],
        )
    if flags["as_json"]:
        print_json(_document(report))
        return
    _say(report, is_kept=not flags["dry_run"])


def _document(report: CalibrationReport) -> dict[str, object]:
    fitted, kept = report.fitted, report.calibration
    return {
        "schema": SCHEMA,
        "metric": report.metric,
        "budget": report.budget,
        "is_fitted": kept is not None,
        "why_not": report.why_not,
        "thresholds": asdict(report.thresholds),
        "hash": None if kept is None else kept.hash,
        "fitted_on": None if kept is None else kept.fitted_on,
        "account_years": None if fitted is None else round(fitted.account_years, 1),
        "false_a_year": None if fitted is None else round(fitted.false_a_year, 3),
        "false_a_year_before": None if fitted is None else round(fitted.false_before, 3),
        "alarms_a_week": None if report.alarms_a_week is None else round(report.alarms_a_week, 2),
        "false_a_week": None if report.false_a_week is None else round(report.false_a_week, 2),
        "accounts": report.accounts,
        "looked_at": report.looked_at,
    }


def _say(report: CalibrationReport, *, is_kept: bool) -> None:
    fitted, kept = report.fitted, report.calibration
    say(f"{report.label}, {report.looked_at:,} of {report.accounts:,} accounts looked at.")
    if fitted is not None:
        say(
            f"History   {fitted.account_years:,.0f} account-years, each night replayed; "
            f"{fitted.false_before:.2f} false alarms an account and year with the program's "
            "thresholds"
        )
    if kept is None or fitted is None:
        say(f"Nothing fitted: {report.why_not}.")
    else:
        limits = ", ".join(f"{name} {value:.1f}" for name, value in asdict(kept.thresholds).items())
        state = "kept, the next refresh uses them" if is_kept else "not kept (--dry-run)"
        say(f"Fitted    {fitted.scale:.2f} × the program's: {limits} ({kept.hash}; {state})")
        held = "within" if fitted.false_a_year <= report.budget else "above, at its highest,"
        say(
            f"Expected  {fitted.false_a_year:.2f} false alarms an account and year, {held} the "
            f"budget of {report.budget:g}"
        )
    if report.alarms_a_week is not None and report.false_a_week is not None:
        say(
            f"A week    {report.alarms_a_week:.1f} drops told in this portfolio, about "
            f"{report.false_a_week:.1f} of them none"
        )
