"""`csw usage pull`: what is printed of a pull."""

import json
from pathlib import Path

from cs_workbench.store.database import write
from tests.cli.run import within
from tests.factories import add_account, portfolio

SPEC = """
name = "product"
files = "events.csv"
[columns]
account = "account"
time = "ts"
[[metrics]]
name = "events"
"""
EVENTS = (
    "account,ts\nacme,2026-11-19 10:00:00\nblue,2026-11-19 10:00:00\nacme,2026-11-20 10:00:00\n"
    "=cmd\x1b[2J,2026-11-20 11:00:00\nacme,2026-11-23 09:00:00\n"
)


def test_a_pull_tells_its_days_its_zeros_and_who_is_not_there(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as connection:
        add_account(connection, "acme")
        add_account(connection, "blue")
    (tmp_path / "events.csv").write_text(EVENTS, "utf-8")
    spec = tmp_path / "spec.toml"
    spec.write_text(SPEC, "utf-8")
    given = ("--db", tmp_path / "portfolio.db", "--today", "2026-11-23", "usage", "pull", spec)
    asked = within(*given, "--dry-run")
    assert "The days 2026-11-19 to 2026-11-22 would be counted by" in asked.stdout
    done = within(*given)
    assert done.returncode == 1, done.stderr
    assert "Counted 2026-11-19 to 2026-11-22: 4 days of accounts." in done.stdout
    assert "Zeros of accounts without an event on a counted day: 1." in done.stdout
    assert "1 account of the events not in the portfolio: =cmd" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert within(*given).stdout.startswith("1 event arrived. Counted")
    again = json.loads(within(*given, "--json").stdout)
    assert (again["events"], again["new"], again["same"], again["zeros"]) == (1, 0, 1, 0)
    assert (again["too_late"], again["late_from"], again["waits"]) == (False, None, None)


def test_what_came_too_late_and_what_waits_is_told_with_the_command(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as connection:
        add_account(connection, "acme")
    day = "acme,2026-11-{0:02} 10:00:00,2026-11-{1:02} 12:00:00\n"
    file, spec = tmp_path / "events.csv", tmp_path / "spec.toml"
    spec.write_text(SPEC.replace("[[", 'arrived = "came"\n[['), "utf-8")
    file.write_text("account,ts,came\n" + day.format(19, 20) + day.format(20, 20), "utf-8")
    given = ("--db", tmp_path / "portfolio.db", "--today", "2026-11-23", "usage", "pull", spec)
    first = within(*given)
    assert "as it is with --since 2026-11-20." in first.stderr
    assert first.returncode == 0  # it waits for events, not for a person
    with file.open("a", encoding="utf-8") as more:
        more.write(day.format(2, 21))
    late = within(*given, "--json")
    assert "count them with --since 2026-11-02." in late.stderr
    assert late.returncode == 1
    assert json.loads(late.stdout)["late_from"] == "2026-11-02"
    counted = within(*given, "--since", "2026-11-02")
    assert counted.stdout.startswith(
        "3 events arrived since shortly before then. Counted 2026-11-02"
    )
    again = json.loads(within(*given, "--json").stdout)
    assert (again["late_from"], again["waits"]) == (None, None)
