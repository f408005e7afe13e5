import numpy as np
import pytest

from cs_workbench.churn.contracts import Spells, add_months, clock_on, read_contracts
from cs_workbench.churn.history import FAR, Metric
from tests.churn.histories import Term, day, history, ints, subscriptions, usage_metric


@pytest.mark.parametrize(
    ("begin", "months", "found"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-15", 12, "2027-03-15"),
        ("2026-12-01", 2, "2027-02-01"),
    ],
)
def test_months_are_added_as_calendars_do(begin: str, months: int, found: str) -> None:
    assert add_months(ints(day(begin)), ints(months)).tolist() == [day(found)]


def left_of(
    *terms: Term, events: tuple[tuple[int, str], ...] = (), metric: Metric | None = None
) -> Spells:
    book = history(1, subscriptions(*terms), events=events, metrics=(metric,) if metric else ())
    return read_contracts(book).spells


def test_who_is_not_renewed_left_on_the_day_after_the_end() -> None:
    spells = left_of((0, "2024-01-01", "2024-12-31", None, 12))
    assert spells.left.tolist() == [day("2025-01-01")]
    assert spells.is_certain.tolist() == [True]


def test_a_late_renewal_within_thirty_days_is_no_departure() -> None:
    spells = left_of((0, "2024-01-01", "2024-12-31", None, 12), (0, "2025-01-31", None, None, 12))
    assert spells.left.tolist() == [FAR]


def test_a_later_return_is_a_departure_and_a_new_spell() -> None:
    spells = left_of((0, "2024-01-01", "2024-12-31", None, 12), (0, "2025-02-01", None, None, 12))
    assert spells.begin.tolist() == [day("2024-01-01"), day("2025-02-01")]
    assert spells.left.tolist() == [day("2025-01-01"), FAR]


def test_an_end_of_the_last_thirty_days_is_not_certain() -> None:
    spells = left_of((0, "2025-06-16", "2026-06-15", None, 12))
    assert spells.is_certain.tolist() == [False]
    cancelled = left_of((0, "2025-06-16", "2026-06-15", "2026-06-16", 12))
    assert cancelled.is_certain.tolist() == [True]


def test_the_earlier_of_an_event_and_the_end_counts_once() -> None:
    spells = left_of((0, "2024-01-01", "2024-12-31", None, 12), events=((0, "2024-10-05"),))
    assert spells.left.tolist() == [day("2024-10-05")]
    late = left_of((0, "2024-01-01", "2024-12-31", None, 12), events=((0, "2025-02-01"),))
    assert late.left.tolist() == [day("2025-01-01")]


def test_an_event_of_an_open_contract_counts_where_nothing_goes_on() -> None:
    spells = left_of((0, "2024-01-01", None, None, None), events=((0, "2025-03-01"),))
    assert spells.left.tolist() == [day("2025-03-01")]
    assert spells.contradicted == 0


def test_an_event_of_an_account_that_goes_on_is_contradicted() -> None:
    used = usage_metric(np.full((1, 120), 20.0), "2024-03-04")
    spells = left_of((0, "2024-01-01", None, None, None), events=((0, "2025-03-01"),), metric=used)
    assert spells.left.tolist() == [FAR]
    assert spells.contradicted == 1


def test_a_contract_that_ended_on_paper_goes_on_with_its_usage() -> None:
    used = usage_metric(np.full((1, 120), 20.0), "2024-03-04")
    spells = left_of((0, "2023-01-01", "2024-12-31", None, 12), metric=used)
    assert spells.left.tolist() == [FAR]
    assert spells.continued.tolist() == [True]


def test_an_account_without_contracts_is_there_from_its_first_use() -> None:
    rows = np.full((1, 120), -1.0)
    rows[0, 10:40] = 5
    book = history(
        1,
        subscriptions(),
        metrics=(usage_metric(rows, "2024-03-04"),),
        events=((0, "2024-12-20"),),
    )
    spells = read_contracts(book).spells
    assert spells.begin.tolist() == [day("2024-05-13")]
    assert spells.left.tolist() == [day("2024-12-20")]


def ends_on(when: str, *terms: Term, notice: int = 0) -> tuple[int, int, bool]:
    book = history(1, subscriptions(*terms, notice=notice))
    clock = clock_on(read_contracts(book), day(when), 1)
    return int(clock.end[0]), int(clock.notice[0]), bool(clock.has_term[0])


def test_an_end_that_fits_the_term_was_agreed_from_the_start() -> None:
    end, notice, known = ends_on("2024-06-01", (0, "2024-01-01", "2024-12-31", None, 12), notice=60)
    assert (end, notice, known) == (day("2024-12-31"), day("2024-11-01"), True)


def test_an_end_in_the_middle_of_a_term_is_not_known_before() -> None:
    """An export that writes the end when the customer left would give the answer away."""
    before, _, _ = ends_on("2024-06-01", (0, "2024-01-01", "2024-08-17", None, 12))
    assert before == day("2024-12-31")
    rolling = ends_on("2024-06-01", (0, "2024-01-01", "2024-08-17", None, 1))
    assert rolling[2] is False


def test_a_line_that_was_prolonged_shows_the_term_that_ran() -> None:
    end, _, _ = ends_on("2023-05-01", (0, "2020-01-01", "2025-12-31", None, 12))
    assert end == day("2023-12-31")


def test_ends_that_most_contracts_have_are_plans_though_they_fit_no_term() -> None:
    terms: list[Term] = [(0, "2025-01-10", "2026-12-31", None, None)]
    book = history(2, subscriptions(*terms, (1, "2024-02-02", "2025-03-31", None, None)))
    contracts = read_contracts(book)
    assert contracts.is_planned.tolist() == [True, True]
    assert contracts.overwritten == 0


def test_ends_of_those_alone_who_left_are_outcomes() -> None:
    book = history(
        3,
        subscriptions(
            (0, "2025-01-10", None, None, None),
            (1, "2025-01-10", None, None, None),
            (2, "2024-02-02", "2025-03-31", None, None),
        ),
    )
    contracts = read_contracts(book)
    assert contracts.is_planned.tolist() == [False, False, False]
    assert contracts.overwritten == 1
    assert clock_on(contracts, day("2025-03-01"), 3).has_term.tolist() == [False] * 3


def test_a_follower_is_not_known_before_it_begins() -> None:
    terms: tuple[Term, ...] = (
        (0, "2024-01-01", "2024-12-31", None, 12),
        (0, "2025-01-01", "2025-12-31", None, 12),
    )
    assert ends_on("2024-12-01", *terms)[0] == day("2024-12-31")
    assert ends_on("2025-01-01", *terms)[0] == day("2025-12-31")


def test_a_price_that_is_not_known_leaves_the_others_to_count() -> None:
    term: Term = (0, "2025-01-01", "2026-12-31", None, 12)
    own = subscriptions(term, term)
    for arr, found in (((5.0, np.nan), 5.0), ((np.nan, np.nan), np.nan), ((5.0, 3.0), 8.0)):
        book = history(1, own._replace(arr=np.array(arr)))
        clock = clock_on(read_contracts(book), day("2026-01-01"), 1)
        assert clock.arr.tolist() == pytest.approx([found], nan_ok=True)
