import datetime as dt
from typing import Any

import pytest

from cs_workbench.core.memory import Promise
from cs_workbench.core.retros import Paid, paid_until, promises_not_in_time, scores_before

LEFT = dt.date(2026, 10, 31)
TODAY = dt.date(2026, 11, 23)


def before(days: int) -> dt.date:
    return LEFT - dt.timedelta(days)


def paid(arr: int | None, end: dt.date | None, currency: str = "USD") -> Paid:
    return Paid(arr, currency, dt.date(2025, 1, 1), end)


@pytest.mark.parametrize(
    ("subscriptions", "told", "expected"),
    [
        ([paid(100, LEFT)], None, (LEFT, 100, "USD")),
        ([paid(100, LEFT), paid(40, before(10))], None, (LEFT, 140, "USD")),
        ([paid(100, LEFT), paid(40, before(200))], None, (LEFT, 100, "USD")),
        ([paid(100, None)], LEFT, (LEFT, 100, "USD")),
        ([paid(100, before(90))], LEFT, (LEFT, 100, "USD")),
        ([paid(100, LEFT), paid(300, LEFT, "EUR")], LEFT, (LEFT, 300, "EUR")),
        ([paid(None, LEFT)], LEFT, (LEFT, None, "USD")),
        ([paid(None, LEFT), paid(40, LEFT)], LEFT, (LEFT, 40, "USD")),
        ([], LEFT, (LEFT, 0, None)),
        ([paid(100, None)], None, (None, 0, None)),
        ([paid(100, dt.date(2027, 1, 1))], None, (None, 0, None)),
    ],
)
def test_what_they_paid_until_they_left(
    subscriptions: list[Paid], told: dt.date | None, expected: tuple[object, ...]
) -> None:
    assert paid_until(subscriptions, told, TODAY) == expected


def test_each_month_has_its_newest_score_and_an_old_one_says_nothing() -> None:
    history = [(before(400), 900_000, "green"), (before(62), 700_000, "green"),
               (before(60), 600_000, "yellow"), (before(1), 300_000, "red"),
               (LEFT + dt.timedelta(1), 0, "red")]  # fmt: skip
    months = scores_before(history, LEFT)
    assert [one.months_before for one in months] == list(range(12, -1, -1))
    known = {one.months_before: one.points_e4 for one in months if one.as_of}
    assert known == {2: 600_000, 1: 600_000, 0: 300_000}


def test_promises_stand_as_they_stood_when_they_left() -> None:
    def promise(name: str, **given: Any) -> Promise:
        row = {"promised_by": "us", "made_on": before(60), "due_on": before(30), "state": "open"}
        return Promise(promise_id=name, account_key=1, what=name, **{**row, **given})

    found = promises_not_in_time(
        [
            promise("late"),
            promise("kept after", state="kept", kept_on=LEFT + dt.timedelta(2)),
            promise("kept late", state="kept", kept_on=before(20), due_on=before(40)),
            promise("in time", state="kept", kept_on=before(31)),
            promise("theirs", promised_by="customer"),
            promise("due later", due_on=LEFT + dt.timedelta(5)),
            promise("made later", made_on=LEFT + dt.timedelta(1)),
            promise("broken", state="broken", due_on=before(10)),
        ],
        LEFT,
    )
    assert [(one.what, how) for one, how in found] == [
        ("kept late", "kept late"), ("late", "late"), ("kept after", "late"),
        ("broken", "broken"),
    ]  # fmt: skip
