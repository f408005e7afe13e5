"""Instants are UTC: neither the machine's time zone nor a clock put forward changes a metric."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.workflows.importing import import_paths
from tests.cli.run import within
from tests.factories import portfolio

ZONES = ("UTC", "Pacific/Auckland", "America/New_York")
FILES = {
    "accounts": ("account_id,name,currency", "a1,Acme,EUR", "a2,Birch,EUR"),
    "subscriptions": (
        "subscription_id,account_id,start_date,end_date,arr,currency",
        "s1,a1,2025-10-01,2026-09-30,1200,EUR",
        "s2,a2,2026-03-29,2027-03-28,2400,EUR",
    ),
    "tickets": (
        "ticket_id,account_id,priority,opened_at,first_response_at,closed_at",
        # Over the night in which Berlin puts its clocks forward: an hour, not the two of the clock.
        "spring,a1,high,2026-03-29T01:30:00+01:00,2026-03-29T03:30:00+02:00,2026-03-29T06:30:00+02:00",
        # And back: two hours between 02:30 and 03:30.
        "autumn,a1,high,2025-10-26T02:30:00+02:00,2025-10-26T03:30:00+01:00,2025-10-26T05:30:00+01:00",
        # The last second of a quarter and the first of the next, as UTC has them.
        "last,a2,high,2026-06-30T23:59:59Z,2026-07-01T03:59:59Z,2026-07-02T03:59:59Z",
        "first,a2,high,2026-07-01T00:00:00Z,2026-07-01T08:00:00Z,2026-07-02T08:00:00Z",
        # 20:00 of 30 June in New York is July in UTC.
        "offset,a2,high,2026-06-30T20:00:00-04:00,2026-07-01T08:00:00Z,2026-07-02T08:00:00Z",
        "naive,a2,high,2026-06-30 23:30:00,2026-07-01 03:30:00,2026-07-02 03:30:00",
    ),
}


@pytest.fixture(scope="module", params=ZONES)
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A book that is imported, and told, by a machine of this zone."""
    folder = tmp_path_factory.mktemp("book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        for name, rows in FILES.items():
            (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        with portfolio(folder) as db:
            import_paths(db, [folder / f"{name}.csv" for name in FILES], actor="ana")
        yield folder / "portfolio.db"
    time.tzset()


def told(book: Path, period: str) -> dict[str, Any]:
    given = ("--db", book, "--today", "2026-11-23", "metrics", "--period", period)
    done = within(*given, "--all", "--accounts", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


def test_hours_are_those_that_went_by_when_clocks_were_changed(book: Path) -> None:
    spring = told(book, "2026-03")["metrics"]
    assert (spring["first_response"]["value"], spring["first_response"]["n"]) == (1, 1)
    assert spring["tat"]["value"] == 4
    autumn = told(book, "2025-10")["metrics"]
    assert (autumn["first_response"]["value"], autumn["tat"]["value"]) == (2, 4)


def test_what_happens_around_midnight_counts_on_its_day_in_utc(book: Path) -> None:
    second, third = told(book, "2026-Q2")["metrics"], told(book, "2026-Q3")["metrics"]
    assert (second["first_response"]["n"], second["first_response"]["value"]) == (2, 4)
    assert third["first_response"]["n"] == 2
    assert third["first_response"]["value"] > 4


def test_contracts_begin_and_end_on_their_days_everywhere(book: Path) -> None:
    assert told(book, "2026-03")["bridge"]["new"] == 2400
    assert told(book, "2026-09")["bridge"]["churn"] == 0
    assert told(book, "2026-10")["bridge"]["churn"] == 1200
