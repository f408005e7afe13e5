"""What conditions of playbooks may ask of accounts, as SQL: one expression for each fact.

The same expressions find the accounts that a trigger is for and tell what is known of one. They
are over `account a JOIN account_summary s`, and read `:today`.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workbench.core.health import decode_contributions
from cs_workbench.core.measures import Measured
from cs_workbench.core.money import DIGITS
from cs_workbench.core.playbooks.conditions import Condition, Value
from cs_workbench.core.playbooks.model import Audience, Trigger
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.errors import InputError
from cs_workbench.store.database import Database
from cs_workbench.store.facts import TWO_WAY_JSON
from cs_workbench.store.known import plain_rows
from cs_workbench.store.play_dates import LAST_SPOKE
from cs_workbench.store.sqlite import Connection

_UNITS = " ".join(f"WHEN '{code}' THEN {10**digits}.0" for code, digits in sorted(DIGITS.items()))
_TERM = (
    "SELECT {what} FROM subscription c WHERE c.account_key = a.account_key AND NOT c.is_trial "
    "AND c.end_date = s.end_date ORDER BY c.arr_minor DESC, c.subscription_id LIMIT 1"
)

# What ends then as the renewals have it, which put together what several sources tell.
_RENEWAL = (
    "FROM renewal r WHERE r.account_key = a.account_key AND r.known_to IS NULL "
    "AND r.end_date = s.end_date"
)
_PRODUCT = (
    "SELECT lower(c.product) FROM renewal r, json_each(r.subscription_ids) one "
    "JOIN subscription c ON c.subscription_id = one.value WHERE r.account_key = a.account_key "
    "AND r.known_to IS NULL AND r.end_date = s.end_date "
    "ORDER BY c.arr_minor DESC, c.subscription_id LIMIT 1"
)

_YES_OR_NO = "iif(c.auto_renew, 'yes', 'no')"


# A commitment on the next renewal that holds: its signer is there, and nobody took it back since.
_COMMITTED = """EXISTS (SELECT 1 FROM commitment c
    JOIN renewal r ON r.account_key = c.account_key AND r.filed_as = c.renewal_end
        AND r.known_to IS NULL AND r.end_date = s.end_date
    LEFT JOIN contact p ON p.contact_id = c.contact_id
    WHERE c.account_key = a.account_key AND c.level <> 'withdrawn'
        AND c.made_at <= :today || 'T23:59:59Z' AND (p.left_on IS NULL OR p.left_on > :today)
        AND NOT EXISTS (SELECT 1 FROM commitment w WHERE w.account_key = c.account_key
            AND w.renewal_end = c.renewal_end AND w.level = 'withdrawn'
            AND w.made_at <= :today || 'T23:59:59Z'
            AND (w.made_at, w.commitment_id) > (c.made_at, c.commitment_id)))"""


def _days(first: str, last: str) -> str:
    return f"julianday({last}) - julianday({first})"


def _somebody(role: str) -> str:
    """Whether a person of the role is there; not known where no person is known at all."""
    return (
        "CASE WHEN NOT EXISTS (SELECT 1 FROM contact c WHERE c.account_key = a.account_key) "
        "THEN NULL WHEN EXISTS (SELECT 1 FROM contact c WHERE c.account_key = a.account_key "
        f"AND c.role = '{role}' AND (c.left_on IS NULL OR c.left_on > :today)) "
        "THEN 'yes' ELSE 'no' END"
    )


FACT_SQL: Mapping[str, str] = {
    "score": "s.points_e4 / 10000.0",
    "band": "s.band",
    "coverage": "s.coverage_e4 / 10000.0",
    "arr": f"s.arr_minor / CASE s.currency {_UNITS} ELSE 100.0 END",
    "seats": "s.seats",
    "segment": "lower(a.segment)",
    "stage": "a.lifecycle_stage",
    "region": "lower(a.region)",
    "product": f"coalesce(({_PRODUCT}), ({_TERM.format(what='lower(c.product)')}))",
    "days to deadline": _days(":today", "s.deadline"),
    "days to end": _days(":today", "s.end_date"),
    "days since end": f"CASE WHEN s.end_date < :today THEN {_days('s.end_date', ':today')} END",
    "days since start": _days("a.started_on", ":today"),
    "days since contact": _days(LAST_SPOKE, ":today"),
    "auto renew": f"coalesce((SELECT iif(r.auto_renew, 'yes', 'no') {_RENEWAL} LIMIT 1), "
    f"({_TERM.format(what=_YES_OR_NO)}))",
    "first renewal": "CASE WHEN s.end_date IS NULL THEN NULL WHEN EXISTS (SELECT 1 "
    "FROM subscription c WHERE c.account_key = a.account_key AND NOT c.is_trial "
    "AND c.end_date < min(:today, s.end_date)) THEN 'no' ELSE 'yes' END",
    "committed": f"iif({_COMMITTED}, 'yes', "
    "coalesce((SELECT iif(c.category IN ('commit', 'closed'), 'yes', 'no') "
    "FROM forecast c WHERE c.account_key = a.account_key AND c.made_at <= :today || 'T23:59:59Z' "
    "ORDER BY c.made_at DESC, c.forecast_id DESC LIMIT 1), 'no'))",
    "champion": _somebody("champion"),
    "decision maker": _somebody("decision maker"),
    "late promises": "(SELECT count(*) FROM promise c WHERE c.account_key = a.account_key "
    "AND c.promised_by = 'us' AND c.state = 'open' AND c.due_on < :today)",
    "open urgent tickets": "(SELECT count(*) FROM ticket c WHERE c.account_key = a.account_key "
    "AND c.priority = 'urgent' AND c.closed_at IS NULL)",
    "open complaints": "((SELECT count(*) FROM complaint c WHERE c.account_key = a.account_key "
    "AND c.state <> 'closed') + (SELECT count(*) FROM ticket c WHERE c.account_key = "
    "a.account_key AND c.is_complaint AND c.closed_at IS NULL AND c.ticket_id NOT IN "
    "(SELECT d.ticket_id FROM complaint d WHERE d.ticket_id IS NOT NULL)))",
    "former": "iif(s.is_former, 'yes', 'no')",
}
_FROM = "FROM account a JOIN account_summary s ON s.account_key = a.account_key"
_LATEST = (
    "(SELECT c.contributions || char(10) || c.scorecard_hash FROM score c "
    "WHERE c.account_key = a.account_key AND c.as_of <= :today ORDER BY c.as_of DESC LIMIT 1)"
)
_SPEAKS = (
    "g.account_key = a.account_key AND g.resolved_on IS NULL "
    "AND (g.snoozed_until IS NULL OR g.snoozed_until <= :today)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that a trigger is for, and what suggests it.

    Attributes:
        signal: id, evidence and day of the signal; None where conditions alone suggest it.
        measures: values by the measure's source, as of the newest score.
        known: what the trigger asks for, facts and measures, by name.
    """

    account_key: int
    account_id: str
    name: str
    csm: str | None
    segment: str | None
    tenure_days: int | None
    band: str
    points_e4: int | None
    arr_minor: int | None
    currency: str
    signal: tuple[str, str, dt.date] | None
    measures: Mapping[str, float]
    known: Mapping[str, Value]


class MeasureReader:
    """Values of measures from stored scores; scorecards are read once each."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._sources: dict[str, tuple[str, ...]] = {}

    def read(self, latest: str | None) -> dict[str, float]:
        """Values by source, from contributions and the hash of their scorecard."""
        if latest is None:
            return {}
        packed, _, digest = latest.partition("\n")
        if digest not in self._sources:
            self._sources[digest] = self._read_sources(digest)
        outcomes, _ = decode_contributions(packed)
        return {
            source: outcome.value
            for source, outcome in zip(self._sources[digest], outcomes, strict=False)
            if isinstance(outcome, Measured)
        }

    def _read_sources(self, digest: str) -> tuple[str, ...]:
        row = plain_rows(
            self.connection, "SELECT text FROM scorecard WHERE hash = ?", (digest,)
        ).fetchone()
        try:
            return tuple(one.source for one in read_scorecard(row[0]).measures)
        except InputError:  # of another version of the program
            return ()


def known_facts(db: Database, account_key: int, today: dt.date) -> dict[str, Value]:
    """What is known of one account on the day, by the names that conditions use."""
    columns = ", ".join(FACT_SQL.values())
    given = {"today": today.isoformat(), "key": account_key, "two_way": TWO_WAY_JSON}
    row = plain_rows(
        db.connection, f"SELECT {_LATEST}, {columns} {_FROM} WHERE a.account_key = :key", given
    ).fetchone()
    if row is None:
        return {}
    measures = MeasureReader(db.connection).read(row[0])
    return {**measures, **dict(zip(FACT_SQL, row[1:], strict=True))}


def candidates(
    connection: Connection, trigger: Trigger, audience: Audience, today: dt.date
) -> Iterator[Candidate]:
    """The accounts for which all that SQL can tell holds; conditions on measures are left."""
    given: dict[str, Any] = {"today": today.isoformat(), "two_way": TWO_WAY_JSON}
    facts = {one.name: FACT_SQL[one.name] for one in trigger.when if one.name in FACT_SQL}
    wants_measures = any(one.name not in FACT_SQL for one in trigger.when)
    where = [*_audience(audience, given), *_conditions(trigger.when, given)]
    if not any(one.name == "former" for one in trigger.when):
        where.append("NOT s.is_former")
    signal = "NULL, NULL, NULL"
    if trigger.signals:
        given["kinds"] = json.dumps(trigger.signals)
        signal = "g.signal_id, g.evidence, g.opened_on"
        where.append("g.kind IN (SELECT value FROM json_each(:kinds))")
    joined = f"JOIN signal g ON {_SPEAKS}" if trigger.signals else ""
    statement = (
        "SELECT a.account_key, a.account_id, a.csm, a.segment, "
        "CAST(julianday(:today) - julianday(a.started_on) AS INTEGER), s.band, s.points_e4, "
        f"s.arr_minor, s.currency, a.name, {signal}, {_LATEST if wants_measures else 'NULL'}"
        f"{''.join(f', {expression}' for expression in facts.values())} "
        f"{_FROM} {joined} WHERE a.merged_into IS NULL AND {' AND '.join(where)} "
        "ORDER BY a.account_key"
    )
    reader = MeasureReader(connection)
    last = None
    for row in plain_rows(connection, statement, given):
        if row[0] == last:
            continue  # a second signal of the same account
        last = row[0]
        yield _candidate(row, reader, tuple(facts))


def _candidate(row: Sequence[Any], reader: MeasureReader, facts: tuple[str, ...]) -> Candidate:
    name, signal_id, evidence, opened, latest = row[9:14]
    measures = reader.read(latest)
    return Candidate(
        account_key=row[0],
        account_id=row[1],
        name=name,
        csm=row[2],
        segment=row[3],
        tenure_days=row[4],
        band=row[5],
        points_e4=row[6],
        arr_minor=row[7],
        currency=row[8],
        signal=None if opened is None else (signal_id, evidence, dt.date.fromisoformat(opened)),
        measures=measures,
        known={**measures, **dict(zip(facts, row[14:], strict=True))},
    )


def _audience(audience: Audience, given: dict[str, Any]) -> Iterator[str]:
    parts = (
        ("segments", FACT_SQL["segment"], audience.segments),
        ("stages", FACT_SQL["stage"], audience.stages),
        ("products", FACT_SQL["product"], audience.products),
    )
    for name, expression, values in parts:
        if values:
            given[name] = json.dumps(sorted(values))
            yield f"{expression} IN (SELECT value FROM json_each(:{name}))"


def _conditions(conditions: Sequence[Condition], given: dict[str, Any]) -> Iterator[str]:
    for number, one in enumerate(conditions):
        expression = FACT_SQL.get(one.name)
        if expression is None:
            continue
        if one.operator in {"is known", "is unknown"}:
            yield f"{expression} IS {'NOT ' if one.operator == 'is known' else ''}NULL"
            continue
        name = f"value{number}"
        if one.number is not None:
            given[name] = one.number
            asked = f"{expression} {_SIGNS[one.operator]} :{name}"
        else:
            given[name] = json.dumps(one.words)
            negated = "NOT " if one.operator == "!=" else ""
            asked = f"lower({expression}) {negated}IN (SELECT value FROM json_each(:{name}))"
        yield f"({asked} OR {expression} IS NULL)" if one.or_unknown else asked


_SIGNS: Mapping[str, str] = {"<": "<", "<=": "<=", "=": "=", "!=": "<>", ">=": ">=", ">": ">"}
