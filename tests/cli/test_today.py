"""Records of the day's queue for programs."""

from decimal import Decimal

import pytest

from cs_workbench.cli.today import item_record
from cs_workbench.core.today import Item, queue
from tests.factories import TODAY


@pytest.mark.parametrize(
    ("arr", "currency", "arr_told", "stake"),
    [
        (90_000, "USD", Decimal(900), Decimal(900)),
        (0, "USD", Decimal(0), Decimal(0)),
        (None, "USD", None, None),  # of an ARR that nobody knows nothing is made up
        (None, "", None, Decimal(0)),  # a thing of the whole book
    ],
)
def test_what_is_at_stake_is_told_where_it_is_known(
    arr: int | None, currency: str, arr_told: Decimal | None, stake: Decimal | None
) -> None:
    item = Item("task", "r1", "call", due=TODAY, arr_minor=arr, currency=currency)
    (one,) = queue([item], TODAY)
    record = item_record(one)
    assert (record["arr"], record["stake"]) == (arr_told, stake)
