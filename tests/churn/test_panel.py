import datetime as dt
from typing import Any

import numpy as np
import pytest

from cs_workbench.churn.catalogue import NAMES
from cs_workbench.churn.contracts import read_contracts
from cs_workbench.churn.features import Source, features_on, no_health, source_of
from cs_workbench.churn.history import FAR, History, Reach, Tickets
from cs_workbench.churn.panel import Panel, labels_of, snapshot, snapshot_days, take_panel
from tests.churn.histories import Term, day, history, ints, invented, subscriptions

TERMS = (
    (0, "2024-01-01", "2025-03-15", "2025-03-16", None),
    (1, "2024-01-01", None, None, None),
)


BOOK = history(2, subscriptions(*TERMS))
SOURCE = source_of(BOOK, read_contracts(BOOK), no_health(2))


def panel_on(*days: str) -> Panel:
    return take_panel(SOURCE, [day(one) for one in days])


def test_a_row_is_a_customer_on_a_day() -> None:
    panel = panel_on("2025-03-15", "2025-03-16")
    assert panel.account.tolist() == [0, 1, 1]
    assert panel.left.tolist() == [day("2025-03-16"), FAR, FAR]


def test_the_window_begins_after_the_lead_and_ends_with_the_horizon() -> None:
    panel = panel_on("2024-12-16", "2024-12-15", "2025-03-15", "2025-02-14", "2025-02-13")
    mine = panel.account == 0
    same = labels_of(panel, SOURCE, horizon=90, lead=0)
    assert same.churned[mine].tolist() == [True, False, True, True, True]
    led = labels_of(panel, SOURCE, horizon=90, lead=30)
    assert led.churned[mine].tolist() == [True, True, False, False, True]
    assert led.is_known[mine].tolist() == [True, True, False, False, True]


def test_a_window_that_is_still_open_has_no_answer() -> None:
    panel = panel_on("2026-04-01", "2026-04-02")
    assert labels_of(panel, SOURCE, horizon=90, lead=0).is_known.tolist() == [True, False]


def test_a_departure_that_may_be_a_late_renewal_has_no_answer() -> None:
    book = history(1, subscriptions((0, "2025-06-16", "2026-06-15", None, 12)))
    source = source_of(book, read_contracts(book), no_health(1))
    panel = take_panel(source, [day("2026-03-20"), day("2026-03-01")])
    assert labels_of(panel, source, horizon=90, lead=0).is_known.tolist() == [False, True]


def leaving(*months: int) -> Source:
    """Twenty customers from January 2024, of whom one leaves in each of the months from then."""
    ends = [f"{2024 + at // 12}-{at % 12 + 1:02}-14" for at in months]
    terms: list[Term] = [(at, "2023-06-01", end, None, 12) for at, end in enumerate(ends)]
    terms += [(at, "2023-06-01", None, None, None) for at in range(len(ends), 20)]
    book = history(20, subscriptions(*terms, at_once=True))
    return source_of(book, read_contracts(book), no_health(20))


@pytest.mark.parametrize(
    ("months", "first"),
    [
        ((5, 6, 7, 8, 9, 10), "2024-06-15"),  # five silent months, where one a month is usual
        ((1, 2, 4, 6, 8, 10), None),
        ((8, 9, 10), None),  # too few to tell what is usual
    ],
)
def test_months_without_any_departure_are_not_learned_from(
    months: tuple[int, ...], first: str | None
) -> None:
    source = leaving(*months)
    panel = take_panel(source, [day(f"2024-{month:02}-01") for month in range(1, 13)])
    labels = labels_of(panel, source, horizon=90, lead=0)
    if first is None:
        assert labels.recorded_from == 0
        assert labels.is_known.all()
        return
    assert labels.recorded_from == day(first)
    assert panel.day[labels.is_known].min() == day("2024-07-01")


def test_snapshots_are_the_first_days_of_months() -> None:
    _, source = invented(120, 30.0)
    days = [dt.date.fromordinal(one) for one in snapshot_days(source, source.history.data_end)]
    assert all(one.day == 1 for one in days)
    assert days == sorted(days)
    assert (days[-1].year, days[-1].month) == (2026, 6)


def cut(book: History, until: int) -> History:
    """What a history looks like when nothing after a day has happened yet."""

    def rows(table: Any, when: Any) -> Any:
        return type(table)(*(column[when <= until] for column in table))

    own = rows(book.subscriptions, book.subscriptions.start)
    own = own._replace(cancelled=np.where(own.cancelled <= until, own.cancelled, FAR))
    tickets = rows(book.tickets, book.tickets.opened)
    tickets = tickets._replace(
        closed=np.where(tickets.closed <= until, tickets.closed, FAR),
        answered=np.where(tickets.answered <= until, tickets.answered, FAR),
    )
    fields = {
        **vars(book),
        "subscriptions": own,
        "tickets": tickets,
        "answers": rows(book.answers, book.answers.day),
        "touches": rows(book.touches, book.touches.day),
        "departures": rows(book.departures, book.departures.day),
        "contacts": book.contacts._replace(
            left=np.where(book.contacts.left <= until, book.contacts.left, FAR)
        ),
        "metrics": tuple(
            type(one)(
                **{
                    **vars(one),
                    "reach": (Reach(0, until),),
                    **{
                        name: np.where(
                            one.first_monday + 7 * np.arange(one.days.shape[1]) + 6 <= until,
                            getattr(one, name),
                            0,
                        )
                        for name in ("total", "days", "active")
                    },
                }
            )
            for one in book.metrics
        ),
        "data_end": until,
    }
    return History(**fields)


def test_a_snapshot_sees_nothing_of_what_comes_after() -> None:
    """The features of a day are the same from the whole history and from the history until then."""
    book, source = invented(120, 30.0)
    until = day("2025-09-01")
    then = cut(source.history, until)
    past = source_of(then, read_contracts(then), no_health(book.size))
    whole = source_of(source.history, source.contracts, no_health(book.size))
    there = snapshot(whole, until).account
    now, clock = features_on(whole, until, there)
    before, clock_before = features_on(past, until, there)
    for place, name in enumerate(NAMES):
        np.testing.assert_allclose(now[there, place], before[there, place], err_msg=name)
    assert clock.end[there].tolist() == clock_before.end[there].tolist()
    assert np.isfinite(now[there]).any(axis=0).sum() > 15


def test_a_closing_that_is_to_come_is_not_seen() -> None:
    tickets = Tickets(
        ints(0, 0), ints(0, 0), ints(day("2025-01-05"), day("2025-05-02")),
        ints(FAR, FAR), ints(day("2025-07-01"), FAR),
        np.array([True, True]), np.array([True, False]), np.array([1.0, np.nan]),
    )  # fmt: skip
    book = history(1, subscriptions((0, "2024-01-01", None, None, None)), tickets=tickets)
    source = source_of(book, read_contracts(book), no_health(1))
    values, _ = features_on(source, day("2025-06-01"), ints(0))
    found = dict(zip(NAMES, values[0], strict=True))
    assert found["urgent_open"] == 2
    assert found["tickets"] == 1
    assert np.isnan(found["csat"])
    assert np.isnan(found["complaints"])  # not recorded for a whole window yet
