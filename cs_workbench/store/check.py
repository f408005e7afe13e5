"""Is the file sound, private, fresh, and whole? Every finding says what to do."""

import datetime as dt
import stat
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.core.findings import Finding
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.files import (
    SCHEMA_VERSION,
    check_header,
    check_schema,
    check_there,
    translated,
)
from cs_workbench.store.freshness import SourceAge, last_as_of, last_usage_day, source_ages
from cs_workbench.store.metric_contracts import contract_findings, scorecard_findings
from cs_workbench.store.quality import find_contradictions
from cs_workbench.store.ruler import standing_changes
from cs_workbench.store.sqlite import SAFE_WAL, VERSION, Connection, sqlite3

REFRESH_DAYS = 2  # a nightly refresh that failed once is not yet worth a word
SOURCE_DAYS = 14
EXAMPLES = 3


@dataclass(frozen=True)
class CheckReport:
    """What was looked at, and what needs a person.

    Attributes:
        sqlite: the version in use, such as 3.53.0.
        schema: the version of the file's tables.
        sources: the last import of every source.
    """

    path: Path
    sqlite: str
    journal_mode: str
    schema: int
    accounts: int
    sources: tuple[SourceAge, ...]
    last_usage_day: dt.date | None
    as_of: dt.date | None
    findings: tuple[Finding, ...]


def find_damage(path: Path) -> list[Finding]:
    """What SQLite itself finds wrong in the file; read-only, so also in one that will not open.

    Raises:
        NotFoundError, ForeignFileError, NewerSchemaError: as named.
    """
    check_there(path)
    check_schema(path, check_header(path))
    with translated(path):
        try:
            verdicts = _integrity(path)
        except sqlite3.DatabaseError as problem:
            if "malformed" not in str(problem):
                raise
            verdicts = [str(problem)]
    if not verdicts:
        return []
    advice = "The file is damaged. Restore a backup with `csw restore FILE`."
    return [Finding("damaged", advice, len(verdicts), tuple(verdicts[:EXAMPLES]))]


def check(db: Database, today: dt.date, scorecard: Scorecard | None = None) -> CheckReport:
    """Look at everything but the pages themselves (`find_damage`).

    Args:
        db: the portfolio.
        today: what ages are counted from.
        scorecard: in use; None if there is no sound one.
    """
    connection = db.connection
    contradictions = find_contradictions(db, today)
    with snapshot(db):
        return CheckReport(
            path=db.path,
            sqlite=".".join(map(str, VERSION)),
            journal_mode=connection.execute("PRAGMA journal_mode").fetchone()[0],
            schema=SCHEMA_VERSION,
            accounts=connection.execute(
                "SELECT count(*) FROM account WHERE merged_into IS NULL"
            ).fetchone()[0],
            sources=tuple(source_ages(db)),
            last_usage_day=last_usage_day(db),
            as_of=last_as_of(db),
            findings=(
                *_privacy(db.path),
                *_versions(),
                *_foreign_keys(connection),
                *_orphans(connection),
                *_age(db, today),
                *contract_findings(connection, today),
                *(scorecard_findings(connection, scorecard) if scorecard else ()),
                *_ruler(connection),
                *contradictions,
            ),
        )


def _integrity(path: Path) -> list[str]:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        rows = connection.execute("PRAGMA integrity_check").fetchall()
    return [row[0] for row in rows if row[0] != "ok"]


def _privacy(path: Path) -> list[Finding]:
    findings = []
    beside = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
    open_files = [str(file) for file in beside if file.exists() and _mode(file) & 0o077]
    if open_files:
        message = "Other users can read the portfolio. Run `chmod 600` on the files."
        findings.append(Finding("readable-by-others", message, len(open_files), tuple(open_files)))
    if _mode(path.parent) & 0o022:
        message = (
            "Other users can put files where the portfolio is. Run `chmod go-w` on the folder."
        )
        findings.append(Finding("folder-open-to-others", message, 1, (str(path.parent),)))
    return findings


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _versions(version: tuple[int, ...] = VERSION) -> list[Finding]:
    if version >= SAFE_WAL:
        return []
    message = (
        f"SQLite {'.'.join(map(str, version))} is older than 3.51.3, so a slower journal is used. "
        "Install the package pysqlite3, or a newer Python."
    )
    return [Finding("old-sqlite", message)]


def _foreign_keys(connection: Connection) -> list[Finding]:
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    if not rows:
        return []
    examples = tuple(
        f"{table} row {row} has no {parent}" for table, row, parent, _ in rows[:EXAMPLES]
    )
    message = "Rows point at others that are gone. Import the files that hold them again."
    return [Finding("broken-links", message, len(rows), examples)]


_ORPHANS = (
    (
        "account-without-subscription",
        "Accounts have no subscription, so their ARR and deadline are unknown. Import them.",
        "SELECT account_id FROM account a WHERE merged_into IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM subscription s WHERE s.account_key = a.account_key)",
    ),
    (
        "metric-without-data",
        "Usage metrics hold no day of data. Import their usage, or leave them.",
        "SELECT name FROM usage_metric m WHERE NOT EXISTS "
        "(SELECT 1 FROM usage_week w WHERE w.metric_id = m.metric_id)",
    ),
    (
        "rows-of-merged-account",
        "Accounts that are part of another still have subscriptions. Merge them again.",
        "SELECT account_id FROM account a WHERE merged_into IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM subscription s WHERE s.account_key = a.account_key)",
    ),
    (
        "unknown-contact",
        "Surveys or touchpoints name contacts that no file brought. Import the contacts.",
        "SELECT contact_id FROM survey_response WHERE contact_id IS NOT NULL "
        "AND contact_id NOT IN (SELECT contact_id FROM contact) "
        "UNION SELECT contact_id FROM touchpoint WHERE contact_id IS NOT NULL "
        "AND contact_id NOT IN (SELECT contact_id FROM contact)",
    ),
)


def _orphans(connection: Connection) -> list[Finding]:
    findings = []
    for code, message, query in _ORPHANS:
        names = [str(row[0]) for row in connection.execute(query)]
        if names:
            findings.append(Finding(code, message, len(names), tuple(sorted(names)[:EXAMPLES])))
    return findings


def _ruler(connection: Connection) -> list[Finding]:
    standing = standing_changes(connection)
    if not standing:
        return []
    message = (
        "Most accounts moved the same way on a usage metric on one day. Look at where it comes "
        "from, and import it again; until then signals that rest on it wait."
    )
    places = tuple(f"{one.change.metric} {one.change.day.isoformat()}" for one in standing)
    return [Finding("ruler-changed", message, len(standing), places[:EXAMPLES])]


def _age(db: Database, today: dt.date) -> list[Finding]:
    findings = []
    as_of = last_as_of(db)
    if as_of is None:
        findings.append(Finding("never-refreshed", "No account is scored. Run `csw refresh`."))
    elif (today - as_of).days > REFRESH_DAYS:
        message = f"The scores are {(today - as_of).days} days old. Run `csw refresh`."
        findings.append(Finding("stale-scores", message, 1, (as_of.isoformat(),)))
    old = [
        source
        for source in source_ages(db)
        if (today - dt.date.fromisoformat(source.imported_at[:10])).days > SOURCE_DAYS
    ]
    if old:
        message = f"Sources brought nothing for more than {SOURCE_DAYS} days. Import newer files."
        names = tuple(f"{source.source} {source.imported_at}" for source in old[:EXAMPLES])
        findings.append(Finding("stale-source", message, len(old), names))
    last_day = last_usage_day(db)
    if last_day and (today - last_day).days > SOURCE_DAYS:
        message = f"Usage ends {(today - last_day).days} days ago. Import newer usage."
        findings.append(Finding("stale-usage", message, 1, (last_day.isoformat(),)))
    if last_day and (last_day - today).days > 1:
        message = (
            "Usage is dated after today, so nobody can tell where it really ends. Look at the "
            "dates of the files, and go back to a backup from before them."
        )
        findings.append(Finding("usage-to-come", message, 1, (last_day.isoformat(),)))
    return findings
