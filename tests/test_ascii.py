"""`CSW_ASCII=1`: no character of our own that plain ASCII lacks, on any screen, by any command."""

import unicodedata
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cs_workbench.config import Config
from cs_workbench.store.database import open_database
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.workflows.demo import sample_copy
from tests.cli.run import within
from tests.factories import TODAY
from tests.tui.pages import ONE_OF_EACH_KIND, WALKS, gone_back

SAMPLE_DAY = "2026-11-23"
COMMANDS = [
    ["--help"],
    *(
        [name, "--help"]
        for name in ("accounts", "import", "refresh", "signals", "scorecard", "sql")
    ),
    ["accounts"],
    ["accounts", "--filter", "arr>"],
    *(["show", name] for name in ("A001", "A008", "A020", "nobody")),
    ["explain", "A001", "--since", "2026-10-26"],
    ["signals"],
    ["scorecard", "show"],
    ["scorecard", "check"],
    ["check"],
    ["refresh"],
    pytest.param(["refresh", "--verify"], marks=pytest.mark.deep, id="refresh --verify"),
    ["playbook", "list"],
    ["playbook", "show", "usage-drop-check-in"],
    ["import", "nowhere"],
    ["completion", "bash"],
]
# What changes the list itself.
ON_THE_LIST = [
    [],
    ["slash", *"arr>"],
    ["slash", *"zzz"],
    ["z"],
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample without a letter of its own that ASCII lacks: what is left is ours."""
    place = tmp_path_factory.mktemp("ascii") / "portfolio.db"
    with sample_copy() as copy:
        place.write_bytes(copy.read_bytes())
    with open_database(place) as db:
        db.connection.create_function("plain", 1, plain)
        guards = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%RAISE(%'"
        for (guard,) in db.connection.execute(guards).fetchall():
            db.connection.execute(f"DROP TRIGGER [{guard}]")
        columns = db.connection.execute(
            "SELECT t.name, c.name FROM pragma_table_list AS t, pragma_table_info(t.name) AS c"
            " WHERE t.type = 'table' AND t.strict AND c.type = 'TEXT'"
        ).fetchall()
        for table, column in columns:
            db.connection.execute(
                f"UPDATE OR IGNORE [{table}] SET [{column}] = plain([{column}])"
                f" WHERE [{column}] GLOB '*[^ -~]*'"
            )
    return place


def plain(text: str) -> str:
    """Letters and wide signs that ASCII lacks become x; our own signs are neither, and stay."""
    return "".join("x" if not sign.isascii() and is_foreign(sign) else sign for sign in text)


def is_foreign(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" or unicodedata.east_asian_width(sign) in "WF"


def beyond(text: str) -> set[str]:
    return {sign for sign in text if not sign.isascii()}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_prints_a_sign_that_ascii_lacks(path: Path, command: list[str]) -> None:
    done = within("--db", path, "--today", SAMPLE_DAY, *command, CSW_ASCII="1")
    assert done.stdout + done.stderr
    assert beyond(done.stdout + done.stderr) == set()


async def drawn(pilot: Pilot[None]) -> str:
    text = "reading"
    while "reading" in text:
        await pilot.pause(0.1)
        text = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
    return text


@pytest.mark.parametrize(
    ("size", "walks"),
    [
        ((120, 40), [*ON_THE_LIST, *ONE_OF_EACH_KIND]),
        pytest.param((120, 40), [*ON_THE_LIST, *WALKS], marks=pytest.mark.deep),
        pytest.param((80, 24), [*ON_THE_LIST, *WALKS], marks=pytest.mark.deep),
    ],
    ids=["short", "120", "80"],
)
async def test_no_screen_shows_a_sign_that_ascii_lacks(
    path: Path, size: tuple[int, int], walks: list[list[str]]
) -> None:
    app = WorkbenchApp(path, today=TODAY, config=Config(me="Ana Ruiz", db=path, ascii=True))
    found = {}
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.2)
        seen = set()
        for keys in walks:
            await pilot.press(*keys)
            text = await drawn(pilot)
            seen.add(text)
            if beyond(text):
                found["-".join(keys)] = beyond(text)
            await gone_back(pilot)
    assert found == {}
    # No meeting waits in the sample; in a small window a zoomed pane is the pane.
    assert len(seen) >= len(walks) - 3


async def test_the_welcome_shows_no_sign_that_ascii_lacks(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.db"
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path, ascii=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter", *"nowhere", "enter")
        assert beyond(await drawn(pilot)) == set()


async def test_without_it_the_signs_are_there(path: Path) -> None:
    app = WorkbenchApp(path, today=TODAY, config=Config(me="Ana Ruiz", db=path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.2)
        assert beyond(await drawn(pilot)) >= set("■↓·─│⏎−")


def test_names_and_json_stay_what_they_are() -> None:
    with sample_copy() as copy:
        listed = within("--db", copy, "accounts", "--limit", "3", CSW_ASCII="1").stdout
        assert "東京データ KK" in listed
        plainly = within("--db", copy, "sql", "SELECT '5 → 6 …' AS said", CSW_ASCII="1").stdout
        assert "5 → 6 …" in plainly
        document = within("--db", copy, "show", "A001", "--json", CSW_ASCII="1").stdout
        assert document == within("--db", copy, "show", "A001", "--json").stdout
