import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.usage_metrics import usage_metric
from cs_workbench.store.database import Database, write
from cs_workbench.store.import_usage import add_metric
from cs_workbench.store.metric_contracts import contract_findings, scorecard_findings
from tests.factories import TODAY, add_account, add_usage


def declared(db: Database, **columns: object) -> None:
    settings = ", ".join(f"{name} = ?" for name in columns)
    with write(db) as connection:
        connection.execute(f"UPDATE usage_metric SET {settings}", tuple(columns.values()))


def used(db: Database, *values: float, until: dt.date = TODAY) -> None:
    with write(db) as connection:
        key = add_account(connection, f"a{len(values)}")
        add_usage(connection, key, until - dt.timedelta(days=len(values) - 1), values)


def test_what_is_not_declared_is_not_expected(db: Database) -> None:
    used(db, -5, 1e12, until=TODAY - dt.timedelta(days=70))
    assert contract_findings(db.connection, TODAY) == []


@pytest.mark.parametrize(("age", "found"), [(8, False), (11, True)])
def test_old_data_breaks_the_expected_freshness(db: Database, age: int, found: bool) -> None:
    used(db, 1, until=TODAY - dt.timedelta(days=age))
    declared(db, fresh_days=8, source="warehouse")
    findings = contract_findings(db.connection, TODAY)
    assert [one.code for one in findings] == ["metric-not-fresh"] * found
    if found:
        assert "active_users ends 11 days ago; it is expected within 8" in findings[0].message
        assert "Ask warehouse" in findings[0].message


@pytest.mark.parametrize(("value", "found"), [(-0.5, 1), (0, 0), (100, 0), (100.5, 1)])
def test_values_out_of_range_are_counted_by_account(db: Database, value: float, found: int) -> None:
    used(db, 50, 50, value)
    used(db, 50, value)
    declared(db, low=0, high=100, unit="users")
    findings = contract_findings(db.connection, TODAY)
    assert [one.code for one in findings] == ["metric-not-plausible"] * found
    if found:
        assert findings[0].count == 2
        assert findings[0].examples == ("a2", "a3")
        assert "outside of 0 to 100 users a day" in findings[0].message


def test_one_bound_is_enough_and_old_weeks_are_left_alone(db: Database) -> None:
    used(db, -1, *[5] * 35)
    declared(db, low=0)
    assert contract_findings(db.connection, TODAY) == []
    used(db, -1, 5)
    (finding,) = contract_findings(db.connection, TODAY)
    assert "outside of 0 to …" in finding.message


def test_native_metrics_come_with_a_contract_and_others_without(db: Database) -> None:
    with write(db) as connection:
        for name in ("logins", "clicks"):
            add_metric(connection, usage_metric(name), "crm")
    rows = db.connection.execute(
        "SELECT name, source, fresh_days, low, high FROM usage_metric ORDER BY name"
    ).fetchall()
    assert [tuple(row) for row in rows] == [
        ("clicks", "crm", None, None, None),
        ("logins", "crm", 7, 0.0, None),
    ]


CARD = """
name = "ours"
[bands]
yellow_from = 50
green_from = 70
minimum_coverage = 0.5
[usage]
metrics = []
[dimensions]
adoption = "Adoption"
[[measures]]
id = "errors"
label = "errors"
dimension = "adoption"
source = "usage metric"
parameters = {{ metric = "{metric}" }}
weight = 1
map = {map}
"""
FALLS, RISES = "[[0, 100], [9, 0]]", "[[0, 0], [9, 100]]"


@pytest.mark.parametrize(
    ("metric", "shape", "better", "codes"),
    [
        ("active_users", RISES, 1, []),
        ("active_users", FALLS, 0, []),
        ("active_users", FALLS, 1, ["metric-direction"]),
        ("active_users", RISES, 0, ["metric-direction"]),
        ("activ_users", RISES, 1, ["metric-unknown"]),
    ],
)
def test_a_scorecard_is_held_against_what_is_declared(
    db: Database, metric: str, shape: str, better: int, codes: list[str]
) -> None:
    card = read_scorecard(CARD.format(metric=metric, map=shape), "card.toml")
    assert scorecard_findings(db.connection, card) == []
    used(db, 5)
    declared(db, higher_is_better=better)
    findings = scorecard_findings(db.connection, card)
    assert [one.code for one in findings] == codes
    if codes == ["metric-unknown"]:
        assert "There are: active_users." in findings[0].message
        assert findings[0].examples == ("activ_users",)


def test_another_unit_of_a_later_file_is_told_until_the_first_comes_again(db: Database) -> None:
    hours = replace(usage_metric("logins"), unit="hours", declares_unit=True)
    minutes = replace(hours, unit="minutes")
    with write(db) as connection:
        add_metric(connection, hours)
        add_metric(connection, replace(minutes, declares_unit=False))
        assert contract_findings(connection, TODAY) == []
        add_metric(connection, minutes)
    (finding,) = contract_findings(db.connection, TODAY)
    assert (finding.code, finding.examples) == ("metric-unit", ("minutes",))
    assert "logins is kept in hours; a later file declares minutes" in finding.message
    with write(db) as connection:
        add_metric(connection, hours)
    assert contract_findings(db.connection, TODAY) == []
