"""`csw usage`: what is printed, as a table and for programs."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.detection_settings import load_calibration
from cs_workbench.store.undo import undo
from tests.cli.run import csw, within
from tests.factories import TODAY, add_account, add_usage, portfolio

PATTERN = (40, 42, 39, 41, 38, 6, 4)
EVIL = '=HYPERLINK("x") <script>\x1b]0;x\x07'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        fill(db)
    return tmp_path / "portfolio.db"


def fill(db: Database, weeks: int = 30, accounts: int = 12) -> None:
    first = TODAY - dt.timedelta(days=7 * weeks)
    with write(db) as connection:
        for number in range(accounts):
            name = "Kestrel" if number == 0 else f"Steady {number}"
            csm = "ana" if number < 6 else "jon"
            key = add_account(connection, f"a{number}", name=name, csm=csm, region="EMEA")
            factor = [1.0] * weeks if number else [1.0] * (weeks - 3) + [0.5, 0.3, 0.3]
            days = [round(value * share) for share in factor for value in PATTERN]
            days_known: list[float | None] = [*days[:70], *[None] * 7, *days[77:]]
            add_usage(connection, key, first, days_known)


def run(book: Path, *args: str) -> str:
    done = within("--db", book, "--today", TODAY.isoformat(), "usage", *args)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_show_tells_what_fell_and_lists_the_weeks(book: Path) -> None:
    shown = run(book, "show", "Kestrel", "--weeks", "22")
    assert "active users fell from 30 to 11 a day" in shown
    assert "since the week of 2 Nov 2026" in shown
    assert "2026-11-22" in shown
    lines = shown.splitlines()
    assert len([line for line in lines if line.startswith("2026-")]) == 22
    gap = next(line for line in lines if line.startswith("2026-07-12"))
    assert gap.split() == ["2026-07-12", "·"]


def test_show_as_json_and_csv_say_the_same(book: Path) -> None:
    document = json.loads(run(book, "show", "a0", "--json"))
    assert document["schema"] == "csw.usage show/1"
    (metric,) = document["metrics"]
    assert (metric["metric"], metric["rollup"], len(metric["weeks"])) == ("active_users", "max", 26)
    assert metric["weeks"][-1] == {"ends_on": "2026-11-22", "days": 7, "mean": 9, "value": 13}
    assert {"ends_on": "2026-07-12", "days": 0, "mean": None, "value": None} in metric["weeks"]
    (finding,) = document["findings"]
    assert (finding["kind"], finding["onset"]) == ("shock", "2026-11-02")
    rows = list(csv.DictReader(io.StringIO(run(book, "show", "a0", "--csv"))))
    assert rows[-1] == {
        "metric": "active_users", "ends_on": "2026-11-22", "days": "7", "mean": "9", "value": "13",
    }  # fmt: skip


def test_a_few_weeks_are_still_held_against_the_twelve_before(book: Path) -> None:
    shown = run(book, "show", "a0", "--weeks", "2")
    assert "a day in four weeks, usually 30 in the twelve before" in shown
    assert len([line for line in shown.splitlines() if line.startswith("2026-")]) == 2
    document = json.loads(run(book, "show", "a0", "--weeks", "2", "--json"))
    assert (len(document["metrics"][0]["weeks"]), document["metrics"][0]["before"]) == (2, 30)


def test_a_late_day_and_a_corrected_one_fix_their_week_and_a_gap_stays_one(tmp_path: Path) -> None:
    book, file = tmp_path / "portfolio.db", tmp_path / "usage.csv"

    def imported(*rows: str) -> list[tuple[int, float | None]]:
        file.write_text("\n".join(("account_id,date,metric,value", *rows, "")))
        done = within("--db", book, "import", str(file))
        assert done.returncode == 0, done.stderr
        shown = json.loads(run(book, "show", "a0", "--metric", "logins", "--weeks", "3", "--json"))
        return [(one["days"], one["value"]) for one in shown["metrics"][0]["weeks"]]

    with portfolio(tmp_path) as db, write(db) as connection:
        add_account(connection, "a0")
    first = ["a0,2026-11-02,logins,5", "a0,2026-11-04,logins,0", "a0,2026-11-22,logins,7"]
    assert imported(*first) == [(2, 5), (0, None), (1, 7)]
    assert imported(*first) == [(2, 5), (0, None), (1, 7)]
    assert imported("a0,2026-11-03,logins,2") == [(3, 7), (0, None), (1, 7)]
    assert imported("a0,2026-11-02,logins,9") == [(3, 11), (0, None), (1, 7)]
    with portfolio(tmp_path) as db:
        rows = db.connection.execute("SELECT day, old, new FROM usage_correction ORDER BY rowid")
        assert [tuple(row) for row in rows] == [("2026-11-03", None, 2), ("2026-11-02", 5, 9)]


def test_show_of_an_unknown_metric_names_those_there_are(book: Path) -> None:
    done = within("--db", book, "usage", "show", "a0", "--metric", "clicks")
    assert done.returncode == 3
    assert "There is: active_users." in done.stderr


def test_show_draws_one_stroke_for_each_stretch_of_data(book: Path, tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as connection:
        connection.execute("UPDATE account SET name = ? WHERE account_id = 'a0'", (EVIL,))
    place = tmp_path / "u.svg"
    run(book, "show", "a0", "--weeks", "26", "--svg", str(place))
    root = ElementTree.fromstring(place.read_text(encoding="utf-8"))  # noqa: S314 - our own
    strokes = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(strokes) == 2
    text = place.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\x1b" not in text
    again = within("--db", book, "usage", "show", "a0", "--svg", place)
    assert (again.returncode, place.read_text(encoding="utf-8")) == (12, text)


def test_formats_exclude_one_another(book: Path) -> None:
    done = within("--db", book, "usage", "show", "a0", "--json", "--csv")
    assert done.returncode == 2


def test_movers_have_the_findings_first(book: Path) -> None:
    shown = run(book, "movers", "--limit", "3").splitlines()
    assert shown[1].startswith("Kestrel")
    assert "shock, " in shown[1]
    assert len(shown) == 4
    document = json.loads(run(book, "movers", "--json"))
    assert document["accounts"] == 12
    first = document["movers"][0]
    assert (first["account_id"], first["finding"]["kind"]) == ("a0", "shock")
    assert first["own_change"] == pytest.approx(-0.55, abs=0.06)
    assert len(first["weeks"]) == 26
    assert all(one["finding"] is None for one in document["movers"][1:])


def test_movers_of_one_csm(book: Path) -> None:
    document = json.loads(run(book, "movers", "--csm", "JON", "--json"))
    assert {one["csm"] for one in document["movers"]} == {"Jon"}
    assert document["accounts"] == 6


def test_too_little_history_is_said_and_nothing_is_kept(book: Path) -> None:
    assert "Nothing fitted: 0 account-years" in run(book, "calibrate")
    assert json.loads(run(book, "calibrate", "--json"))["is_fitted"] is False


def test_a_calibration_is_kept_unless_it_is_a_trial_and_reset(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        fill(db, weeks=110, accounts=20)
    book = tmp_path / "portfolio.db"
    assert "not kept (--dry-run)" in run(book, "calibrate", "--dry-run")
    told = run(book, "calibrate", "--budget", "0.5")
    assert "within the budget of 0.5" in told
    with portfolio(tmp_path) as db:
        kept = load_calibration(db.connection)
    assert kept is not None
    assert (kept.budget, kept.fitted_on, kept.metric) == (0.5, "2026-11-23", "active_users")
    assert kept.hash in told
    run(book, "calibrate", "--reset")
    with portfolio(tmp_path) as db:
        assert load_calibration(db.connection) is None


def test_without_usage_each_command_says_so(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as connection:
        add_account(connection)
    place = tmp_path / "portfolio.db"
    assert within("--db", place, "usage", "calibrate").returncode == 2
    assert "no usage yet" in within("--db", place, "usage", "movers").stderr
    assert "No usage" in within("--db", place, "usage", "show", "acme").stderr


def test_it_starts_as_a_program(book: Path) -> None:
    assert csw("--db", book, "usage", "movers", "--json").returncode == 0


def test_credits_are_imported_by_their_name_foretold_and_reminded_of(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "accounts.csv").write_text("account_id,name\na0,Kestrel\n")
    rows = [
        f"a0,{TODAY - dt.timedelta(back)},credits_left,{150 + 10 * back}"
        for back in range(40, 0, -1)
    ]
    (folder / "usage.csv").write_text("account_id,date,metric,value\n" + "\n".join(rows) + "\n")
    book = tmp_path / "portfolio.db"
    portfolio(tmp_path).connection.close()
    day = ("--today", TODAY.isoformat())
    assert within("--db", book, *day, "import", str(folder)).returncode == 0
    assert within("--db", book, *day, "refresh").returncode == 0
    signals = json.loads(within("--db", book, *day, "signals", "--json").stdout)["signals"]
    (found,) = [one for one in signals if one["kind"] == "running out"]
    assert "160 left, 10 a day: runs out about 8 Dec 2026, in 15 days" in found["evidence"]
    shown = run(book, "show", "a0").splitlines()
    assert [line.startswith("Credits left: 160 left") for line in shown].count(True) == 1
    assert not any("in four weeks" in line for line in shown)  # what is left is no use of a day
    document = json.loads(run(book, "show", "a0", "--json"))
    assert document["supplies"][0]["on"] == "2026-12-08"
    assert document["seats"] is None
    assert document["findings"] == []


def test_a_metric_is_declared_by_hand_and_that_is_taken_back(book: Path) -> None:
    assert run(book, "declare", "active_users", "--kind", "quota", "--quota", "20", "--per-seat")
    (metric,) = json.loads(run(book, "metrics", "--json"))["metrics"]
    assert (metric["kind"], metric["quota"], metric["per_seat"]) == ("quota", 20, True)
    assert "declared like that already" in run(book, "declare", "active_users", "--quota", "20")
    with portfolio(book.parent) as db:
        me = db.connection.execute("SELECT actor FROM change_set").fetchone()[0]
        undo(db, me)
    assert "usage" in run(book, "metrics")
    (back,) = json.loads(run(book, "metrics", "--json"))["metrics"]
    assert (back["kind"], back["quota"]) == ("usage", None)


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["clicks", "--unit", "n"], 3, "There is: active_users."),
        (["active_users"], 2, "Say what to declare"),
        (["active_users", "--kind", "quota"], 2, "needs its allowance"),
        (["active_users", "--quota", "5"], 2, "Only a quota"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(
    book: Path, args: list[str], code: int, told: str
) -> None:
    done = within("--db", book, "usage", "declare", *args)
    assert (done.returncode, told in done.stderr) == (code, True)
