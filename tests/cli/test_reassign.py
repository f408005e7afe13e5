import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cs_workbench.cli.main import csw
from cs_workbench.store.database import write
from tests.factories import (
    add_account,
    add_contact,
    add_person,
    add_promise,
    add_summary,
    portfolio,
)
from tests.hostile import TEXTS

ESCAPE = TEXTS[3]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db, write(db) as c:
        add_person(c, "ana", name="Ana Ruiz")
        add_person(c, "jon", name="Jon Beck")
        key = add_account(c, "kes", name=f"Kestrel {ESCAPE}", csm="ana")
        add_account(c, "orc", name="Orchid", csm="ana")
        add_summary(c, key, band="red", arr_minor=41_200_000)
        add_contact(c, key, contact_id="c1", name=f"Lena {ESCAPE}", role="champion")
        add_promise(c, key, what=f"refund {ESCAPE}", owner="Ana Ruiz", due_on="2026-11-20")
    return db.path


def run(book: Path, *arguments: str) -> Result:
    given = ["--db", str(book), "--today", "2026-11-23", "reassign", "--from", "ana", "--to", "jon"]
    return CliRunner().invoke(
        csw, [*given, *arguments], catch_exceptions=False, env={"CSW_ME": "Ana Ruiz"}
    )


def test_a_dry_run_moves_nothing(book: Path) -> None:
    shown = run(book, "--dry-run", "--accounts", "kes")
    assert "\x1b" not in shown.stdout + shown.stderr
    assert "Ana Ruiz → Jon Beck from Mon 23 Nov 2026" in shown.stdout
    assert "CSM, promise" in shown.stdout
    assert "in red; a promise of ours is 3 d late" in shown.stdout
    assert shown.stderr == "Nothing was moved.\n"
    document = json.loads(run(book, "--dry-run", "--json").stdout)
    assert [one["account_id"] for one in document["accounts"]] == ["kes", "orc"]
    assert document["accounts"][0]["introduction"]["channel"] == "email"
    assert document["done"] is False


def test_it_moves_and_leaves_pages(book: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    done = run(book, "--pages", str(pages), "--json")
    assert json.loads(done.stdout)["done"] is True
    assert sorted(one.name for one in pages.iterdir()) == ["kes-1.md", "orc-2.md"]
    assert "\x1b" not in (pages / "kes-1.md").read_text(encoding="utf-8")
    assert "Handed over 2 accounts" in done.stderr
    assert run(book, "--dry-run").exit_code == 2  # Ana has nothing left


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--from-date", "2026-11-01"), 2), (("--until", "nonsense"), 2), (("--accounts", "zz"), 3)],
)
def test_what_cannot_be(book: Path, arguments: tuple[str, ...], code: int) -> None:
    assert run(book, *arguments).exit_code == code
