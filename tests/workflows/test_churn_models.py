import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.churn_files import write_book
from benchmarks.churn_world import Book, World, make_book
from cs_workbench.churn.models import Model, read_model
from cs_workbench.churn.selection import Task
from cs_workbench.churn.training import train
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.money import to_major
from cs_workbench.core.renewal_records import renewal_record
from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys
from cs_workbench.store.churn_ledger import kept_word, said_of
from cs_workbench.store.churn_models import find_model, save_model, switch_model
from cs_workbench.store.churn_switch import model_on
from cs_workbench.store.database import Database, write
from cs_workbench.store.sqlite import sqlite3
from cs_workbench.workflows.churn_models import drifts, publish_if_on, use_model
from cs_workbench.workflows.churn_predicting import neglected, predict, read_today, with_evidence
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.pipeline import Window, read_pipeline
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.scoring import default_scorecard, refresh
from tests.churn.histories import invented_sample
from tests.factories import portfolio

CARD = default_scorecard()
FIRST = dt.date(2026, 1, 1)
LATER = dt.date(2026, 6, 28)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Book]:
    book = make_book(60, seed=4, churns=30.0, world=World(months=16))
    folder = tmp_path_factory.mktemp("book")
    write_book(folder / "files", book)
    with portfolio(folder) as db:
        import_paths(db, [folder / "files"], actor="Ana Ruiz")
    return folder / "portfolio.db", book


def opened(files: tuple[Path, Book], folder: Path) -> Database:
    (folder / "portfolio.db").write_bytes(files[0].read_bytes())
    return portfolio(folder)


@cache
def trained() -> Model:
    sample = invented_sample(130, 35.0)
    return train(sample, Task(), data_cut="2025-12-31", segments=("a", "b", "c"))


def with_model(db: Database) -> str:
    model = trained()
    record = json.dumps({"verdict": "On: it was tried."})
    save_model(
        db, text=model.text(), digest=model.digest, record=record, may_be_on=True,
        as_of=FIRST, actor="Ana Ruiz",
    )  # fmt: skip
    return model.digest


def test_a_model_that_has_not_earned_it_stays_off(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        with pytest.raises(NotFoundError, match="csw churn train"):
            find_model(db.connection)
        digest = "c0ffee"
        save_model(
            db, text="{}", digest=digest, record="{}", may_be_on=False, as_of=FIRST, actor="Ana"
        )
        with pytest.raises(ConflictError, match="has not earned its place"):
            switch_model(db, digest, today=FIRST, actor="Ana Ruiz")
        assert model_on(db.connection) is None
        assert find_model(db.connection, digest[:4]).digest == digest
        with pytest.raises(NotFoundError):
            find_model(db.connection, "nothing")


def test_what_is_published_is_kept_and_answered(files: tuple[Path, Book], tmp_path: Path) -> None:
    with opened(files, tmp_path) as db:
        assert publish_if_on(db, as_of=FIRST, card=CARD) == (None, ())
        digest = with_model(db)
        switch_model(db, digest, today=FIRST, actor="Ana Ruiz", reason="tried")
        written = publish_if_on(db, as_of=FIRST, card=CARD).published
        assert written is not None
        assert written > 20
        again = publish_if_on(db, as_of=FIRST + dt.timedelta(3), card=CARD)
        assert again.published == 0  # once a week
        (open_one,) = kept_word(db.connection)
        assert (open_one.n, open_one.open) == (0, written)
        said = said_of(db.connection, 1) or said_of(db.connection, 2)
        assert said is not None
        assert said.low <= said.probability <= said.high
        total = said.base + sum(part.log_odds for part in said.parts)
        assert 1 / (1 + np.exp(-total)) == pytest.approx(said.probability, abs=1e-4)

        publish_if_on(db, as_of=LATER, card=CARD)
        oldest = kept_word(db.connection)[-1]
        left = files[1].left
        day, close = said.as_of.toordinal(), said.as_of.toordinal() + 90
        came = int(((left > day) & (left <= close) & (files[1].began <= day)).sum())
        assert (oldest.came, oldest.open) == (came, 0)
        assert oldest.n == written
        assert 0 < oldest.said < written
        for change in (
            "UPDATE churn_prediction SET probability_e6 = 1",
            "DELETE FROM churn_prediction",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="published probabilities"):
                db.connection.execute(change)


def test_a_model_speaks_as_soon_as_it_is_put_into_use(
    files: tuple[Path, Book], tmp_path: Path
) -> None:
    with opened(files, tmp_path) as db:
        digest = with_model(db)
        used = use_model(db, None, card=CARD, today=FIRST, actor="Ana Ruiz")
        assert used.digest == digest
        (kept,) = kept_word(db.connection)
        assert (kept.as_of, kept.open) == (FIRST, used.published)
        again = use_model(db, digest[:8], card=CARD, today=FIRST, actor="Ana Ruiz")
        assert again.published == 0  # it has spoken this week


def test_the_view_neglected_and_the_command_have_the_same_accounts(
    files: tuple[Path, Book], tmp_path: Path
) -> None:
    with opened(files, tmp_path) as db:
        use_model(db, with_model(db), card=CARD, today=LATER, actor="Ana Ruiz")
        refresh(db, as_of=LATER, actor="Ana Ruiz")
        # Nobody has been silent for long in this book: half of it is.
        with write(db) as connection:
            connection.execute("DELETE FROM touchpoint WHERE account_key % 2")
        listed = account_keys(db, AccountQuery(LATER, view="neglected"))
        found = predict(db, as_of=LATER, card=CARD, task=Task())
        told = neglected(db, found.accounts, today=LATER)
        assert {one.brief.account_key for one in told} == set(listed)
        assert 0 < len(told) < len(found.accounts) / 5


def test_a_portfolio_of_an_earlier_day_shows_its_model_beside_the_renewals(
    files: tuple[Path, Book], tmp_path: Path
) -> None:
    """Its day is not the clock's: what is switched on today is on from the portfolio's day."""
    policy = ForecastPolicy()
    with opened(files, tmp_path) as db:
        settle_renewals(db, today=FIRST, policy=policy)
        switch_model(db, with_model(db), today=FIRST, actor="Ana Ruiz")
        publish_if_on(db, as_of=FIRST, card=CARD)
        on, before = (
            read_pipeline(db, Window(day), policy).entries
            for day in (FIRST, FIRST - dt.timedelta(1))
        )
        told = [one for one in on if one.account.leaves_e4]
        assert told
        for one in told:
            said = said_of(db.connection, one.account.account_key)
            assert said is not None
            record = renewal_record(one, FIRST, policy)
            assert record["leaves"] == pytest.approx(Decimal(said.probability), abs=Decimal("1e-4"))
            assert one.renewal.due_minor is not None
            due = to_major(one.renewal.due_minor, one.renewal.currency)
            loss = due * Decimal(said.probability)
            assert record["expected_loss"] == pytest.approx(loss, abs=due / 10_000 + 1)
    assert before
    assert not any(one.account.leaves_e4 or one.loss_minor for one in before)


def test_far_more_than_was_said_is_an_alarm(files: tuple[Path, Book], tmp_path: Path) -> None:
    with opened(files, tmp_path) as db:
        digest = with_model(db)
        switch_model(db, digest, today=FIRST, actor="Ana Ruiz")
        publish_if_on(db, as_of=FIRST, card=CARD)
        told = publish_if_on(db, as_of=LATER, card=CARD).drift
        (kept, *_) = [one for one in kept_word(db.connection) if one.n]
    assert list(told) == drifts([kept])
    assert not drifts([replace(kept, said=5.0, spread=4.0, came=7)])
    (alarm,) = drifts([replace(kept, said=5.0, spread=4.0, came=10)])
    assert "more than chance explains" in alarm.what


def test_predictions_with_and_without_a_stored_model(
    files: tuple[Path, Book], tmp_path: Path
) -> None:
    with opened(files, tmp_path) as db:
        digest = with_model(db)
        stored = predict(db, as_of=LATER, card=CARD, task=Task())
        assert (stored.is_stored, stored.is_on, stored.model.digest) == (True, False, digest)
        other = predict(db, as_of=LATER, card=CARD, task=Task(horizon=60))
        assert not other.is_stored  # the stored one answers another question
        assert other.verdict  # no probability without its record
        assert not other.is_on
        losses = [one.expected_loss or 0 for one in stored.accounts]
        assert losses == sorted(losses, reverse=True)
        left = {f"S{at:05d}" for at in np.flatnonzero(files[1].left <= LATER.toordinal())}
        assert not left & {one.brief.account_id for one in stored.accounts}
        source, day = read_today(db, as_of=LATER, card=CARD)
        evidence = with_evidence(db, source, stored.accounts[0], day)
        assert {"usage_change", "silence", "tenure"} & {one.feature for one in evidence}
        assert all(one.last <= LATER for one in evidence)
        assert read_model(find_model(db.connection).text).digest == digest
