from functools import cache
from itertools import pairwise
from typing import Any

from cs_workbench.workflows.sample.contracts import with_history
from cs_workbench.workflows.sample.portfolio import portfolio_rows, profiles
from cs_workbench.workflows.sample.profile import FIRST_DAY, TODAY


@cache
def subscriptions() -> list[dict[str, Any]]:
    return portfolio_rows(1)["subscriptions"]


def test_the_current_terms_stay_as_the_stories_tell_them() -> None:
    arr = {one.account_id: one.arr for one in profiles(1)}
    rows = subscriptions()
    newest = {row["account_id"]: row for row in rows}
    assert {key: row["arr"] for key, row in newest.items() if str(key) in arr} == arr


def test_the_past_has_ups_downs_pauses_late_signings_and_discounts() -> None:
    rows = subscriptions()
    pairs = [
        (before, after)
        for before, after in pairwise(rows)
        if before["account_id"] == after["account_id"]
    ]
    assert sum(before["arr"] > after["arr"] for before, after in pairs) >= 5
    paused = [before for before, after in pairs if before["cancelled_on"]]
    assert paused
    for row in paused:
        assert row["end_date"] < FIRST_DAY
    assert any(row["signed_on"] > row["start_date"] for row in rows)
    assert any(row.get("discount") for row in rows)
    assert all(row["start_date"] <= TODAY for row in rows)


def test_the_same_seed_gives_the_same_history() -> None:
    profile = profiles(1)[30]
    rows = [row for row in subscriptions() if row["account_id"] == profile.account_id]
    assert with_history(profile, rows, 7) == with_history(profile, rows, 7)
