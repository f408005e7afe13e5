from pathlib import Path

from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.store.database import write
from tests.cli.run import csw, within
from tests.factories import add_account, add_subscription, portfolio
from tests.hostile import TEXTS


def test_the_questions_are_answered_for_this_book(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            for at in range(20):
                key = add_account(c, f"a{at}", segment=TEXTS[at % 4] if at < 10 else "| a |\n# b")
                arr = 10_000_000 if at == 3 else 100_000
                last = "2026-05-31" if at % 4 == 0 else "2026-12-31"
                for start, end in (("2025-01-01", "2025-12-31"), ("2026-01-01", last)):
                    add_subscription(c, key, arr_minor=arr, start_date=start, end_date=end)
        path = db.path
    told = csw("--db", path, "--today", "2026-11-23", "baseline")
    assert told.returncode == 0, told.stderr
    assert DEFAULT_POLICY.digest in told.stdout
    assert "| CRR | 75.0 % |" in told.stdout
    assert "| Repeat purchase rate | 100.0 % |" in told.stdout
    assert "| second purchase | 365 d | 20 | 20 |" in told.stdout
    assert "With their" not in told.stdout
    assert "won large" in told.stdout
    assert "\n# b" not in told.stdout
    assert "\x1b" not in told.stdout
    then = within("--db", path, "--today", "2026-11-23", "baseline", "--as-of", "2026-01-31")
    assert "twelve months 2025-02-01 to 2026-01-31" in then.stdout
    assert "| CRR | 100.0 % |" in then.stdout
    late = within("--db", path, "--today", "2026-11-23", "baseline", "--as-of", "2026-11-24")
    assert (late.returncode, "still to come" in late.stderr) == (2, True)
    out = tmp_path / "b.md"
    args = ("--db", path, "--today", "2026-11-23", "baseline", "--out", out)
    assert within(*args).returncode == 0
    assert out.read_text(encoding="utf-8").startswith("# Baseline of this book")
    assert within(*args).returncode == 12


def test_an_empty_book_has_no_answers_and_says_so(tmp_path: Path) -> None:
    portfolio(tmp_path).connection.close()
    told = within("--db", tmp_path / "portfolio.db", "--today", "2026-11-23", "baseline")
    assert told.returncode == 0
    assert "no customers" in told.stdout
