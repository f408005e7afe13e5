import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from cs_workbench.workflows.scoring import refresh
from tests.cli import run
from tests.cli.run import as_ana as csw
from tests.core.test_rating_measures import CARD
from tests.factories import TODAY as DAY
from tests.factories import add_account, add_person, add_subscription, portfolio

TODAY = DAY.isoformat()
EVIL = "met \x1b]52;c;aGk=\x07 [@click=app.quit]her[/]"


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts that a refresh has scored."""
    with portfolio(tmp_path_factory.mktemp("scored")) as db:
        with write(db) as connection:
            add_person(connection)
            for name in ("acme", "calm"):
                key = add_account(connection, name, started_on="2025-01-01")
                add_subscription(connection, key, end_date="2027-12-31")
        refresh(db, as_of=DAY, actor="ana")
    return db.path


@pytest.fixture
def book(scored: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(scored, tmp_path))


def override(path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return csw(path, "health", "override", "acme", *args)


def test_an_override_is_made_shown_everywhere_and_withdrawn(book: Path) -> None:
    made = override(book, "--band", "yellow", "--score", "55", "--reason", EVIL, "--until", "+30")
    assert (made.returncode, made.stdout) == (
        *(0, "override: yellow 55 until Wed 23 Dec 2026 · Acme\n"),
    )
    given = json.loads(csw(book, "health", "overrides", "--json").stdout)
    assert (given["schema"], given["today"]) == ("csw.overrides/1", TODAY)
    (line,) = given["overrides"]
    assert (line["account_id"], line["reason"]) == ("acme", EVIL)
    shared = {key: line[key] for key in ("override_id", "band", "score", "reason", "author")}
    shared |= {"made_on": TODAY, "expires_on": "2026-12-23"}
    assert shared["author"] == "Ana Ruiz"
    listed = json.loads(csw(book, "accounts", "--json").stdout)["accounts"]
    assert {one["account_id"]: one["override"] for one in listed} == {"acme": shared, "calm": None}
    shown = json.loads(csw(book, "show", "acme", "--json").stdout)
    assert shown["account"]["override"] == shared
    told = json.loads(csw(book, "explain", "acme", "--json").stdout)
    assert told["override"] == shared
    before = json.loads(csw(book, "explain", "acme", "--as-of", "-1", "--json").stdout)
    assert before["override"] is None
    rows = csv.DictReader(io.StringIO(csw(book, "accounts", "--csv").stdout))
    assert {row["account_id"]: row["override"] for row in rows} == {
        "acme": "yellow until 2026-12-23",
        "calm": "",
    }
    assert override(book, "--withdraw").stdout == "override withdrawn: yellow by Ana Ruiz · Acme\n"
    assert "No override stands." in csw(book, "health", "overrides").stderr
    (old,) = json.loads(csw(book, "health", "overrides", "--all", "--json").stdout)["overrides"]
    assert (old["withdrawn_on"], old["withdrawn_by"]) == (TODAY, "Ana Ruiz")


def test_it_falls_away_by_the_date_alone(book: Path) -> None:
    override(book, "--band", "red", "--reason", "quiet", "--until", "+7")
    for day, band in (("2026-11-30", "red"), ("2026-12-01", None)):
        result = run.within("--db", book, "--today", day, "show", "acme", "--json")
        found = json.loads(result.stdout)["account"]["override"]
        assert (found and found["band"]) == band


def test_what_people_read_is_safe(book: Path) -> None:
    override(book, "--band", "green", "--reason", EVIL, "--until", "fri")
    csw(book, "health", "rate", "acme", "2", "--reason", EVIL)
    for args in (
        *(("health", "overrides"), ("health", "ratings"), ("show", "acme")),
        ("explain", "acme"),
    ):
        text = run.csw("--db", book, "--today", TODAY, *args).stdout
        assert "\x1b" not in text
        assert "␛]52" in text


@pytest.mark.parametrize(
    ("args", "told", "code"),
    [
        ((), "Give --band, --reason and --until, or --withdraw.", 2),
        (("--withdraw", "--band", "red"), "--withdraw stands alone", 2),
        (("--withdraw",), "No override stands", 3),
        (("--band", "red", "--until", "+7"), "Say why", 2),
        (("--band", "red", "--reason", "x"), "Say until when", 2),
        (("--band", "red", "--reason", "x", "--until", "+91"), "at most 90 days", 2),
        (("--band", "red", "--reason", "x", "--until", "soon"), "is not a date", 2),
        (
            ("--band", "red", "--reason", "x", "--until", "+7", "--score", "high"),
            "is no score",
            2,
        ),
        (("--band", "unknown"), "unknown", 2),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    book: Path, args: tuple[str, ...], told: str, code: int
) -> None:
    result = override(book, *args)
    assert (result.returncode, told in result.stderr) == (code, True), result.stderr
    assert json.loads(csw(book, "health", "overrides", "--all", "--json").stdout)["overrides"] == []


def test_ratings_are_made_and_listed(book: Path) -> None:
    done = csw(book, "health", "rate", "acme", "2", "--reason", "quiet", "--on", "-100")
    assert done.stdout == "rated the relationship 2 of 5 (unhappy, and they say so) · Acme\n"
    csw(book, "health", "rate", "calm", "5", "--reason", "glad")
    assert csw(book, "health", "ratings").stdout.splitlines()[1].split()[:5] == [
        *(TODAY, "Calm", "sentiment", "5", "Ana")
    ]
    assert csw(book, "health", "ratings").stdout.splitlines()[2].endswith("faded")
    given = json.loads(csw(book, "health", "ratings", "--account", "acme", "--json").stdout)
    (line,) = given["ratings"]
    assert (line["value"], line["rated_on"], line["known_on"]) == (2, "2026-08-15", TODAY)
    (shown,) = json.loads(csw(book, "show", "acme", "--json").stdout)["ratings"]
    assert shown == {key: line[key] for key in shown}


def test_a_scorecard_of_ones_own_asks_for_ratings_and_counts_them(
    book: Path, tmp_path: Path
) -> None:
    place = tmp_path / "own.toml"
    place.write_text(CARD, encoding="utf-8")
    own = {"CSW_SCORECARD": str(place)}
    refused = csw(book, "health", "rate", "acme", "1", "--reason", "x", "--measure", "access")
    assert (refused.returncode, "There are: sentiment." in refused.stderr) == (3, True)
    args = ("health", "rate", "acme", "3", "--reason", "they answer", "--measure", "access")
    assert "access to executives 3 of 5 (our calls)" in csw(book, *args, **own).stdout
    assert csw(book, "refresh", **own).returncode == 0
    explained = json.loads(csw(book, "explain", "acme", "--json", **own).stdout)
    assert [one["value"] for one in explained["contributions"]] == [None, 3]
    assert (explained["score"], explained["coverage"]) == (66.6667, 0.5)
    told = csw(book, "explain", "acme", **own).stdout
    assert "our calls (3 of 5, Ana Ruiz)" in told


@pytest.mark.parametrize("value", ["0", "6"])
def test_values_go_from_1_to_5(book: Path, value: str) -> None:
    result = csw(book, "health", "rate", "acme", value, "--reason", "x")
    assert (result.returncode, "from 1 to 5" in result.stderr) == (2, True)


def test_every_key_is_documented(book: Path) -> None:
    override(book, "--band", "red", "--reason", "quiet", "--until", "+7")
    csw(book, "health", "rate", "acme", "2", "--reason", "quiet")
    page = (run.ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = page.partition("## csw health\n")[2].partition("\n## ")[0]
    known = set(re.findall(r"`(\w+)`", section))
    of_lists = set(re.findall(r"`(\w+)`", page))
    for name in ("overrides", "ratings"):
        given = json.loads(csw(book, "health", name, "--json").stdout)
        assert {"today", name} <= known
        assert set(given[name][0]) <= of_lists
    assert {"withdrawn_on", "withdrawn_by"} <= known
