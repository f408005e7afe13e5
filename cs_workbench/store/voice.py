"""What customers answered, said elsewhere, and did not say."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.core.voice import Answer, Kind
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows

# Marks on tickets are satisfaction too; there is nobody to answer, so they count as answered.
_ANSWERS = """SELECT * FROM (SELECT response_id, account_key, contact_id, answered_on, kind, score,
        comment, replied_on FROM survey_response
    UNION ALL SELECT ticket_id, account_key, NULL, substr(closed_at, 1, 10), 'csat', csat, NULL,
        substr(closed_at, 1, 10) FROM ticket WHERE csat IS NOT NULL AND closed_at IS NOT NULL)
    WHERE answered_on > :since AND answered_on <= :until
        AND (:account_key IS NULL OR account_key = :account_key)
    ORDER BY answered_on, response_id"""
_ARR = """SELECT a.account_key, a.account_id, a.name, s.arr_minor,
    coalesce(s.currency, a.currency)
    FROM account a LEFT JOIN account_summary s USING (account_key)"""
# Nothing from them: no answer, no ticket, no contact in which they took part.
_SILENT = """SELECT a.account_key, max(
        coalesce((SELECT max(answered_on) FROM survey_response s
            WHERE s.account_key = a.account_key AND answered_on <= :today), ''),
        coalesce((SELECT max(substr(opened_at, 1, 10)) FROM ticket t
            WHERE t.account_key = a.account_key AND opened_at < :tomorrow), ''),
        coalesce((SELECT max(substr(occurred_at, 1, 10)) FROM touchpoint t
            WHERE t.account_key = a.account_key AND occurred_at < :tomorrow
            AND (direction = 'inbound' OR lower(channel) IN
                ('call', 'meeting', 'chat', 'video', 'visit', 'phone'))), '')) AS heard
    FROM account a JOIN account_summary s USING (account_key)
    WHERE NOT s.is_former AND a.merged_into IS NULL"""

_EVER_ASKED = "SELECT EXISTS (SELECT 1 FROM survey_invitation WHERE kind = :kind)"
_ASKED = """SELECT count(DISTINCT coalesce('c' || contact_id, 'i' || invitation_id))
    FROM survey_invitation WHERE kind = :kind AND sent_on > :since AND sent_on <= :until
        AND (:account_key IS NULL OR account_key = :account_key)"""


@dataclass(frozen=True, slots=True)
class Payer:
    """An account with its ARR in minor units of its currency."""

    account_key: int
    account_id: str
    name: str
    arr_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Something said of us elsewhere; `account_key` None: nobody knows whose it is."""

    mention_id: str
    account_key: int | None
    source: str
    url: str | None
    said_by: str | None
    said_on: dt.date
    text: str
    sentiment: int | None
    severity: str
    handled_on: dt.date | None
    handled_by: str | None


def read_answers(
    db: Database, *, since: dt.date, until: dt.date, account_key: int | None = None
) -> list[Answer]:
    """Answers after a day, up to another."""
    given = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "account_key": account_key,
    }
    return [
        Answer(
            response_id,
            key,
            person,
            dt.date.fromisoformat(on),
            kind,
            score,
            comment,
            dt.date.fromisoformat(replied) if replied else None,
        )
        for response_id, key, person, on, kind, score, comment, replied in plain_rows(
            db.connection, _ANSWERS, given
        )
    ]


def count_invitations(
    db: Database, kind: Kind, *, since: dt.date, until: dt.date, account_key: int | None = None
) -> int | None:
    """How many people were asked after a day, up to another; None where none ever was.

    Who was asked twice counts once, as who answers twice does; people nobody knows count each.
    """
    given = {
        "kind": kind,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "account_key": account_key,
    }
    (ever,) = db.connection.execute(_EVER_ASKED, given).fetchone()
    (count,) = db.connection.execute(_ASKED, given).fetchone()
    return int(count) if ever else None


def payers(db: Database) -> dict[int, Payer]:
    """Every account, by key."""
    return {row[0]: Payer(*row) for row in plain_rows(db.connection, _ARR, ())}


def last_heard(db: Database, today: dt.date) -> dict[int, dt.date | None]:
    """By customer, the last day on which anything came from them."""
    given = {"today": today.isoformat(), "tomorrow": (today + dt.timedelta(1)).isoformat()}
    rows = plain_rows(db.connection, _SILENT, given)
    return {key: dt.date.fromisoformat(heard) if heard else None for key, heard in rows}


def read_mentions(db: Database) -> list[Mention]:
    """What is said elsewhere, the newest first."""
    rows = plain_rows(
        db.connection,
        "SELECT mention_id, account_key, source, url, said_by, said_on, text, sentiment, severity, "
        "handled_on, handled_by FROM mention ORDER BY said_on DESC, mention_id",
        (),
    )
    return [
        Mention(
            mention_id=row[0],
            account_key=row[1],
            source=row[2],
            url=row[3],
            said_by=row[4],
            said_on=dt.date.fromisoformat(row[5]),
            text=row[6],
            sentiment=row[7],
            severity=row[8],
            handled_on=dt.date.fromisoformat(row[9]) if row[9] else None,
            handled_by=row[10],
        )
        for row in rows
    ]


def theme_names(db: Database) -> dict[str, str]:
    """What people called themes, by their terms."""
    return dict(db.connection.execute("SELECT terms, name FROM theme_name").fetchall())


def theme_name_ids(db: Database, called: str) -> list[str]:
    """The ids of the names that were given to these terms, or to what is called so by now."""
    rows = db.connection.execute(
        "SELECT theme_name_id FROM theme_name WHERE terms = ?1 OR name = ?1", (called,)
    )
    return [str(row[0]) for row in rows]
