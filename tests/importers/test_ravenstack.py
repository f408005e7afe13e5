"""The shipped mapping, on rows as the five files have them."""

from pathlib import Path

import pytest

from cs_workbench.store.database import Database
from cs_workbench.workflows.import_reports import ImportReport
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

FILES = {
    "accounts": "account_id,account_name,industry,country,signup_date,referral_source,plan_tier,"
    "seats,is_trial,churn_flag\n"
    "A-1,Company_0,EdTech,US,2024-10-16,partner,Basic,9,False,False\n"
    "A-2,Company_1,FinTech,IN,2023-08-17,other,Enterprise,18,False,True\n",
    "churn_events": "churn_event_id,account_id,churn_date,reason_code,refund_amount_usd,"
    "preceding_upgrade_flag,preceding_downgrade_flag,is_reactivation,feedback_text\n"
    "C-1,A-1,2024-11-27,pricing,4.03,False,False,False,switched to competitor\n",
    "feature_usage": "usage_id,subscription_id,usage_date,feature_name,usage_count,"
    "usage_duration_secs,error_count,is_beta_feature\n"
    "U-1,S-1,2024-07-27,feature_20,9,5004,0,False\n"
    "U-2,S-1,2024-11-07,feature_5,9,369,1,False\n"
    "U-2,S-2,2024-11-07,feature_3,4,100,0,True\n"
    "U-3,S-1,2024-11-07,feature_5,1,31,0,False\n",
    "subscriptions": "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,"
    "arr_amount,is_trial,upgrade_flag,downgrade_flag,churn_flag,billing_frequency,auto_renew_flag\n"
    "S-1,A-1,2024-10-16,,Pro,17,833,9996,False,False,False,False,monthly,True\n"
    "S-2,A-2,2023-12-23,2024-04-12,Enterprise,14,2786,33432,False,False,False,True,annual,False\n",
    "support_tickets": "ticket_id,account_id,submitted_at,closed_at,resolution_time_hours,"
    "priority,first_response_time_minutes,satisfaction_score,escalation_flag\n"
    "T-1,A-2,2023-07-27,2023-07-28 03:00:00,27.0,medium,74,4.0,True\n",
}


@pytest.fixture
def report(db: Database, tmp_path: Path) -> ImportReport:
    folder = tmp_path / "ravenstack"
    folder.mkdir()
    for name, text in FILES.items():
        write(folder, f"ravenstack_{name}.csv", text)
    return import_paths(db, [folder], actor="ana")


def one(db: Database, sql: str) -> tuple[object, ...]:
    return tuple(db.connection.execute(sql).fetchone())


def test_all_five_are_known_and_nothing_is_refused(report: ImportReport) -> None:
    assert [(f.kind, f.mapping, f.new, f.rejected) for f in report.files] == [
        ("accounts", "ravenstack", 2, 0),
        ("subscriptions", "ravenstack", 2, 0),
        ("tickets", "ravenstack", 1, 0),
        ("churn_events", "ravenstack", 1, 0),
        ("usage", "ravenstack", 4, 0),
    ]


def test_its_contradictions_are_said(report: ImportReport) -> None:
    said = "\n".join(report.warnings)
    assert "1 row with the id of a different event (U-2)" in said
    assert "1 row from before their subscription started" in said
    assert "1 row from after their subscription ended" in said
    assert {finding.code: finding.examples for finding in report.findings} == {
        "churned-without-event": ("A-2",),
        "event-without-churned": ("A-1",),
        "churn-while-subscribed": ("C-1",),
        "usage-after-subscription": ("A-2",),
        "usage-before-subscription": ("A-1",),
    }


@pytest.mark.usefixtures("report")
def test_what_its_columns_mean(db: Database) -> None:
    account = "SELECT name, segment, region, started_on, currency, lifecycle_stage FROM account"
    assert one(db, account) == ("Company_0", "basic", "AMER", "2024-10-16", "USD", None)
    subscription = (
        "SELECT arr_minor, seats, end_date, term_months, cancelled_on, auto_renew "
        "FROM subscription WHERE subscription_id = "
    )
    assert one(db, f"{subscription} 'S-1'") == (999_600, 17, None, 1, None, 1)
    assert one(db, f"{subscription} 'S-2'") == (
        3_343_200,
        14,
        "2024-04-12",
        12,
        "2024-04-13",
        0,
    )
    assert one(db, "SELECT priority, csat, opened_at, first_response_at, is_escalated "
                   "FROM ticket") == (
        "normal", 4, "2023-07-27T00:00:00Z", "2023-07-27T01:14:00Z", 1,
    )  # fmt: skip
    assert one(db, "SELECT churned_on, refund_minor, reason FROM churn_event") == (
        "2024-11-27",
        403,
        "pricing",
    )


@pytest.mark.usefixtures("report")
def test_events_become_days_of_four_metrics(db: Database) -> None:
    rows = db.connection.execute(
        "SELECT usage_metric.name, value FROM usage_day JOIN usage_metric USING (metric_id) "
        "JOIN account USING (account_key) WHERE day = '2024-11-07' AND account_id = 'A-1'"
    )
    assert {row[0]: row[1] for row in rows} == {
        "feature_uses": 10,
        "usage_seconds": 400,
        "errors": 1,
        "features_used": 1,
    }
