"""`csw check`: what in the portfolio needs a person."""

import click

from cs_workbench.cli.output import print_json, say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.findings import Finding
from cs_workbench.core.plurals import counted
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import FindingsError, InputError, NotFoundError
from cs_workbench.store.check import CheckReport, check, find_damage
from cs_workbench.workflows.scorecards import scorecard_at

SCHEMA = "csw.check/1"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def check_command(session: Session, *, as_json: bool) -> None:
    """Look for damage, open permissions, stale data, gaps and contradictions.

    Ends with 0 if there is nothing to do, with 1 if there is; every finding says what.
    """
    findings = find_damage(session.path)
    report = None
    if not findings:
        scorecard, broken = _scorecard(session)
        with session.open() as db:
            report = check(db, session.today(db), scorecard)
        findings = [*broken, *report.findings]
    if as_json:
        print_json({"schema": SCHEMA, "path": str(session.path), **_document(report, findings)})
    else:
        say("\n".join([*_facts(report), *_told(findings)]))
    if findings:
        raise FindingsError(f"Findings that need a person: {len(findings)}.")


def _scorecard(session: Session) -> tuple[Scorecard | None, list[Finding]]:
    """The scorecard in use, or what keeps it from being used."""
    try:
        return scorecard_at(session.config.scorecard), []
    except (InputError, NotFoundError) as problem:
        return None, [Finding("scorecard-broken", f"No account can be scored. {problem}")]


def _document(report: CheckReport | None, findings: list[Finding]) -> dict[str, object]:
    return {
        "sqlite": report and report.sqlite,
        "journal_mode": report and report.journal_mode,
        "schema_version": report and report.schema,
        "accounts": report and report.accounts,
        "sources": report
        and [{"source": age.source, "imported_at": age.imported_at} for age in report.sources],
        "last_usage_day": report and report.last_usage_day,
        "as_of": report and report.as_of,
        "findings": [
            {
                "code": finding.code,
                "message": finding.message,
                "count": finding.count,
                "examples": finding.examples,
            }
            for finding in findings
        ],
    }


def _facts(report: CheckReport | None) -> list[str]:
    if report is None:
        return []
    sources = ", ".join(f"{age.source} {age.imported_at}" for age in report.sources)
    return [
        f"{report.path}: {counted(report.accounts, 'account')}, schema {report.schema}, "
        f"SQLite {report.sqlite} ({report.journal_mode})",
        f"Imports: {sources or 'none'}. Usage until {report.last_usage_day or '–'}, "
        f"scores as of {report.as_of or '–'}.",
    ]


def _told(findings: list[Finding]) -> list[str]:
    if not findings:
        return ["Nothing to do."]
    return [f"{finding.code}: {finding.told()}" for finding in findings]
