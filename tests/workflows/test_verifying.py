import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.workflows import verifying
from cs_workbench.workflows.scorecards import scorecard_at
from cs_workbench.workflows.scoring import backfill, refresh
from cs_workbench.workflows.verifying import verify
from tests.factories import TODAY, add_import, add_ticket
from tests.workflows.test_scorecards import own
from tests.workflows.test_scoring import steady

MONTH = dt.timedelta(days=28)


def test_a_backfill_comes_out_the_same_again(db: Database, tmp_path: Path) -> None:
    steady(db, "acme")
    steady(db, "tiny", segment="smb")
    backfill(db, start=TODAY - MONTH, end=TODAY, actor="ana")
    card = scorecard_at(own(tmp_path))
    refresh(db, as_of=TODAY, actor="ana", scorecard=card)
    seen: list[tuple[int, int]] = []
    report = verify(db, progress=lambda done, total: seen.append((done, total)))
    assert (report.days, report.scores, report.different) == (5, 10, 0)
    assert seen[-1] == (5, 5)


def test_what_differs_is_named_with_its_reason(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = steady(db, "acme")
    backfill(db, start=TODAY - MONTH, end=TODAY, actor="ana")
    then = TODAY - MONTH
    with write(db) as connection:
        connection.execute(
            "UPDATE score SET points_e4 = 5 WHERE as_of = ?", ((then + MONTH / 4).isoformat(),)
        )
        add_ticket(connection, key, priority="urgent", opened_at=f"{TODAY}T09:00:00Z")
    report = verify(db)
    assert [(one.as_of, one.stored_e4, one.reason) for one in report.differences] == [
        (then + MONTH / 4, 5, "the arithmetic differs"),
        (TODAY, 1_000_000, "what was known then differs"),
    ]
    assert report.differences[1].recomputed_e4 is not None
    monkeypatch.setattr(verifying, "NAMED", 1)
    again = verify(db)
    assert (again.different, len(again.differences)) == (2, 1)


@pytest.mark.parametrize(
    ("scored_at", "recorded_at", "counts"),
    [
        ("T02:00:00Z", "T09:00:00Z", (0, 1)),  # the nightly run, and an import of the morning
        ("T10:00:00Z", "T09:00:00Z", (1, 0)),  # it was there: then the score has to hold it
    ],
)
def test_what_a_day_brings_after_its_score_is_no_difference(
    db: Database, scored_at: str, recorded_at: str, counts: tuple[int, int]
) -> None:
    key = steady(db, "acme")
    refresh(db, as_of=TODAY, actor="ana")
    with write(db) as connection:
        connection.execute("UPDATE refresh_run SET started_at = ?", (f"{TODAY}{scored_at}",))
        late = add_import(connection, recorded_at=f"{TODAY}{recorded_at}", known_policy="recorded")
        opened = f"{TODAY}T08:00:00Z"
        add_ticket(connection, key, priority="urgent", opened_at=opened, import_id=late)
    report = verify(db)
    assert (report.different, report.overtaken) == counts


def test_who_is_no_longer_known_or_no_customer_differs(db: Database) -> None:
    keys = [steady(db, name) for name in ("acme", "gone", "odd")]
    refresh(db, as_of=TODAY, actor="ana")
    with write(db) as connection:
        connection.execute(
            "UPDATE account SET merged_into = ? WHERE account_key = ?", (keys[1], keys[0])
        )
        connection.execute(
            "UPDATE subscription SET end_date = '2026-01-31' WHERE account_key = ?", (keys[1],)
        )
        connection.execute("INSERT INTO scorecard VALUES ('old', 'name = ')")
        connection.execute(
            "UPDATE score SET scorecard_hash = 'old' WHERE account_key = ?", (keys[2],)
        )
    assert [one.reason for one in verify(db).differences] == [
        "the account is not known on that day any more",
        "it is no customer on that day any more",
        "its scorecard can no longer be read",
    ]


def test_nothing_stored_is_nothing_to_verify(db: Database) -> None:
    assert verify(db) == verifying.VerifyReport()
