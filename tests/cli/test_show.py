import datetime as dt
import json
from pathlib import Path

import pytest

from cs_workbench.core.account_records import RECORD_KEYS
from cs_workbench.store.database import open_database, write
from cs_workbench.workflows.scoring import refresh
from tests.cli import run
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_promise,
    add_subscription,
    add_summary,
    add_ticket,
    add_touchpoint,
    add_usage,
    portfolio,
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        with write(db) as pen:
            key = add_account(pen, "kes-1", name="Kestrel \x1b[31m Logistics", csm="ana")
            add_account(pen, "kes-2", name="Kestrel Lodges")
            add_subscription(pen, key, arr_minor=41_200_050)
            add_contact(pen, key, name="Lena Voss", role="champion")
            add_touchpoint(pen, key, channel="call")
            add_ticket(pen, key, subject="sync fails", priority="urgent")
            add_promise(pen, key)
            add_usage(pen, key, TODAY - dt.timedelta(200), [40.0] * 201)
        refresh(db, as_of=TODAY, actor="ana")
        return db.path


def show(book: Path, *args: str) -> str:
    result = run.within("--db", book, "--today", TODAY.isoformat(), "show", *args)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_shows_what_there_is_to_know(book: Path) -> None:
    shown = show(book, "logistics")
    for part in ("kes-1", "412,000.50 USD", "Sum", "Lena Voss", "sync fails", "(late)", "Deadline"):
        assert part.casefold() in shown.casefold()
    assert "\x1b" not in shown


def test_an_account_without_a_subscription_is_not_said_to_bring_nothing(book: Path) -> None:
    header = show(book, "kes-2").splitlines()[1]
    assert "no subscription" in header
    assert "0.00" not in header


def test_before_the_first_refresh_no_price_is_said_to_be_unknown(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as pen:
        add_subscription(pen, add_account(pen, "kes"), arr_minor=4_800_000)
    header = show(db.path, "kes").splitlines()[1]
    assert "price" not in header
    assert "USD" not in header


def test_the_shown_points_add_up(book: Path) -> None:
    table = show(book, "kes-1").split("Measure", 1)[1].split("\n\n")[0].splitlines()[1:]
    points = [line.split() for line in table if "unknown" not in line and "not asked" not in line]
    total = next(float(line[1]) for line in points if line[0] == "sum")
    parts = [float(line[-4]) for line in points if line[0] != "sum"]
    assert round(sum(parts), 1) == total


def test_json_has_the_keys_of_the_list_and_more(book: Path) -> None:
    document = json.loads(show(book, "kes-1", "--json", "--entries", "1"))
    assert list(document) == [
        *("schema", "as_of", "today", "account", "contributions", "ratings"),
        *("subscriptions", "contacts"),
        *("promises", "usage", "timeline", "timeline_total", "family"),
    ]
    assert set(RECORD_KEYS) < set(document["account"])
    assert document["account"]["name"] == "Kestrel \x1b[31m Logistics"
    assert document["account"]["arr"] == 412000.5
    points = [one["points"] for one in document["contributions"] if one["points"] is not None]
    assert round(sum(points), 4) == document["account"]["score"]
    assert document["promises"][0]["days_late"] == 3
    assert len(document["timeline"]) == 1
    assert document["timeline_total"] == 4


def test_a_name_that_fits_several_is_refused_with_suggestions(book: Path) -> None:
    result = run.csw("--db", book, "show", "kestrel")
    assert result.returncode == 3
    assert "kes-1" in result.stderr
    assert "kes-2" in result.stderr
    assert result.stdout == ""


def test_the_family_is_told(book: Path) -> None:
    with open_database(book) as db, write(db) as pen:
        top = add_account(pen, "kes-0", name="Kestrel Group")
        pen.execute("UPDATE account SET parent_key = ? WHERE account_key <> ?", (top, top))
        add_account(pen, "gone", parent_key=top, merged_into=top)
    assert "Parent     ? -- Kestrel Group (kes-0)" in show(book, "kes-1")
    assert "Family     together" in show(book, "kes-0")
    below, above = (
        json.loads(show(book, name, "--json"))["account"] for name in ("kes-1", "kes-0")
    )
    assert (below["parent_account_id"], below["parent_name"]) == ("kes-0", "Kestrel Group")
    assert (above["parent_account_id"], above["children"]) == (None, 2)


def test_what_a_family_comes_to_is_told(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db, write(db) as pen:
        top = add_account(pen, "top", name="Kestrel Group")
        child = add_account(pen, "iberia", name="Kestrel\x1bIberia", parent_key=top)
        add_account(pen, "gone", parent_key=child)
        add_summary(pen, 1, points_e4=900_000, arr_minor=100)
        add_summary(pen, 2, points_e4=300_000, arr_minor=300, band="red")
        add_summary(pen, 3, band="unknown", is_former=1)
    shown = run.within("--db", path, "show", "top").stdout.splitlines()
    assert "Family     together ■ 45 by ARR, 100 % of ARR known" in shown
    assert "           ■ 30 Kestrel␛Iberia (iberia)" in shown
    assert "             Gone (gone), former" in shown
    result = run.within("--db", path, "show", "iberia", "--json")
    family = json.loads(result.stdout)["family"]
    assert family["parent"]["account_id"] == "top"
    assert family["parent_rollup"]["score"] == 45
    assert family["below"][0]["is_former"] is True
    assert family["rollup"]["worst"]["account_id"] == "iberia"
