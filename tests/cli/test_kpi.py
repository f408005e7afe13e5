import datetime as dt
import json
from pathlib import Path

import pytest

from cs_workbench.core.metrics.periods import parse_period
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.store.database import open_database, write
from cs_workbench.store.undo import undo
from cs_workbench.workflows.closing import close
from cs_workbench.workflows.loyalty import score_loyalty
from tests.cli.run import csw, within
from tests.factories import (
    TODAY,
    add_account,
    add_import,
    add_person,
    add_promise,
    add_subscription,
    add_ticket,
    portfolio,
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            for at in range(20):
                key = add_account(c, f"a{at}")
                end = "2026-05-31" if at < 15 else "2027-12-31"
                add_subscription(c, key, start_date="2025-01-01", end_date=end)
            opened = {"opened_at": "2026-09-01T08:00:00Z"}
            add_ticket(c, key, **opened, first_response_at="2026-09-01T18:00:00Z")
        return db.path


def test_figures_stand_beside_their_targets(book: Path) -> None:
    told = csw("--db", book, "--today", "2026-11-23", "kpi")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("2025-11-01 to 2026-10-31\n")
    assert "90.0 %*" in told.stdout
    assert "nobody yet" in told.stdout


def test_our_loyalty_has_a_target_and_an_owner(book: Path, tmp_path: Path) -> None:
    own = tmp_path / "targets.toml"
    own.write_text(
        '[[targets]]\nmetric = "our_loyalty"\nvalue = 99\nowner = "Priya"\n'
        "valid_from = 2026-01-01\n"
    )
    args = ("--db", book, "--today", "2026-11-23")
    said = ("kpi", "review", "--json")
    assert json.loads(within(*args, *said, CSW_TARGETS=str(own)).stdout)["kpis"] == []
    with open_database(book) as db:
        with write(db) as c:
            # Of the others it is known who their CSM is, and that none was asked again.
            c.execute("UPDATE account SET csm = ?", (add_person(c),))
            at = {"opened_at": "2023-01-01T09:00:00Z", "closed_at": "2023-01-01T10:00:00Z"}
            add_ticket(c, 2, **at, asked_again_count=1)
            add_promise(c, 1, due_on="2026-11-01", state="open")
            add_ticket(c, 1, opened_at="2026-11-01T09:00:00Z", priority="urgent")
        score_loyalty(db, as_of=TODAY)
        score_loyalty(db, as_of=dt.date(2025, 10, 26))  # in the twelve months before
    (ours,) = json.loads(within(*args, *said, CSW_TARGETS=str(own)).stdout)["kpis"]
    assert (ours["metric"], ours["n"], ours["state"]) == ("our_loyalty", 20, "unsure")
    assert ours["value"] < 99 < ours["high"]
    assert ours["before"][:2] == [None, None]
    assert ours["value"] < ours["before"][2] == 100
    assert (ours["target"]["value"], ours["target"]["owner"]) == (99, "Priya")


def test_misses_have_an_owner_and_what_was_changed(book: Path, tmp_path: Path) -> None:
    own = tmp_path / "targets.toml"
    own.write_text(
        '[[targets]]\nmetric = "grr"\nvalue = 0.9\nowner = "[b]Priya\\u001b"\n'
        "valid_from = 2026-01-01\n"
    )
    args = ("--db", book, "--today", "2026-11-23", "kpi")
    before = within(*args, "review", CSW_TARGETS=str(own))
    assert "Owner: [b]Priya" in before.stdout
    assert "\x1b" not in before.stdout
    assert "nothing was changed yet" in before.stdout
    noted = within(*args, "respond", "grr", "--what", "calls in month one", CSW_ME="ana")
    assert noted.returncode == 0
    after = json.loads(within(*args, "review", "--json", CSW_TARGETS=str(own)).stdout)
    assert [one["metric"] for one in after["kpis"]] == ["grr"]
    assert after["kpis"][0]["responses"][0]["what"] == "calls in month one"
    with open_database(book) as db:
        undo(db, actor="ana")
    again = json.loads(within(*args, "review", "--json", CSW_TARGETS=str(own)).stdout)
    assert again["kpis"][0]["responses"] == []


def test_a_closed_period_is_as_it_was_closed_here_too(book: Path) -> None:
    quarter = ("--period", "2026-Q2", "--json")
    with open_database(book) as db:
        close(
            db,
            parse_period("2026-Q2"),
            DEFAULT_POLICY,
            actor="ana",
            today=dt.date(2026, 7, 5),
            policy_source="",
        )
        with write(db) as c:
            late = add_import(c, known_policy="recorded", recorded_at="2026-08-20T08:00:00Z")
            c.execute(
                "UPDATE subscription SET cancelled_on = '2026-06-15', import_id = ? "
                "WHERE account_key > 17",
                (late,),
            )
    on = ("--db", book, "--today", "2026-11-23")
    told, sheet = (json.loads(within(*on, name, *quarter).stdout) for name in ("metrics", "kpi"))
    grr = next(one for one in sheet["kpis"] if one["metric"] == "grr")
    assert grr["value"] == told["metrics"]["grr"]["value"] == 0.25
    assert sheet["closed"] == told["closed"] == {"on": "2026-07-05", "by": "ana"}
    following = json.loads(within(*on, "kpi", "--period", "2026-Q3", "--json").stdout)
    before = next(one for one in following["kpis"] if one["metric"] == "grr")["before"]
    assert before[-1] == 0.25
    assert "never restated" in within(*on, "kpi", "--period", "2026-Q2").stdout


def test_what_is_no_metric_is_refused(book: Path) -> None:
    args = ("--db", book, "kpi", "respond")
    assert within(*args, "mood", "--what", "x").returncode == 2
    assert within(*args, "grr", "--what", " ").returncode == 2
