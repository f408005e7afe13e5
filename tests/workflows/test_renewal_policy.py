import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.renewals import RenewalPolicy
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database, write
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.workflows.refreshing import RefreshWishes, refresh_all
from cs_workbench.workflows.renewal_policy import adopt_policy
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.scoring import refresh
from cs_workbench.workflows.verifying import verify
from tests.factories import TODAY, add_account, add_subscription
from tests.workflows.renewal_books import TERM, entry_of

DAY = dt.timedelta(days=1)
SHIPPED = ForecastPolicy()
SLOW = replace(SHIPPED, renewal=RenewalPolicy(procurement_days={"enterprise": 80}))


@pytest.fixture
def key(db: Database) -> int:
    with write(db) as connection:
        key = add_account(connection, "kestrel", name="Kestrel", segment="Enterprise")
        add_subscription(connection, key, **TERM, auto_renew=0)
    return key


def listed(db: Database, key: int) -> str:
    sql = "SELECT deadline FROM account_summary WHERE account_key = ?"
    return str(db.connection.execute(sql, (key,)).fetchone()["deadline"])


def test_list_page_and_pipeline_take_the_deadline_from_one_policy(db: Database, key: int) -> None:
    adopt_policy(db, SLOW, TODAY)
    refresh(db, as_of=TODAY, actor="ana")
    settle_renewals(db, today=TODAY, policy=SLOW)
    wanted = dt.date(2027, 2, 28) - 80 * DAY
    page = load_account_page(db, key, today=TODAY, me="ana")
    assert page.renewal is not None
    found = listed(db, key), page.renewal.deadline, entry_of(db, key).renewal.deadline
    assert found == (wanted.isoformat(), wanted, wanted)


def test_a_dry_run_reckons_with_the_days_that_a_refresh_would_adopt(
    db: Database, key: int, tmp_path: Path
) -> None:
    file = tmp_path / "renewals.toml"
    file.write_text("[deadline.procurement_days]\nenterprise = 95\n", encoding="utf-8")
    wishes = RefreshWishes(TODAY, "ana", renewals=file)
    shipped = refresh_all(db, RefreshWishes(TODAY, "ana", dry_run=True)).report
    told = refresh_all(db, replace(wishes, dry_run=True)).report
    assert (shipped.signals, told.signals) == (0, 1)  # the deadline is near by the new policy
    assert rules_on(db.connection, TODAY) == SHIPPED.renewal
    assert refresh_all(db, wishes).report.signals == told.signals
    assert listed(db, key) == "2026-11-25"


def test_scores_of_before_a_change_reckon_with_the_days_of_then(db: Database, key: int) -> None:
    for day, policy in ((TODAY - 2 * DAY, SHIPPED), (TODAY, SLOW)):
        adopt_policy(db, policy, day)
        refresh(db, as_of=day, actor="ana")
    assert rules_on(db.connection, TODAY - DAY) == SHIPPED.renewal
    assert rules_on(db.connection, TODAY + DAY).procurement("enterprise") == 80
    assert verify(db).different == 0
    assert listed(db, key) == "2026-12-10"


def test_the_first_policy_holds_for_the_past_unless_it_was_scored_without(db: Database) -> None:
    adopt_policy(db, SLOW, TODAY)
    assert rules_on(db.connection, TODAY - 400 * DAY).procurement("enterprise") == 80


def test_a_portfolio_scored_before_policies_were_kept_keeps_its_past(
    db: Database, key: int
) -> None:
    refresh(db, as_of=TODAY - DAY, actor="ana")
    adopt_policy(db, SLOW, TODAY)
    assert rules_on(db.connection, TODAY - DAY) == SHIPPED.renewal


def test_a_policy_is_not_adopted_for_the_past(db: Database) -> None:
    adopt_policy(db, SHIPPED, TODAY)
    adopt_policy(db, SLOW, TODAY - DAY)
    assert rules_on(db.connection, TODAY - DAY) == SHIPPED.renewal
    adopt_policy(db, SLOW, TODAY)  # of one day the last word counts
    assert rules_on(db.connection, TODAY).procurement("enterprise") == 80
