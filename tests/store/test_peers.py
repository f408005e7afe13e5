import datetime as dt

from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.database import Database, write
from cs_workbench.store.peers import groups_between, peer_samples
from cs_workbench.store.usage_days import days_of, half_year_series, half_year_span
from cs_workbench.store.usage_facts import Metric
from tests.factories import add_account, add_import, add_usage, insert

MONDAY = dt.date(2026, 11, 16)


def test_groups_are_region_and_segment_whatever_their_case(db: Database) -> None:
    with write(db) as connection:
        for number in range(30):
            add_account(connection, f"e{number}", region="EMEA", segment="SMB")
        add_account(connection, "other", region="emea", segment="smb")
        lone = add_account(connection, "lone")
        add_account(connection, "merged", merged_into=lone)
        few, rest = peer_samples(connection, each=10)
        assert (few.group, few.size) == (("emea", "smb"), 31)
        assert 8 <= len(few.keys) <= 11
        assert few.keys[0] < 5
        assert few.keys[-1] > 26
        assert (rest.group, rest.keys) == (("", ""), (lone,))
        assert groups_between(connection, (lone, lone)) == {lone: ("", "")}


def test_all_of_a_small_group_stand_for_it(db: Database) -> None:
    with write(db) as connection:
        keys = [add_account(connection, f"a{number}") for number in range(7)]
        (sample,) = peer_samples(connection, each=200)
    assert list(sample.keys) == keys


def test_days_come_as_they_were_known(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        other = add_account(connection, "other")
        add_usage(connection, key, MONDAY, [1, 2, None, 4])
        add_usage(connection, other, MONDAY, [9])
        run = add_import(connection)
        metric_id = connection.execute("SELECT metric_id FROM usage_metric").fetchone()[0]
        for day, old, at in (("2026-11-17", 5, "2026-11-20"), ("2026-11-19", None, "2026-11-21")):
            insert(
                connection,
                "usage_correction",
                {
                    "recorded_at": f"{at}T00:00:00Z",
                    "account_key": key,
                    "metric_id": metric_id,
                    "day": day,
                    "old": old,
                    "new": 0,
                    "import_id": run,
                },
            )
        metric = Metric(metric_id, "active_users", dt.date(2026, 11, 19))
        span = (dt.date(2026, 11, 17), dt.date(2026, 11, 20))
        assert days_of(connection, metric, span, [key]) == {key: [2, None, 4, None]}
        then = days_of(connection, metric, span, [key], until="2026-11-19T23:59:59Z")
        assert then == {key: [5, None, None, None]}
        later = days_of(connection, metric, span, [key], until="2026-11-20T23:59:59Z")
        assert later == {key: [2, None, None, None]}


def test_half_a_year_of_days_is_26_weeks_that_end_on_the_last_day() -> None:
    metric = Metric(1, "active_users", dt.date(2026, 11, 18))
    first, last = half_year_span(metric)
    assert week_and_weekday(first)[1] == 3  # the day after a Wednesday
    assert (last - first).days == 26 * 7 - 1
    series = half_year_series(metric, [None] * 175 + [1.0, None, 3.0, 0.0, 0.0, 0.0, 0.0])
    assert (series.totals[-1], series.days[-1], series.days[0]) == (4.0, 6, 0)
