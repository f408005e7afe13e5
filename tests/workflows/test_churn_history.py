import datetime as dt
from pathlib import Path

import numpy as np

from cs_workbench.churn.contracts import clock_on, read_contracts
from cs_workbench.churn.history import FAR
from cs_workbench.core.ruler import RulerChange
from cs_workbench.store.database import Database, write
from cs_workbench.store.ruler import lift_change, save_change, standing_changes
from cs_workbench.workflows.churn import read_past
from cs_workbench.workflows.churn_history import load_history
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.scoring import default_scorecard
from tests.churn.histories import day
from tests.factories import portfolio

ACCOUNTS = "account_id,name,segment,started_on\nA,Alpha,smb,2024-01-01\nB,Beta,smb,2024-01-01\n"
HEAD = "subscription_id,account_id,arr,currency,start_date,end_date,term_months,cancelled_on\n"
TERMS = HEAD + (
    "S1,A,1200,USD,2024-01-01,2026-12-31,36,\nS2,B,500,JPY,2024-01-01,2024-12-31,12,2025-01-01\n"
)
AS_OF = dt.date(2026, 11, 1)


def loaded(folder: Path, **files: str) -> Database:
    db = portfolio(folder)
    add(db, folder, **files)
    return db


def add(db: Database, folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    import_paths(db, [folder / f"{name}.csv" for name in files], actor="Ana Ruiz")


def test_a_first_load_is_known_at_its_own_dates(tmp_path: Path) -> None:
    with loaded(tmp_path, accounts=ACCOUNTS, subscriptions=TERMS) as db:
        found = load_history(db, as_of=AS_OF)
    own = found.subscriptions
    assert found.known_from.tolist() == [0, 0]
    assert own.arr.tolist() == [1200.0, 500.0]  # the yen has no smaller coin
    assert own.known_from.tolist() == [0, 0]
    assert own.at_once.tolist() == [False, False]
    assert own.cancelled.tolist() == [FAR, day("2025-01-01")]
    assert found.kinds == {"subscriptions"}


def test_a_metric_is_off_from_the_day_of_its_new_unit_once_that_was_noticed(
    tmp_path: Path,
) -> None:
    usage = "account_id,date,metric,value\nA,2026-10-01,logins,3\n"
    seen = RulerChange("logins", "logins", dt.date(2026, 10, 5), "up", 40, 39, 10.0)
    with loaded(tmp_path, accounts=ACCOUNTS, usage=usage) as db:
        (metric_id,) = db.connection.execute("SELECT metric_id FROM usage_metric").fetchone()
        with write(db) as connection:
            save_change(connection, metric_id, seen, dt.date(2026, 10, 7))
        before, noticed = (
            load_history(db, as_of=dt.date(2026, 10, day)).metrics[0].off_from for day in (6, 7)
        )
        assert (before, noticed) == (FAR, seen.day.toordinal())
        with write(db) as connection:
            lift_change(connection, standing_changes(connection)[0], dt.date(2026, 10, 9))
        assert load_history(db, as_of=AS_OF).metrics[0].off_from == FAR


def test_what_changed_later_is_a_version_of_its_own(tmp_path: Path) -> None:
    with loaded(tmp_path, accounts=ACCOUNTS, subscriptions=TERMS) as db:
        changed = TERMS.replace(
            "S1,A,1200,USD,2024-01-01,2026-12-31,36", "S1,A,900,USD,2024-01-01,2027-12-31,48"
        )
        add(db, tmp_path, subscriptions=changed)
        today = dt.datetime.now(dt.UTC).date()
        found = load_history(db, as_of=today)
    mine = found.subscriptions.account == 0
    own = type(found.subscriptions)(*(one[mine] for one in found.subscriptions))
    order = np.argsort(own.known_from)
    assert own.arr[order].tolist() == [1200.0, 900.0]
    assert own.end[order].tolist() == [day("2026-12-31"), day("2027-12-31")]
    assert own.known_until[order].tolist() == [today.toordinal(), FAR]
    assert own.at_once[order].tolist() == [False, True]
    contracts = read_contracts(found)
    assert clock_on(contracts, day("2025-05-01"), 2).end[0] == day("2026-12-31")
    assert clock_on(contracts, today.toordinal(), 2).end[0] == day("2027-12-31")


def test_a_later_import_is_known_from_its_day(tmp_path: Path) -> None:
    head = "ticket_id,account_id,opened_at,priority\n"
    with loaded(tmp_path, accounts=ACCOUNTS, tickets=f"{head}T1,A,2024-05-01,low\n") as db:
        add(db, tmp_path, tickets=f"{head}T2,A,2024-06-01,low\n")
        found = load_history(db, as_of=AS_OF)
    today = dt.datetime.now(dt.UTC).date().toordinal()
    assert found.tickets.opened.tolist() == [day("2024-05-01"), day("2024-06-01")]
    assert found.tickets.known_from.tolist() == [0, today]


def test_a_credit_note_is_no_invoice_that_waits(tmp_path: Path) -> None:
    bills = "invoice_id,account_id,amount,currency,issued_on,due_on\n" + (
        "I1,A,10,USD,2026-10-01,2026-10-20\nI2,A,-10,USD,2026-09-01,2026-09-20\n"
    )
    with loaded(tmp_path, accounts=ACCOUNTS, invoices=bills) as db:
        found = load_history(db, as_of=AS_OF)
    assert found.invoices.due.tolist() == [day("2026-10-20")]


def test_usage_becomes_weeks(tmp_path: Path) -> None:
    usage = "account_id,date,metric,value\n" + "".join(
        f"B,{dt.date(2024, 2, 5) + dt.timedelta(days)},logins,{days % 3}\n" for days in range(14)
    )
    with loaded(tmp_path, accounts=ACCOUNTS, usage=usage) as db:
        (metric,) = load_history(db, as_of=AS_OF).metrics
    assert metric.first_monday == day("2024-02-05")
    assert metric.total.tolist() == [[0, 0], [6, 7]]
    assert metric.days.tolist() == [[0, 0], [7, 7]]
    assert metric.active.tolist() == [[0, 0], [4, 5]]


def test_the_last_day_recorded_bounds_what_is_asked(tmp_path: Path) -> None:
    with loaded(tmp_path, accounts=ACCOUNTS, subscriptions=TERMS) as db:
        assert load_history(db, as_of=AS_OF).data_end == day("2025-01-01")
        assert load_history(db, as_of=dt.date(2024, 6, 1)).data_end == day("2024-01-01")


def test_health_of_the_past_is_that_of_a_refresh(tmp_path: Path) -> None:
    from cs_workbench.store.health import scores_between
    from cs_workbench.workflows.scoring import refresh

    tickets = "ticket_id,account_id,opened_at,closed_at,priority\n" + "".join(
        f"T{month},A,2025-{month:02}-03,2025-{month:02}-09,low\n" for month in range(1, 13)
    )
    with loaded(tmp_path, accounts=ACCOUNTS, subscriptions=TERMS, tickets=tickets) as db:
        past = read_past(db, as_of=dt.date(2026, 1, 1), card=default_scorecard())
        on = dt.date.fromordinal(int(past.source.health.days[5]))
        refresh(db, as_of=on, actor="Ana Ruiz")
        stored = scores_between(db.connection, on, (1, 1))[1].points_e4
    assert stored is not None
    assert past.source.health.points[0, 5] == stored / 10_000


def test_an_end_written_when_they_left_does_not_move_the_health_before(tmp_path: Path) -> None:
    others = "".join(f"S{n},A,100,USD,2024-01-01,,,\n" for n in range(3, 6))
    left = HEAD + others + "S2,B,500,USD,2024-01-01,2025-03-14,1,2025-03-15\n"
    stays = HEAD + others + "S2,B,500,USD,2024-01-01,,1,\n"
    points = []
    for number, terms in enumerate((left, stays)):
        (tmp_path / str(number)).mkdir()
        tickets = (
            "ticket_id,account_id,opened_at,priority\nT,A,2024-05-01,low\nU,A,2025-06-01,low\n"
        )
        with loaded(
            tmp_path / str(number), accounts=ACCOUNTS, subscriptions=terms, tickets=tickets
        ) as db:
            past = read_past(db, as_of=dt.date(2025, 6, 1), card=default_scorecard())
            place = past.source.health.days.tolist().index(day("2025-03-01"))
            points.append(past.source.health.points[1, place])
    assert points[0] == points[1]
