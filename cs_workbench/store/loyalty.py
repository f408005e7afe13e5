"""What we did for and to each account, and the loyalty scores made of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_workbench.core.accounts import Band
from cs_workbench.core.loyalty import BadExperience, Feedback
from cs_workbench.core.memory import Promise
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

# A later import's rows count from its day; what people wrote from the day that it is true of.
_PROMISES = """SELECT t.promise_id, t.account_key, t.what, t.made_on, t.due_on, t.kept_on, t.state
    FROM promise t LEFT JOIN import_run i ON i.import_id = t.import_id
    WHERE t.promised_by = 'us' AND t.made_on <= :as_of
        AND (i.import_id IS NULL OR i.known_policy = 'assumed'
            OR substr(i.recorded_at, 1, 10) <= :as_of)"""
_CHANGED = """SELECT entity_id, field, old ->> '$' FROM change
    WHERE entity = 'promise' AND field IN ('due_on', 'kept_on', 'state') AND old IS NOT NULL
        AND coalesce(effective_on, substr(known_at, 1, 10)) > :as_of ORDER BY seq DESC"""
# Answered: written down as such, or a contact of ours with that person within two weeks.
_FEEDBACK = """SELECT s.account_key, s.answered_on, min(coalesce(s.replied_on, '9'),
        coalesce((SELECT min(substr(t.occurred_at, 1, 10)) FROM touchpoint t
            WHERE t.account_key = s.account_key AND t.contact_id = s.contact_id
            AND t.direction = 'outbound' AND t.occurred_at >= s.answered_on
            AND t.occurred_at < date(s.answered_on, '+15 days')), '9'))
    FROM survey_response s WHERE s.answered_on <= :as_of AND s.answered_on > :since
        AND (trim(coalesce(s.comment, '')) <> '' OR s.kind = 'nps' AND s.score <= 6
            OR s.kind = 'csat' AND s.score <= 2 OR s.kind = 'ces' AND s.score <= 3)"""
_OWNERS = """SELECT CAST(entity_id AS INTEGER), coalesce(effective_on, substr(known_at, 1, 10))
    FROM change WHERE entity = 'account' AND field = 'csm' AND old <> 'null' AND old <> new"""
_OWNERS_TOLD = """SELECT account_key, coalesce(effective_on, announced_on) FROM imposed_change
    WHERE kind = 'CSM'"""
_OWNED = "SELECT account_key FROM account WHERE csm IS NOT NULL"
# Where a source has no such column nothing is known; who counts has asked somebody again once.
_COUNTS_ASKED = """SELECT EXISTS (SELECT 1 FROM ticket
    WHERE asked_again_count > 0 AND opened_at < :tomorrow)"""
SAME_CHANGE = 31  # days between a new CSM and the notice of it
_COMPLAINTS = """SELECT c.account_key, c.arrived_on,
        (SELECT min(s.reached_on) FROM complaint_step s WHERE s.complaint_id = c.complaint_id
            AND s.state IN ('resolved', 'followed up', 'closed') AND s.reached_on <= :as_of)
    FROM complaint c WHERE c.arrived_on <= :as_of"""
_INCIDENTS = "SELECT account_key, began_on, told_on FROM incident WHERE began_on <= :as_of"
_KINDS = """SELECT account_key, lower(kind), substr(occurred_at, 1, 10) FROM touchpoint
    WHERE lower(kind) IN ('give', 'fix', 'ask') AND occurred_at < :tomorrow"""
_STORED = """SELECT account_key, as_of, points_e4, band, coverage_e4, low_e4, high_e4,
    scorecard_hash, contributions FROM loyalty_score"""
LOOKS_BACK = 400  # days of feedback that any measure may ask for


@dataclass(frozen=True, slots=True)
class StoredLoyalty:
    """A stored score; the fields as in `core/health.py: HealthScore`."""

    account_key: int
    as_of: dt.date
    points_e4: int | None
    band: Band
    coverage_e4: int
    low_e4: int
    high_e4: int
    scorecard_hash: str
    contributions: str


@dataclass
class Deeds:
    """By account, rows of what we did, as known on a day.

    Attributes:
        owned: the accounts of which a CSM is known.
        counts_asked: whether tickets say how often somebody was asked again.
    """

    promises: defaultdict[int, list[Promise]] = field(default_factory=lambda: defaultdict(list))
    feedback: defaultdict[int, list[Feedback]] = field(default_factory=lambda: defaultdict(list))
    owner_changes: defaultdict[int, list[dt.date]] = field(
        default_factory=lambda: defaultdict(list)
    )
    bad: defaultdict[int, list[BadExperience]] = field(default_factory=lambda: defaultdict(list))
    gives: defaultdict[int, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    asks: defaultdict[int, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    owned: frozenset[int] = frozenset()
    counts_asked: bool = False


def read_deeds(connection: Connection, as_of: dt.date) -> Deeds:
    """Everything but tickets."""
    deeds = Deeds(bad=read_bad(connection, as_of))
    given = {
        "as_of": as_of.isoformat(),
        "since": (as_of - dt.timedelta(LOOKS_BACK)).isoformat(),
        "tomorrow": (as_of + dt.timedelta(1)).isoformat(),
    }
    for promise in _promises(connection, as_of):
        deeds.promises[promise.account_key].append(promise)
    for key, on, answered in plain_rows(connection, _FEEDBACK, given):
        came = None if answered == "9" or answered > given["as_of"] else _day(answered)
        deeds.feedback[key].append(Feedback(_day(on), came))
    _read_owners(connection, deeds, as_of)
    ((counts,),) = plain_rows(connection, _COUNTS_ASKED, {"tomorrow": given["tomorrow"]})
    deeds.counts_asked = bool(counts)
    for key, kind, on in plain_rows(connection, _KINDS, {"tomorrow": given["tomorrow"]}):
        (deeds.asks if kind == "ask" else deeds.gives)[key].append(_day(on))
    return deeds


def _read_owners(connection: Connection, deeds: Deeds, as_of: dt.date) -> None:
    """New CSMs as the log has them, and as customers were told, each change once."""
    deeds.owned = frozenset(key for (key,) in plain_rows(connection, _OWNED, ()))
    for statement in (_OWNERS, _OWNERS_TOLD):
        for key, text in plain_rows(connection, statement, ()):
            on, known = _day(text), deeds.owner_changes.get(key, [])
            is_told = statement is _OWNERS_TOLD
            if is_told and any(abs((on - one).days) <= SAME_CHANGE for one in known):
                continue
            if on <= as_of:
                deeds.owner_changes[key].append(on)


def read_bad(connection: Connection, as_of: dt.date) -> defaultdict[int, list[BadExperience]]:
    """By account, what went wrong through us as known on a day: all but late urgent tickets."""
    bad: defaultdict[int, list[BadExperience]] = defaultdict(list)
    for promise in _promises(connection, as_of):
        on = promise.due_on or promise.made_on
        if promise.state == "broken" and on <= as_of:
            bad[promise.account_key].append(BadExperience(on, "broken promise"))
    day = as_of.isoformat()
    for statement, kind in ((_COMPLAINTS, "complaint"), (_INCIDENTS, "incident")):
        for key, began, good in plain_rows(connection, statement, {"as_of": day}):
            made_good = _day(good) if good and good <= day else None
            bad[key].append(BadExperience(_day(began), kind, made_good))
    return bad


def customers(connection: Connection) -> list[int]:
    """The accounts that are customers now, or were never scored."""
    rows = plain_rows(
        connection,
        "SELECT account_key FROM account a WHERE merged_into IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM account_summary s WHERE s.account_key = a.account_key AND s.is_former)",
        (),
    )
    return [row[0] for row in rows]


def save_loyalty(connection: Connection, card: tuple[str, str], rows: Sequence[Any]) -> None:
    """Keep scores of a day in place of those that are there; `card` is the hash and the text."""
    connection.execute("INSERT OR IGNORE INTO scorecard (hash, text) VALUES (?, ?)", card)
    connection.executemany(
        "INSERT OR REPLACE INTO loyalty_score (account_key, as_of, points_e4, band, coverage_e4, "
        "low_e4, high_e4, scorecard_hash, input_hash, contributions) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def newest_loyalty(db: Database, account_key: int | None = None) -> Iterator[StoredLoyalty]:
    """The newest score of each account, or of one."""
    rows = plain_rows(
        db.connection,
        f"{_STORED} l WHERE (:key IS NULL OR account_key = :key) AND as_of = (SELECT max(as_of) "
        "FROM loyalty_score m WHERE m.account_key = l.account_key) ORDER BY account_key",
        {"key": account_key},
    )
    return map(_stored, rows)


def last_scores(db: Database, first: dt.date, last: dt.date) -> Iterator[StoredLoyalty]:
    """Those of the last day scored from one day to another; none where no day of them was."""
    rows = plain_rows(
        db.connection,
        f"{_STORED} WHERE as_of = (SELECT max(as_of) FROM loyalty_score "
        "WHERE as_of BETWEEN ? AND ?) ORDER BY account_key",
        (first.isoformat(), last.isoformat()),
    )
    return map(_stored, rows)


def scored_revenue(db: Database) -> dict[int, int | None]:
    """ARR in minor units, where known, of each customer that was ever scored; no former ones."""
    rows = plain_rows(
        db.connection,
        "SELECT l.account_key, s.arr_minor "
        "FROM (SELECT DISTINCT account_key FROM loyalty_score) l "
        "LEFT JOIN account_summary s USING (account_key) WHERE coalesce(s.is_former, 0) = 0",
        (),
    )
    return dict(rows)


def loyalty_history(db: Database, account_key: int) -> list[StoredLoyalty]:
    """All scores of an account, oldest first."""
    rows = plain_rows(
        db.connection, f"{_STORED} WHERE account_key = ? ORDER BY as_of", (account_key,)
    )
    return [_stored(row) for row in rows]


def card_text(db: Database, digest: str) -> str:
    """The scorecard under a hash."""
    row = db.connection.execute("SELECT text FROM scorecard WHERE hash = ?", (digest,)).fetchone()
    return str(row[0])


def _promises(connection: Connection, as_of: dt.date) -> Iterator[Promise]:
    given = {"as_of": as_of.isoformat()}
    earlier: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for promise_id, field_name, old in plain_rows(connection, _CHANGED, given):
        earlier[promise_id][field_name] = old  # the oldest later change comes last
    for promise_id, key, what, made_on, *rest in plain_rows(connection, _PROMISES, given):
        stored = dict(zip(("due_on", "kept_on", "state"), rest, strict=True))
        then = {**stored, **earlier[promise_id]}
        due_on, kept_on, state = then["due_on"], then["kept_on"], then["state"]
        is_kept = state == "kept" and (kept_on is None or kept_on <= given["as_of"])
        yield Promise(
            promise_id=promise_id,
            account_key=key,
            promised_by="us",
            what=what,
            made_on=_day(made_on),
            due_on=_day(due_on) if due_on else None,
            kept_on=_day(kept_on) if is_kept and kept_on else None,
            state="open" if state == "kept" and not is_kept else state or "open",
        )


def _stored(row: Sequence[Any]) -> StoredLoyalty:
    return StoredLoyalty(row[0], _day(row[1]), *row[2:])


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
