"""What a seat costs since the last renewal, against before."""

import numpy as np
import pytest

from cs_workbench.churn.contracts import read_contracts
from cs_workbench.churn.history import FAR
from cs_workbench.churn.prices import price_changes
from tests.churn.histories import Term, day, history, ints, invented, subscriptions

TWO_YEARS: tuple[Term, ...] = (
    (0, "2024-01-01", "2024-12-31", None, 12),
    (0, "2025-01-01", "2025-12-31", None, 12),
)


def change_on(
    when: str,
    *terms: Term,
    arr: tuple[float, ...],
    seats: tuple[float, ...] = (),
    known: tuple[tuple[int, int], ...] = (),
) -> float:
    """The change in percent; versions are known from and until days."""
    own = subscriptions(*terms)._replace(arr=np.array(arr, float))
    if seats:
        own = own._replace(seats=np.array(seats, float))
    if known:
        since, until = zip(*known, strict=True)
        own = own._replace(known_from=ints(*since), known_until=ints(*until))
    book = history(1, own)
    return float(100 * np.expm1(price_changes(read_contracts(book), day(when), 1)[0]))


def test_a_dearer_seat_is_a_change_of_price_and_more_seats_are_none() -> None:
    assert change_on("2025-06-01", *TWO_YEARS, arr=(1000, 1100)) == pytest.approx(10)
    more = change_on("2025-06-01", *TWO_YEARS, arr=(1000, 2200), seats=(10, 20))
    assert more == pytest.approx(10)


def test_before_the_first_renewal_nothing_is_known() -> None:
    assert np.isnan(change_on("2024-12-31", *TWO_YEARS, arr=(1000, 1100)))
    assert change_on("2025-01-01", *TWO_YEARS, arr=(1000, 1100)) == pytest.approx(10)


def test_a_price_to_come_is_not_seen() -> None:
    third: Term = (0, "2026-01-01", "2026-12-31", None, 12)
    assert change_on("2025-12-31", *TWO_YEARS, third, arr=(1000, 1100, 5500)) == pytest.approx(10)
    assert change_on("2026-01-01", *TWO_YEARS, third, arr=(1000, 1100, 5500)) == pytest.approx(400)


def test_a_late_renewal_is_one_and_a_return_is_none() -> None:
    def began(start: str) -> float:
        return change_on(
            "2025-06-01", TWO_YEARS[0], (0, start, "2025-12-31", None, 12), arr=(1000, 1100)
        )

    assert began("2025-01-31") == pytest.approx(10)
    assert np.isnan(began("2025-02-01"))


def test_a_product_that_was_added_is_no_renewal() -> None:
    added: Term = (0, "2025-03-01", "2026-02-28", None, 12)
    assert change_on("2025-06-01", *TWO_YEARS, added, arr=(1000, 1100, 9000)) == pytest.approx(10)


@pytest.mark.parametrize(
    ("arr", "seats"), [((1000, 1100), (np.nan, 10)), ((1000, 1100), (10, 0)), ((0, 1100), (10, 10))]
)
def test_without_seats_or_money_nothing_is_known(
    arr: tuple[float, ...], seats: tuple[float, ...]
) -> None:
    assert np.isnan(change_on("2025-06-01", *TWO_YEARS, arr=arr, seats=seats))


def test_a_line_that_was_prolonged_tells_its_price_by_its_versions() -> None:
    """The row has another ARR from the renewal of 2025 on; no file says what it was before 2024."""
    row: Term = (0, "2023-01-01", "2026-12-31", None, 12)
    renewed = day("2025-01-03")
    versions = ((0, renewed), (renewed, FAR))
    assert change_on("2025-06-01", row, row, arr=(1000, 1200), known=versions) == pytest.approx(20)
    assert np.isnan(change_on("2024-06-01", row, row, arr=(1000, 1200), known=versions))


def test_in_an_invented_book_it_is_what_was_drawn() -> None:
    """Of yearly contracts that were renewed: a rise of 9 % where one was drawn, else none."""
    book, source = invented(120, 30.0)
    today = day("2026-03-02")
    changes = price_changes(source.contracts, today, book.size)
    passed = book.decision_day <= today
    last = passed.shape[1] - 1 - np.argmax(passed[:, ::-1], axis=1)
    renewed = passed.any(axis=1) & (book.term == 12) & (book.left > today)
    assert renewed.sum() > 20
    rose = book.price_up[np.arange(book.size), last][renewed]
    assert 0 < rose.sum() < len(rose)
    np.testing.assert_allclose(np.expm1(changes[renewed]), np.where(rose, 0.09, 0), atol=1e-9)


def test_a_price_that_was_never_recorded_before_is_not_taken_as_unchanged() -> None:
    row: Term = (0, "2023-01-01", "2026-12-31", None, 12)
    assert np.isnan(change_on("2025-06-01", row, arr=(1000,)))
    seen = day("2024-11-01")
    assert change_on("2025-06-01", row, arr=(1000,), known=((seen, FAR),)) == pytest.approx(0)


def test_a_price_that_is_not_known_is_no_cheaper_one() -> None:
    assert np.isnan(change_on("2025-06-01", *TWO_YEARS, arr=(1000, np.nan)))
