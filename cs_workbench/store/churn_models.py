"""Churn models as stored: their text, their record, and which one is on."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.churn_switch import model_on
from cs_workbench.store.database import Database, moment_on, utc_now, write
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection


@dataclass(frozen=True)
class StoredModel:
    """One model.

    Attributes:
        text, digest: its JSON and the hash of that.
        record: the backtest that judges it, as JSON.
        may_be_on: whether that backtest says so.
        is_on: whether it is the one in use.
    """

    digest: str
    text: str
    record: str
    may_be_on: bool
    as_of: dt.date
    trained_at: str
    actor: str
    is_on: bool


def save_model(
    db: Database,
    *,
    text: str,
    digest: str,
    record: str,
    may_be_on: bool,
    as_of: dt.date,
    actor: str,
) -> None:
    """Keep a model; the same one again gets the newest record."""
    with write(db) as connection:
        connection.execute(
            "INSERT INTO churn_model (hash, text, record, may_be_on, as_of, trained_at, actor) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET "
            "record = excluded.record, may_be_on = excluded.may_be_on",
            (digest, text, record, int(may_be_on), as_of.isoformat(), utc_now(), actor),
        )


def list_models(connection: Connection) -> list[StoredModel]:
    """All of them, the newest first."""
    on = model_on(connection)
    found = plain_rows(
        connection,
        "SELECT hash, text, record, may_be_on, as_of, trained_at, actor FROM churn_model "
        "ORDER BY trained_at DESC, rowid DESC",
        (),
    )
    return [
        StoredModel(
            digest,
            text,
            record,
            bool(may),
            dt.date.fromisoformat(as_of),
            at,
            actor,
            digest == on,
        )
        for digest, text, record, may, as_of, at, actor in found
    ]


def find_model(connection: Connection, named: str | None = None) -> StoredModel:
    """The model whose hash begins so; without a name the one that is on, else the newest.

    Raises:
        NotFoundError: there is none, or several begin so.
    """
    models = list_models(connection)
    if not models:
        raise NotFoundError("There is no churn model yet. Train one: `csw churn train`.")
    if named is None:
        return next((one for one in models if one.is_on), models[0])
    found = [one for one in models if one.digest.startswith(named.lower())] if named else []
    if len(found) != 1:
        how = "several models whose hash begins" if found else "no model whose hash begins"
        raise NotFoundError(f"There is {how} with {named!r}. `csw churn models` lists them.")
    return found[0]


def switch_model(
    db: Database, digest: str | None, *, today: dt.date, actor: str, reason: str | None = None
) -> None:
    """Use this model from today on, or none.

    Args:
        db: the portfolio.
        digest: hash of the model; None for none.
        today: the day that commands count from, which need not be the clock's.
        actor: who does it.
        reason: kept with it.

    Raises:
        ConflictError: its record does not allow it.
    """
    with write(db) as connection:
        if digest is not None:
            found = find_model(connection, digest)
            if not found.may_be_on:
                raise ConflictError(
                    "This model has not earned its place, so it stays off: see `csw churn models`, "
                    "or train a new one when more is known."
                )
        connection.execute(
            "INSERT INTO churn_switch (hash, at, actor, reason) VALUES (?, ?, ?, ?)",
            (digest, moment_on(today), actor, reason),
        )
