import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from cs_workbench.core.accounts import Band
from cs_workbench.core.today import (
    Grouping,
    Item,
    first_of_queue,
    grouped,
    queue,
    section_of,
    urgency,
)

TODAY = dt.date(2026, 11, 23)


def item(ref: str, days: int | None = None, **fields: Any) -> Item:
    """A task of a red account of 100 USD that is due so many days from today."""
    due = None if days is None else TODAY + dt.timedelta(days)
    values: dict[str, Any] = {
        "kind": "task",
        "what": ref,
        "due": due,
        "account_key": 1,
        "arr_minor": 10_000,
        "currency": "USD",
        "band": "red",
        **fields,
    }
    return Item(ref=ref, **values)


@pytest.mark.parametrize(
    ("one", "section"),
    [
        (item("a", -1), "late"),
        (item("a", -1, is_ours=False), "today"),  # theirs is due, not our shame
        (item("a", 0), "today"),
        (item("a", 1), "later"),
        (item("a"), "later"),
        (item("a", kind="signal", severity="high"), "today"),
        (item("a", kind="signal", severity="low"), "later"),
        (item("a", 0, kind="event"), "now"),
    ],
)
def test_where_a_thing_belongs(one: Item, section: str) -> None:
    assert section_of(one, TODAY) == section


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "1"), (-7, "2"), (-14, "3"), (-90, "3"), (7, "0.5")]
)
def test_urgency_rises_to_three_and_halves_a_week_ahead(days: int, expected: str) -> None:
    assert urgency(item("a", days), TODAY) == Decimal(expected)


def test_by_what_is_at_stake_not_by_date_alone() -> None:
    small_and_late = item("small", -10, arr_minor=1_000)
    large_and_late = item("large", -1, arr_minor=900_000)
    green = item("green", -1, arr_minor=900_000, band="green")
    found = queue([small_and_late, green, large_and_late], TODAY)
    assert [one.item.ref for one in found] == ["large", "green", "small"]
    assert found[0].stake == Decimal(9_000) * (1 + Decimal(1) / 7) * 2
    assert found[0].factors == "9k × 1.1 (1 d late) × 2.0 (red)"


def test_meetings_come_first_by_the_hour() -> None:
    noon, nine = dt.time(12), dt.time(9)
    found = queue(
        [
            item("late", -3),
            item("b", kind="event", at=noon),
            item("a", kind="event", at=nine),
        ],
        TODAY,
    )
    assert [one.item.ref for one in found] == ["a", "b", "late"]


def test_an_accounts_signals_are_one_line() -> None:
    found = queue(
        [
            item("s1", kind="signal", severity="low"),
            item("s2", kind="signal", severity="high"),
            item("s3", kind="signal", severity="medium", account_key=2),
        ],
        TODAY,
    )
    assert [one.item.what for one in found] == ["s2 (+1 more)", "s3"]


def test_the_first_of_each_section_are_those_of_the_whole_queue() -> None:
    items = [item(f"{days}/{arr}", days, arr_minor=arr) for arr in range(9) for days in (-1, 0, 3)]
    whole, first = queue(items, TODAY), first_of_queue(items, TODAY, 2)
    assert [one.item.ref for one in first.queued] == ["-1/8", "-1/7", "0/8", "0/7", "3/8", "3/7"]
    assert set(first.queued) <= set(whole)
    assert first.counts == {"late": 9, "today": 9, "later": 9}


def test_who_pays_nothing_is_told_so_and_not_as_a_factor_of_0() -> None:
    (free,) = queue([item("free", -1, arr_minor=0)], TODAY)
    assert free.factors == "no ARR × 1.1 (1 d late) × 2.0 (red)"
    assert free.stake == 0


def test_an_arr_that_is_not_known_counts_as_the_typical_one() -> None:
    bare = item("bare", 0, arr_minor=None)
    items = [item("small", 0, arr_minor=10_000), bare, item("large", 0, arr_minor=900_000)]
    found = queue(items, TODAY, typical=Decimal(500))
    assert [one.item.ref for one in found] == ["large", "bare", "small"]
    assert found[1].factors.startswith("– × ")  # no amount is made up
    assert [one.item.ref for one in queue(items, TODAY)][-1] == "bare"


def test_a_thing_of_no_account_has_no_stake() -> None:
    bands: tuple[Band, ...] = ("red", "green")
    found = queue([item(band, 0, currency="", arr_minor=0, band=band) for band in bands], TODAY)
    assert {one.stake for one in found} == {Decimal(0)}
    assert {one.factors for one in found} == {""}


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("section", [("Now", "m"), ("We are late", "c"), ("Today", "a"), ("Can wait", "db")]),
        (
            "day",
            [
                *(("Now", "m"), ("Sun 22 Nov 2026", "c"), ("Mon 23 Nov 2026", "a")),
                *(("Tue 24 Nov 2026", "d"), ("No day", "b")),
            ],
        ),
        ("account", [("Now", "m"), ("Twin", "d"), ("Twin", "cab")]),
        ("kind", [("Now", "m"), ("Promises", "d"), ("Tasks", "ca"), ("Next steps", "b")]),
    ],
)
def test_under_other_headings(by: Grouping, groups: list[tuple[str, str]]) -> None:
    queued = queue(
        [
            item("a", 0, name="Twin"),
            item("b", kind="next step", name="Twin", arr_minor=1),
            item("c", -1, name="Twin"),
            item("d", 1, kind="promise", name="Twin", account_key=2, arr_minor=90_000),
            item("m", kind="event", at=dt.time(9), name="Twin"),
        ],
        TODAY,
    )
    found = grouped(queued, by)
    assert [(title, "".join(one.item.ref for one in some)) for title, some in found] == groups
