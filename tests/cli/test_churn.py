import datetime as dt
import json
import math
from pathlib import Path

import pytest

from benchmarks.churn_files import write_book
from benchmarks.churn_world import World, make_book
from cs_workbench.churn.selection import Task
from cs_workbench.store.churn_models import save_model
from cs_workbench.store.database import open_database
from cs_workbench.workflows.churn import read_past
from cs_workbench.workflows.churn_predicting import train_now
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.scoring import default_scorecard
from tests.cli.run import within
from tests.factories import portfolio

TODAY = "2026-06-28"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portfolio with some thirty churned accounts."""
    return imported(tmp_path_factory.mktemp("churn"), accounts=90, churns=34.0)


def imported(folder: Path, *, accounts: int, churns: float) -> Path:
    book = make_book(accounts, seed=2, churns=churns, world=World(months=20))
    files = write_book(folder / "files", book)
    with portfolio(folder) as db:
        import_paths(db, [files], actor="Ana Ruiz")
    return folder / "portfolio.db"


def copied(book: Path, folder: Path) -> Path:
    mine = folder / "portfolio.db"
    mine.write_bytes(book.read_bytes())
    return mine


def with_model(mine: Path) -> None:
    """Keep a model of it, without the backtest that `csw churn train` runs first."""
    today = dt.date.fromisoformat(TODAY)
    with open_database(mine) as db:
        model = train_now(read_past(db, as_of=today, card=default_scorecard()), Task())
        save_model(
            db, text=model.text(), digest=model.digest, record="{}", may_be_on=False,
            as_of=today, actor="Ana Ruiz",
        )  # fmt: skip


def test_a_backtest_says_how_good_it_would_have_been(book: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    shown = within(
        *("--db", book, "--today", TODAY, "churn", "backtest"),
        *("--origins", "6", "--json", "--html", page),
    )
    assert shown.returncode == 0, shown.stderr
    found = json.loads(shown.stdout)
    assert found["schema"] == "csw.churn-backtest/1"
    assert found["step"] == "ridge"
    assert len(found["origins"]) == 6
    assert set(found["models"]) == {
        *("model", "base_rate", "last_use", "health", "calendar", "health_x_calendar"),
    }
    for one in found["models"].values():
        assert {"auc", "auc_in_window", "log_loss", "skill", "brier", "ece", "ece_floor"} <= set(
            one
        )
        assert {"o_e", "slope", "arr_captured_10", "low", "high"} <= set(one)
        assert one["low"] <= one["auc"] <= one["high"]
    assert found["n"] > 500
    assert found["events"] > 15
    assert [one["lead"] for one in found["leads"]] == [0, 30, 60, 90]
    assert isinstance(found["verdict"], str)
    text = page.read_text(encoding="utf-8")
    assert found["verdict"].replace("&", "&amp;") in text
    assert "<script" not in text
    assert page.stat().st_mode & 0o777 == 0o600


def test_readiness_in_words(book: Path) -> None:
    shown = within("--db", book, "--today", TODAY, "churn", "readiness")
    assert "short leash" in shown.stdout
    assert "Not in the data" in shown.stdout
    found = json.loads(
        within("--db", book, "--today", TODAY, "churn", "readiness", "--json").stdout
    )
    assert found["can_learn"] is True
    assert found["departures"] == sum(found["departures_by_month"]) >= found["events"] >= 15


def test_six_churns_give_no_model(tmp_path: Path) -> None:
    few = imported(tmp_path, accounts=30, churns=6.0)
    shown = within("--db", few, "--today", TODAY, "churn", "backtest", "--json")
    found = json.loads(shown.stdout)
    assert found["step"] == "band"
    assert found["models"] == {}
    assert found["on"] is False
    assert found["verdict"].startswith("Too few to tell")

    predicted = within("--db", few, "--today", TODAY, "churn", "predict", "--json")
    given = json.loads(predicted.stdout)
    assert given["method"] == "band"
    assert {one["probability"] for one in given["accounts"]} == {None}
    assert {one["expected_loss"] for one in given["accounts"]} == {None}
    assert all(0 < one["low"] < one["high"] < 1 for one in given["accounts"])
    assert f"from {given['events']} churns" in given["basis"]
    neglected = within("--db", few, "--today", TODAY, "churn", "predict", "--neglected").stdout
    assert "without a probability there is no expected loss" in neglected
    first = given["accounts"][0]["account_id"]
    told = within("--db", few, "--today", TODAY, "churn", "explain", first)
    assert "Too few to tell" in told.stdout


def test_a_model_made_on_the_spot_tells_its_record(book: Path) -> None:
    shown = within("--db", book, "--today", TODAY, "churn", "predict", "--json")
    assert shown.returncode == 0, shown.stderr
    assert "made on the spot" in shown.stderr
    found = json.loads(shown.stdout)
    assert f"Its record: {found['verdict']}" in shown.stderr
    assert "AUC" in found["verdict"]


def test_predictions_explain_themselves(book: Path, tmp_path: Path) -> None:
    trained = copied(book, tmp_path)
    with_model(trained)
    shown = within("--db", trained, "--today", TODAY, "churn", "predict", "--json")
    found = json.loads(shown.stdout)
    assert found["accounts"]
    for one in found["accounts"]:
        total = one["base"] + sum(part["log_odds"] for part in one["contributions"])
        assert 1 / (1 + math.exp(-total)) == pytest.approx(one["probability"], abs=1e-6)
        points = sum(part["points"] for part in one["contributions"])
        assert one["typical"] + points == pytest.approx(one["probability"], abs=1e-4)
        assert one["low"] <= one["probability"] <= one["high"]
        assert one["expected_loss"] == pytest.approx(one["arr"] * one["probability"], abs=0.011)
    first = found["accounts"][0]["account_id"]
    told = within("--db", trained, "--today", TODAY, "churn", "explain", first).stdout
    assert "What moves it most" in told
    assert "rows of usage" in told
    assert "since last use" in told.split("It rests on:")[1]  # in words, not by its field
    rows = json.loads(
        within("--db", trained, "--today", TODAY, "churn", "explain", first, "--json").stdout
    )
    assert rows["account_id"] == first
    assert all(one["last"] <= TODAY for one in rows["evidence"])


def test_training_keeps_a_model_and_its_record(book: Path, tmp_path: Path) -> None:
    mine = copied(book, tmp_path)
    made = json.loads(within("--db", mine, "--today", TODAY, "churn", "train", "--json").stdout)
    listed = json.loads(within("--db", mine, "churn", "models", "--json").stdout)
    (model,) = listed["models"]
    assert (model["model"], model["on"]) == (made["model"], False)
    assert model["verdict"] == made["verdict"]
    switched = within("--db", mine, "churn", "switch", "on", model["model"][:8])
    assert switched.returncode == (0 if made["may_be_on"] else 12)
    assert within("--db", mine, "churn", "switch", "off").returncode == 0
    shown = within("--db", mine, "--today", TODAY, "churn", "predict", "--limit", "2")
    assert "not in use" in shown.stderr
    assert "made on the spot" not in shown.stderr


def test_the_health_score_is_held_to_its_word(book: Path) -> None:
    found = json.loads(
        within("--db", book, "--today", TODAY, "health", "backtest", "--json").stdout
    )
    assert {one["band"] for one in found["bands"]} == {"red", "yellow", "green", "unknown"}
    assert found["low"] <= found["auc"] <= found["high"]
    assert all(one["days"] > 0 for one in found["green_and_left"])
    said = within("--db", book, "--today", TODAY, "health", "backtest").stdout
    assert "green left" in said


def test_weights_are_proposed_and_nothing_changes(book: Path, tmp_path: Path) -> None:
    place = tmp_path / "proposed.toml"
    shown = within("--db", book, "--today", TODAY, "scorecard", "fit", "--json", "--out", place)
    assert shown.returncode == 0, shown.stderr
    found = json.loads(shown.stdout)
    assert found["low"] <= found["gain"] <= found["high"]
    assert within("scorecard", "check", place).returncode == 0
    proposed = {one["measure"]: one["proposed"] for one in found["weights"]}
    text = place.read_text(encoding="utf-8")
    assert all(weight >= 1 for weight in proposed.values())
    assert f"weight = {proposed['usage_level']}" in text


def test_what_a_customer_is_worth(book: Path) -> None:
    shown = within("--db", book, "--today", TODAY, "clv", "--margin", "0.8", "--json")
    found = json.loads(shown.stdout)
    whole = found["segments"][-1]
    assert whole["segment"] == "all"
    assert whole["low"] <= whole["clv"] <= whole["high"]
    assert whole["months_low"] <= whole["months"] <= whole["months_high"] <= 60
    assert whole["clv"] == pytest.approx(whole["months"] * whole["arpa"] * 0.8)
    without = json.loads(within("--db", book, "--today", TODAY, "clv", "--json").stdout)
    assert without["segments"][-1]["clv"] is None


def test_an_empty_portfolio_says_so(tmp_path: Path) -> None:
    portfolio(tmp_path).connection.close()
    place = tmp_path / "portfolio.db"
    shown = within("--db", place, "--today", TODAY, "churn", "readiness")
    assert "nothing can be learned" in shown.stdout
    assert json.loads(within("--db", place, "churn", "backtest", "--json").stdout)["n"] == 0
