"""The sample's meetings: a year of forecasts, told before the outcome was known."""

import datetime as dt

from cs_workbench.workflows.sample.meetings import meeting_days, year_of_forecasts
from cs_workbench.workflows.sample.portfolio import profiles
from cs_workbench.workflows.sample.profile import TODAY

SEED = 1


def test_meetings_are_on_mondays_over_a_year_and_the_last_a_week_ago() -> None:
    days = meeting_days()
    assert {day.weekday() for day in days} == {0}
    assert days[-1] == TODAY - dt.timedelta(weeks=1)
    assert days[0] < TODAY - dt.timedelta(weeks=45)


def test_everybody_has_enough_forecasts_for_a_record_and_the_same_seed_gives_the_same() -> None:
    every = profiles(SEED)
    rows = [row for one in every for row in year_of_forecasts(one, SEED)]
    assert rows == [row for one in every for row in year_of_forecasts(one, SEED)]
    accounts: dict[object, set[object]] = {row["author"]: set() for row in rows}
    for row in rows:
        accounts[row["author"]].add(row["account_id"])
        assert dt.date.fromisoformat(str(row["made_at"])[:10]) < TODAY
    assert len(accounts) == 4
    assert all(len(found) >= 10 for found in accounts.values())
